"""Learning of weights that are stored sparse or one to one, and inhibitory rules.

Growth and loss read the weights from before either; see ``plasticity`` for bounds.
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
from conex_core.run.engine.kernels.plasticity import growth, limited, loss

__all__ = ["dense_balance", "pair_balance", "pair_stdp", "sparse_balance", "sparse_stdp"]

_NULL = np.float32(0.0)


@njit
def _source_of(starts, place):
    """Return the source whose row holds a stored value."""
    low, high = np.int64(0), np.int64(starts.size - 1)
    while high - low > 1:
        middle = (low + high) >> 1
        if np.int64(starts[middle]) <= place:
            low = middle
        else:
            high = middle
    return low


@kernel
def sparse_stdp(rows, parameters):
    """Change stored weights of the sources and of the targets that spiked.

    S, D, stored, starts, targets, weights, starts by target, places by target, pre list, pre
    count, pre spikes, pre trace, post list, post count, post spikes, post trace, growth bound,
    loss bound; a_plus, a_minus, w_min, w_max
    """
    p, s = longs(rows, WIDTH), reals(parameters, REALS)
    sources, n, stored, up, down = p[1], p[2], p[3], p[17], p[18]
    starts, targets, weights = words(p[4], sources + 1), words(p[5], stored), floats(p[6], stored)
    firsts, places = words(p[7], n + 1), words(p[8], stored)
    spiking, pre, x = words(p[9], sources), bytes_at(p[11], sources), floats(p[12], sources)
    caught, post, y = words(p[13], n), bytes_at(p[15], n), floats(p[16], n)
    rise, fall, low, high = np.float32(s[0]), np.float32(s[1]), np.float32(s[2]), np.float32(s[3])
    for k in range(longs(p[14], 1)[0]):  # both changes where the target spiked
        t = caught[k]
        for place in range(firsts[t], firsts[t + np.uint32(1)]):
            q = places[place]
            i, w = _source_of(starts, np.int64(q)), weights[q]
            changed = w + x[i] * growth(up, w, low, high, rise)
            if pre[i]:
                changed = changed - y[t] * loss(down, w, low, high, fall)
            weights[q] = changed
    for k in range(longs(p[10], 1)[0]):  # and loss alone elsewhere
        i = spiking[k]
        for q in range(starts[i], starts[i + np.uint32(1)]):
            if not post[targets[q]]:
                weights[q] -= y[targets[q]] * loss(down, weights[q], low, high, fall)
    return 0


@kernel
def pair_stdp(rows, parameters):
    """Change one weight per pair.

    n, weights, pre spikes, pre trace, post spikes, post trace, growth bound, loss bound; a_plus,
    a_minus, w_min, w_max, least, most
    """
    p, s = longs(rows, WIDTH), reals(parameters, REALS)
    n, up, down = p[1], p[7], p[8]
    weights, pre, x = floats(p[2], n), bytes_at(p[3], n), floats(p[4], n)
    post, y = bytes_at(p[5], n), floats(p[6], n)
    rise, fall, low, high = np.float32(s[0]), np.float32(s[1]), np.float32(s[2]), np.float32(s[3])
    least, most = np.float32(s[4]), np.float32(s[5])
    for j in range(n):
        w = weights[j]
        gain = (x[j] * np.float32(post[j])) * growth(up, w, low, high, rise)
        lost = (np.float32(pre[j]) * y[j]) * loss(down, w, low, high, fall)
        weights[j] = limited((w + gain) - lost, least, most)
    return 0


@njit
def _distance(aim, trace, sign, rate):
    """Return what a source spike brings: how far a target is from its aim."""
    return ((aim - trace) * sign) * rate


@kernel
def dense_balance(rows, parameters):
    """Change a matrix towards a rate of the targets.

    S, D, weights, pre list, pre count, pre trace, post list, post count, post trace; aim, sign,
    rate
    """
    p, s = longs(rows, WIDTH), reals(parameters, REALS)
    sources, targets = p[1], p[2]
    spiking, x = integers(p[4], sources), floats(p[6], sources)
    caught, count, y = integers(p[7], targets), longs(p[8], 1)[0], floats(p[9], targets)
    aim, sign, rate = np.float32(s[0]), np.float32(s[1]), np.float32(s[2])
    for k in range(longs(p[5], 1)[0]):
        row = floats(p[3] + 4 * spiking[k] * targets, targets)
        for j in range(targets):
            row[j] += _distance(aim, y[j], sign, rate)
    if count:
        for i in range(sources):
            row, grown = floats(p[3] + 4 * i * targets, targets), x[i] * rate
            for k in range(count):
                row[caught[k]] += grown
    return 0


@kernel
def sparse_balance(rows, parameters):
    """Change stored weights towards a rate of the targets.

    S, D, stored, starts, targets, weights, starts by target, places by target, pre list, pre
    count, pre trace, post list, post count, post trace; aim, sign, rate
    """
    p, s = longs(rows, WIDTH), reals(parameters, REALS)
    sources, n, stored = p[1], p[2], p[3]
    starts, targets, weights = words(p[4], sources + 1), words(p[5], stored), floats(p[6], stored)
    firsts, places = words(p[7], n + 1), words(p[8], stored)
    spiking, x = words(p[9], sources), floats(p[11], sources)
    caught, y = words(p[12], n), floats(p[14], n)
    aim, sign, rate = np.float32(s[0]), np.float32(s[1]), np.float32(s[2])
    for k in range(longs(p[10], 1)[0]):
        i = spiking[k]
        for q in range(starts[i], starts[i + np.uint32(1)]):
            weights[q] += _distance(aim, y[targets[q]], sign, rate)
    for k in range(longs(p[13], 1)[0]):
        t = caught[k]
        for place in range(firsts[t], firsts[t + np.uint32(1)]):
            q = places[place]
            weights[q] += x[_source_of(starts, np.int64(q))] * rate
    return 0


@kernel
def pair_balance(rows, parameters):
    """Change one weight per pair towards a rate of its target.

    n, weights, pre spikes, pre trace, post spikes, post trace; aim, sign, rate
    """
    p, s = longs(rows, WIDTH), reals(parameters, REALS)
    n = p[1]
    weights, pre, x = floats(p[2], n), bytes_at(p[3], n), floats(p[4], n)
    post, y = bytes_at(p[5], n), floats(p[6], n)
    aim, sign, rate = np.float32(s[0]), np.float32(s[1]), np.float32(s[2])
    for j in range(n):
        sent = np.float32(pre[j]) * _distance(aim, y[j], sign, rate)
        weights[j] = (weights[j] + sent) + (x[j] * rate) * np.float32(post[j])
    return 0
