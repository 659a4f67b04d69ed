"""From spikes to current: sums of the weights of the sources that spiked, in their order."""

from __future__ import annotations

from typing import Any

import numpy as np

from conex_core.behaviors.synapses.currents import (
    BaseDendriticInput,
    One2OneDendriticInput,
    SimpleDendriticInput,
    SparseDendriticInput,
)
from conex_core.run.engine.builder import ProgramBuilder
from conex_core.run.engine.kernel import Row, kernel, njit, prefetch
from conex_core.run.engine.lowering import Lowering
from conex_core.run.engine.program import Live

__all__ = ["LOWERINGS", "factor_of", "scaled"]

_NULL, _WHOLE = np.float32(0.0), np.float32(1.0)


@njit
def scaled(current: Any, factor: Any) -> None:
    """Multiply a current in place; a factor of 1 costs nothing."""
    if factor != _WHOLE:
        for j in range(current.size):
            current[j] *= factor


@kernel(
    "weights: f4[sources, width]; listed: u4[sources]; count: i8[1]; I: f4[width]; factor: real"
)
def dense_input(row: Row) -> int:
    """Sum the rows of a matrix."""
    weights, listed, count, current = row.weights, row.listed, row.count[0], row.I
    for j in range(current.size):
        current[j] = _NULL
    for k in range(count):
        sent = weights[listed[k]]
        for j in range(sent.size):
            current[j] += sent[j]
    if count:
        scaled(current, row.factor)
    return 0


@kernel("weights, I: f4[n]; pre_spike: b1[n]; factor: real")
def pair_input(row: Row) -> int:
    """Take one weight per pair."""
    weights, caught, current = row.weights, row.pre_spike, row.I
    for j in range(row.n):
        current[j] = weights[j] * np.float32(caught[j])
    scaled(current, row.factor)
    return 0


@kernel(
    "starts: u4[sources+1]; targets: u4[stored]; weights: f4[stored];"
    " listed: u4[sources]; count: i8[1]; I: f4[width]; factor: real"
)
def sparse_input(row: Row) -> int:
    """Sum stored rows."""
    starts, targets, weights = row.starts, row.targets, row.weights
    listed, count, current = row.listed, row.count[0], row.I
    for j in range(current.size):
        current[j] = _NULL
    for k in range(count):
        if k + 2 < count:
            for q in range(starts[listed[k + 2]], starts[listed[k + 2] + 1], 16):
                prefetch(targets, np.int64(q))
                prefetch(weights, np.int64(q))
        for q in range(starts[listed[k]], starts[listed[k] + 1]):
            current[targets[q]] += weights[q]
    if count:
        scaled(current, row.factor)
    return 0


def factor_of(behavior: BaseDendriticInput) -> Live:
    """Return what tells the factor of a current as it is now."""
    return lambda: {"factor": behavior.current_coef * behavior.sign}


def _dense(behavior: SimpleDendriticInput, synapse: Any, builder: ProgramBuilder) -> None:
    sources, width = int(synapse.src.size), int(synapse.dst.size)
    builder.add(
        dense_input,
        behavior,
        sources=sources,
        width=width,
        **builder.of(synapse, "weights", "I"),
        **builder.spikes_of(synapse, "pre_spike", sources).lists(),
        live=factor_of(behavior),
    )


def _pairs(behavior: One2OneDendriticInput, synapse: Any, builder: ProgramBuilder) -> None:
    given = builder.of(synapse, "weights", "I", "pre_spike")
    n = int(synapse.src.size)
    builder.add(pair_input, behavior, n=n, **given, live=factor_of(behavior))


def _sparse(behavior: SparseDendriticInput, synapse: Any, builder: ProgramBuilder) -> None:
    stored = builder.stored_of(synapse)
    caught = builder.spikes_of(synapse, "pre_spike", stored.sources)
    builder.add(
        sparse_input,
        behavior,
        **stored.given(),
        **builder.of(synapse, "I"),
        **caught.lists(),
        live=factor_of(behavior),
    )


LOWERINGS: dict[type, Lowering] = {
    One2OneDendriticInput: _pairs,
    SimpleDendriticInput: _dense,
    SparseDendriticInput: _sparse,
}
