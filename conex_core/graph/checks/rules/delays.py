"""The rule about delays: none is negative, none is longer than the buffer that holds it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from conex_core.counting import cut, nearest
from conex_core.distributions import Distribution, Uniform
from conex_core.graph import edits
from conex_core.graph.checks.context import Context, Running, value_of
from conex_core.graph.checks.problems import Fix, Problem
from conex_core.graph.checks.rules.synapses import set_item
from conex_core.graph.model.kinds import SYNAPSE_GROUP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conex_core.graph.model.document import BehaviorItem, Node

__all__ = ["delays_fit"]


@dataclass(frozen=True)
class _Delays:
    """Hold the delays of one end of a synapse group; the ends are in iterations."""

    context: Context
    synapse: Node
    item: BehaviorItem
    at_target: bool
    unit: str
    lowest: float  # in ``unit``
    shortest: int
    longest: int

    @property
    def end(self) -> Node | None:
        find = self.context.target if self.at_target else self.context.source
        return find(self.synapse)

    def problem(self, text: str, fixes: tuple[Fix, ...], code: str) -> Problem:
        text = f"{text} {fixes[0].title}."
        return Problem("error", text, self.synapse.id, self.item.id, None, fixes, code)


def delays_fit(context: Context) -> Iterator[Problem]:
    """See that every delay can be drawn and is held long enough."""
    for synapse in context.of_kind(SYNAPSE_GROUP):
        for running in context.running(synapse):
            if running[1].is_a("DelayInitializer"):
                delays = _delays(context, synapse, running)
                if delays is not None:
                    yield from _negative(delays, running)
                    yield from _too_long(delays)


def _delays(context: Context, synapse: Node, running: Running) -> _Delays | None:
    """Return what is known of the delays before any is drawn; None where nothing is."""
    given = value_of(running, "delays")
    ends = _ends(value_of(running, "mode") if given is None else given)
    scale, offset = (value_of(running, name) for name in ("scale", "offset"))
    if ends is None or scale is None or offset is None:
        return None
    if given is not None:
        scale, offset = 1.0, 0.0
    low, high = sorted(end * scale + offset for end in ends)
    dt = context.doc.settings.dt
    unit = "ms" if value_of(running, "unit") == "ms" and dt > 0 else "iterations"
    open_end = isinstance(value_of(running, "mode"), Uniform) and scale > 0
    return _Delays(
        context,
        synapse,
        running[0],
        value_of(running, "destination") is True,
        unit,
        low,
        _steps(low, unit, dt),
        _steps(high, unit, dt, open_end=open_end),
    )


def _ends(values: Any) -> tuple[float, float] | None:
    """Return the smallest and largest of what may be drawn; None if that is not known."""
    if isinstance(values, Distribution):
        low, high = values.bounds()
    elif isinstance(values, int | float):
        low = high = values
    elif isinstance(values, Sequence) and values and not isinstance(values[0], Sequence):
        low, high = min(values), max(values)
    elif hasattr(values, "min") and math.prod(getattr(values, "shape", (0,))):
        low, high = float(values.min()), float(values.max())
    else:
        return None
    return (low, high) if math.isfinite(low) and math.isfinite(high) else None


def _steps(delay: float, unit: str, dt: float, *, open_end: bool = False) -> int:
    """Return a delay in iterations: ms are rounded to the nearest, fractions are cut off."""
    if unit == "ms":
        return int(-nearest(-delay / dt) if open_end else nearest(delay / dt))
    return int(-cut(-delay) - 1 if open_end else math.copysign(cut(abs(delay)), delay))


def _negative(delays: _Delays, running: Running) -> Iterator[Problem]:
    if delays.shortest >= 0:
        return
    offset = value_of(running, "offset") - delays.lowest
    edit = set_item(delays.context, delays.synapse, delays.item, "offset", offset)
    fix = Fix(f"Set offset of {delays.item.kind} to {offset:g}", edit)
    reach = f"{delays.lowest:g} {delays.unit}"
    text = f"Delays of {delays.synapse.name} can be negative, down to {reach}."
    yield delays.problem(text, (fix,), "negative-delay")


def _too_long(delays: _Delays) -> Iterator[Problem]:
    node, synapse = delays.end, delays.synapse
    if node is None:
        return
    if node.is_input_layer:
        if delays.longest > 0:
            yield _delayed_input(delays, node)
        return
    if not delays.at_target:
        yield from _short_buffer(delays, node, "NeuronAxon", "max_delay")
        return
    compartment = str(synapse.params.get("compartment", "Proximal")).lower()
    yield from _short_buffer(delays, node, "SimpleDendriteStructure", f"{compartment}_max_delay")
    if delays.context.first(synapse, "PostSpikeCatcher") is not None:
        yield from _short_buffer(delays, node, "NeuronAxon", "max_delay")


def _short_buffer(delays: _Delays, node: Node, buffer: str, name: str) -> Iterator[Problem]:
    holder = delays.context.first(node, buffer)
    limit, exact = _limit(holder, name)
    if holder is None or not limit or delays.longest < limit:
        return  # an empty limit follows the delays, one of 0 leaves the compartment out
    place = f"{exact} of {buffer} on {node.name}"
    fixes = tuple(
        Fix(f"Set {place} to {title}", set_item(delays.context, node, holder[0], exact, value))
        for title, value in ((str(delays.longest + 1), delays.longest + 1), ("automatic", None))
        if value is not None or _may_be_empty(holder, exact)
    )
    text = (
        f"Delays of {delays.synapse.name} reach {delays.longest} steps, but {buffer} on "
        f"{node.name} keeps {limit - 1} at most."
    )
    yield delays.problem(text, fixes, "long-delay")


def _delayed_input(delays: _Delays, layer: Node) -> Problem:
    synapse, item = delays.synapse, delays.item
    owner = delays.context.owner(item, synapse)
    edit = partial(edits.remove_behavior, node_id=owner, item_id=item.id)
    fix = Fix(f"Remove {item.kind} from {synapse.name}", edit)
    text = f"{synapse.name} delays the spikes of {layer.name}, which keeps none."
    return delays.problem(text, (fix,), "long-delay")


def _limit(holder: Running | None, name: str) -> tuple[int | None, str]:
    """Return the length of a buffer and the parameter that sets it."""
    for parameter in () if holder is None else holder[1].parameters:
        if holder is not None and parameter.name.lower() == name:
            value = value_of(holder, parameter.name)
            return (value if isinstance(value, int) else None), parameter.name
    return None, name


def _may_be_empty(holder: Running, name: str) -> bool:
    return any(one.name == name and one.optional for one in holder[1].parameters)
