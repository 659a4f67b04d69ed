"""The rule about the time step: shorter than everything that it shall resolve.

Forward Euler multiplies a decaying quantity by 1 - Δt/τ: from Δt = τ on it
vanishes or changes its sign in every step, and beyond 2 τ it grows without end.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from conex_core.distributions import Array, Distribution, LogNormal
from conex_core.graph import edits
from conex_core.graph.checks.context import value_of
from conex_core.graph.checks.problems import Fix, Problem
from conex_core.graph.model.document import NETWORK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conex_core.graph.checks.context import Context, Running

__all__ = ["fine_step", "steps_are_stable"]

_STEPS_PER_TAU = 10


class _Constant(NamedTuple):
    """Hold the smallest value of one time constant, in ms, and whose it is."""

    shortest: float
    place: str
    node: str
    item: str
    field: str


def steps_are_stable(context: Context) -> Iterator[Problem]:
    """See that dt is below the smallest time constant of the network."""
    dt = context.doc.settings.dt
    if not _is_number(dt) or not 0 < dt < math.inf:
        return
    smallest = min(_constants(context), default=None)
    if smallest is None or dt < smallest.shortest:
        return
    better = fine_step(smallest.shortest)
    fix = Fix(f"Set dt to {better:g} ms", partial(edits.set_settings, dt=better))
    text = (
        f"A step of {dt:g} ms is too long for {smallest.place}, "
        f"a time constant of {smallest.shortest:g} ms. {fix.title}."
    )
    yield Problem(
        "warning", text, smallest.node, smallest.item, smallest.field, (fix,), "long-step"
    )


def fine_step(tau: float) -> float:
    """Return the largest of 1, 2 and 5 times a power of ten that is at most a tenth of ``tau``."""
    most = tau / _STEPS_PER_TAU
    power = math.floor(math.log10(most))
    # Written as decimals, so that a tenth of 1 ms is 0.1 and not just above it.
    steps = [float(f"{lead}e{power + more}") for more in (0, 1) for lead in (1, 2, 5)]
    return max((step for step in steps if step <= most * (1 + 1e-9)), default=most)


def _constants(context: Context) -> Iterator[_Constant]:
    for node in context.nodes:
        if not node.is_behavior_stack:  # its behaviors are those of the groups it is wired to
            for running in context.running(node):
                yield from _of_behavior(node.name or node.id, node.id, running)
    for running in context.running_network():
        yield from _of_behavior("Network", NETWORK, running)


def _of_behavior(title: str, node: str, running: Running) -> Iterator[_Constant]:
    item, spec = running
    for parameter in spec.parameters:
        if parameter.unit == "ms" and parameter.symbol.startswith("τ"):
            shortest = _shortest(value_of(running, parameter.name))
            if shortest is not None and 0 < shortest < math.inf:
                place = f"{title} › {item.kind} › {parameter.name}"
                yield _Constant(shortest, place, node, item.id, parameter.name)


def _shortest(value: Any) -> float | None:
    """Return the smallest value that a time constant can have; None where that is open."""
    if isinstance(value, Array | LogNormal):  # no smallest value that says anything
        return None
    if isinstance(value, Distribution):
        return value.bounds()[0]
    if isinstance(value, Sequence) and not isinstance(value, str):
        found = [_shortest(item) for item in value]
        return min((item for item in found if item is not None), default=None)
    if _is_number(value):
        return float(value)
    return float(value.min()) if hasattr(value, "min") else None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
