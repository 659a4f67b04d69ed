"""What holds after any sequence of edits, and for any damaged file."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import replace
from functools import lru_cache
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from conex_core.catalog import Catalog, load
from conex_core.distributions import Choice, Constant, Normal, Uniform
from conex_core.errors import ConexError, FileError
from conex_core.graph import edits
from conex_core.graph.checks.check import check
from conex_core.graph.checks.problems import Problem
from conex_core.graph.files.project_file import from_text, to_text
from conex_core.graph.model.defaults import stack_for
from conex_core.graph.model.document import NETWORK, BehaviorItem, Document, Link, Node
from conex_core.graph.model.kinds import KINDS
from conex_core.graph.model.layout import arrange

Move = Callable[[Document, int, int, Any], Document]

VALUES = st.sampled_from(
    [
        *(0, 1, 3, -1, 0.5, -2.5, 10**12, True, False, None, "", "x", "normal(0, 1)", "é\ud800"),
        *((1, 2, 3), (1, 3, 3, 3), (1.0, (2, "a")), Uniform(0.0, 9.0), Normal(), Constant(4.0)),
        *(Choice((1.0, 2.0), (0.5, 3.0)), {"$": "Choice", "values": ["a"]}),
        *({"$": "Uniform", "low": 3, "high": 1}, {"$": "Gamma", "k": 2}, {"a": {}, "b": ()}),
    ]
)
SEED = st.integers(min_value=0, max_value=10_000)


def node_at(doc: Document, index: int) -> Node:
    return doc.network.nodes[sorted(doc.network.nodes)[index % len(doc.network.nodes)]]


def item_at(doc: Document, index: int, other: int) -> tuple[str, BehaviorItem]:
    owners = [node for node in doc.network.nodes.values() if node.stack]
    owner = sorted(owners, key=lambda node: node.id)[index % len(owners)]
    return owner.id, owner.stack[other % len(owner.stack)]


def add_node(doc: Document, a: int, b: int, value: Any) -> Document:
    kind = sorted(KINDS)[a % len(KINDS)]
    return edits.add_node(doc, kind, at=(a, b), stack=stack_for(kind) if b % 3 else ())


def add_unknown_node(doc: Document, a: int, b: int, value: Any) -> Document:
    node = Node(f"x{a}", "Glia", "Glia", {"p": value}, position=(1.0, 2.0), extra={"colour": "red"})
    return doc.with_network(replace(doc.network, nodes={**doc.network.nodes, node.id: node}))


def connect(doc: Document, a: int, b: int, value: Any) -> Document:
    return edits.connect_groups(doc, node_at(doc, a).id, node_at(doc, b).id, catalog=load())


def add_link(doc: Document, a: int, b: int, value: Any) -> Document:
    source, target = node_at(doc, a), node_at(doc, b)
    outs = [port for port in KINDS[source.kind].ports if port.direction == "out"]
    ins = [port for port in KINDS[target.kind].ports if port.direction == "in"]
    out, into = outs[b % len(outs)], ins[a % len(ins)]
    return edits.add_link(doc, Link(source.id, out.name, target.id, into.name))


def break_link(doc: Document, a: int, b: int, value: Any) -> Document:
    link = Link(node_at(doc, a).id, "spikes", f"gone{b % 3}", "source")
    return doc.with_network(replace(doc.network, links=doc.network.links | {link}))


def set_param(doc: Document, a: int, b: int, value: Any) -> Document:
    node = node_at(doc, a)
    names = [parameter.name for parameter in KINDS[node.kind].parameters]
    return edits.set_param(doc, node.id, names[b % len(names)] if a % 5 else "polarty", value)


def add_behavior(doc: Document, a: int, b: int, value: Any) -> Document:
    kinds = sorted(load().behaviors)
    owner = node_at(doc, a).id if a % 7 else NETWORK
    return edits.add_behavior(doc, owner, kinds[b % len(kinds)], catalog=load())


def set_behavior_param(doc: Document, a: int, b: int, value: Any) -> Document:
    owner, item = item_at(doc, a, b)
    names = [parameter.name for parameter in load().behaviors[item.kind].parameters]
    return edits.set_behavior_param(doc, owner, item.id, names[(a + b) % len(names)], value)


def enable(doc: Document, a: int, b: int, value: Any) -> Document:
    owner, item = item_at(doc, a, b)
    return edits.enable_behavior(doc, owner, item.id, not item.enabled)


def forget_behavior(doc: Document, a: int, b: int, value: Any) -> Document:
    owner, item = item_at(doc, a, b)
    return edits.replace_behavior(doc, owner, item.id, "LIFF" if b % 2 else "Tsodyks")


def move_behavior(doc: Document, a: int, b: int, value: Any) -> Document:
    owner, item = item_at(doc, a, b)
    return edits.move_behavior(doc, owner, item.id, a % 5, catalog=load())


MOVES: tuple[Move, ...] = (
    *(add_node, add_node, connect, connect, add_link, add_behavior, add_behavior),
    *(set_param, set_behavior_param, set_behavior_param, enable, move_behavior),
    *(add_unknown_node, break_link, forget_behavior),
    lambda doc, a, b, value: edits.remove(doc, [node_at(doc, a).id]),
    lambda doc, a, b, value: edits.rename(doc, node_at(doc, a).id, ("", "A", "é")[b % 3]),
    lambda doc, a, b, value: edits.move(doc, {node_at(doc, a).id: (a / 7, b)}),
    lambda doc, a, b, value: edits.duplicate(doc, [node_at(doc, a).id, node_at(doc, b).id])[0],
    lambda doc, a, b, value: edits.set_settings(
        doc, dt=a - 5, seed=b, device=("gpu", "cpu")[a % 2]
    ),
    lambda doc, a, b, value: edits.add_monitor(doc, "raster", targets=[node_at(doc, a).id]),
    lambda doc, a, b, value: edits.remove_behavior(doc, *_ids(item_at(doc, a, b))),
    lambda doc, a, b, value: edits.duplicate_behavior(doc, *_ids(item_at(doc, a, b))),
)
HISTORIES = st.lists(st.tuples(st.sampled_from(MOVES), SEED, SEED, VALUES), min_size=1, max_size=18)


def _ids(found: tuple[str, BehaviorItem]) -> tuple[str, str]:
    return found[0], found[1].id


@lru_cache(maxsize=1)
def small_network() -> Document:
    """Return an input, three connected groups and a stack: something to edit."""
    doc = edits.add_node(Document(), "InputLayer", node_id="i")
    for node_id in ("a", "b", "c"):
        doc = edits.add_node(doc, "NeuronGroup", node_id=node_id, stack=stack_for("NeuronGroup"))
    for source, target in (("i", "a"), ("a", "b"), ("b", "a"), ("c", "c")):
        doc = edits.connect_groups(doc, source, target, catalog=load())
    return edits.add_node(doc, "BehaviorStack", node_id="s")


def replay(history: list[tuple[Move, int, int, Any]]) -> list[Document]:
    """Return every document of a history; moves that make no sense change nothing."""
    documents = [small_network()]
    for move, a, b, value in history:
        try:
            documents.append(move(documents[-1], a, b, value))
        except (ConexError, ZeroDivisionError, KeyError):
            documents.append(documents[-1])
    return documents


@given(HISTORIES)
def test_a_saved_document_reads_back_equal_and_saves_to_the_same_bytes(history: Any) -> None:
    doc = replay(history)[-1]

    text = to_text(doc)

    assert from_text(text) == doc
    assert to_text(from_text(text)) == text


@given(HISTORIES)
def test_no_edit_changes_the_documents_before_it(history: Any) -> None:
    first = small_network()
    text = to_text(first)

    documents = replay(history)

    assert to_text(first) == text
    assert to_text(documents[0]) == text


@given(HISTORIES)
def test_every_fix_removes_its_problem(history: Any) -> None:
    doc, catalog = replay(history)[-1], load()

    found = check(doc, catalog)
    for problem in found[:12]:
        for fix in problem.fixes:
            mended = check(fix.apply(doc), catalog)
            # Two plots may have the same problem in the same words; one of them is mended.
            assert alike(problem, mended) < alike(problem, found), fix


def alike(problem: Problem, problems: Sequence[Problem]) -> int:
    """Return how many problems say the same of the same place."""
    return sum(replace(other, fixes=problem.fixes) == problem for other in problems)


@given(HISTORIES)
def test_any_network_can_be_arranged_without_two_nodes_on_one_place(history: Any) -> None:
    network = replay(history)[-1].network

    places = arrange(network)

    shown = {node.id for node in network.nodes.values() if node.kind != "Note"}
    assert places.keys() == shown
    assert len(set(places.values())) == len(places)
    assert all(math.isfinite(x) and math.isfinite(y) for x, y in places.values())


@given(HISTORIES, st.lists(st.tuples(SEED, SEED, st.text(max_size=6)), min_size=1, max_size=4))
def test_damaged_text_is_refused_or_read_but_never_a_traceback(history: Any, damage: Any) -> None:
    text = to_text(replay(history)[-1])
    for at, length, put in damage:
        place = at * 7919 % (len(text) + 1)
        text = text[:place] + put + text[place + length % 40 :]

    _survives(text)


@given(HISTORIES, st.lists(st.tuples(SEED, VALUES), min_size=1, max_size=3))
def test_wrong_types_are_refused_or_reported(history: Any, swaps: Any) -> None:
    data = json.loads(to_text(replay(history)[-1]))
    for seed, value in swaps:
        _swap(
            data, seed, None if isinstance(value, Choice | Uniform | Normal | Constant) else value
        )

    _survives(json.dumps(data))


def _survives(text: str) -> None:
    try:
        doc = from_text(text)
    except FileError:
        return
    for problem in check(doc, load()):
        assert problem.message
        assert problem.where(doc) is not None
    to_text(doc)


def _swap(data: Any, seed: int, value: Any) -> None:
    """Put ``value`` in the place of something inside ``data``."""
    places = _places(data)
    holder, key = places[seed % len(places)]
    holder[key] = deepcopy(value)


def _places(data: Any) -> list[tuple[Any, Any]]:
    pairs = list(data.items() if isinstance(data, dict) else enumerate(data))
    found = [(data, key) for key, _ in pairs]
    for _, inner in pairs:
        if isinstance(inner, dict | list):
            found += _places(inner)
    return found


def test_the_catalog_of_these_tests_is_the_real_one(catalog: Catalog) -> None:
    assert {"LIF", "NeuronAxon", "SimpleSTDP"} <= catalog.behaviors.keys()
