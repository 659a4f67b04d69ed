"""Which wires may be drawn, with the reason where one may not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from conex_core.errors import UnknownName
from conex_core.graph.blocks.definitions import ports_of
from conex_core.graph.model.document import Definition, Document, Link, Node
from conex_core.graph.model.kinds import NodePort, kind_of
from conex_core.graph.model.stacks import host_of

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
    reason = refusal_in(network, link, doc.definitions)
    return reason or _taken(network, link, touching)


def refusal_in(
    network: Definition, link: Link, definitions: Mapping[str, Definition]
) -> str | None:
    """Return why ``link`` does not fit its two ports; None if it does.

    Other wires at these ports do not count: synapses that come to run between
    several groups, as unpacking a block may bring about, are made for each pair.
    """
    for node_id in (link.source, link.target):
        if node_id not in network.nodes:
            return f"A wire leads to the node {node_id!r}, which is not there."
    source, target = network.nodes[link.source], network.nodes[link.target]
    found: list[NodePort] = []
    for node, name in ((source, link.source_port), (target, link.target_port)):
        port = _port(node, name, definitions)
        if isinstance(port, str):
            return port
        found.append(port)
    out, into = found
    return (
        _wrong_way(source, target, out, into)
        or _wrong_signal(source, target, out, into)
        or _wrong_stack(source, target, out)
    )


def _port(node: Node, name: str, definitions: Mapping[str, Definition]) -> NodePort | str:
    """Return a port of a node, or why there is none."""
    kind = kind_of(node.kind)
    if kind is None:
        return f"{node.name} is of the unknown kind {node.kind!r}."
    ports = ports_of(node, definitions)
    for port in ports:
        if port.name == name:
            return port
    if node.is_instance and node.of not in definitions:
        return f"The block of {node.name} is missing."
    if node.is_instance:
        return f"{node.name} has lost a port that a wire leads to."
    error = UnknownName(f"port of a {kind.title.lower()}", name, [port.name for port in ports])
    return f"{str(error)[:1].upper()}{str(error)[1:]}"


def _wrong_way(source: Node, target: Node, out: NodePort, into: NodePort) -> str | None:
    if out.direction == into.direction:
        side = "outputs" if out.direction == "out" else "inputs"
        return f"Both ports are {side}. Connect an output with an input."
    if out.direction == "in":
        return f"A wire runs from an output to an input, here from {target.name} to {source.name}."
    return None


def _wrong_signal(source: Node, target: Node, out: NodePort, into: NodePort) -> str | None:
    if out.signal == into.signal:
        alone = source.id == target.id and not source.is_instance
        return f"{source.name} cannot feed itself." if alone else None
    if (out.signal, into.signal) == ("spikes", "synapses"):
        return f"A synapse group is needed between {source.name} and {target.name}."
    return f"{source.name} gives {out.title}, but {target.name} takes {into.title} here."


def _wrong_stack(source: Node, target: Node, out: NodePort) -> str | None:
    if out.signal != "behaviors":
        return None
    given, taken = host_of(source), host_of(target)
    if given == taken or any(end.is_instance or end.is_port for end in (source, target)):
        return None
    return f"{source.name} is a stack for {given}, but {target.name} takes behaviors of {taken}."


def _taken(network: Definition, link: Link, touching: Wires) -> str | None:
    ends = ((link.source, link.source_port), (link.target, link.target_port))
    for node_id, port_name in ends:
        node = network.nodes[node_id]
        kind = kind_of(node.kind)
        port = next((one for one in kind.ports if one.name == port_name), None) if kind else None
        if port is None or port.many:
            continue
        if any(other != link for other in touching(node_id, port_name)):
            return f"{node.name} has its {port.title} already. Remove that wire first."
    return None
