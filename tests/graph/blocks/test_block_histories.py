"""Blocks change no network: the same edits with and without them come to the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from conex_core.catalog import load
from conex_core.errors import ConexError
from conex_core.graph import edits
from conex_core.graph.blocks.definitions import focus, unfocus
from conex_core.graph.blocks.flatten import flatten
from conex_core.graph.blocks.opening import inner_prefixes
from conex_core.graph.files.project_file import from_text, to_text
from conex_core.graph.model.defaults import stack_for
from conex_core.graph.model.document import Definition, Document, Link, Node, Target

Path = tuple[str, ...]


@dataclass(frozen=True)
class Both:
    """Hold a document with blocks and the same network without any."""

    doc: Document
    plain: Document


Move = Callable[[Both, Path, int, int], Both]
SEED = st.integers(min_value=0, max_value=10_000)


@lru_cache(maxsize=1)
def small_network() -> Both:
    """Return an input and three groups that are wired in a circle, and one to itself."""
    doc = edits.add_node(Document(), "InputLayer", node_id="i")
    for node_id in ("a", "b", "c"):
        doc = edits.add_node(doc, "NeuronGroup", node_id=node_id, stack=stack_for("NeuronGroup"))
    for source, target in (("i", "a"), ("a", "b"), ("b", "c"), ("c", "a"), ("b", "b")):
        node_id = f"{source}{target}"
        doc = edits.connect_groups(doc, source, target, catalog=load(), node_id=node_id)
    doc = edits.add_node(doc, "BehaviorStack", node_id="s")
    doc = edits.add_link(doc, Link("s", "behaviors", "a", "behaviors"))
    doc = edits.add_link(doc, Link("s", "behaviors", "c", "behaviors"))
    return Both(doc, doc)


def definition_at(doc: Document, path: Path) -> Definition:
    found = doc.network
    for node_id in path:
        found = doc.definition(found.node(node_id).of)
    return found


def paths_in(doc: Document, path: Path = ()) -> Iterator[Path]:
    """Yield the way to every instance, the main network's empty one first."""
    yield path
    for node in definition_at(doc, path).nodes.values():
        if node.kind == "Instance":
            yield from paths_in(doc, (*path, node.id))


def paths_to(doc: Document, definition_id: str) -> list[Path]:
    return [path for path in paths_in(doc) if definition_at(doc, path).id == definition_id]


def keys_of(doc: Document, path: Path) -> str:
    """Return what flat ids inside a path begin with."""
    nodes = [definition_at(doc, path[:depth]).node(name) for depth, name in enumerate(path)]
    return "".join(inner_prefixes(node)[0] for node in nodes)


def edited(doc: Document, path: Path, edit: Callable[[Document], Document]) -> Document:
    name = definition_at(doc, path).id
    return unfocus(doc, name, edit(focus(doc, name)))


def set_around(doc: Document, path: Path, target: Target, stop: int = 0) -> list[Any]:
    """Return what instances around a node set this parameter to, the outermost last."""
    found = []
    for depth in range(len(path), stop, -1):
        promoted = definition_at(doc, path[:depth]).promoted
        face = next((one for one in promoted if target in one.targets), None)
        if face is None:
            break
        instance = definition_at(doc, path[: depth - 1]).node(path[depth - 1])
        found += [instance.params[face.id]] if face.id in instance.params else []
        target = Target(instance.id, None, face.id)
    return found


def chosen(definition: Definition, a: int, *kinds: str) -> str:
    names = sorted(node.id for node in definition.nodes.values() if node.kind in kinds)
    return names[a % len(names)]


def some(definition: Definition, a: int, b: int) -> list[str]:
    names = sorted(node.id for node in definition.nodes.values() if not node.kind.endswith("Port"))
    picked = [name for place, name in enumerate(names) if (a >> place) & 1]
    return picked or [names[b % len(names)]]


def group(both: Both, path: Path, a: int, b: int) -> Both:
    names = some(definition_at(both.doc, path), a, b)
    return replace(both, doc=edited(both.doc, path, lambda doc: edits.group(doc, names)))


