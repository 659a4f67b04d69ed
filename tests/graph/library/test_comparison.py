"""Versions: what differs, what an update takes over, keeps and drops."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conex_core.catalog import Catalog
from conex_core.errors import StructureError
from conex_core.graph import edits
from conex_core.graph.checks.check import check
from conex_core.graph.files.block_file import Block, block_of
from conex_core.graph.library.comparison import compare, keep, relation_of, update
from conex_core.graph.library.inserting import linked
from conex_core.graph.model.document import Document, Link, Node, Promoted, Target

PAIR = "d_pair"


@pytest.fixture
def project(network: Document, catalog: Catalog) -> Document:
    """Return Input -> Pair -> Inh, with tau of the block's Exc on its face and set to 25."""
    doc = edits.group(network, ["exc"], name="Pair", node_id="pair", definition_id=PAIR)
    item = item_of(doc, "LIF")
    target = Target("exc", item, "tau")
    doc = edits.promote(doc, [PAIR], target, catalog=catalog, name="tau", promoted_id="p_tau")
    doc = edits.set_param(doc, "pair", "p_tau", 25.0)
    return linked(doc, PAIR, block_of(doc, PAIR, block_id="block_pair"))


@pytest.fixture
def block(project: Document) -> Block:
    return block_of(project, PAIR)


def item_of(doc: Document, kind: str) -> str:
    (item,) = (one for one in doc.definition(PAIR).nodes["exc"].stack if one.kind == kind)
    return item.id


def newer(block: Block, **changes: object) -> Block:
    changed = block.with_definition(replace(block.definition, **changes))  # type: ignore[arg-type]
    return replace(changed, version=block.version + 1)


def renamed_port(block: Block, kind: str, **changes: object) -> Block:
    (port,) = (node for node in block.definition.nodes.values() if node.kind == kind)
    nodes = {key: node for key, node in block.definition.nodes.items() if node is not port}
    new = replace(port, **changes)  # type: ignore[arg-type]
    links = frozenset(
        replace(
            link,
            source=new.id if link.source == port.id else link.source,
            target=new.id if link.target == port.id else link.target,
        )
        for link in block.definition.links
    )
    return newer(block, nodes={**nodes, new.id: new}, links=links)


def without_ports(block: Block) -> Block:
    return newer(block, nodes={"exc": block.definition.nodes["exc"]}, links=frozenset())


def described(doc: Document, text: str) -> Document:
    return edits.set_definition(doc, PAIR, description=text)


def test_what_came_from_the_library_is_the_same(project: Document, block: Block) -> None:
    found = compare(project, PAIR, block)

    assert (found.relation, found.changes, found.lost) == ("same", (), ())
    assert not found.is_update


def test_the_relation_says_who_has_changed(project: Document, block: Block) -> None:
    ours = described(project, "Ours")
    theirs = newer(block, description="Theirs")
    ahead = linked(project, PAIR, theirs)

    assert relation_of(project, PAIR, theirs) == "library newer"
    assert relation_of(ours, PAIR, block) == "project changed"
    assert relation_of(ours, PAIR, theirs) == "both"
    assert relation_of(update(project, PAIR, theirs), PAIR, block) == "library older"
    assert relation_of(ahead, PAIR, block) != "library newer"


def test_both_sides_that_came_to_the_same_are_the_same(project: Document, block: Block) -> None:
    assert relation_of(described(project, "X"), PAIR, newer(block, description="X")) == "same"


def test_a_block_that_another_program_changed_counts_as_newer(
    project: Document, block: Block
) -> None:
    edited = block.with_definition(replace(block.definition, description="By hand"))

    assert relation_of(project, PAIR, edited) == "library newer"


def test_changes_tell_ports_parameters_and_nodes(project: Document, block: Block) -> None:
    stack = tuple(
        replace(item, params={"tau": 30.0}) if item.kind == "LIF" else item
        for item in block.definition.nodes["exc"].stack
        if item.kind != "NeuronAxon"
    )
    cells = replace(block.definition.nodes["exc"], stack=stack, name="Cells")
    extra = Node("more", "NeuronGroup", "More")
    port = Node("p_new", "InputPort", "side", {"signal": "synapses", "order": 9})
    nodes = {**block.definition.nodes, "exc": cells, "more": extra, "p_new": port}
    one = replace(block.definition.promoted[0], name="time", low=1.0)
    two = Promoted("p_r", "R", (Target("exc", item_of(project, "LIF"), "R"),))

    found = compare(project, PAIR, newer(block, nodes=nodes, promoted=(one, two)))

    told = [str(change) for change in found.changes]
    assert told == [
        "input port side added",
        "parameter tau renamed to time",
        "parameter time changed: bounds … to … become 1 to …",
        "parameter R added",
        "node Exc renamed to Cells",
        "node Cells changed: NeuronAxon removed, LIF tau default becomes 30.0",
        "node More added",
    ]


