"""The rule about learning: what excites goes on exciting.

A rule that lowers weights without a limit carries those of an excitatory group
below zero, where a spike inhibits. ``conex_core.behaviors.synapses.signs`` looks
whether that has happened in a run.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conex_core.graph import edits
from conex_core.graph.checks.context import value_of
from conex_core.graph.checks.problems import Fix, Problem
from conex_core.graph.model.defaults import HARD_BOUNDS
from conex_core.graph.model.kinds import SYNAPSE_GROUP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conex_core.graph.checks.context import Context, Running
    from conex_core.graph.model.document import Document, Node

__all__ = ["weights_keep_their_sign"]


def weights_keep_their_sign(context: Context) -> Iterator[Problem]:
    """See that learning in synapses of an excitatory group stops at zero."""
    for synapse in context.of_kind(SYNAPSE_GROUP):
        source = context.source(synapse)
        inhibits = source is None or source.params.get("polarity") == "inhibitory"
        if inhibits or _is_clipped(context, synapse):
            continue
        for running in context.running(synapse):
            if _is_unbounded(running):
                yield _may_cross(context, synapse, running)
                break


def _is_unbounded(running: Running) -> bool:
    """Tell whether this behavior lowers weights as far as it likes."""
    names = {parameter.name for parameter in running[1].parameters}
    if not {"a_minus", *HARD_BOUNDS} <= names:
        return False
    bound, custom = value_of(running, "negative_bound"), running[0].params.get("negative_bound")
    if callable(custom) or bound not in (None, "no_bound") or value_of(running, "clip"):
        lowest = value_of(running, "w_min")
        return isinstance(lowest, float) and lowest < 0
    return bool(value_of(running, "a_minus") != 0)


def _is_clipped(context: Context, synapse: Node) -> bool:
    clip = context.first(synapse, "WeightClip")
    lowest = None if clip is None else value_of(clip, "w_min")
    return isinstance(lowest, float) and lowest >= 0


def _may_cross(context: Context, synapse: Node, running: Running) -> Problem:
    item, spec = running
    highest = value_of(running, "w_max")
    values = dict(HARD_BOUNDS)
    if isinstance(highest, float) and highest > values["w_min"]:
        values["w_max"] = highest
    node_id = context.owner(item, synapse)
    title = f"Keep weights from {values['w_min']:g} to {values['w_max']:g} nA"
    fix = Fix(title, partial(_set_all, node_id=node_id, item_id=item.id, values=values))
    text = (
        f"Weights of {synapse.name} may fall below zero and inhibit: "
        f"{spec.name} has no lower bound at 0. {title}."
    )
    return Problem("warning", text, synapse.id, item.id, "clip", (fix,), "crosses-zero")


def _set_all(doc: Document, *, node_id: str, item_id: str, values: dict[str, Any]) -> Document:
    for name, value in values.items():
        doc = edits.set_behavior_param(doc, node_id, item_id, name, value)
    return doc
