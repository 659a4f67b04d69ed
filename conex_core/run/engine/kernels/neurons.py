"""Neurons: dendrites, integration, noise, competition, homeostasis."""

from __future__ import annotations

import math

import numpy as np

from conex_core.run.engine.kernels.memory import (
    REALS,
    REFUSES,
    WIDTH,
    bytes_at,
    floats,
    kernel,
    longs,
    reals,
    words,
)
from conex_core.run.engine.kernels.random import WORDS, uniform

__all__ = [
    "activity",
    "adapt",
    "advance",
    "arrive",
    "arrive_scattered",
    "current",
    "drawn",
    "drift",
    "elif_",
    "finite",
    "lif",
    "noise",
    "show",
    "voltage",
]

_STEEPEST = np.float32(50.0)
_NULL = np.float32(0.0)


@kernel
def advance(rows, parameters):
    """Drop what has arrived and let the next row be now: n, depth, now, rows."""
    p = longs(rows, WIDTH)
    n, depth, now = p[1], p[2], longs(p[3], 1)
    row = floats(p[4] + 4 * now[0] * n, n)
    for j in range(n):
        row[j] = _NULL
    now[0] = (now[0] + 1) % depth
    return 0


@kernel
def arrive(rows, parameters):
    """Add a current after one delay: n, depth, now, rows, current, delay."""
    p = longs(rows, WIDTH)
    n, at = p[1], (longs(p[3], 1)[0] + p[6]) % p[2]
    row, current = floats(p[4] + 4 * at * n, n), floats(p[5], n)
    for j in range(n):
        row[j] += current[j]
    return 0


@kernel
def arrive_scattered(rows, parameters):
    """Add a current after each neuron's own delay: n, depth, now, rows, current, delays."""
    p = longs(rows, WIDTH)
    n, depth, now = p[1], p[2], longs(p[3], 1)[0]
    rows, current, delays = floats(p[4], n * depth), floats(p[5], n), longs(p[6], n)
    for j in range(n):
        rows[((now + delays[j]) % depth) * n + j] += current[j]
    return 0


@kernel
def show(rows, parameters):
    """Copy what arrives now: n, now, rows, current."""
    p = longs(rows, WIDTH)
    n = p[1]
    row, current = floats(p[3] + 4 * longs(p[2], 1)[0] * n, n), floats(p[4], n)
    for j in range(n):
        current[j] = row[j]
    return 0


@kernel
def current(rows, parameters):
    """Turn proximal input into current: n, I, proximal, decays; keep, gain."""
    p, s = longs(rows, WIDTH), reals(parameters, REALS)
    n, keep, gain = p[1], np.float32(s[0]), np.float32(s[1])
    total, proximal = floats(p[2], n), floats(p[3], n)
    if p[4]:
        for j in range(n):
            total[j] = total[j] * keep + proximal[j]
    elif gain != np.float32(1.0):
        for j in range(n):
            total[j] = proximal[j] * gain
    else:
        for j in range(n):
            total[j] = proximal[j]
    return 0


@kernel
def lif(rows, parameters):
    """Integrate with a leak: n, v, I, R, v_rest, tau; dt."""
    p, s = longs(rows, WIDTH), reals(parameters, REALS)
    n, dt = p[1], np.float32(s[0])
    v, total, resistance = floats(p[2], n), floats(p[3], n), floats(p[4], n)
    rest, tau = floats(p[5], n), floats(p[6], n)
    for j in range(n):
        slope = (resistance[j] * total[j] + rest[j]) - v[j]
        v[j] += (dt * slope) / tau[j]
    return 0


@kernel
def elif_(rows, parameters):
    """Integrate with an upstroke: n, v, I, R, v_rest, tau, delta, theta_rh, omega or 0; dt."""
    p, s = longs(rows, WIDTH), reals(parameters, REALS)
    n, dt = p[1], np.float32(s[0])
    v, total, resistance = floats(p[2], n), floats(p[3], n), floats(p[4], n)
    rest, tau, delta, rheobase = floats(p[5], n), floats(p[6], n), floats(p[7], n), floats(p[8], n)
    for j in range(n):
        steep = (v[j] - rheobase[j]) / delta[j]
        if steep > _STEEPEST:
            steep = _STEEPEST
        slope = (resistance[j] * total[j] + rest[j]) - v[j]
        slope += np.float32(math.exp(np.float64(steep))) * delta[j]
        if p[9]:
            slope -= resistance[j] * floats(p[9], n)[j]
        v[j] += (dt * slope) / tau[j]
    return 0


