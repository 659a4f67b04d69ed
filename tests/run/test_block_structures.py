"""Blocks in networks of scripts, and structures of scripts as blocks."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import torch

from conex_core import (
    LIF,
    Container,
    CorticalColumn,
    CorticalLayer,
    Fire,
    Layer,
    Neocortex,
    NeuronAxon,
    NeuronGroup,
    PreSpikeCatcher,
    SimpleDendriteComputation,
    SimpleDendriteStructure,
    SimpleDendriticInput,
    SynapseGroup,
    SynapseInit,
    WeightInitializer,
    catalog,
    prioritize_behaviors,
)
from conex_core.cli import main
from conex_core.errors import StructureError, UnknownName
from conex_core.graph import edits
from conex_core.graph.files import project_file
from conex_core.graph.files.block_file import Block, load_block, save_block
from conex_core.graph.library.inserting import insert_block
from conex_core.graph.model.document import Document
from conex_core.run.block_structures import (
    block_from_structure,
    instantiate,
    structure_from_block,
)
from conex_core.run.session import Session
from conex_core.structures.replication import (
    load_structure_dict_from_json,
    save_structure,
    save_structure_dict_to_json,
)
from tests.resources.blocks import recipes

CLOSED = {
    "Container": recipes.excitatory_inhibitory_pair,
    "Layer": recipes.winner_take_all,
    "CorticalLayer": recipes.cortical_layer,
    "CorticalColumn": recipes.cortical_column,
}


@pytest.fixture(params=CLOSED)
def block(request: pytest.FixtureRequest) -> Block:
    return CLOSED[request.param]()


def contents(saved: dict[str, Any]) -> Counter[str]:
    """Return what a saved structure holds, whatever it is called."""
    found: Counter[str] = Counter()
    for entry in saved["built_structures"].values():
        stack = [(call["class"], repr(call["parameters_kwargs"])) for call in entry["behavior"]]
        found[repr((entry["class"], entry.get("size"), entry.get("polarity"), stack))] += 1
    return found


def spikes(net: Neocortex, steps: int = 120) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for _ in range(steps):
        net.simulate_iterations(1)
        for group in net.NeuronGroups:
            counts[group.tags[0].rpartition(" / ")[2]] += int(group.spikes.sum())
    return dict(counts)


def test_a_block_becomes_the_structure_that_it_stands_for(block: Block) -> None:
    net = Neocortex(seed=1)

    made = instantiate(block, net, name="mine")
    net.initialize(warnings=False)
    net.simulate_iterations(20)

    kinds = {kind.__name__: kind for kind in (Container, Layer, CorticalLayer, CorticalColumn)}
    assert type(made) is kinds[block.kind]
    assert made.tags[0] == "mine"
    ports = [node.name for node in block.definition.nodes.values() if node.kind == "InputPort"]
    assert set(made.input_ports) == set(ports)


def test_it_spikes_like_the_same_block_in_a_project() -> None:
    block = recipes.excitatory_inhibitory_pair()
    doc, _ = insert_block(Document(), block, node_id="block")
    session = Session.of(edits.set_settings(doc, seed=1), catalog.load())
    net = Neocortex(seed=1)
    instantiate(block, net)
    net.initialize(warnings=False)

    assert spikes(net) == spikes(session.network)


def test_promoted_parameters_are_arguments() -> None:
    net = Neocortex(seed=1)

    made = instantiate(recipes.excitatory_inhibitory_pair(), net, tau=33.0)
    net.initialize(warnings=False)

    groups = [part for part in made.sub_structures if isinstance(part, NeuronGroup)]
    assert {float(group.tau[0]) for group in groups} == {33.0}
    with pytest.raises(UnknownName, match="tua"):
        instantiate(recipes.excitatory_inhibitory_pair(), net, tua=33.0)


def test_two_copies_get_names_of_their_own() -> None:
    net = Neocortex(seed=1)

    first, second = (instantiate(recipes.winner_take_all(), net) for _ in range(2))

    assert first.tags[0] != second.tags[0]


def test_a_block_with_open_synapses_says_what_is_missing() -> None:
    with pytest.raises(StructureError, match=r"has no source.*other end"):
        structure_from_block(recipes.stdp_layer())


def test_there_and_back_holds_the_same(block: Block, tmp_path: Path) -> None:
    saved = structure_from_block(block)

    again = block_from_structure(saved)
    path = tmp_path / "again.conexblock"
    save_block(again, path)

    assert (again.kind, again.name) == (block.kind, block.name)
    assert contents(structure_from_block(load_block(path))) == contents(saved)
    kinds = ("InputPort", "OutputPort")
    names = [
        sorted((n.kind, n.name) for n in one.definition.nodes.values() if n.kind in kinds)
        for one in (again, block)
    ]
    assert names[0] == names[1]


def test_there_and_back_spikes_the_same() -> None:
    block = recipes.excitatory_inhibitory_pair()
    nets = []
    for one in (block, block_from_structure(structure_from_block(block))):
        nets.append(Neocortex(seed=3))
        instantiate(one, nets[-1])
        nets[-1].initialize(warnings=False)

    assert spikes(nets[0]) == spikes(nets[1])


def scripted(net: Neocortex, weights: torch.Tensor | None = None) -> tuple[Any, Any]:
    """Return two groups and what joins the first to the second, made in a script."""
    groups = [
        NeuronGroup(
            net,
            (1, 2, 3),
            prioritize_behaviors(
                [
                    SimpleDendriteStructure(),
                    SimpleDendriteComputation(),
                    LIF(tau="uniform(8, 12)"),
                    Fire(),
                    NeuronAxon(),
                ]
            ),
            tag,
        )
        for tag in ("e", "i,inh")
    ]
    given = {"mode": "uniform(0, 1)"} if weights is None else {"weights": weights}
    stack = [SynapseInit(), WeightInitializer(**given), SimpleDendriticInput(), PreSpikeCatcher()]
    synapse = SynapseGroup(net, *groups, "Distal", prioritize_behaviors(stack))
    return groups, synapse


def test_a_structure_of_a_script_becomes_a_block() -> None:
    groups, synapse = scripted(Neocortex())
    saved = save_structure(Container(groups[0].network, [*groups, synapse], tag="motif"))

    block = block_from_structure(saved, name="Motif")

    nodes = {node.name: node for node in block.definition.nodes.values()}
    assert block.name == "Motif"
    assert nodes["e"].params["size"] == (1, 2, 3)
    assert nodes["i"].params["polarity"] == "inhibitory"
    (joined,) = [node for node in nodes.values() if node.kind == "SynapseGroup"]
    assert joined.params["compartment"] == "Distal"


def test_synapses_to_the_outside_end_at_a_port() -> None:
    groups, synapse = scripted(Neocortex())

    block = block_from_structure(save_structure(Container(groups[0].network, [groups[1], synapse])))

    (port,) = [node for node in block.definition.nodes.values() if node.kind == "InputPort"]
    assert port.params["signal"] == "spikes"


def test_a_single_group_becomes_a_block() -> None:
    groups, _ = scripted(Neocortex())

    block = block_from_structure(save_structure(groups[0]))

    assert [node.name for node in block.definition.nodes.values()] == ["e"]


def test_given_weights_are_kept_where_they_are_few() -> None:
    few = torch.arange(36.0).view(6, 6)
    groups, synapse = scripted(Neocortex(), few)
    saved = save_structure(Container(groups[0].network, [*groups, synapse]))
    doc, _ = insert_block(Document(), block_from_structure(saved))

    session = Session.of(doc, catalog.load())

    (found,) = session.network.SynapseGroups
    assert torch.equal(found.weights, few)


def test_large_tables_are_refused_with_a_way_out() -> None:
    net = Neocortex()
    group = NeuronGroup(net, 20_000, prioritize_behaviors([LIF(init_v=torch.zeros(20_000))]), "g")

    with pytest.raises(StructureError, match=r"20,000 values as init_v.*distribution"):
        block_from_structure(save_structure(group))


def test_import_and_export_on_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    doc, _ = insert_block(Document(), recipes.cortical_layer())
    project_file.save(doc, tmp_path / "p.conex")
    structure, target = tmp_path / "s.json", tmp_path / "b.conexblock"

    wanted = [str(tmp_path / "p.conex"), "Cortical layer", "--structure"]
    exported = main(["block", "export", *wanted, "-o", str(structure)])
    imported = main(["block", "import", str(structure), "-o", str(target), "--name", "Layer 4"])

    assert (exported, imported) == (0, 0)
    assert load_structure_dict_from_json(structure)["class"] == "CorticalLayer"
    assert load_block(target).name == "Layer 4"


def test_a_file_that_is_no_structure_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "s.json"
    bad.write_text(json.dumps({"format": "else"}))

    assert main(["block", "import", str(bad), "-o", str(tmp_path / "b.conexblock")]) == 2
    assert "is not a saved structure" in capsys.readouterr().err


def test_files_of_structures_come_in(tmp_path: Path) -> None:
    groups, synapse = scripted(Neocortex())
    saved = save_structure(Container(groups[0].network, [*groups, synapse], tag="motif"))
    save_structure_dict_to_json(saved, tmp_path / "m.json")

    block = block_from_structure(load_structure_dict_from_json(tmp_path / "m.json"))

    assert len(block.definition.nodes) == 3
