"""Spikes: as a vector of bytes and, beside it, as a list of the neurons that spiked.

A list is ``lists[:count]``, ascending. A ring keeps ``depth`` vectors and lists;
its cell ``now`` is the row of the last iteration, ages count upwards from there.
"""

from __future__ import annotations

import numpy as np

from conex_core.run.engine.kernels.memory import (
    WIDTH,
    bytes_at,
    floats,
    integers,
    kernel,
    longs,
    njit,
    octets,
)

__all__ = [
    "axon",
    "catch",
    "catch_scattered",
    "fire",
    "found",
    "frame",
    "keep",
    "log",
    "note",
    "rescan",
    "sample",
    "take",
]

_ZERO, _ONE = np.uint8(0), np.uint8(1)


@njit
def found(address, n, listed):
    """Write the set bytes among ``n`` at ``address`` into ``listed``; return how many."""
    flags = bytes_at(address, n)
    eights = octets(address, n >> 3)
    count = 0
    for k in range(n >> 3):
        if eights[k] != np.uint64(0):
            for j in range(k << 3, (k << 3) + 8):
                if flags[j]:
                    listed[count] = j
                    count += 1
    for j in range((n >> 3) << 3, n):
        if flags[j]:
            listed[count] = j
            count += 1
    return count


@kernel
def fire(rows, parameters):
    """Spike at the threshold and reset: n, v, threshold, v_reset, spikes, list, count."""
    p = longs(rows, WIDTH)
    n = p[1]
    v, threshold, reset = floats(p[2], n), floats(p[3], n), floats(p[4], n)
    spikes, listed = bytes_at(p[5], n), integers(p[6], n)
    for j in range(n):
        spikes[j] = v[j] >= threshold[j]
    count = found(p[5], n, listed)
    for k in range(count):
        v[listed[k]] = reset[listed[k]]
    longs(p[7], 1)[0] = count
    return 0


@kernel
def rescan(rows, parameters):
    """List the spikes again, after Python may have changed them: n, spikes, list, count."""
    p = longs(rows, WIDTH)
    longs(p[4], 1)[0] = found(p[2], p[1], integers(p[3], p[1]))
    return 0


@kernel
def frame(rows, parameters):
    """Show the next frame of a layer: n, values, where (address or 0, frames shown)."""
    p = longs(rows, WIDTH)
    n, where = p[1], longs(p[3], 2)
    values = bytes_at(p[2], n)
    if where[0]:
        shown = bytes_at(where[0] + where[1] * n, n)
        for j in range(n):
            values[j] = shown[j]
    else:
        for j in range(n):
            values[j] = _ZERO
    where[1] += 1
    return 0


@kernel
def take(rows, parameters):
    """Spike where the layer's frame says so: n, frame, spikes, list, count."""
    p = longs(rows, WIDTH)
    n = p[1]
    shown, spikes = bytes_at(p[2], n), bytes_at(p[3], n)
    for j in range(n):
        spikes[j] = shown[j]
    longs(p[5], 1)[0] = found(p[3], n, integers(p[4], n))
    return 0


@kernel
def axon(rows, parameters):
    """Push the spikes into the ring: n, list, count, depth, now, rows, lists, counts."""
    p = longs(rows, WIDTH)
    n, count, depth = p[1], longs(p[3], 1)[0], p[4]
    now = longs(p[5], 1)
    at = (now[0] + depth - 1) % depth
    now[0] = at
    row, kept = bytes_at(p[6] + at * n, n), integers(p[7] + 4 * at * n, n)
    counts, listed = longs(p[8], depth), integers(p[2], n)
    for k in range(counts[at]):
        row[kept[k]] = _ZERO
    for k in range(count):
        kept[k] = listed[k]
        row[listed[k]] = _ONE
    counts[at] = count
    return 0


@kernel
def catch(rows, parameters):
    """Catch the spikes of one delay: n, depth, now, lists, counts, delay, caught, list, count."""
    p = longs(rows, WIDTH)
    n, depth = p[1], p[2]
    at = (longs(p[3], 1)[0] + p[6]) % depth
    arrived, many = integers(p[4] + 4 * at * n, n), longs(p[5], depth)[at]
    caught, listed, count = bytes_at(p[7], n), integers(p[8], n), longs(p[9], 1)
    for k in range(count[0]):
        caught[listed[k]] = _ZERO
    for k in range(many):
        listed[k] = arrived[k]
        caught[arrived[k]] = _ONE
    count[0] = many
    return 0


@kernel
def catch_scattered(rows, parameters):
    """Catch spikes of each neuron's own delay.

    n, depth, now, lists, counts, delays, caught, list, count, slots, slot lists, slot counts, slot
    """
    p = longs(rows, WIDTH)
    n, slots = p[1], p[10]
    at = longs(p[3], 1)[0]
    arrived, many, delays = integers(p[4] + 4 * at * n, n), longs(p[5], p[2])[at], longs(p[6], n)
    caught, listed, count = bytes_at(p[7], n), integers(p[8], n), longs(p[9], 1)
    waiting, filled, slot = integers(p[11], slots * n), longs(p[12], slots), longs(p[13], 1)
    here = (slot[0] + 1) % slots
    slot[0] = here
    for k in range(many):
        neuron = arrived[k]
        due = here + delays[neuron]  # a delay is less than ``slots``; a division would cost more
        due -= slots if due >= slots else 0
        waiting[due * n + filled[due]] = neuron
        filled[due] += 1
    for k in range(count[0]):
        caught[listed[k]] = _ZERO
    for k in range(filled[here]):
        caught[waiting[here * n + k]] = _ONE
    filled[here] = 0
    count[0] = found(p[7], n, listed)
    return 0


@kernel
def log(rows, parameters):
    """Keep the spikes for readers: n, list, count, times, neurons, filled, room, iteration."""
    p = longs(rows, WIDTH)
    n, count, room = p[1], longs(p[3], 1)[0], p[7]
    listed, filled = integers(p[2], n), longs(p[6], 1)
    times, neurons = longs(p[4], room), integers(p[5], room)
    at, now = filled[0], longs(p[8], 1)[0]
    for k in range(count):
        times[at + k] = now
        neurons[at + k] = listed[k]
    filled[0] = at + count
    return int(at + count + n > room)


@kernel
def sample(rows, parameters):
    """Keep values of some neurons.

    n, variable, picked, many, times, values, filled, room, iteration
    """
    p = longs(rows, WIDTH)
    many, room, filled = p[4], p[8], longs(p[7], 1)
    variable, picked = floats(p[2], p[1]), longs(p[3], many)
    at = filled[0]
    longs(p[5], room)[at] = longs(p[9], 1)[0]
    values = floats(p[6] + 4 * at * many, many)
    for k in range(many):
        values[k] = variable[picked[k]]
    filled[0] = at + 1
    return int(at + 1 == room)


@kernel
def keep(rows, parameters):
    """Copy a variable into the next row: n, variable, kept, filled."""
    p = longs(rows, WIDTH)
    n = p[1]
    variable, row = floats(p[2], n), floats(p[3] + 4 * longs(p[4], 1)[0] * n, n)
    for j in range(n):
        row[j] = variable[j]
    return 0


@kernel
def note(rows, parameters):
    """Note that a row was kept: times, filled, room, iteration."""
    p = longs(rows, WIDTH)
    filled = longs(p[2], 1)
    longs(p[1], p[3])[filled[0]] = longs(p[4], 1)[0]
    filled[0] += 1
    return int(filled[0] == p[3])
