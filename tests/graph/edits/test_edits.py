"""Edits: what each one changes, and that nothing changes otherwise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from conex_core.catalog import Catalog
from conex_core.errors import FileError, ParameterError, StructureError, UnknownName
from conex_core.graph import edits
from conex_core.graph.checks.check import refusal, stack_of
from conex_core.graph.files.project_file import to_text
from conex_core.graph.model.defaults import stack_for
from conex_core.graph.model.document import NETWORK, Document, Link


def kinds(doc: Document, node_id: str) -> list[str]:
    return [item.kind for item in doc.network.node(node_id).stack]


def first_id(doc: Document, node_id: str) -> str:
    return doc.network.node(node_id).stack[0].id


def test_a_new_node_gets_a_free_name() -> None:
    doc = Document()
    for _ in range(3):
        doc = edits.add_node(doc, "NeuronGroup")

    assert sorted(node.name for node in doc.network.nodes.values()) == [
        "Group",
        "Group 2",
        "Group 3",
    ]


def test_an_edit_that_changes_nothing_returns_the_same_document(network: Document) -> None:
    link = next(iter(network.network.links))
    lif = next(item for item in network.network.node("exc").stack if item.kind == "LIF")
    doc = edits.add_monitor(network, "raster", targets=["exc"], monitor_id="m")
    position = doc.network.node("exc").position

    unchanged: list[Callable[[], Document]] = [
        lambda: edits.move(doc, {"exc": position}),
        lambda: edits.rename(doc, "exc", "Exc"),
        lambda: edits.reset_param(doc, "exc", "size"),
        lambda: edits.add_link(doc, link),
        lambda: edits.remove_links(doc, []),
        lambda: edits.remove(doc, []),
        lambda: edits.enable_behavior(doc, "exc", lif.id, True),
        lambda: edits.reset_behavior_param(doc, "exc", lif.id, "tau"),
        lambda: edits.set_settings(doc, dt=1.0, seed=42),
        lambda: edits.set_document(doc, name=doc.name),
        lambda: edits.set_monitor(doc, "m", targets=["exc"]),
        lambda: edits.paste(doc, edits.copy(doc, []))[0],
    ]

    assert all(edit() is doc for edit in unchanged)


def test_an_unknown_name_is_told(network: Document, catalog: Catalog) -> None:
    wrong: list[Callable[[], Any]] = [
        lambda: edits.add_node(network, "NeuronGrup"),
        lambda: edits.remove(network, ["gone"]),
        lambda: edits.rename(network, "gone", "x"),
        lambda: edits.add_behavior(network, "exc", "LIFF", catalog=catalog),
        lambda: edits.remove_behavior(network, "exc", "gone"),
        lambda: edits.remove_monitor(network, "gone"),
        lambda: edits.add_monitor(network, "raster", targets=["gone"]),
        lambda: edits.set_settings(network, tempo=1),
    ]

    for edit in wrong:
        with pytest.raises(UnknownName):
            edit()


def test_removing_a_node_takes_its_wires_and_its_place_in_monitors(network: Document) -> None:
    doc = edits.add_monitor(network, "raster", targets=["exc", "inh"])
    doc = edits.add_monitor(doc, "voltage", targets=["exc"])
    doc = edits.add_monitor(doc, "rate")

    doc = edits.remove(doc, ["exc"])

    assert all("exc" not in (link.source, link.target) for link in doc.network.links)
    assert [(monitor.kind, monitor.targets) for monitor in doc.monitors] == [
        ("raster", ("inh",)),
        ("rate", ()),
    ]


def test_connecting_groups_puts_a_synapse_group_between_and_adds_what_they_miss(
    catalog: Catalog,
) -> None:
    doc = edits.add_node(Document(), "NeuronGroup", node_id="a", at=(0, 0))
    doc = edits.add_node(doc, "NeuronGroup", node_id="b", at=(300, 100))

    doc = edits.connect_groups(doc, "a", "b", catalog=catalog, node_id="s")

    assert doc.network.node("s").position == (150.0, 50.0)
    assert kinds(doc, "a") == ["NeuronAxon"]
    assert kinds(doc, "b") == ["SimpleDendriteStructure", "SimpleDendriteComputation"]
    assert doc.network.links == {
        Link("a", "spikes", "s", "source"),
        Link("s", "target", "b", "synapses"),
    }


def test_connecting_a_group_with_itself_makes_it_recurrent(
    two_groups: Document, catalog: Catalog
) -> None:
    doc = edits.connect_groups(two_groups, "exc", "exc", catalog=catalog, node_id="s")

    assert doc.network.into("exc") == [Link("s", "target", "exc", "synapses")]
    assert kinds(doc, "exc") == kinds(two_groups, "exc")


@pytest.mark.parametrize(("source", "target"), [("feed", "exc"), ("exc", "input")])
def test_groups_are_connected_only_where_spikes_can_run(
    network: Document, catalog: Catalog, source: str, target: str
) -> None:
    with pytest.raises(StructureError):
        edits.connect_groups(network, source, target, catalog=catalog)


@pytest.mark.parametrize(
    ("link", "reason"),
    [
        (Link("exc", "spikes", "inh", "synapses"), "A synapse group is needed"),
        (Link("exc", "spikes", "exc", "synapses"), "A synapse group is needed"),
        (Link("inh", "spikes", "drive", "source"), "Drive has its source group already"),
        (Link("drive", "source", "exc", "spikes"), "from an output to an input"),
        (Link("exc", "spikes", "inh", "spikes"), "Both ports are outputs"),
        (Link("stack", "behaviors", "drive", "behaviors"), "takes behaviors of synapses"),
        (Link("exc", "spikes", "gone", "source"), "not there"),
        (Link("exc", "axon", "drive", "source"), "Unknown port"),
        (Link("exc", "spikes", "drive", "source"), "connected already"),
    ],
)
def test_a_wire_that_may_not_be_drawn_is_refused_with_a_reason(
    network: Document, link: Link, reason: str
) -> None:
    doc = edits.rename(network, "drive", "Drive")
    doc = edits.add_node(doc, "BehaviorStack", node_id="stack")

    assert reason in (refusal(doc, link) or "")


def test_a_legal_wire_is_not_refused(network: Document) -> None:
    doc = edits.add_node(network, "SynapseGroup", node_id="new")

    link = Link("exc", "spikes", "new", "source")

    assert refusal(doc, link) is None
    assert link in edits.add_link(doc, link).network.links
    with pytest.raises(StructureError, match="already"):
        edits.add_link(edits.add_link(doc, link), Link("inh", "spikes", "new", "source"))


def test_a_behavior_is_inserted_by_its_priority_after_equal_ones(
    two_groups: Document, catalog: Catalog
) -> None:
    doc = edits.add_behavior(two_groups, "exc", "InherentNoise", catalog=catalog)
    doc = edits.add_behavior(doc, "exc", "InherentNoise", catalog=catalog, item_id="second")

    assert kinds(doc, "exc")[2:6] == ["LIF", "InherentNoise", "InherentNoise", "Fire"]
    assert doc.network.node("exc").stack[4].id == "second"


def test_behaviors_change_places_only_within_a_priority(
    two_groups: Document, catalog: Catalog
) -> None:
    doc = edits.add_behavior(two_groups, "exc", "InherentNoise", catalog=catalog, item_id="x")
    doc = edits.add_behavior(doc, "exc", "InherentNoise", catalog=catalog, item_id="y")

    swapped = edits.move_behavior(doc, "exc", "y", 3, catalog=catalog)

    assert [item.id for item in swapped.network.node("exc").stack[3:5]] == ["y", "x"]
    assert edits.move_behavior(doc, "exc", "x", 3, catalog=catalog) is doc
    with pytest.raises(StructureError, match="cannot pass Fire"):
        edits.move_behavior(doc, "exc", "y", 5, catalog=catalog)


def test_a_behavior_goes_only_where_its_kind_belongs(network: Document, catalog: Catalog) -> None:
    with pytest.raises(StructureError, match="LIF is a behavior of neuron groups"):
        edits.add_behavior(network, "drive", "LIF", catalog=catalog)


def test_a_copy_of_a_behavior_stands_right_after_it(two_groups: Document) -> None:
    doc = edits.duplicate_behavior(two_groups, "exc", first_id(two_groups, "exc"), new_id="copy")

    assert doc.network.node("exc").stack[1].id == "copy"


def test_the_network_has_behaviors_of_its_own(network: Document, catalog: Catalog) -> None:
    doc = edits.add_behavior(network, NETWORK, "TimeResolution", catalog=catalog, item_id="t")
    doc = edits.set_behavior_param(doc, NETWORK, "t", "dt", 0.5)

    assert doc.settings.stack[0].params == {"dt": 0.5}
    assert edits.remove_behavior(doc, NETWORK, "t") == network


def test_shared_behaviors_run_before_own_ones_of_the_same_priority(
    two_groups: Document, catalog: Catalog
) -> None:
    doc = edits.add_node(two_groups, "BehaviorStack", node_id="shared")
    doc = edits.add_behavior(doc, "shared", "InherentNoise", catalog=catalog, item_id="theirs")
    doc = edits.add_behavior(doc, "exc", "InherentNoise", catalog=catalog, item_id="own")
    doc = edits.add_link(doc, Link("shared", "behaviors", "exc", "behaviors"))

    stack = stack_of(doc.network, doc.network.node("exc"), catalog)

    assert [item.id for item in stack if item.kind == "InherentNoise"] == ["theirs", "own"]


def test_wrong_values_are_stored_but_things_that_no_file_can_hold_are_not(
    two_groups: Document,
) -> None:
    doc = edits.set_param(two_groups, "exc", "size", [1, -2, "x"])

    assert doc.network.node("exc").params["size"] == (1, -2, "x")
    with pytest.raises(ParameterError, match="cannot be stored"):
        edits.set_param(doc, "exc", "size", print)


def test_settings_take_numbers_only_where_numbers_belong(network: Document) -> None:
    for changes in ({"dt": "1"}, {"dt": float("nan")}, {"seed": 1.5}, {"device": 3}):
        with pytest.raises(ParameterError):
            edits.set_settings(network, **changes)


def test_a_paste_has_fresh_ids_free_names_and_its_inner_wires(network: Document) -> None:
    text = edits.copy(network, ["exc", "drive", "inh"])

    doc, ids = edits.paste(network, text, at=(1000, 500))

    pasted = [doc.network.node(node_id) for node_id in ids]
    assert {node.name for node in pasted} == {"Exc 2", "Inh 2", "Exc to Inh 2"}
    assert len(doc.network.links - network.network.links) == 2
    assert min(node.position[0] for node in pasted) == 1000
    old = {item.id for node in network.network.nodes.values() for item in node.stack}
    assert not old & {item.id for node in pasted for item in node.stack}


def test_a_paste_into_another_project_keeps_every_value(network: Document) -> None:
    doc = edits.set_param(network, "exc", "size", (1, 5, 5))

    other, (new,) = edits.paste(Document(), edits.copy(doc, ["exc"]))

    assert other.network.node(new).params == {"size": (1, 5, 5)}
    assert other.network.node(new).name == "Exc"


@pytest.mark.parametrize("text", ["", "hello", "{}", '{"format": "conex-nodes", "version": 9}'])
def test_a_foreign_clipboard_is_refused(network: Document, text: str) -> None:
    with pytest.raises(FileError, match="clipboard"):
        edits.paste(network, text)


def test_a_project_is_not_a_clipboard(network: Document) -> None:
    with pytest.raises(FileError):
        edits.paste(network, to_text(network))


def test_a_duplicate_stands_beside_its_original(network: Document) -> None:
    doc, (new,) = edits.duplicate(network, ["exc"])

    assert doc.network.node(new).position != network.network.node("exc").position


def test_default_stacks_are_known_behaviors(catalog: Catalog) -> None:
    assert {item.kind for item in stack_for("NeuronGroup")} <= catalog.behaviors.keys()
