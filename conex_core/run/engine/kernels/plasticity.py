"""Plasticity: traces, pair-based STDP for every kind of weights, limits.

Growth and loss read the weights from before either, like the rules in
``conex_core.behaviors.synapses``; bounds are 0 (none), 1 (soft) and 2 (hard).
"""

from __future__ import annotations

import numpy as np

from conex_core.run.engine.kernels.memory import (
    REALS,
    WIDTH,
    bytes_at,
    floats,
    integers,
    kernel,
    longs,
    njit,
    reals,
    words,
)

__all__ = [
    "clip",
    "dense_stdp",
    "growth",
    "lazy_flush",
    "lazy_stdp",
    "limited",
    "loss",
    "trace",
]

_NULL, _WHOLE = np.float32(0.0), np.float32(1.0)


@kernel
def trace(rows, parameters):
    """Add spikes and decay: n, trace, list, count; what a spike adds, what is kept."""
    p, s = longs(rows, WIDTH), reals(parameters, REALS)
    n, added, kept = p[1], np.float32(s[0]), np.float32(s[1])
    memory, listed = floats(p[2], n), integers(p[3], n)
    for k in range(longs(p[4], 1)[0]):
        memory[listed[k]] += added
    for j in range(n):
        memory[j] *= kept
    return 0


@njit
def growth(bound, w, low, high, rate):
    """Return how much a weight grows per unit of what drives it."""
    if bound == 0:
        return rate
    if bound == 1:
        free = max(high - w, _NULL)
        return ((w - low) * free if w > low else free) * rate
    return rate if low <= w < high else _NULL * rate


@njit
def loss(bound, w, low, high, rate):
    """Return how much a weight shrinks per unit of what drives it."""
    if bound == 0:
        return rate
    if bound == 1:
        free = max(w - low, _NULL)
        return ((high - w) * free if w < high else free) * rate
    return rate if low < w <= high else _NULL * rate


@kernel
def dense_stdp(rows, parameters):
    """Change a matrix now.

    S, D, weights, pre spikes, pre trace, post spikes, post trace, post list, post count, growth
    bound, loss bound; a_plus, a_minus, w_min, w_max, least, most
    """
    p, s = longs(rows, WIDTH), reals(parameters, REALS)
    sources, targets, up, down = p[1], p[2], p[10], p[11]
    pre, x = bytes_at(p[4], sources), floats(p[5], sources)
    post, y = bytes_at(p[6], targets), floats(p[7], targets)
    listed, count = integers(p[8], targets), longs(p[9], 1)[0]
    grow, shrink, low, high = np.float32(s[0]), np.float32(s[1]), np.float32(s[2]), np.float32(s[3])
    least, most = np.float32(s[4]), np.float32(s[5])
    for i in range(sources):
        row = floats(p[3] + 4 * i * targets, targets)
        if pre[i]:
            _row(row, x[i], post, y, up, down, grow, shrink, low, high, least, most)
        else:
            for k in range(count):
                w = row[listed[k]]
                w = w + x[i] * growth(up, w, low, high, grow)
                row[listed[k]] = limited(w, least, most)
    return 0


@njit
def limited(w, least, most):
    """Return a weight within its limits."""
    low = w if w > least else least
    return low if low < most else most


@njit
def _replay(row, x, kept, first, until, starts, events, up, grow, low, high, least, most):
    """Let the events of the steps from ``first`` to before ``until`` change a row."""
    for q in range(first, until):
        x *= kept
        # Numbers without a sign spare the test for an index from the end.
        begin, end = np.uint64(starts[q]), np.uint64(starts[q + 1])
        if up == 0:
            change = x * grow
            for k in range(begin, end):
                row[events[k]] = limited(row[events[k]] + change, least, most)
        else:
            for k in range(begin, end):
                w = row[events[k]]
                row[events[k]] = limited(w + x * growth(up, w, low, high, grow), least, most)


