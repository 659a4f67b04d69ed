"""Copies that are alike are checked once, and nothing is overlooked by that."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

import pytest
from block_samples import SIZE, flat_nodes, grouped, instance
from hypothesis import given, settings
from hypothesis import strategies as st

from conex_core.catalog import Catalog, load
from conex_core.graph import edits
from conex_core.graph.blocks.definitions import within
from conex_core.graph.blocks.flatten import Flat, flatten
from conex_core.graph.checks.check import OF_WHOLE, check
from conex_core.graph.checks.context import Context, context_of
from conex_core.graph.checks.locate import located
from conex_core.graph.checks.memory import estimate_memory
from conex_core.graph.checks.problems import Problem
from conex_core.graph.model.defaults import stack_for
from conex_core.graph.model.document import Document, Link

COPIES = ("box", "one", "two", "three")
GROUPS = ("exc", "inh")


@pytest.fixture
def copied(network: Document, catalog: Catalog) -> Document:
    """Return four copies of Exc -> Inh, whose sizes are on the face as p_exc and p_inh."""
    return copies_of(network, catalog)


def copies_of(network: Document, catalog: Catalog) -> Document:
    """Return copies that take synapses ("in") and a stack ("more"), and give spikes ("out")."""
    doc = within(grouped(network, "exc", "drive", "inh"), "d_box", with_ports)
    for node_id in GROUPS:
        target, name = replace(SIZE, node=node_id), f"p_{node_id}"
        doc = edits.promote(doc, ["d_box"], target, catalog=catalog, promoted_id=name)
    for copy in COPIES[1:]:
        doc = instance(doc, "d_box", copy)
    return doc


def with_ports(inner: Document) -> Document:
    for node_id, signal in (("in", "synapses"), ("more", "behaviors")):
        inner = edits.add_node(inner, "InputPort", node_id=node_id, params={"signal": signal})
    inner = edits.add_node(inner, "OutputPort", node_id="out")
    for group in GROUPS:
        inner = edits.add_link(inner, Link("in", "port", group, "synapses"))
    inner = edits.add_link(inner, Link("more", "port", "exc", "behaviors"))
    return edits.add_link(inner, Link("exc", "spikes", "out", "port"))


def without(inner: Document, node_id: str, kind: str) -> Document:
    """Return ``inner`` without the behaviors of one kind at a node."""
    items = [item for item in inner.network.node(node_id).stack if item.kind == kind]
    for item in items:
        inner = edits.remove_behavior(inner, node_id, item.id)
    return inner


def with_winners(doc: Document, catalog: Catalog, node_id: str = "exc", k: int = 5) -> Document:
    """Return ``doc`` with a behavior in the block that asks for more than ``k`` neurons."""
    return within(
        doc,
        "d_box",
        lambda inner: edits.add_behavior(
            inner, node_id, "KWTA", catalog=catalog, params={"k": k}, item_id=f"kwta_{node_id}"
        ),
    )


def places(doc: Document, catalog: Catalog, code: str) -> list[tuple[str, ...]]:
    """Return the ways to the copies in which a problem was found."""
    return [problem.path for problem in check(doc, catalog) if problem.code == code]


def test_a_fault_of_one_copy_is_found_in_that_copy(copied: Document, catalog: Catalog) -> None:
    doc = with_winners(copied, catalog)

    broken = edits.set_param(doc, "two", "p_exc", 4)

    assert places(doc, catalog, "winners") == []
    assert places(broken, catalog, "winners") == [("two",)]


def test_an_edit_of_one_copy_changes_its_problems_only(copied: Document, catalog: Catalog) -> None:
    doc = with_winners(copied, catalog)
    both = edits.set_param(edits.set_param(doc, "one", "p_exc", 4), "two", "p_inh", 3)
    both = with_winners(both, catalog, "inh")
    before = {(one.path, one.node) for one in check(both, catalog) if one.code == "winners"}

    mended = edits.set_param(both, "one", "p_exc", 40)
    after = {(one.path, one.node) for one in check(mended, catalog) if one.code == "winners"}

    assert before == {(("one",), "exc"), (("two",), "inh")}
    assert after == {(("two",), "inh")}


def test_a_copy_that_wires_mend_is_told_from_the_others(copied: Document, catalog: Catalog) -> None:
    doc = within(copied, "d_box", lambda inner: without(inner, "exc", "NeuronAxon"))
    unwired = {one.path for one in check(doc, catalog) if "no axon" in one.message}

    doc = edits.add_node(doc, "BehaviorStack", node_id="axon")
    doc = edits.add_behavior(doc, "axon", "NeuronAxon", catalog=catalog)
    doc = edits.add_link(doc, Link("axon", "behaviors", "one", "more"))
    wired = {one.path for one in check(doc, catalog) if "no axon" in one.message}

    assert unwired == {("one",)}
    assert wired == {("two",)}


def test_copies_with_equal_values_share_their_nodes_inside(copied: Document) -> None:
    doc = edits.set_param(edits.set_param(copied, "one", "p_exc", 7), "two", "p_exc", 7)

    nodes = flat_nodes(doc)

    assert nodes["one/exc"].params is nodes["two/exc"].params
    assert nodes["one/inh"].params is nodes["three/inh"].params
    assert "size" not in nodes["three/exc"].params


def test_values_that_are_equal_but_not_the_same_stay_apart(copied: Document) -> None:
    doc = edits.set_param(edits.set_param(copied, "one", "p_exc", 1), "two", "p_exc", True)

    nodes = flat_nodes(doc)

    assert nodes["one/exc"].params["size"] is not True
    assert nodes["two/exc"].params["size"] is True


def test_memory_counts_every_copy(copied: Document, catalog: Catalog) -> None:
    every = Context(flatten(copied).document, catalog)

    one, more = (estimate_memory(doc, catalog) for doc in (copied, instance(copied, "d_box", "x")))

    assert len(context_of(flatten(copied), catalog).nodes) < len(every.nodes)
    assert one == estimate_memory(flatten(copied).document, catalog)
    assert more > one


SIZES = st.sampled_from((1, 3, 7, 40, (1, 3, 3), (2, 2, 2), -1, True, "many"))
OVERRIDES = st.lists(st.tuples(st.sampled_from(COPIES), st.sampled_from(GROUPS), SIZES), max_size=5)
WIRES = st.lists(st.tuples(st.sampled_from(COPIES), st.sampled_from(COPIES)), max_size=3)
KINDS = ("LIF", "Fire", "NeuronAxon", "SimpleDendriteStructure", "SimpleDendriticInput")
FAULTS = st.lists(
    st.tuples(st.sampled_from((*GROUPS, "drive")), st.sampled_from(KINDS)), max_size=3
)
STACKS = st.lists(st.tuples(st.sampled_from(COPIES), st.sampled_from(KINDS[:4])), max_size=2)


def faulty(doc: Document, overrides: Any, wires: Any, faults: Any, stacks: Any) -> Document:
    """Return copies with values of their own, wired in many ways, with things missing."""
    catalog = load()
    doc = with_winners(doc, catalog, "inh", 6)
    for copy, group, size in overrides:
        doc = edits.set_param(doc, copy, f"p_{group}", size)
    for number, (source, target) in enumerate(wires):
        ports = {"source_port": "out", "target_port": "in"}
        doc = edits.connect_groups(
            doc, source, target, catalog=catalog, node_id=f"w{number}", **ports
        )
    for node_id, kind in faults:
        doc = within(doc, "d_box", partial(without, node_id=node_id, kind=kind))
    for number, (copy, kind) in enumerate(stacks):
        doc = edits.add_node(doc, "BehaviorStack", node_id=f"s{number}")
        doc = edits.add_behavior(doc, f"s{number}", kind, catalog=catalog)
        doc = edits.add_link(doc, Link(f"s{number}", "behaviors", copy, "more"))
    return doc


def problems_in(context: Context, flat: Flat) -> list[Problem]:
    found = (problem for rule in OF_WHOLE for problem in rule(context))
    return list(located(found, flat))


@settings(deadline=None, max_examples=60)
@given(OVERRIDES, WIRES, FAULTS, STACKS)
def test_checking_one_of_each_finds_what_checking_every_copy_finds(
    overrides: Any, wires: Any, faults: Any, stacks: Any
) -> None:
    flat = flatten(faulty(samples(), overrides, wires, faults, stacks))
    every = Context(flat.document, load())

    found = problems_in(context_of(flat, load()), flat)

    assert found == problems_in(every, flat)


@lru_cache(maxsize=1)
def samples() -> Document:
    doc = Document()
    for node_id in GROUPS:
        doc = edits.add_node(doc, "NeuronGroup", node_id=node_id, stack=stack_for("NeuronGroup"))
    doc = edits.connect_groups(doc, "exc", "inh", catalog=load(), node_id="drive")
    return copies_of(doc, load())
