"""Planes: kernels that slide over them, kernels of one place, neighbours, means.

A geometry is 12 numbers: in depth, height, width; out depth, height, width; kernel height,
width; step down, across; padding above, at the left.
"""

from __future__ import annotations

import numpy as np

from conex_core.run.engine.kernels.currents import scaled
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
from conex_core.run.engine.kernels.plasticity import growth, limited, loss

__all__ = [
    "lateral_input",
    "local_input",
    "local_stdp",
    "pool_input",
    "shared_input",
    "shared_stdp",
]

_NULL = np.float32(0.0)


@njit
def _span(at, length, step, count):
    """Return the first position whose kernel covers the padded place ``at``, and past the last."""
    first = (at - length) // step + 1 if at >= length else 0
    return first, min(at // step + 1, count)


@njit
def _add_reversed(current, row, first, last, weights, line, side):
    """Add weights from ``line`` backwards to one row of positions."""
    # Numbers without a sign spare the test for an index from the end.
    at, by = np.uint64(row + first), np.uint64(line)
    for k in range(np.uint64(last - first)):
        current[at + k] += weights[by - k * np.uint64(side)]


@njit
def _cleared(current):
    for j in range(current.size):
        current[j] = _NULL


@kernel
def shared_input(rows, parameters):
    """Add a plane's one kernel around every spike: weights, list, count, I, geometry; factor."""
    p, s = longs(rows, WIDTH), reals(parameters, REALS)
    depth, high, wide, outputs, down, across = p[5], p[6], p[7], p[8], p[9], p[10]
    tall, broad, step, side, top, left = p[11], p[12], p[13], p[14], p[15], p[16]
    plane, positions, length = high * wide, down * across, tall * broad
    listed, count = integers(p[2], depth * plane), longs(p[3], 1)[0]
    current = floats(p[4], outputs * positions)
    weights = floats(p[1], outputs * depth * length)
    _cleared(current)
    for k in range(count):
        z, cell = listed[k] // plane, listed[k] % plane
        y, x = cell // wide + top, cell % wide + left
        upper, lower = _span(y, tall, step, down)
        first, last = _span(x, broad, side, across)
        for o in range(outputs):
            for r in range(upper, lower):
                line = ((o * depth + z) * tall + y - r * step) * broad + x - first * side
                _add_reversed(current, o * positions + r * across, first, last, weights, line, side)
    if count:
        scaled(current, np.float32(s[0]))
    return 0


@kernel
def local_input(rows, parameters):
    """Add every place's own kernel around every spike; takes what ``shared_input`` takes."""
    p, s = longs(rows, WIDTH), reals(parameters, REALS)
    depth, high, wide, outputs, down, across = p[5], p[6], p[7], p[8], p[9], p[10]
    tall, broad, step, side, top, left = p[11], p[12], p[13], p[14], p[15], p[16]
    plane, positions, length = high * wide, down * across, tall * broad
    listed, count = integers(p[2], depth * plane), longs(p[3], 1)[0]
    current = floats(p[4], outputs * positions)
    weights = floats(p[1], outputs * positions * depth * length)
    _cleared(current)
    for k in range(count):
        z, cell = listed[k] // plane, listed[k] % plane
        y, x = cell // wide + top, cell % wide + left
        upper, lower = _span(y, tall, step, down)
        first, last = _span(x, broad, side, across)
        for o in range(outputs):
            for r in range(upper, lower):
                for c in range(first, last):
                    at = o * positions + r * across + c
                    q = (z * tall + y - r * step) * broad + x - c * side
                    current[at] += weights[at * depth * length + q]
    if count:
        scaled(current, np.float32(s[0]))
    return 0


@kernel
def lateral_input(rows, parameters):
    """Add a centred kernel around every spike.

    weights, list, count, I, depth, height, width, those of the kernel; factor
    """
    p, s = longs(rows, WIDTH), reals(parameters, REALS)
    depth, high, wide, deep, tall, broad = p[5], p[6], p[7], p[8], p[9], p[10]
    plane = high * wide
    listed, count = integers(p[2], depth * plane), longs(p[3], 1)[0]
    current, weights = floats(p[4], depth * plane), floats(p[1], deep * tall * broad)
    _cleared(current)
    for k in range(count):
        # Padded by half the kernel, so that the positions are those of a sliding kernel.
        cell = listed[k] % plane
        z, y, x = listed[k] // plane + deep // 2, cell // wide + tall // 2, cell % wide + broad // 2
        front, back = _span(z, deep, 1, depth)
        upper, lower = _span(y, tall, 1, high)
        first, last = _span(x, broad, 1, wide)
        for d in range(front, back):
            for r in range(upper, lower):
                line = ((z - d) * tall + y - r) * broad + x
                for c in range(first, last):
                    current[d * plane + r * wide + c] += weights[line - c]
    if count:
        scaled(current, np.float32(s[0]))
    return 0


@kernel
def pool_input(rows, parameters):
    """Take the mean of the spikes in each patch: spikes, count, I, depth, in and out sizes; factor.

    A patch reaches from the last cell at or before its share of a side to the first one after it.
    """
    p, s = longs(rows, WIDTH), reals(parameters, REALS)
    depth, high, wide, down, across = p[4], p[5], p[6], p[7], p[8]
    spikes, count = bytes_at(p[1], depth * high * wide), longs(p[2], 1)[0]
    current = floats(p[3], depth * down * across)
    if not count:
        _cleared(current)
        return 0
    for z in range(depth):
        for r in range(down):
            upper, lower = r * high // down, -(-(r + 1) * high // down)
            for c in range(across):
                first, last = c * wide // across, -(-(c + 1) * wide // across)
                total = 0
                for y in range(upper, lower):
                    for x in range(first, last):
                        total += spikes[(z * high + y) * wide + x]
                mean = np.float32(total) / np.float32(lower - upper)
                current[(z * down + r) * across + c] = mean / np.float32(last - first)
    scaled(current, np.float32(s[0]))
    return 0


@njit
def _summed_up(p, listed, count, x, total):
    """Add what each spiking target sees of the sources' traces to its kernel."""
    depth, high, wide, down, across = p[10], p[11], p[12], p[14], p[15]
    tall, broad, step, side, top, left = p[16], p[17], p[18], p[19], p[20], p[21]
    positions = down * across
    for k in range(count):
        o, at = listed[k] // positions, listed[k] % positions
        y, first = at // across * step - top, at % across * side - left
        begin, end = max(0, -first), min(broad, wide - first)
        for z in range(depth):
            for a in range(max(0, -y), min(tall, high - y)):
                row = np.uint64(((o * depth + z) * tall + a) * broad + begin)
                line = np.uint64((z * high + y + a) * wide + first + begin)
                for b in range(np.uint64(end - begin)):
                    total[row + b] += x[line + b]


@njit
def _summed_down(p, listed, count, y_trace, total):
    """Add the traces of the targets that each spiking source reaches to their kernels."""
    depth, high, wide, outputs, down, across = p[10], p[11], p[12], p[13], p[14], p[15]
    tall, broad, step, side, top, left = p[16], p[17], p[18], p[19], p[20], p[21]
    plane, positions = high * wide, down * across
    for k in range(count):
        z, cell = listed[k] // plane, listed[k] % plane
        y, x = cell // wide + top, cell % wide + left
        upper, lower = _span(y, tall, step, down)
        first, last = _span(x, broad, side, across)
        for o in range(outputs):
            for r in range(upper, lower):
                row = ((o * depth + z) * tall + y - r * step) * broad + x - first * side
                line = np.uint64(o * positions + r * across + first)
                for c in range(np.uint64(last - first)):
                    total[np.uint64(row) - c * np.uint64(side)] += y_trace[line + c]


@kernel
def shared_stdp(rows, parameters):
    """Change the kernels of planes by means over all positions.

    weights, pre list, pre count, pre trace, post list, post count, post trace, sums, bounds (growth
    + 3 · loss), geometry; a_plus, a_minus, w_min, w_max, least, most
    """
    p, s = longs(rows, WIDTH), reals(parameters, REALS)
    plane, positions = p[11] * p[12], p[14] * p[15]
    stored, mean = p[13] * p[10] * p[16] * p[17], np.float32(positions)
    up, down = p[9] % 3, p[9] // 3
    pre, many = integers(p[2], p[10] * plane), longs(p[3], 1)[0]
    post, count = integers(p[5], p[13] * positions), longs(p[6], 1)[0]
    grown, shrunk = floats(p[8], stored), floats(p[8] + 4 * stored, stored)
    rise, fall, low, high = np.float32(s[0]), np.float32(s[1]), np.float32(s[2]), np.float32(s[3])
    least, most, weights = np.float32(s[4]), np.float32(s[5]), floats(p[1], stored)
    _cleared(grown)
    _cleared(shrunk)
    _summed_up(p, post, count, floats(p[4], p[10] * plane), grown)
    _summed_down(p, pre, many, floats(p[7], p[13] * positions), shrunk)
    for q in range(stored):
        w = weights[q]
        gain = (grown[q] / mean) * growth(up, w, low, high, rise)
        lost = (shrunk[q] / mean) * loss(down, w, low, high, fall)
        weights[q] = limited((w + gain) - lost, least, most)
    return 0


@kernel
def local_stdp(rows, parameters):
    """Change the kernels of single places.

    weights, pre list, pre count, pre spikes, pre trace, post list, post count, post spikes, post
    trace, bounds (growth + 3 · loss), geometry; a_plus, a_minus, w_min, w_max, least, most
    """
    p, s = longs(rows, WIDTH), reals(parameters, REALS)
    depth, high, wide, outputs, down, across = p[11], p[12], p[13], p[14], p[15], p[16]
    tall, broad, step, side, top, left = p[17], p[18], p[19], p[20], p[21], p[22]
    plane, positions, cells = high * wide, down * across, depth * tall * broad
    sources, targets = integers(p[2], depth * plane), integers(p[6], outputs * positions)
    pre, x = bytes_at(p[4], depth * plane), floats(p[5], depth * plane)
    post, y = bytes_at(p[8], outputs * positions), floats(p[9], outputs * positions)
    rise, fall, low, high_limit = (
        np.float32(s[0]),
        np.float32(s[1]),
        np.float32(s[2]),
        np.float32(s[3]),
    )
    up, lower_bound = p[10] % 3, p[10] // 3
    weights = floats(p[1], outputs * positions * cells)
    for k in range(longs(p[7], 1)[0]):  # both changes where the target spiked
        t = targets[k]
        at = t % positions
        y0, x0 = at // across * step - top, at % across * side - left
        for q in range(cells):
            z, r, c = q // (tall * broad), y0 + q // broad % tall, x0 + q % broad
            if 0 <= r < high and 0 <= c < wide:
                i, w = z * plane + r * wide + c, weights[t * cells + q]
                change = np.float32(pre[i]) * y[t] * loss(lower_bound, w, low, high_limit, fall)
                w = w + x[i] * growth(up, w, low, high_limit, rise)
                weights[t * cells + q] = w - change
    for k in range(longs(p[3], 1)[0]):  # and loss alone elsewhere
        z, cell = sources[k] // plane, sources[k] % plane
        r, c = cell // wide + top, cell % wide + left
        upper, lower = _span(r, tall, step, down)
        first, last = _span(c, broad, side, across)
        for o in range(outputs):
            for a in range(upper, lower):
                for b in range(first, last):
                    t = o * positions + a * across + b
                    if not post[t]:
                        q = t * cells + (z * tall + r - a * step) * broad + c - b * side
                        weights[q] -= y[t] * loss(lower_bound, weights[q], low, high_limit, fall)
    least, most = np.float32(s[4]), np.float32(s[5])
    if least > -np.inf or most < np.inf:
        for q in range(weights.size):
            weights[q] = limited(weights[q], least, most)
    return 0