def test_a_port_that_goes_is_told_with_its_side(project: Document, block: Block) -> None:
    (port,) = (one for one in block.definition.nodes.values() if one.kind == "OutputPort")
    nodes = {key: node for key, node in block.definition.nodes.items() if node is not port}
    links = frozenset(link for link in block.definition.links if link.target != port.id)

    found = compare(project, PAIR, newer(block, nodes=nodes, links=links))

    assert f"output port {port.name} removed" in [str(change) for change in found.changes]


def test_an_update_takes_the_librarys_content_and_keeps_what_fits(
    project: Document, block: Block
) -> None:
    theirs = newer(block, description="Theirs")

    doc = update(project, PAIR, theirs)

    assert doc.definition(PAIR).description == "Theirs"
    assert doc.definition(PAIR).block == theirs.stamp
    assert doc.network == project.network
    assert compare(project, PAIR, theirs).lost == ()
    assert relation_of(doc, PAIR, theirs) == "same"


def test_ports_and_parameters_of_new_ids_are_met_by_their_names(
    project: Document, block: Block
) -> None:
    theirs = renamed_port(block, "OutputPort", id="p_out_new")
    (face,) = theirs.definition.promoted
    theirs = newer(theirs, promoted=(replace(face, id="p_tau_new"),))

    doc = update(project, PAIR, theirs)

    assert doc.network.nodes["pair"].params == {"p_tau_new": 25.0}
    assert Link("pair", "p_out_new", "drive", "source") in doc.network.links
    assert compare(project, PAIR, theirs).lost == ()


def test_a_renamed_port_keeps_its_wires(project: Document, block: Block) -> None:
    theirs = renamed_port(block, "OutputPort", name="result")

    assert update(project, PAIR, theirs).network.links == project.network.links


def test_what_does_not_fit_is_listed_and_dropped(project: Document, block: Block) -> None:
    theirs = newer(without_ports(block), promoted=())

    lost = compare(project, PAIR, theirs).lost
    doc = update(project, PAIR, theirs)

    assert sorted((one.node, one.what, one.name) for one in lost) == [
        ("pair", "value", "tau"),
        ("pair", "wire", "Exc"),
        ("pair", "wire", "Exc"),
    ]
    assert doc.network.nodes["pair"].params == {}
    assert all("pair" not in (link.source, link.target) for link in doc.network.links)


def test_a_port_that_carries_something_else_loses_its_wires(
    project: Document, block: Block
) -> None:
    theirs = renamed_port(block, "OutputPort", params={"signal": "behaviors"})

    (lost,) = compare(project, PAIR, theirs).lost

    assert lost.what == "wire"
    assert "port is gone" in lost.reason


def test_a_value_out_of_the_new_bounds_is_dropped_with_the_rule(
    project: Document, block: Block, catalog: Catalog
) -> None:
    (face,) = block.definition.promoted
    theirs = newer(block, promoted=(replace(face, high=20.0),))

    (lost,) = compare(project, PAIR, theirs, catalog).lost
    doc = update(project, PAIR, theirs, catalog)

    assert (lost.what, lost.name) == ("value", "tau")
    assert "20" in lost.reason
    assert doc.network.nodes["pair"].params == {}


