"""Normalisation: sums of the weights of each target, and what they scale.

Sums run over the sources in their order. Where one is not positive, the sum of
absolute values stands in, and 1 where that is nought.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from conex_core.behaviors.synapses.limits import CurrentNormalization, WeightNormalization
from conex_core.run.engine.builder import ProgramBuilder
from conex_core.run.engine.kernel import Row, kernel, njit
from conex_core.run.engine.lowering import Lowering
from conex_core.run.engine.taken import Cell, Given

__all__ = ["LOWERINGS"]

_NULL, _WHOLE = np.float32(0.0), np.float32(1.0)


@njit
def _has_odd(sums: Any) -> Any:
    odd = False
    for j in range(sums.size):
        odd |= sums[j] <= _NULL
    return odd


@njit
def _invert(sums: Any, norm: Any) -> None:
    for j in range(sums.size):
        sums[j] = (_WHOLE / sums[j]) * norm


@njit
def _mend(sums: Any, sizes: Any) -> None:
    for j in range(sums.size):
        if sums[j] <= _NULL:
            sums[j] = sizes[j] if sizes[j] != _NULL else _WHOLE


@kernel("weights: f4[sources, width]; factors, spare: f4[width]; norm: real")
def dense_sums(row: Row) -> int:
    """Sum a matrix."""
    weights, sums, sizes = row.weights, row.factors, row.spare
    for j in range(sums.size):
        sums[j] = _NULL
    for i in range(row.sources):
        own = weights[i]
        for j in range(sums.size):
            sums[j] += own[j]
    if _has_odd(sums):
        for j in range(sums.size):
            sizes[j] = _NULL
        for i in range(row.sources):
            own = weights[i]
            for j in range(sums.size):
                sizes[j] += abs(own[j])
        _mend(sums, sizes)
    _invert(sums, row.norm)
    return 0


@kernel("targets: i4[stored]; weights: f4[stored]; factors, spare: f4[width]; norm: real")
def sparse_sums(row: Row) -> int:
    """Sum stored weights."""
    targets, weights, sums, sizes = row.targets, row.weights, row.factors, row.spare
    for j in range(sums.size):
        sums[j] = sizes[j] = _NULL
    for q in range(row.stored):
        sums[targets[q]] += weights[q]
    if _has_odd(sums):
        for q in range(row.stored):
            sizes[targets[q]] += abs(weights[q])
        _mend(sums, sizes)
    _invert(sums, row.norm)
    return 0


@kernel("weights: f4[sources, width]; factors: f4[width]")
def scale_dense(row: Row) -> int:
    """Scale each column."""
    weights, factors = row.weights, row.factors
    for i in range(row.sources):
        own = weights[i]
        for j in range(factors.size):
            own[j] *= factors[j]
    return 0


@kernel("targets: i4[stored]; weights: f4[stored]; factors: f4[width]")
def scale_sparse(row: Row) -> int:
    """Scale stored weights."""
    targets, weights, factors = row.targets, row.weights, row.factors
    for q in range(row.stored):
        weights[q] *= factors[targets[q]]
    return 0


@kernel("I, factors: f4[width]")
def scale_current(row: Row) -> int:
    """Scale a current."""
    current, factors = row.I, row.factors
    for j in range(current.size):
        current[j] *= factors[j]
    return 0


def _weights(behavior: WeightNormalization, synapse: Any, builder: ProgramBuilder) -> None:
    given, factors = _summed(behavior, synapse, builder)
    scale = scale_sparse if "targets" in given else scale_dense
    builder.add(scale, behavior, **given, factors=factors)


def _current(behavior: CurrentNormalization, synapse: Any, builder: ProgramBuilder) -> None:
    _, factors = _summed(behavior, synapse, builder)
    width = int(synapse.dst.size)
    builder.add(scale_current, behavior, width=width, **builder.of(synapse, "I"), factors=factors)


def _summed(
    behavior: WeightNormalization | CurrentNormalization, synapse: Any, builder: ProgramBuilder
) -> tuple[Given, Cell]:
    """Add what finds the factor of each target; return where the weights lie, and the factors."""
    width = int(synapse.dst.size)
    values = builder.weights_of(synapse)
    given: Given = {"weights": values, "width": width}
    if vars(synapse)["weights"].layout is torch.strided:
        kernel = dense_sums
        given["sources"] = int(synapse.src.size)
    else:
        kernel, stored = sparse_sums, builder.stored_of(synapse)
        given |= {"targets": stored.targets, "stored": stored.count}
    factors, spare = (Cell(size=width, dtype=np.float32) for _ in range(2))
    norm = lambda: {"norm": behavior.norm}  # noqa: E731
    builder.add(kernel, behavior, **given, factors=factors, spare=spare, live=norm)
    return given, factors


LOWERINGS: dict[type, Lowering] = {
    CurrentNormalization: _current,
    WeightNormalization: _weights,
}
