"""Rules about sizes: both ends of one-to-one, lateral and pooling synapses, and winners."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from conex_core.graph import edits
from conex_core.graph.checks.context import value_of
from conex_core.graph.checks.problems import Fix, Problem
from conex_core.graph.model.kinds import NEURON_GROUP, SYNAPSE_GROUP
from conex_core.graph.model.sizes import neuron_count, size_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conex_core.graph.checks.context import Context, Running
    from conex_core.graph.model.document import Node

__all__ = ["ends_meet", "winners_fit"]


def ends_meet(context: Context) -> Iterator[Problem]:
    """See that the sizes of both ends suit the kind of connection."""
    for synapse in context.of_kind(SYNAPSE_GROUP):
        source, target = context.source(synapse), context.target(synapse)
        if source is None or target is None:
            continue
        for running in context.running(synapse):
            if running[1].weight_kind == "pairs":
                yield from _as_many(synapse, source, target, running)
            elif running[1].weight_kind == "lateral" and source.id != target.id:
                text = (
                    f"{running[1].name} on {synapse.name} joins a group to itself, "
                    f"not {source.name} to {target.name}."
                )
                yield Problem("error", text, synapse.id, running[0].id, code="ends")
            elif running[1].is_a("AveragePool2D"):
                yield from _as_deep(synapse, source, target, running)


def winners_fit(context: Context) -> Iterator[Problem]:
    """See that KWTA has fewer winners than neurons that compete."""
    for node in context.of_kind(NEURON_GROUP):
        running, count = context.first(node, "KWTA"), neuron_count(node)
        if running is None or not count:
            continue
        size, axis = size_of(node), value_of(running, "dimension")
        # A group without a grid is (N, 1, 1).
        grid = size if isinstance(size, tuple) else (count, 1, 1)
        rivals = grid[axis] if axis in (0, 1, 2) else count
        winners = value_of(running, "k")
        if isinstance(winners, int) and winners >= rivals:
            text = f"KWTA on {node.name} lets {winners} of {rivals} neurons win: it does nothing."
            yield Problem("warning", text, node.id, running[0].id, "k", code="winners")


def _as_many(synapse: Node, source: Node, target: Node, running: Running) -> Iterator[Problem]:
    counts = neuron_count(source), neuron_count(target)
    if counts[0] == counts[1] or 0 in counts:
        return
    text = (
        f"{running[1].name} on {synapse.name} joins neuron to neuron, but {source.name} has "
        f"{counts[0]} and {target.name} {counts[1]}."
    )
    resize = partial(edits.set_param, node_id=target.id, name="size", value=size_of(source))
    fix = Fix(f"Make {target.name} as large as {source.name}", resize)
    yield _of_sizes(synapse, running, text, fix)


def _as_deep(synapse: Node, source: Node, target: Node, running: Running) -> Iterator[Problem]:
    before, after = size_of(source), size_of(target)
    if not isinstance(before, tuple) or not isinstance(after, tuple) or before[0] == after[0]:
        return
    text = (
        f"{running[1].name} on {synapse.name} keeps the depth, but {source.name} has "
        f"{before[0]} and {target.name} {after[0]}."
    )
    size = (before[0], *after[1:])
    resize = partial(edits.set_param, node_id=target.id, name="size", value=size)
    fix = Fix(f"Make {target.name} {' × '.join(str(side) for side in size)}", resize)
    yield _of_sizes(synapse, running, text, fix)


def _of_sizes(synapse: Node, running: Running, text: str, fix: Fix) -> Problem:
    text = f"{text} {fix.title}."
    return Problem("error", text, synapse.id, running[0].id, None, (fix,), "ends")