def ungroup(both: Both, path: Path, a: int, b: int) -> Both:
    name = chosen(definition_at(both.doc, path), a, "Instance")
    return replace(both, doc=edited(both.doc, path, lambda doc: edits.unpack(doc, name)[0]))


def set_size(both: Both, path: Path, a: int, b: int) -> Both:
    definition = definition_at(both.doc, path)
    name, size = chosen(definition, a, "NeuronGroup"), b % 9 + 1
    plain = both.plain
    for place in paths_to(both.doc, definition.id):
        if not set_around(both.doc, place, Target(name, None, "size")):
            plain = edits.set_param(plain, keys_of(both.doc, place) + name, "size", size)
    return Both(edited(both.doc, path, lambda doc: edits.set_param(doc, name, "size", size)), plain)


def promote(both: Both, path: Path, a: int, b: int) -> Both:
    definition = definition_at(both.doc, path)
    name = chosen(definition, a, "NeuronGroup", "Instance")
    node = definition.node(name)
    faces = both.doc.definition(node.of).promoted if node.of else ()
    field = faces[b % len(faces)].id if node.of else "size"
    target = Target(name, None, field)
    return replace(both, doc=edits.promote(both.doc, [definition.id], target, catalog=load()))


def override(both: Both, path: Path, a: int, b: int) -> Both:
    definition = definition_at(both.doc, path)
    offers = [
        (node.id, face.id)
        for node in definition.nodes.values()
        if node.kind == "Instance"
        for face in both.doc.definition(node.of).promoted
    ]
    (name, face), size = sorted(offers)[a % len(offers)], b % 9 + 20
    plain = both.plain
    for place in paths_to(both.doc, definition.id):
        if not set_around(both.doc, place, Target(name, None, face)):
            for leaf in leaves(both.doc, (*place, name), face):
                plain = edits.set_param(plain, leaf, "size", size)
    return Both(edited(both.doc, path, lambda doc: edits.set_param(doc, name, face, size)), plain)


def leaves(doc: Document, path: Path, face: str) -> Iterator[str]:
    """Yield the flat ids of the groups that a promoted size leads to."""
    definition = definition_at(doc, path)
    promoted = next(one for one in definition.promoted if one.id == face)
    for target in promoted.targets:
        if definition.node(target.node).kind == "Instance":
            yield from leaves(doc, (*path, target.node), target.field)
        else:
            yield keys_of(doc, path) + target.node


def make_unique(both: Both, path: Path, a: int, b: int) -> Both:
    name = chosen(definition_at(both.doc, path), a, "Instance")
    return replace(both, doc=edited(both.doc, path, lambda doc: edits.make_unique(doc, name)))


def duplicate(both: Both, path: Path, a: int, b: int) -> Both:
    definition = definition_at(both.doc, path)
    names = some(definition, a, b)[:3]
    inner = focus(both.doc, definition.id)
    new, copies = edits.paste(inner, edits.copy(inner, names), inside=definition.id)
    plain = both.plain
    for place in paths_to(both.doc, definition.id):
        ids: dict[str, str] = {}
        for name, copy in zip(names, copies, strict=True):
            ids |= copied(both.doc, place, definition.node(name), copy)
        plain = with_copies(plain, ids)
        for old, size in sizes(both.doc, place).items():
            if old in ids:
                plain = edits.set_param(plain, ids[old], "size", size)
    return Both(unfocus(both.doc, definition.id, new), plain)


def copied(doc: Document, place: Path, node: Node, copy: str) -> dict[str, str]:
    """Return the ids that the copies of a node, or of what a block holds, will have."""
    keys = keys_of(doc, place)
    if node.kind != "Instance":
        return {keys + node.id: keys + copy}
    old = keys + inner_prefixes(node)[0]
    found = [name for name, _, _ in inside(doc, (*place, node.id))]
    return {name: f"{keys}{copy}/{name.removeprefix(old)}" for name in found}


