"""Edits of blocks: group, unpack, insert, make unique, and their ports.

All act on the main network, or on a definition through ``blocks.within``. The
flat network is the same before and after grouping and unpacking.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conex_core.errors import StructureError
from conex_core.graph.edits.cutting import Cut, middle
from conex_core.graph.edits.instances import (
    add_instance,
    make_unique,
    remove_definition,
    rename_instance,
    set_definition,
)
from conex_core.graph.edits.project import is_block
from conex_core.graph.edits.unpacking import unpack
from conex_core.graph.model.document import (
    MAIN,
    Definition,
    Document,
    Monitor,
    Node,
    Promoted,
    Target,
    new_id,
)
from conex_core.graph.model.kinds import INSTANCE
from conex_core.graph.model.names import unique_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = [
    "add_instance",
    "group",
    "make_unique",
    "remove_definition",
    "rename_instance",
    "set_definition",
    "unpack",
]


def group(
    doc: Document,
    node_ids: Iterable[str],
    *,
    name: str = "Block",
    node_id: str | None = None,
    definition_id: str | None = None,
) -> Document:
    """Return ``doc`` with nodes replaced by one instance of a new block that holds them.

    Wires that are cut become ports.

    Raises
    ------
    StructureError
        If there is nothing to group, or a port of this block is among the nodes.
    """
    inner = {name: doc.network.node(name) for name in node_ids}
    if not inner:
        raise StructureError("Selection", "holds nothing to group", hint="Select some nodes")
    for node in inner.values():
        if node.is_port:
            hint = "Leave it out of the selection"
            raise StructureError(node.name, "is a port of this block and stays", hint=hint)
    network = doc.network
    taken = {other.name for other in network.nodes.values() if other.id not in inner}
    blocks = {item.name for key, item in doc.definitions.items() if key != MAIN}
    called = unique_name(name, taken | blocks)
    cut = Cut(doc, inner)
    instance = Node(
        id=node_id or new_id(),
        kind=INSTANCE.name,
        name=called,
        position=middle(inner.values()),
        of=definition_id or new_id("d"),
        scope=("", ""),
    )
    inner_promoted, outer_promoted = _promoted(network, inner, instance.id)
    definition = Definition(instance.of, called, cut.nodes(), cut.links(), promoted=inner_promoted)
    kept = {key: node for key, node in network.nodes.items() if key not in inner}
    outer = replace(
        network,
        nodes={**kept, instance.id: instance},
        links=cut.outside() | cut.joined(instance.id),
        promoted=outer_promoted,
    )
    monitors = tuple(_followed(doc, one, instance.id, inner) for one in doc.monitors)
    return replace(doc.with_network(outer).with_definition(definition), monitors=monitors)


def _promoted(
    network: Definition, inner: Mapping[str, Node], instance: str
) -> tuple[tuple[Promoted, ...], tuple[Promoted, ...]]:
    """Return what the new block promotes, and the block around it, which now leads there."""
    own: list[Promoted] = []
    outer: list[Promoted] = []
    for one in network.promoted:
        moved = tuple(target for target in one.targets if target.node in inner)
        if moved:
            new = Promoted(new_id("p"), one.name, moved, one.help)
            own.append(new)
            at = one.targets.index(moved[0])
            rest = [target for target in one.targets if target not in moved]
            rest.insert(at, Target(instance, None, new.id))
            one = replace(one, targets=tuple(rest))
        outer.append(one)
    return tuple(own), tuple(outer)


def _followed(doc: Document, monitor: Monitor, into: str, inner: Mapping[str, Node]) -> Monitor:
    """Return a monitor that shows the same blocks when they are inside another."""
    targets = tuple(
        f"{into}/{target}"
        if target.partition("/")[0] in inner and is_block(doc, target)
        else target
        for target in monitor.targets
    )
    return monitor if targets == monitor.targets else replace(monitor, targets=targets)
