"""Normalisation: sums of the weights of each target, and what they scale.

Sums run over the sources in their order. Where one is not positive, the sum of
absolute values stands in, and 1 where that is nought.
"""

from __future__ import annotations

import numpy as np

from conex_core.run.engine.kernels.memory import (
    REALS,
    WIDTH,
    floats,
    integers,
    kernel,
    longs,
    njit,
    reals,
)

__all__ = ["dense_sums", "scale_current", "scale_dense", "scale_sparse", "sparse_sums"]

_NULL, _WHOLE = np.float32(0.0), np.float32(1.0)


@njit
def _has_odd(sums):
    odd = False
    for j in range(sums.size):
        odd |= sums[j] <= _NULL
    return odd


@njit
def _factors(sums, norm):
    for j in range(sums.size):
        sums[j] = (_WHOLE / sums[j]) * norm


@njit
def _mended(sums, sizes):
    for j in range(sums.size):
        if sums[j] <= _NULL:
            sums[j] = sizes[j] if sizes[j] != _NULL else _WHOLE


@kernel
def dense_sums(rows, parameters):
    """Sum a matrix: S, D, weights, factors, sizes; norm."""
    p, s = longs(rows, WIDTH), reals(parameters, REALS)
    sources, targets = p[1], p[2]
    sums, sizes = floats(p[4], targets), floats(p[5], targets)
    for j in range(targets):
        sums[j] = _NULL
    for i in range(sources):
        row = floats(p[3] + 4 * i * targets, targets)
        for j in range(targets):
            sums[j] += row[j]
    if _has_odd(sums):
        for j in range(targets):
            sizes[j] = _NULL
        for i in range(sources):
            row = floats(p[3] + 4 * i * targets, targets)
            for j in range(targets):
                sizes[j] += abs(row[j])
        _mended(sums, sizes)
    _factors(sums, np.float32(s[0]))
    return 0


@kernel
def sparse_sums(rows, parameters):
    """Sum stored weights: stored, D, targets, weights, factors, sizes; norm."""
    p, s = longs(rows, WIDTH), reals(parameters, REALS)
    stored, n = p[1], p[2]
    targets, weights = integers(p[3], stored), floats(p[4], stored)
    sums, sizes = floats(p[5], n), floats(p[6], n)
    for j in range(n):
        sums[j] = sizes[j] = _NULL
    for q in range(stored):
        sums[targets[q]] += weights[q]
    if _has_odd(sums):
        for q in range(stored):
            sizes[targets[q]] += abs(weights[q])
        _mended(sums, sizes)
    _factors(sums, np.float32(s[0]))
    return 0


@kernel
def scale_dense(rows, parameters):
    """Scale each column: S, D, weights, factors."""
    p = longs(rows, WIDTH)
    sources, targets = p[1], p[2]
    factors = floats(p[4], targets)
    for i in range(sources):
        row = floats(p[3] + 4 * i * targets, targets)
        for j in range(targets):
            row[j] *= factors[j]
    return 0


@kernel
def scale_sparse(rows, parameters):
    """Scale stored weights: stored, D, targets, weights, factors."""
    p = longs(rows, WIDTH)
    stored = p[1]
    targets, weights, factors = integers(p[3], stored), floats(p[4], stored), floats(p[5], p[2])
    for q in range(stored):
        weights[q] *= factors[targets[q]]
    return 0


@kernel
def scale_current(rows, parameters):
    """Scale a current: D, I, factors."""
    p = longs(rows, WIDTH)
    current, factors = floats(p[2], p[1]), floats(p[3], p[1])
    for j in range(current.size):
        current[j] *= factors[j]
    return 0
