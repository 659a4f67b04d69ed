"""Learning by reward: dopamine, and the eligibility that it turns into weight.

Everywhere the eligibility decays first, then takes what STDP would do to the
weight as it is, and then the weight takes its share of the eligibility.
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
from conex_core.run.engine.kernels.plasticity import growth, loss

__all__ = ["dense_reward", "dopamine", "pair_reward", "sparse_reward"]

_NULL = np.float32(0.0)


@kernel
def dopamine(rows, parameters):
    """Decay and add the payoff: dopamine; what is kept, payoff."""
    s = reals(parameters, REALS)
    level = floats(longs(rows, WIDTH)[1], 1)
    level[0] = level[0] * np.float32(s[0]) + np.float32(s[1])
    return 0


@njit
def _decay(eligible, kept):
    for j in range(eligible.size):
        eligible[j] *= kept


@njit
def _pay(weights, eligible, paid):
    """Turn eligibility into weight; without dopamine nothing changes."""
    if paid != _NULL:
        for j in range(weights.size):
            weights[j] += eligible[j] * paid


@njit
def _change(w, p, x, q, y, up, down, rise, fall, low, high):
    """Return what STDP would add to a weight."""
    gain = (x * np.float32(q)) * growth(up, w, low, high, rise)
    return gain - (np.float32(p) * y) * loss(down, w, low, high, fall)


@kernel
def dense_reward(rows, parameters):
    """Change a matrix.

    S, D, weights, eligibility, dopamine, pre spikes, pre trace, post list, post count, post
    spikes, post trace, growth bound, loss bound; a_plus, a_minus, w_min, w_max, kept, dt
    """
    p, s = longs(rows, WIDTH), reals(parameters, REALS)
    sources, n, up, down = p[1], p[2], p[12], p[13]
    pre, x = bytes_at(p[6], sources), floats(p[7], sources)
    listed, count = integers(p[8], n), longs(p[9], 1)[0]
    post, y = bytes_at(p[10], n), floats(p[11], n)
    rise, fall, low, high = np.float32(s[0]), np.float32(s[1]), np.float32(s[2]), np.float32(s[3])
    kept, paid = np.float32(s[4]), floats(p[5], 1)[0] * np.float32(s[5])
    for i in range(sources):
        weights, eligible = floats(p[3] + 4 * i * n, n), floats(p[4] + 4 * i * n, n)
        _decay(eligible, kept)
        if pre[i]:
            for j in range(n):
                eligible[j] += _change(
                    weights[j], pre[i], x[i], post[j], y[j], up, down, rise, fall, low, high
                )
        else:
            for k in range(count):
                j = listed[k]
                eligible[j] += x[i] * growth(up, weights[j], low, high, rise)
        _pay(weights, eligible, paid)
    return 0


@kernel
def sparse_reward(rows, parameters):
    """Change stored weights.

    S, D, stored, starts, targets, weights, eligibility, dopamine, pre spikes, pre trace, post
    count, post spikes, post trace, growth bound, loss bound; as ``dense_reward``
    """
    p, s = longs(rows, WIDTH), reals(parameters, REALS)
    sources, n, stored, up, down = p[1], p[2], p[3], p[14], p[15]
    starts, targets = words(p[4], sources + 1), words(p[5], stored)
    weights, eligible = floats(p[6], stored), floats(p[7], stored)
    pre, x, count = bytes_at(p[9], sources), floats(p[10], sources), longs(p[11], 1)[0]
    post, y = bytes_at(p[12], n), floats(p[13], n)
    rise, fall, low, high = np.float32(s[0]), np.float32(s[1]), np.float32(s[2]), np.float32(s[3])
    kept, paid = np.float32(s[4]), floats(p[8], 1)[0] * np.float32(s[5])
    for i in range(sources):
        first, size = np.int64(starts[i]), np.int64(starts[i + 1]) - np.int64(starts[i])
        _decay(floats(p[7] + 4 * first, size), kept)
        if pre[i] or (count and x[i] != _NULL):
            for q in range(starts[i], starts[i + 1]):
                t = targets[q]
                if pre[i] or post[t]:
                    eligible[q] += _change(
                        weights[q], pre[i], x[i], post[t], y[t], up, down, rise, fall, low, high
                    )
        _pay(floats(p[6] + 4 * first, size), floats(p[7] + 4 * first, size), paid)
    return 0


@kernel
def pair_reward(rows, parameters):
    """Change one weight per pair.

    n, weights, eligibility, dopamine, pre spikes, pre trace, post spikes, post trace, growth
    bound, loss bound; as ``dense_reward``
    """
    p, s = longs(rows, WIDTH), reals(parameters, REALS)
    n, up, down = p[1], p[9], p[10]
    weights, eligible = floats(p[2], n), floats(p[3], n)
    pre, x, post, y = bytes_at(p[5], n), floats(p[6], n), bytes_at(p[7], n), floats(p[8], n)
    rise, fall, low, high = np.float32(s[0]), np.float32(s[1]), np.float32(s[2]), np.float32(s[3])
    _decay(eligible, np.float32(s[4]))
    for j in range(n):
        eligible[j] += _change(
            weights[j], pre[j], x[j], post[j], y[j], up, down, rise, fall, low, high
        )
    _pay(weights, eligible, floats(p[4], 1)[0] * np.float32(s[5]))
    return 0
