"""Which behaviors a node could take, and which of them something is waiting for. No Qt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from conex_core.catalog import BehaviorSpec, Catalog, Host
from conex_core.graph.checks.rules.needs import words_of
from conex_core.graph.model.document import NETWORK, BehaviorItem, Document
from conex_core.graph.model.stacks import host_of, stack_of

__all__ = ["Offer", "host_of_place", "offers"]


@dataclass(frozen=True)
class Offer:
    """Offer a behavior; ``reason`` says who is waiting for it, ``present`` if it is there."""

    spec: BehaviorSpec
    reason: str = ""
    present: bool = False


def host_of_place(document: Document, node_id: str) -> Host | None:
    """Return whose behaviors a node takes, or the network for ``"network"``."""
    if node_id == NETWORK:
        return "network"
    node = document.network.nodes.get(node_id)
    return host_of(node) if node else None


def offers(document: Document, node_id: str, catalog: Catalog) -> list[Offer]:
    """Return the behaviors that fit a node: what is missing first, then by priority."""
    host = host_of_place(document, node_id)
    if host is None:
        return []
    present = {item.kind for item in _stack(document, node_id, catalog)}
    waiting = _waiting(document, node_id, host, catalog)
    found = [
        Offer(spec, waiting.get(spec.name, ""), spec.name in present)
        for spec in catalog.of_host(host)
    ]
    return sorted(found, key=lambda offer: not offer.reason)


def _waiting(document: Document, node_id: str, host: Host, catalog: Catalog) -> dict[str, str]:
    """Return, by behavior name, who needs what it makes."""
    items = _stack(document, node_id, catalog)
    made = {name for item in items for name in _provides(item, catalog)}
    reasons: dict[str, str] = {}
    for who, attribute in _needs(document, node_id, items, catalog):
        if f"own.{attribute}" in made:
            continue
        for spec in catalog.providers(host, attribute):
            text = f"{who} needs {words_of(attribute)}: add {spec.name}"
            reasons.setdefault(spec.name, text)
    return reasons


def _needs(
    document: Document, node_id: str, items: tuple[BehaviorItem, ...], catalog: Catalog
) -> Iterator[tuple[str, str]]:
    """Yield who needs which attribute of this node: its own stack, then its synapses."""
    for item in items:
        for attribute in _requires(item, "own", catalog):
            yield item.kind, attribute
    if node_id == NETWORK:
        return
    network = document.network
    ends = [(link.target, "source") for link in network.out_of(node_id, "spikes")]
    ends += [(link.source, "target") for link in network.into(node_id, "synapses")]
    for other_id, place in ends:
        other = network.nodes.get(other_id)
        for item in stack_of(network, other, catalog) if other else ():
            for attribute in _requires(item, place, catalog):
                yield f"{item.kind} of {other.name if other else ''}", attribute


def _requires(item: BehaviorItem, place: str, catalog: Catalog) -> list[str]:
    spec = catalog.behaviors.get(item.kind)
    if spec is None or not item.enabled:
        return []
    return [name.partition(".")[2] for name in spec.requires if name.partition(".")[0] == place]


def _provides(item: BehaviorItem, catalog: Catalog) -> tuple[str, ...]:
    spec = catalog.behaviors.get(item.kind)
    return spec.provides if spec and item.enabled else ()


def _stack(document: Document, node_id: str, catalog: Catalog) -> tuple[BehaviorItem, ...]:
    if node_id == NETWORK:
        return document.settings.stack
    return stack_of(document.network, document.network.node(node_id), catalog)
