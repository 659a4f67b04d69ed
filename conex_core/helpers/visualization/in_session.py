"""What a plot watches in a session: its objects, their rings and their colours. No Qt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from torch import Tensor

from conex_core.graph.model.kinds import INPUT_LAYER, NEURON_GROUP, SYNAPSE_GROUP
from conex_core.helpers.visualization.palette import (
    EXCITATORY,
    INHIBITORY,
    INPUT,
    group_colour,
    tone,
)
from conex_core.helpers.visualization.source import PlotSource
from conex_core.plot_specs import NETWORK_KIND, PlotSpec, Watch
from conex_core.run.ring import EventRing, Ring, SnapshotRing, TraceRing
from conex_core.run.watching import probe_for
from conex_core.structures.base import name_of

if TYPE_CHECKING:
    from conex_core.run.session import Session

__all__ = ["objects_in", "sources_in", "units_of"]


def sources_in(session: Session, spec: PlotSpec, settings: Mapping[str, Any]) -> list[PlotSource]:
    """Attach probes to every object that a plot can show; return what it needs."""
    return [
        _source(session, name, owner, spec, settings)
        for name, owner in objects_in(session, spec, settings)
    ]


def objects_in(
    session: Session, spec: PlotSpec, settings: Mapping[str, Any]
) -> Iterator[tuple[str, Any]]:
    """Yield name and object of all that has what a plot needs."""
    first = spec.watches[0]
    for name, owner in _of_kinds(session, first.of):
        if all(_has(owner, watch.asked(settings)) for watch in spec.watches if watch.needed):
            yield name, owner


def units_of(watch: Watch, settings: Mapping[str, Any], owner: Any) -> tuple[int, ...]:
    """Return the chosen units that a variable has."""
    value = getattr(owner, watch.asked(settings))
    count = value.numel() if isinstance(value, Tensor) else 1
    return tuple(unit for unit in watch.chosen(settings) if unit < count)


def _source(
    session: Session, name: str, owner: Any, spec: PlotSpec, settings: Mapping[str, Any]
) -> PlotSource:
    first, *others = spec.watches
    rings = {watch.variable: _ring(session, owner, watch, settings) for watch in spec.watches}
    levels = {level: _uniform(owner, level) for level in spec.levels}
    return PlotSource(
        name,
        rings[first.variable],
        size=int(getattr(owner, "size", 0)),
        colour=_colour(session, name),
        neurons=units_of(first, settings, owner),
        levels={level: value for level, value in levels.items() if value is not None},
        more={
            one.variable: rings[one.variable] for one in others if _has(owner, one.asked(settings))
        },
    )


def _ring(session: Session, owner: Any, watch: Watch, settings: Mapping[str, Any]) -> Ring:
    variable = watch.asked(settings)
    if not _has(owner, variable):
        return EventRing(1)
    units = units_of(watch, settings, owner)
    ring: Ring = EventRing()
    if watch.form == "trace":
        ring = TraceRing(len(units))
    elif watch.form == "snapshot":
        ring = SnapshotRing()
    session.attach(probe_for(owner, variable, ring, units))
    return ring


def _of_kinds(session: Session, kinds: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    if NEURON_GROUP.name in kinds or INPUT_LAYER.name in kinds:
        yield from session.groups.items()
    if SYNAPSE_GROUP.name in kinds:
        yield from ((name_of(group), group) for group in session.network.SynapseGroups)
    if NETWORK_KIND in kinds:
        yield name_of(session.network), session.network


def _has(owner: Any, variable: str) -> bool:
    return isinstance(getattr(owner, variable, None), Tensor | int | float)


def _colour(session: Session, name: str) -> str:
    group = session.groups.get(name)
    if group is None:
        return group_colour(0)
    base = _base_colour(group)
    same = [other for other, one in session.groups.items() if _base_colour(one) == base]
    return tone(base, same.index(name))


def _base_colour(group: Any) -> str:
    if not isinstance(getattr(group, "v", None), Tensor):
        return INPUT
    return INHIBITORY if {"inh", "GABA"} & set(group.tags) else EXCITATORY


def _uniform(group: Any, name: str) -> float | None:
    value = getattr(group, name, None)
    if isinstance(value, Tensor):
        return float(value.flatten()[0]) if bool((value == value.flatten()[0]).all()) else None
    return float(value) if isinstance(value, int | float) else None