@njit
def _unbounded(row, grown, post, y, shrink, least, most):
    """Change the row of a source that spiked, whatever its weights are."""
    for j in range(row.size):
        # A flag of 0 or 1 makes the product exact, and the loop free of branches.
        w = (row[j] + grown * np.float32(post[j])) - y[j] * shrink
        row[j] = limited(w, least, most)


@njit
def _bounded(row, x, post, y, up, down, grow, shrink, low, high, least, most):
    """Change the row of a source that spiked; both changes read the weight from before."""
    for j in range(row.size):
        w = row[j]
        change = y[j] * loss(down, w, low, high, shrink)
        if post[j]:
            w = w + x * growth(up, w, low, high, grow)
        row[j] = limited(w - change, least, most)


@njit
def _row(row, x, post, y, up, down, grow, shrink, low, high, least, most):
    if up == 0 and down == 0:
        _unbounded(row, x * grow, post, y, shrink, least, most)
    else:
        _bounded(row, x, post, y, up, down, grow, shrink, low, high, least, most)


@kernel
def lazy_stdp(rows, parameters):
    """Change the rows of sources that spike, with all that they missed since they last did.

    S, D, weights, pre list, pre count, pre trace, post spikes, post trace, post list, post count,
    growth bound, loss bound, step, seen, traces, starts, events, room; a_plus, a_minus,
    w_min, w_max, least, most, kept
    """
    p, s = longs(rows, WIDTH), reals(parameters, REALS)
    sources, targets, up, down, room = p[1], p[2], p[11], p[12], p[18]
    listed, count, x = integers(p[4], sources), longs(p[5], 1)[0], floats(p[6], sources)
    post, y = bytes_at(p[7], targets), floats(p[8], targets)
    caught, many = integers(p[9], targets), longs(p[10], 1)[0]
    step, seen, memory = longs(p[13], 1), longs(p[14], sources), floats(p[15], sources)
    starts, events = longs(p[16], room + 2), words(p[17], room)
    grow, shrink, low, high = np.float32(s[0]), np.float32(s[1]), np.float32(s[2]), np.float32(s[3])
    least, most, kept = np.float32(s[4]), np.float32(s[5]), np.float32(s[6])
    now = step[0]
    for k in range(count):
        i = listed[k]
        row = floats(p[3] + 4 * i * targets, targets)
        _replay(
            row, memory[i], kept, seen[i], now, starts, events, up, grow, low, high, least, most
        )
        _row(row, x[i], post, y, up, down, grow, shrink, low, high, least, most)
        memory[i] = x[i]
        seen[i] = now + 1
    at = starts[now]
    for k in range(many):
        events[at + k] = caught[k]
    starts[now + 1] = at + many
    step[0] = now + 1
    return int(at + many + targets > room or now + 2 > room)


@kernel
def lazy_flush(rows, parameters):
    """Bring every row up to date and forget the events; takes what ``lazy_stdp`` takes."""
    p, s = longs(rows, WIDTH), reals(parameters, REALS)
    sources, targets, up, room = p[1], p[2], p[11], p[18]
    x, step, seen, memory = (
        floats(p[6], sources),
        longs(p[13], 1),
        longs(p[14], sources),
        floats(p[15], sources),
    )
    starts, events = longs(p[16], room + 2), words(p[17], room)
    grow, low, high = np.float32(s[0]), np.float32(s[2]), np.float32(s[3])
    least, most, kept = np.float32(s[4]), np.float32(s[5]), np.float32(s[6])
    for i in range(sources):
        row = floats(p[3] + 4 * i * targets, targets)
        _replay(
            row, memory[i], kept, seen[i], step[0], starts, events, up, grow, low, high, least, most
        )
        memory[i] = x[i]
        seen[i] = 0
    step[0] = 0
    starts[0] = 0
    return 0


@kernel
def clip(rows, parameters):
    """Keep weights within limits: n, weights; least, most."""
    p, s = longs(rows, WIDTH), reals(parameters, REALS)
    least, most = np.float32(s[0]), np.float32(s[1])
    weights = floats(p[2], p[1])
    for j in range(weights.size):
        weights[j] = limited(weights[j], least, most)
    return 0
