"""From spikes to current: sums of the weights of the sources that spiked, in their order."""

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
    prefetch,
    reals,
    words,
)

__all__ = ["dense_input", "pair_input", "scaled", "sparse_input"]

_NULL, _WHOLE = np.float32(0.0), np.float32(1.0)


@njit
def scaled(current, factor):
    """Multiply a current in place; a factor of 1 costs nothing."""
    if factor != _WHOLE:
        for j in range(current.size):
            current[j] *= factor


@kernel
def dense_input(rows, parameters):
    """Sum the rows of a matrix: S, D, weights, list, count, I; factor."""
    p, s = longs(rows, WIDTH), reals(parameters, REALS)
    sources, targets = p[1], p[2]
    listed, count, current = integers(p[4], sources), longs(p[5], 1)[0], floats(p[6], targets)
    for j in range(current.size):
        current[j] = _NULL
    for k in range(count):
        row = floats(p[3] + 4 * listed[k] * targets, targets)
        for j in range(targets):
            current[j] += row[j]
    if count:
        scaled(current, np.float32(s[0]))
    return 0


@kernel
def pair_input(rows, parameters):
    """Take one weight per pair: n, weights, caught, I; factor."""
    p, s = longs(rows, WIDTH), reals(parameters, REALS)
    n = p[1]
    weights, caught, current = floats(p[2], n), bytes_at(p[3], n), floats(p[4], n)
    for j in range(n):
        current[j] = weights[j] * np.float32(caught[j])
    scaled(current, np.float32(s[0]))
    return 0


@kernel
def sparse_input(rows, parameters):
    """Sum stored rows: S, D, stored, starts, targets, weights, list, count, I; factor."""
    p, s = longs(rows, WIDTH), reals(parameters, REALS)
    sources, width, stored = p[1], p[2], p[3]
    # Numbers without a sign spare the test for an index from the end.
    starts, targets, weights = words(p[4], sources + 1), words(p[5], stored), floats(p[6], stored)
    listed, count, current = words(p[7], sources), longs(p[8], 1)[0], floats(p[9], width)
    for j in range(current.size):
        current[j] = _NULL
    for k in range(count):
        if k + 2 < count:
            for q in range(starts[listed[k + 2]], starts[listed[k + 2] + 1], 16):
                prefetch(p[5] + 4 * np.int64(q))
                prefetch(p[6] + 4 * np.int64(q))
        for q in range(starts[listed[k]], starts[listed[k] + 1]):
            current[targets[q]] += weights[q]
    if count:
        scaled(current, np.float32(s[0]))
    return 0
