"""Versions: a block in a project beside the one in the library.

``compare`` says what differs and what an update would drop; ``update`` takes
the library's content over; ``keep`` stays and is asked no more. Ports and
parameters are matched by id, then by name. A block that the library lacks
needs none of this: the project holds all of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from conex_core.errors import ParameterError
from conex_core.graph.blocks.definitions import parameter_of, port_nodes, refuse_cycle, signal_of
from conex_core.graph.edits.merging import merged
from conex_core.graph.edits.promotion import demote
from conex_core.graph.files import weight_files
from conex_core.graph.files.content_hash import content_hash
from conex_core.graph.library.differences import Change, changes_between
from conex_core.graph.library.inserting import linked
from conex_core.graph.model.document import MAIN, Definition, Document, Link, Node, Promoted, Target
from conex_core.graph.model.kinds import PORT_KINDS

if TYPE_CHECKING:
    from conex_core.catalog import Catalog
    from conex_core.graph.files.block_file import Block

__all__ = ["Change", "Comparison", "Lost", "Relation", "compare", "keep", "relation_of", "update"]

Relation = Literal["same", "library newer", "library older", "project changed", "both"]


@dataclass(frozen=True)
class Lost:
    """Name something at an instance that an update would drop: a value or a wire.

    ``definition`` and ``node`` say which instance; ``what`` is ``value``,
    ``wire`` or ``parameter`` (one that a block around it promotes).
    """

    definition: str
    node: str
    what: Literal["value", "wire", "parameter"]
    name: str
    reason: str


@dataclass(frozen=True)
class Comparison:
    """Hold how a definition of a project and a block of the library differ.

    ``changes`` lead from the project's content to the library's; ``lost`` is
    what :func:`update` would drop, instance by instance.
    """

    relation: Relation
    definition_id: str
    block: Block
    changes: tuple[Change, ...] = ()
    lost: tuple[Lost, ...] = ()

    @property
    def is_update(self) -> bool:
        """Tell whether the library has something newer, which a badge should say."""
        return self.relation in ("library newer", "both")


def relation_of(doc: Document, definition_id: str, block: Block) -> Relation:
    """Return how a definition stands to a library block: quick, for badges."""
    content = content_hash(doc.definitions, definition_id)
    if content == block.hash:
        return "same"
    stamp = doc.definition(definition_id).block
    if stamp is None or stamp.id != block.id:
        return "both"
    is_changed = content != stamp.hash
    if stamp.hash == block.hash:
        return "project changed"
    if block.version < stamp.version:
        return "project changed" if is_changed else "library older"
    return "both" if is_changed else "library newer"


def compare(
    doc: Document, definition_id: str, block: Block, catalog: Catalog | None = None
) -> Comparison:
    """Return what differs between a definition and a library block, and what would not fit.

    With a catalog, values that break the bounds of the library's version count
    as lost too; without one they stay and the check reports them.
    """
    relation = relation_of(doc, definition_id, block)
    if relation == "same":
        return Comparison(relation, definition_id, block)
    old = doc.definition(definition_id)
    changes = changes_between(old, doc.definitions, block.definition, block.definitions)
    _, lost = _updated(doc, definition_id, block, catalog)
    return Comparison(relation, definition_id, block, changes, lost)


def update(
    doc: Document, definition_id: str, block: Block, catalog: Catalog | None = None
) -> Document:
    """Return ``doc`` with a definition made what the library has.

    Its instances keep their values and wires as far as they fit; the rest is
    what ``compare(...).lost`` lists. The definition keeps its id and its name.

    Raises
    ------
    StructureError
        If the block would come to hold itself.
    FileError
        If the weights that it has learned are missing or changed.
    """
    if block.path is not None:
        weight_files.keep(block.definitions.values(), block.path.parent)
    return _updated(doc, definition_id, block, catalog)[0]


def keep(doc: Document, definition_id: str, block: Block) -> Document:
    """Return ``doc`` with its own content kept; this version of the library is seen."""
    return linked(doc, definition_id, block)


@dataclass(frozen=True)
class _Match:
    """Say what became of the ports and parameters of a definition: None if they are gone."""

    definition_id: str
    old: Definition
    new: Definition
    ports: Mapping[str, str | None]
    values: Mapping[str, Promoted | None]


def _updated(
    doc: Document, definition_id: str, block: Block, catalog: Catalog | None
) -> tuple[Document, tuple[Lost, ...]]:
    old = doc.definition(definition_id)
    inner = {key: item for key, item in block.definitions.items() if key != block.definition_id}
    grown, names = merged(doc, inner)
    nodes = {
        key: replace(node, of=names.get(node.of, node.of)) if node.of else node
        for key, node in block.definition.nodes.items()
    }
    new = replace(block.definition, id=definition_id, name=old.name, nodes=nodes, block=block.stamp)
    for name in sorted({node.of for node in nodes.values() if node.of}):
        refuse_cycle(grown, definition_id, name)
    match = _Match(definition_id, old, new, _ports(old, new), _values(old, new))
    grown = grown.with_definition(new)
    lost: list[Lost] = []
    for outer in list(grown.definitions.values()):
        grown = _refitted(grown, outer, match, catalog, lost)
    return _without_orphans(grown, doc, definition_id), tuple(lost)


def _ports(old: Definition, new: Definition) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for kind in PORT_KINDS:
        there = {(node.id, signal_of(node)): node.id for node in port_nodes(new, kind)}
        own = {node.id for node in port_nodes(old, kind)}
        named = {
            (node.name, signal_of(node)): node.id
            for node in port_nodes(new, kind)
            if node.id not in own
        }
        for node in port_nodes(old, kind):
            signal = signal_of(node)
            found[node.id] = there.get((node.id, signal)) or named.get((node.name, signal))
    return found


def _values(old: Definition, new: Definition) -> dict[str, Promoted | None]:
    by_id = {one.id: one for one in new.promoted}
    own = {one.id for one in old.promoted}
    by_name = {one.name: one for one in new.promoted if one.id not in own}
    return {one.id: by_id.get(one.id) or by_name.get(one.name) for one in old.promoted}


def _refitted(
    doc: Document,
    outer: Definition,
    match: _Match,
    catalog: Catalog | None,
    lost: list[Lost],
) -> Document:
    """Return ``doc`` with the instances in one definition fitted to what the block has now."""
    own = {
        node.id: node
        for node in outer.nodes.values()
        if node.is_instance and node.of == match.definition_id
    }
    if not own:
        return doc
    nodes = {key: _revalued(doc, outer, node, match, catalog, lost) for key, node in own.items()}
    links = frozenset(
        moved
        for link in sorted(outer.links)
        if (moved := _rewired(outer, link, own, match, lost)) is not None
    )
    changed = replace(outer, nodes={**outer.nodes, **nodes}, links=links)
    return _repromoted(doc.with_definition(changed), changed, own, match, lost)


def _revalued(
    doc: Document,
    outer: Definition,
    node: Node,
    match: _Match,
    catalog: Catalog | None,
    lost: list[Lost],
) -> Node:
    shown = {one.id: one.name for one in match.old.promoted}
    values = {}
    for key, value in node.params.items():
        target = match.values.get(key)
        name = shown.get(key, key)
        if target is None:
            reason = "is not on the block's face any more"
        else:
            reason = _refusal(doc, match, target, value, catalog)
        if reason or target is None:
            lost.append(Lost(outer.id, node.id, "value", name, reason))
        else:
            values[target.id] = value
    return node if values == node.params else replace(node, params=values)


def _refusal(
    doc: Document, match: _Match, target: Promoted, value: object, catalog: Catalog | None
) -> str:
    if catalog is None:
        return ""
    parameter = parameter_of(doc, match.definition_id, target, catalog)
    if parameter is None:
        return ""
    try:
        parameter.check(value)
    except ParameterError as error:
        return f"{error.rule}, but is {value}"
    return ""


def _rewired(
    outer: Definition, link: Link, own: Mapping[str, Node], match: _Match, lost: list[Lost]
) -> Link | None:
    for end, port in (("source", "source_port"), ("target", "target_port")):
        node = own.get(getattr(link, end))
        if node is None:
            continue
        old = getattr(link, port)
        new = match.ports.get(old)
        if new is None:
            name = match.old.nodes[old].name if old in match.old.nodes else old
            other = link.target if end == "source" else link.source
            place = outer.nodes[other].name if other in outer.nodes else other
            reason = f"leads to {place}, but its port is gone"
            lost.append(Lost(outer.id, node.id, "wire", name, reason))
            return None
        link = replace(link, **{port: new})
    return link


def _repromoted(
    doc: Document, outer: Definition, own: Mapping[str, Node], match: _Match, lost: list[Lost]
) -> Document:
    """Return ``doc`` with what a block around the instances promotes pointing to the new one."""
    for one in outer.promoted:
        targets = [_retargeted(target, own, match) for target in one.targets]
        kept = tuple(target for target in targets if target is not None)
        if one.targets and not kept and outer.id != MAIN:
            lost.append(
                Lost(outer.id, one.targets[0].node, "parameter", one.name, "has nothing to set")
            )
            doc = demote(doc, outer.id, one.id)
        elif kept != one.targets:
            here = doc.definition(outer.id)
            promoted = tuple(
                replace(item, targets=kept) if item.id == one.id else item for item in here.promoted
            )
            doc = doc.with_definition(replace(here, promoted=promoted))
    return doc


def _retargeted(target: Target, own: Mapping[str, Node], match: _Match) -> Target | None:
    if target.node not in own or target.item is not None:
        return target
    found = match.values.get(target.field)
    return None if found is None else replace(target, field=found.id)


def _without_orphans(doc: Document, before: Document, definition_id: str) -> Document:
    """Return ``doc`` without inner blocks that only the older content used."""
    waiting = [node.of for node in before.definition(definition_id).nodes.values() if node.of]
    while waiting:
        name = waiting.pop()
        is_used = any(
            node.of == name for item in doc.definitions.values() for node in item.nodes.values()
        )
        if is_used or name == MAIN or name not in doc.definitions:
            continue
        waiting += [node.of for node in doc.definition(name).nodes.values() if node.of]
        kept = {key: item for key, item in doc.definitions.items() if key != name}
        doc = replace(doc, definitions=kept)
    return doc
