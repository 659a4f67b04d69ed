"""Which wires may be drawn, with the reason where one may not."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from conex_core.errors import UnknownName
from conex_core.graph.kinds import NodeKind, NodePort, kind_of
from conex_core.graph.stacks import host_of
from conex_core.graph.state import Definition, Document, Link, Node

__all__ = ["Wires", "refusal", "refusal_in"]

Wires = Callable[[str, str], Iterable[Link]]


def refusal(doc: Document, link: Link) -> str | None:
    """Return why ``link`` may not be drawn in the main network; None if it may."""
    network = doc.network

    def touching(node_id: str, port: str) -> Iterable[Link]:
        ends = ((node_id, port),)
        return (
            other
            for other in network.links
            if (other.source, other.source_port) in ends
            or (other.target, other.target_port) in ends
        )

    if link in network.links:
        return "These two ports are connected already."
    return refusal_in(network, link, touching)


def refusal_in(network: Definition, link: Link, touching: Wires) -> str | None:
    """Return why ``link`` does not fit beside the other wires; None if it does.

    ``touching(node_id, port)`` gives the wires at one port; ``link`` itself does
    not count.
    """
    for node_id in (link.source, link.target):
        if node_id not in network.nodes:
            return f"A wire leads to the node {node_id!r}, which is not there."
    source, target = network.nodes[link.source], network.nodes[link.target]
    ports = _ports(source, target, link)
    if isinstance(ports, str):
        return ports
    out, into = ports
    return (
        _wrong_way(source, target, out, into)
        or _wrong_signal(source, target, out, into)
        or _wrong_stack(source, target, out)
        or _taken(network, link, touching)
    )


def _ports(source: Node, target: Node, link: Link) -> tuple[NodePort, NodePort] | str:
    kinds: list[NodeKind] = []
    for node in (source, target):
        kind = kind_of(node.kind)
        if kind is None:
            return f"{node.name} is of the unknown kind {node.kind!r}."
        kinds.append(kind)
    try:
        return kinds[0].port(link.source_port), kinds[1].port(link.target_port)
    except UnknownName as error:
        text = str(error)
        return text[:1].upper() + text[1:]


def _wrong_way(source: Node, target: Node, out: NodePort, into: NodePort) -> str | None:
    if out.direction == into.direction:
        side = "outputs" if out.direction == "out" else "inputs"
        return f"Both ports are {side}. Connect an output with an input."
    if out.direction == "in":
        return f"A wire runs from an output to an input, here from {target.name} to {source.name}."
    return None


def _wrong_signal(source: Node, target: Node, out: NodePort, into: NodePort) -> str | None:
    if out.signal == into.signal:
        return f"{source.name} cannot feed itself." if source.id == target.id else None
    if (out.signal, into.signal) == ("spikes", "synapses"):
        return f"A synapse group is needed between {source.name} and {target.name}."
    return f"{source.name} gives {out.title}, but {target.name} takes {into.title} here."


def _wrong_stack(source: Node, target: Node, out: NodePort) -> str | None:
    if out.signal != "behaviors":
        return None
    given, taken = host_of(source), host_of(target)
    if given == taken:
        return None
    return f"{source.name} is a stack for {given}, but {target.name} takes behaviors of {taken}."


def _taken(network: Definition, link: Link, touching: Wires) -> str | None:
    ends = ((link.source, link.source_port), (link.target, link.target_port))
    for node_id, port_name in ends:
        node = network.nodes[node_id]
        kind = kind_of(node.kind)
        if kind is None or kind.port(port_name).many:
            continue
        if any(other != link for other in touching(node_id, port_name)):
            title = kind.port(port_name).title
            return f"{node.name} has its {title} already. Remove that wire first."
    return None
