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
    reals,
)

__all__ = ["dense_input", "kernel_input", "pair_input", "sparse_input"]

_NULL, _WHOLE = np.float32(0.0), np.float32(1.0)


@njit
def _scaled(current, factor):
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
        _scaled(current, np.float32(s[0]))
    return 0


@kernel
def pair_input(rows, parameters):
    """Take one weight per pair: n, weights, caught, I; factor."""
    p, s = longs(rows, WIDTH), reals(parameters, REALS)
    n = p[1]
    weights, caught, current = floats(p[2], n), bytes_at(p[3], n), floats(p[4], n)
    for j in range(n):
        current[j] = weights[j] * np.float32(caught[j])
    _scaled(current, np.float32(s[0]))
    return 0


@kernel
def sparse_input(rows, parameters):
    """Sum stored rows: S, D, stored, starts, targets, weights, list, count, I; factor."""
    p, s = longs(rows, WIDTH), reals(parameters, REALS)
    sources, width, stored = p[1], p[2], p[3]
    starts, targets, weights = (
        integers(p[4], sources + 1),
        integers(p[5], stored),
        floats(p[6], stored),
    )
    listed, count, current = integers(p[7], sources), longs(p[8], 1)[0], floats(p[9], width)
    for j in range(current.size):
        current[j] = _NULL
    for k in range(count):
        for q in range(starts[listed[k]], starts[listed[k] + 1]):
            current[targets[q]] += weights[q]
    if count:
        _scaled(current, np.float32(s[0]))
    return 0


@kernel
def kernel_input(rows, parameters):
    """Add a kernel around every spike.

    S, D, weights, list, count, I, in depth, in height, in width, out depth, out height, out width,
    kernel height, kernel width, step down, step right, pad down, pad right; factor
    """
    p, s = longs(rows, WIDTH), reals(parameters, REALS)
    listed, count, current = integers(p[4], p[1]), longs(p[5], 1)[0], floats(p[6], p[2])
    depth, height, width, outputs, rows, columns = p[7], p[8], p[9], p[10], p[11], p[12]
    high, wide, down, right, top, left = p[13], p[14], p[15], p[16], p[17], p[18]
    weights = floats(p[3], outputs * depth * high * wide)
    plane = height * width
    for j in range(current.size):
        current[j] = _NULL
    for k in range(count):
        z, cell = listed[k] // plane, listed[k] % plane
        y, x = cell // width + top, cell % width + left
        for o in range(outputs):
            base = (o * depth + z) * high * wide
            for a in range(high):
                if y < a or (y - a) % down or (y - a) // down >= rows:
                    continue
                out = (o * rows + (y - a) // down) * columns
                for b in range(wide):
                    if x >= b and (x - b) % right == 0 and (x - b) // right < columns:
                        current[out + (x - b) // right] += weights[base + a * wide + b]
    if count:
        _scaled(current, np.float32(s[0]))
    return 0
