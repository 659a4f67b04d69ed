"""Input data as rows: the frames of a layer, and the spikes that follow them."""

from __future__ import annotations

from functools import partial
from typing import Any

import torch

from conex_core.behaviors.layers.dataset import SpikeNdDataset
from conex_core.behaviors.neurons.setters import LocationSetter, SensorySetter
from conex_core.run.engine.draft import Draft
from conex_core.run.engine.program import NotFused

__all__ = ["LOWERINGS"]


def _frames(behavior: SpikeNdDataset, layer: Any, draft: Draft) -> None:
    if draft.mixed:
        raise NotFused("Python takes part in every iteration and may ask for the label")
    shown, program = draft.shown(behavior, layer), draft.program
    for name in behavior.shown():
        setters = [pair for pair in _setters(draft.network, layer) if pair[1].attribute == name]
        if not setters:
            raise NotFused(f"no population shows its {name}")
        size = int(setters[0][0].size)
        if getattr(layer, name) is None:
            setattr(layer, name, torch.zeros(size, dtype=torch.bool))
        values = program.attribute(layer, name, torch.bool)
        program.add("frame", size, values, shown.add(name).address, behavior=behavior)
        shown.checks += [partial(_check, name, *pair) for pair in setters]


def _spikes(behavior: SensorySetter, group: Any, draft: Draft) -> None:
    if draft.shown_by(behavior._layer) is None:
        raise NotFused("its layer's data stays with Python")
    spikes = draft.spikes_of(group, written=True)
    values = draft.program.attribute(behavior._layer, behavior.attribute, torch.bool)
    numbers = (spikes.address, spikes.listed.address, spikes.count.address)
    draft.program.add("take", group.size, values, *numbers, behavior=behavior)


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


LOWERINGS: dict[type, Any] = {
    LocationSetter: _spikes,
    SensorySetter: _spikes,
    SpikeNdDataset: _frames,
}