@kernel
def adapt(rows, parameters):
    """Update the adaptation after firing: n, v, v_rest, alpha, omega, w_tau, beta, spikes; dt."""
    p, s = longs(rows, WIDTH), reals(parameters, REALS)
    n, dt = p[1], np.float32(s[0])
    v, rest, alpha = floats(p[2], n), floats(p[3], n), floats(p[4], n)
    omega, tau, beta, spikes = floats(p[5], n), floats(p[6], n), floats(p[7], n), bytes_at(p[8], n)
    for j in range(n):
        pull = (v[j] - rest[j]) * alpha[j] - omega[j]
        omega[j] += (dt * pull) / tau[j]
        if spikes[j]:
            omega[j] += beta[j]
    return 0


@kernel
def noise(rows, parameters):
    """Draw and add: n, v, values, state; low, high, factor, shift."""
    p, s = longs(rows, WIDTH), reals(parameters, REALS)
    n, low, span = p[1], np.float32(s[0]), np.float32(s[1] - s[0])
    factor, shift = np.float32(s[2]), np.float32(s[3])
    v, values = floats(p[2], n), floats(p[3], n)
    uniform(words(p[4], WORDS + 1), values)
    for j in range(n):
        v[j] = (v[j] + (values[j] * span + low) * factor) + shift
    return 0


@kernel
def drawn(rows, parameters):
    """Add a row that was drawn before: n, v, values, row; shift."""
    p, s = longs(rows, WIDTH), reals(parameters, REALS)
    n, shift, at = p[1], np.float32(s[0]), longs(p[4], 1)
    v, values = floats(p[2], n), floats(p[3] + 4 * at[0] * n, n)
    for j in range(n):
        v[j] += values[j]
    if shift != _NULL:
        for j in range(n):
            v[j] += shift
    at[0] += 1
    return 0


@kernel
def drift(rows, parameters):
    """Add fixed values: n, v, values; factor, shift."""
    p, s = longs(rows, WIDTH), reals(parameters, REALS)
    n, factor, shift = p[1], np.float32(s[0]), np.float32(s[1])
    v, values = floats(p[2], n), floats(p[3], n)
    for j in range(n):
        v[j] = (v[j] + values[j] * factor) + shift
    return 0


@kernel
def voltage(rows, parameters):
    """Exhaust outside a range: n, v, exhaustion, highest, lowest; rate, dt."""
    p, s = longs(rows, WIDTH), reals(parameters, REALS)
    n, rate, dt, null = p[1], np.float32(s[0]), np.float32(s[1]), np.float32(0)
    v, exhaustion = floats(p[2], n), floats(p[3], n)
    highest, lowest = floats(p[4], n), floats(p[5], n)
    for j in range(n):
        outside = max(v[j] - highest[j], null) + min(v[j] - lowest[j], null)
        exhaustion[j] += outside * rate
        v[j] -= exhaustion[j] * dt
    return 0


@kernel
def activity(rows, parameters):
    """Count spikes, and move the thresholds at the end of a window.

    n, activity, spikes, threshold, window, iteration, rate; weight of a spike, silence, decay
    """
    p, s = longs(rows, WIDTH), reals(parameters, REALS)
    n, weight, silence = p[1], np.float32(s[0]), np.float32(s[1])
    counted, spikes = floats(p[2], n), bytes_at(p[3], n)
    for j in range(n):
        counted[j] = (counted[j] + np.float32(spikes[j]) * weight) - silence
    if longs(p[6], 1)[0] % p[5] == 0:
        threshold, rate = floats(p[4], n), reals(p[7], 1)
        change = np.float32(rate[0])
        for j in range(n):
            threshold[j] += counted[j] * change
            counted[j] = _NULL
        rate[0] *= s[2]
    return 0


@kernel
def finite(rows, parameters):
    """Refuse values that are no numbers, or infinite: n, values."""
    p = longs(rows, WIDTH)
    values, sound = floats(p[2], p[1]), True
    for j in range(p[1]):
        sound &= values[j] - values[j] == _NULL
    return 0 if sound else REFUSES
