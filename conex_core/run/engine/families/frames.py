"""Input data: the frames of a layer, and the spikes that follow them."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import torch

from conex_core.behaviors.layers.dataset import SpikeNdDataset
from conex_core.behaviors.neurons.setters import LocationSetter, SensorySetter
from conex_core.run.engine.builder import ProgramBuilder
from conex_core.run.engine.kernel import Row, bytes_at, kernel
from conex_core.run.engine.lowering import Lowering
from conex_core.run.engine.spiking import found
from conex_core.run.engine.taken import NotFused

__all__ = ["LOWERINGS"]

_ZERO = np.uint8(0)


@kernel("values: b1[n]; shown: i8[2]")
def frame(row: Row) -> int:
    """Show the next frame of a layer; ``shown`` is where frames lie or 0, and how many were."""
    n, values, shown = row.n, row.values, row.shown
    if shown[0]:
        next_one = bytes_at(shown[0] + shown[1] * n, n)
        for j in range(n):
            values[j] = next_one[j]
    else:
        for j in range(n):
            values[j] = _ZERO
    shown[1] += 1
    return 0


@kernel("frame, spikes: b1[n]; listed: i4[n]; count: i8[1]")
def take(row: Row) -> int:
    """Spike where the layer's frame says so."""
    shown, spikes = row.frame, row.spikes
    for j in range(row.n):
        spikes[j] = shown[j]
    row.count[0] = found(spikes, row.listed)
    return 0


def _frames(behavior: SpikeNdDataset, layer: Any, builder: ProgramBuilder) -> None:
    if builder.mixed:
        raise NotFused("Python takes part in every iteration and may ask for the label")
    shown = builder.shown(behavior, layer)
    for name in behavior.shown():
        setters = [pair for pair in _setters(builder.network, layer) if pair[1].attribute == name]
        if not setters:
            raise NotFused(f"no population shows its {name}")
        n = int(setters[0][0].size)
        if getattr(layer, name) is None:
            setattr(layer, name, torch.zeros(n, dtype=torch.bool))
        values = builder.program.take(layer, name)
        builder.add(frame, behavior, n=n, values=values, shown=shown.add(name, n))
        shown.checks += [partial(_check, name, *pair) for pair in setters]


def _spikes(behavior: SensorySetter, group: Any, builder: ProgramBuilder) -> None:
    layer, n = builder.program.watch(behavior, "_layer", group), int(group.size)
    if builder.shown_by(layer) is None:
        raise NotFused("its layer's data stays with Python")
    spikes = builder.spikes_of(group, "spikes", n, written=True)
    values = builder.program.take(layer, behavior.attribute)
    builder.add(take, behavior, n=n, frame=values, **spikes.given())


def _setters(network: Any, layer: Any) -> list[tuple[Any, SensorySetter]]:
    """Return the populations that show the data of ``layer``, and what makes them."""
    return [
        (group, item)
        for group in network.NeuronGroups
        for item in group.behavior.values()
        if isinstance(item, SensorySetter) and item._layer is layer
    ]


def _check(
    name: str, group: Any, setter: SensorySetter, frames: dict[str, torch.Tensor | None]
) -> None:
    rows = frames[name]
    if rows is not None:
        setter.check(group, rows[0])


LOWERINGS: dict[type, Lowering] = {
    LocationSetter: _spikes,
    SensorySetter: _spikes,
    SpikeNdDataset: _frames,
}