def inside(doc: Document, path: Path) -> Iterator[tuple[str, Path, Node]]:
    """Yield everything in a block, at any depth, with its flat id."""
    for place in paths_in(doc, path):
        for node in definition_at(doc, place).nodes.values():
            if node.kind != "Instance" and not node.kind.endswith("Port"):
                yield keys_of(doc, place) + node.id, place, node


def sizes(doc: Document, path: Path) -> dict[str, Any]:
    """Return the sizes of groups from a level on, whatever instances around it say."""
    found = {}
    for name, place, node in inside(doc, path):
        if node.kind == "NeuronGroup":
            around = set_around(doc, place, Target(node.id, None, "size"), len(path))
            found[name] = [node.params.get("size", 100), *around][-1]
    return found


def with_copies(doc: Document, ids: dict[str, str]) -> Document:
    network = doc.network
    nodes = {new: replace(network.node(old), id=new) for old, new in ids.items()}
    links = {
        replace(link, source=ids[link.source], target=ids[link.target])
        for link in network.links
        if {link.source, link.target} <= ids.keys()
    }
    grown = replace(network, nodes={**network.nodes, **nodes}, links=network.links | links)
    return doc.with_network(grown)


def remove(both: Both, path: Path, a: int, b: int) -> Both:
    definition = definition_at(both.doc, path)
    name = chosen(definition, a, "NeuronGroup", "SynapseGroup")
    gone = [keys_of(both.doc, place) + name for place in paths_to(both.doc, definition.id)]
    doc = edited(both.doc, path, lambda inner: edits.remove(inner, [name]))
    return Both(doc, edits.remove(both.plain, gone))


MOVES: tuple[Move, ...] = (
    *(group, group, group, ungroup, set_size, promote, promote, override, override),
    *(make_unique, duplicate, remove),
)
STEP = st.tuples(st.sampled_from((*MOVES, None)), SEED, SEED, SEED)
HISTORIES = st.lists(STEP, min_size=2, max_size=9)


def replay(history: list[tuple[Move | None, int, int, int]]) -> list[Both]:
    """Return every state of a history; None undoes; moves that make no sense change nothing."""
    states = [small_network()]
    for move, level, a, b in history:
        if move is None:
            states = states[:-1] or states
            continue
        paths = list(paths_in(states[-1].doc))
        try:
            states.append(move(states[-1], paths[level % len(paths)], a, b))
        except (ConexError, ZeroDivisionError):
            continue
    return states


def network_of(doc: Document) -> Any:
    """Return all that counts in a flat network: where nodes stand and names do not."""
    network = flatten(doc).document.network
    nodes = {
        key: (
            node.kind,
            {"size": 100, **node.params},
            [(item.kind, item.params) for item in node.stack],
        )
        for key, node in network.nodes.items()
    }
    return nodes, network.links


@settings(deadline=None, max_examples=60)
@given(HISTORIES)
def test_edits_with_and_without_blocks_come_to_the_same_network(history: Any) -> None:
    both = replay(history)[-1]

    assert network_of(both.doc) == network_of(both.plain)


@settings(deadline=None, max_examples=40)
@given(HISTORIES)
def test_undoing_everything_restores_the_first_document_byte_for_byte(history: Any) -> None:
    text = to_text(small_network().doc)

    states = replay(history)

    assert to_text(states[0].doc) == text


@settings(deadline=None, max_examples=30)
@given(HISTORIES)
def test_blocks_are_the_same_after_saving_and_reading(history: Any) -> None:
    doc = replay(history)[-1].doc

    text = to_text(doc)

    assert from_text(text) == doc
    assert to_text(from_text(text)) == text


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.sampled_from((group, ungroup)), SEED, SEED, SEED), max_size=8))
def test_grouping_alone_keeps_every_id_name_and_wire(history: Any) -> None:
    first = small_network().doc

    doc = replay(history)[-1].doc

    before, after = (flatten(one).document.network for one in (first, doc))
    assert after.links == before.links
    assert {key: (node.name, node.stack, node.params) for key, node in after.nodes.items()} == {
        key: (node.name, node.stack, node.params) for key, node in before.nodes.items()
    }