def test_every_instance_is_fitted_wherever_it_is(
    project: Document, block: Block, catalog: Catalog
) -> None:
    doc = edits.add_instance(project, PAIR, node_id="second")
    doc = edits.set_param(doc, "second", "p_tau", 5.0)
    doc = edits.group(doc, ["second"], name="Outer", node_id="o", definition_id="d_outer")
    doc = edits.promote(
        doc, ["d_outer"], Target("second", None, "p_tau"), catalog=catalog, promoted_id="p_up"
    )
    doc = edits.set_param(doc, "o", "p_up", 7.0)

    renamed = newer(block, promoted=(replace(block.definition.promoted[0], id="p_new"),))
    moved = update(doc, PAIR, renamed)
    dropped = compare(doc, PAIR, newer(block, promoted=()))
    bare = update(doc, PAIR, newer(block, promoted=()))

    assert moved.definition("d_outer").nodes["second"].params == {"p_new": 5.0}
    (face,) = moved.definition("d_outer").promoted
    assert face.targets == (Target("second", None, "p_new"),)
    assert moved.network.nodes["o"].params == {"p_up": 7.0}
    assert {(one.definition, one.what) for one in dropped.lost} == {
        ("main", "value"),
        ("d_outer", "value"),
        ("d_outer", "parameter"),
    }
    assert bare.definition("d_outer").promoted == ()
    assert bare.network.nodes["o"].params == {}


def test_a_parameter_that_leads_nowhere_already_is_not_lost(
    project: Document, block: Block
) -> None:
    doc = edits.add_instance(project, PAIR, node_id="second")
    doc = edits.group(doc, ["second"], name="Outer", node_id="o", definition_id="d_outer")
    outer = doc.definition("d_outer")
    doc = doc.with_definition(replace(outer, promoted=(Promoted("p_no", "No", ()),)))

    found = compare(doc, PAIR, newer(block, promoted=()))
    after = update(doc, PAIR, newer(block, promoted=()))

    assert "p_no" not in {one.name for one in found.lost}
    assert after.definition("d_outer").promoted == (Promoted("p_no", "No", ()),)


def test_a_damaged_block_that_holds_the_project_takes_nothing_away(
    project: Document, block: Block
) -> None:
    pair = project.definition(PAIR)
    inside = Node("whole", "Instance", "Whole", of="main")
    damaged = project.with_definition(replace(pair, nodes={**pair.nodes, "whole": inside}))

    after = update(damaged, PAIR, newer(block, nodes={"exc": pair.nodes["exc"]}, links=frozenset()))

    assert after.network.nodes.keys() == damaged.network.nodes.keys()


def test_an_update_brings_inner_blocks_and_takes_unused_ones_away(
    project: Document, block: Block
) -> None:
    def nested(name: str, text: str) -> Block:
        inside = replace(project.definition(PAIR), id=name, block=None, description=text)
        nodes = {"in": Node("in", "Instance", "In", of=name)}
        root = replace(block.definition, nodes=nodes, links=frozenset(), promoted=())
        root_block = replace(block, definitions={PAIR: root, name: inside})
        return replace(root_block.with_definition(root), version=block.version + 1)

    first = update(project, PAIR, nested("d_old", "Old"))
    second = update(first, PAIR, nested("d_new", "New"))

    assert "d_old" in first.definitions
    assert set(second.definitions) == {"main", PAIR, "d_new"}


def test_an_update_that_would_put_a_block_into_itself_is_refused(
    project: Document, block: Block
) -> None:
    doc = edits.group(project, ["pair"], name="Outer", node_id="o", definition_id="d_outer")
    outer = doc.definition("d_outer")
    root = replace(block.definition, nodes={"x": Node("x", "Instance", "X", of="d_outer")})
    inner = {"d_outer": outer, "d_in": doc.definition(PAIR)}

    with pytest.raises(StructureError, match="inside itself"):
        update(doc, PAIR, replace(block, definitions={PAIR: root, **inner}))


def test_keeping_asks_no_more_until_the_library_changes_again(
    project: Document, block: Block
) -> None:
    theirs = newer(block, description="Theirs")

    kept = keep(project, PAIR, theirs)

    assert kept.network == project.network
    assert relation_of(kept, PAIR, theirs) == "project changed"
    assert relation_of(kept, PAIR, newer(theirs, description="More")) == "both"


def test_a_stamp_of_a_block_that_the_library_lacks_loses_nothing(
    project: Document, catalog: Catalog
) -> None:
    assert project.definition(PAIR).block is not None

    assert [p for p in check(project, catalog) if p.severity == "error"] == []


def test_the_document_before_an_update_is_untouched(project: Document, block: Block) -> None:
    before = project

    update(project, PAIR, newer(block, description="Theirs"))

    assert project == before
    assert project.definition(PAIR).description == ""
