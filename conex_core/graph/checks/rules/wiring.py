"""Rules about wires: every one fits, and every synapse group has both ends."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from conex_core.graph import edits
from conex_core.graph.checks.problems import Fix, Problem
from conex_core.graph.edits.links import refusal_in
from conex_core.graph.model.defaults import NEURON_STACK
from conex_core.graph.model.document import Document, Link, Node
from conex_core.graph.model.kinds import INPUT_LAYER, NEURON_GROUP, SYNAPSE_GROUP, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conex_core.graph.checks.context import Context

__all__ = ["groups_run_something", "monitors_show_something", "synapses_have_ends", "wires_fit"]

_MOST_OFFERS = 3


def wires_fit(context: Context) -> Iterator[Problem]:
    """See that every wire leads from one known port to another that takes it."""
    for link in context.links:
        reason = None
        if not _touches_unknown(context, link):
            reason = refusal_in(context.network, link, context.doc.definitions)
        if reason is not None:
            yield _wrong_wire(context, link, reason)


def synapses_have_ends(context: Context) -> Iterator[Problem]:
    """See that every synapse group comes from a group and leads to one."""
    groups = context.of_kind(NEURON_GROUP)
    sources = sorted([*groups, *context.of_kind(INPUT_LAYER)], key=lambda node: node.name)
    for synapse in context.of_kind(SYNAPSE_GROUP):
        if not context.touching(synapse.id, "source"):
            links = [(node, Link(node.id, "spikes", synapse.id, "source")) for node in sources]
            yield _open_end(synapse, "source", links)
        if not context.touching(synapse.id, "target"):
            links = [(node, Link(synapse.id, "target", node.id, "synapses")) for node in groups]
            yield _open_end(synapse, "target", links)


def groups_run_something(context: Context) -> Iterator[Problem]:
    """See that every neuron group has behaviors."""
    for node in context.of_kind(NEURON_GROUP):
        if not context.stack(node) and not context.reads_currents(node):
            text = f"{node.name} has no behaviors, so nothing happens in it. Add LIF and Fire."
            yield Problem(
                "warning", text, node.id, fixes=_stack_offers(context, node), code="no-behaviors"
            )


def monitors_show_something(context: Context) -> Iterator[Problem]:
    """See that every monitor shows nodes that are there."""
    for monitor in context.doc.monitors:
        kept = tuple(name for name in monitor.targets if name in context.network.nodes)
        if kept == monitor.targets:
            continue
        text = f"A {monitor.kind} plot shows a node that is not there any more."
        drop = partial(edits.set_monitor, monitor_id=monitor.id, targets=kept)
        remove = partial(edits.remove_monitor, monitor_id=monitor.id)
        title, mend = ("Take it off the plot", drop) if kept else ("Remove the plot", remove)
        fix = Fix(title, mend, monitor.id)
        yield Problem("warning", f"{text} {fix.title}.", fixes=(fix,), code="monitor")


def _touches_unknown(context: Context, link: Link) -> bool:
    """Tell whether a wire ends at a node of an unknown kind, whose ports nobody knows."""
    ends = [context.network.nodes.get(name) for name in (link.source, link.target)]
    return any(node is not None and kind_of(node.kind) is None for node in ends)


def _wrong_wire(context: Context, link: Link, reason: str) -> Problem:
    nodes = context.network.nodes
    here = next((name for name in (link.source, link.target) if name in nodes), None)
    ends = " to ".join(
        nodes[name].name if name in nodes else repr(name) for name in (link.source, link.target)
    )
    remove = Fix("Remove the wire", partial(edits.remove_links, links=[link]))
    return Problem("error", f"Wire {ends}: {reason}", here, fixes=(remove,), code="wire")


def _open_end(synapse: Node, end: str, links: list[tuple[Node, Link]]) -> Problem:
    offers = [
        Fix(f"Connect {node.name}", partial(edits.add_link, link=link))
        for node, link in links[:_MOST_OFFERS]
    ]
    remove = Fix(f"Remove {synapse.name}", partial(edits.remove, node_ids=[synapse.id]))
    text = f"{synapse.name} has no {end}. Draw a wire to it, or remove it."
    fixes = (*offers, remove)
    return Problem("error", text, synapse.id, field=end, fixes=fixes, code=f"no-{end}")


def _stack_offers(context: Context, node: Node) -> tuple[Fix, ...]:
    known = [kind for kind in NEURON_STACK if kind in context.catalog.behaviors]

    def filled(doc: Document) -> Document:
        for kind in known:
            doc = edits.add_behavior(doc, node.id, kind, catalog=context.catalog)
        return doc

    return (Fix(f"Give {node.name} the usual behaviors", filled),) if known else ()
