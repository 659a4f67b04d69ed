"""Layers, columns, containers and connections saved as data, made again and copied."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from test_replication import told

from conex_core import (
    LIF,
    Fire,
    InherentNoise,
    InputLayer,
    Neocortex,
    NeuronAxon,
    NeuronGroup,
    PostSpikeCatcher,
    PostTrace,
    PreSpikeCatcher,
    PreTrace,
    SimpleDendriteComputation,
    SimpleDendriteStructure,
    SimpleDendriticInput,
    SimpleSTDP,
    StructureError,
    SynapseGroup,
    SynapseInit,
    UnknownName,
    WeightInitializer,
    prioritize_behaviors,
)
from conex_core.structures import (
    Container,
    CorticalColumn,
    CorticalLayer,
    CorticalLayerConnection,
    Layer,
    OutputLayer,
    Port,
    Synapsis,
)
from conex_core.structures.replication import (
    create_structure_from_dict,
    load_structure_dict_from_json,
    replicate,
    save_structure,
    save_structure_dict_to_json,
)

torch.manual_seed(0)
FRAMES = torch.rand(1, 60, 3, 4) < 0.3  # one sample of 60 frames
LOADER = [(FRAMES, torch.tensor([1]))]


def neurons() -> Any:
    return prioritize_behaviors(
        [
            SimpleDendriteStructure(),
            SimpleDendriteComputation(),
            LIF(R=1.0, tau=5.0, threshold=1.0, v_reset=0.0, v_rest=0.0),
            InherentNoise(scale=0.3),
            Fire(),
            NeuronAxon(),
        ]
    )


def connection(scale: float = 0.4) -> Any:
    return prioritize_behaviors(
        [
            SynapseInit(),
            WeightInitializer(mode="rand", scale=scale),
            SimpleDendriticInput(),
            PreSpikeCatcher(),
        ]
    )


def learning() -> Any:
    rules = [PostSpikeCatcher(), PreTrace(tau_s=5), PostTrace(tau_s=5)]
    return prioritize_behaviors([*rules, SimpleSTDP(a_plus=0.01, a_minus=0.005)])


def cortical_layer(net: Neocortex, name: str) -> CorticalLayer:
    exc = NeuronGroup(net, (1, 3, 4), neurons(), "e")
    inh = NeuronGroup(net, 4, neurons(), "i,inh")
    inside = {**connection(), **learning()}
    back = {**connection(), **learning()}
    synapses = [
        SynapseGroup(net, exc, inh, "Proximal", inside),
        SynapseGroup(net, inh, exc, "Proximal", back),
    ]
    return CorticalLayer(
        net,
        exc,
        inh,
        synapses,
        input_ports={"in": (None, [Port(exc)])},
        output_ports={"out": (None, [Port(exc, None, {420: PreSpikeCatcher()})])},
        tag=name,
    )


def column(net: Neocortex, name: str = "column") -> CorticalColumn:
    layers = {key: cortical_layer(net, f"{name}_{key}") for key in ("L4", "L23", "L5")}
    joins = []
    for src, dst in (("L4", "L23"), ("L23", "L5"), ("L5", "L4")):
        stack = {**connection(), **learning()}
        rows = [("exc_pop", "exc_pop", stack, "Proximal"), ("exc_pop", "inh_pop", stack, "Distal")]
        joins.append((src, dst, CorticalLayerConnection(net, connections=rows, tag=f"{src}{dst}")))
    return CorticalColumn(
        net,
        layers,
        joins,
        input_ports={"in": (None, [Port(layers["L4"], "in")])},
        output_ports={"out": (None, [Port(layers["L5"], "out")])},
        tag=name,
    )


def input_layer(net: Neocortex, name: str = "input") -> InputLayer:
    return InputLayer(
        net,
        LOADER,
        sensory_size=12,
        sensory_axon_params={"max_delay": 2},
        silent_interval=5,
        output_ports={"out": (None, [("sensory_pop", {420: PreSpikeCatcher()})])},
        tag=name,
    )


def output_layer(net: Neocortex) -> OutputLayer:
    return OutputLayer(net, representation_size=3, motor_size=2, tag="output")


def synapsis(net: Neocortex, src: Any, dst: Any, name: str = "wires") -> Synapsis:
    ports = ("out", "in")
    return Synapsis(net, src, dst, *ports, connection(), "Proximal", tag=name)


def world(net: Neocortex) -> Container:
    """Return all that the central test is about: an input, a column and the wires between."""
    data, cortex = input_layer(net), column(net)
    return Container(net, [data, cortex, synapsis(net, data, cortex)], tag="world")


def plain_layer(net: Neocortex) -> Layer:
    groups = [NeuronGroup(net, 4, neurons(), name) for name in ("a", "b")]
    return Layer(net, groups, [SynapseGroup(net, *groups, "Distal", connection())], tag="plain")


def connected(net: Neocortex) -> CorticalLayerConnection:
    ends = cortical_layer(net, "one"), cortical_layer(net, "other")
    rows = [("exc_pop", "inh_pop", connection(), "Proximal")]
    return CorticalLayerConnection(net, *ends, rows, tag="joint")


def wires(net: Neocortex) -> Synapsis:
    return synapsis(net, input_layer(net), cortical_layer(net, "layer"))


def nested(net: Neocortex) -> Container:
    inner = Container(
        net, [cortical_layer(net, "deep")], tag="inner", input_ports={"in": (None, [])}
    )
    inner.input_ports = {"in": (None, [Port(inner.sub_structures[0], "in")])}
    ports = {"deep": (None, [Port(inner, "in")])}
    return Container(net, [inner], input_ports=ports, tag="outer")


KINDS: list[Callable[[Neocortex], Any]] = [
    world,
    column,
    plain_layer,
    connected,
    wires,
    nested,
    input_layer,
    output_layer,
    lambda net: cortical_layer(net, "layer"),
    lambda net: CorticalLayer(net, NeuronGroup(net, 3, neurons(), "e"), tag="half"),
    lambda net: CorticalColumn(net, {"L4": cortical_layer(net, "l4")}, tag="lone"),
]
every_kind = pytest.mark.parametrize("build", KINDS)


def outside_of(structure: Any) -> dict[str, Any]:
    """Return all structures of the network by name, to stand for those outside."""
    return {other.tags[0]: other for other in structure.network.Structures}


def tags_of(net: Neocortex) -> list[list[str]]:
    return sorted(list(structure.tags) for structure in net.Structures)


@every_kind
def test_saving_what_was_made_from_it_gives_the_same_dict(
    build: Callable[[Neocortex], Any], tmp_path: Path
) -> None:
    net = Neocortex(seed=1)
    made = build(net)
    saved = save_structure(made)
    save_structure_dict_to_json(saved, tmp_path / "structure.json")
    loaded = load_structure_dict_from_json(tmp_path / "structure.json")

    again = remade(loaded, made)

    assert told(loaded) == told(saved)
    assert type(again) is type(made)
    assert nameless(save_structure(again)) == nameless(saved)


def nameless(data: dict[str, Any]) -> Any:
    """Return a dict without what is unique in a network: the name of the whole and the keys."""
    plain, beside = told({**data, "tag": "", "key": ""})
    for entry in plain.get("built_structures", {}).values():
        entry.pop("key", None)
    return plain, beside


def remade(data: dict[str, Any], made: Any) -> Any:
    """Return the structure of a dict, in a new network or where its ends are."""
    ends = isinstance(made, CorticalLayerConnection | Synapsis)
    net = made.network if ends else Neocortex(seed=1)
    loaders = {layer["tag"].split(",")[0]: LOADER for layer in input_layers(data)}
    return create_structure_from_dict(net, data, dataloaders=loaders)


def input_layers(data: dict[str, Any]) -> list[dict[str, Any]]:
    entries = [data, *data.get("built_structures", {}).values()]
    return [entry for entry in entries if entry["class"] == "InputLayer"]


@every_kind
def test_a_replica_in_the_same_network_runs(build: Callable[[Neocortex], Any]) -> None:
    net = Neocortex(seed=1)
    made = build(net)

    copy, _ = replicate(made, net)
    net.initialize()
    net.simulate_iterations(5)

    assert copy.name == f"{made.name} 2"
    keys = [net.key_of(structure) for structure in net.all_objects()]
    assert len(keys) == len(set(keys))
    assert all(part.network is net for part in copy.sub_structures)
    assert not {id(part) for part in copy.sub_structures} & {id(p) for p in made.sub_structures}


def test_a_world_is_the_same_in_another_network(tmp_path: Path) -> None:
    first, second = Neocortex(seed=7), Neocortex(seed=7)
    save_structure_dict_to_json(save_structure(world(first)), tmp_path / "world.json")

    create_structure_from_dict(
        second,
        load_structure_dict_from_json(tmp_path / "world.json"),
        dataloaders={"input": LOADER},
    )

    assert tags_of(second) == tags_of(first)
    assert spikes_of(second, 100) == spikes_of(first, 100)
    assert sum(map(sum, spikes_of(first, 100))) > 100


def spikes_of(net: Neocortex, iterations: int) -> list[list[int]]:
    """Return how often each neuron of each group spiked in each iteration."""
    net.initialize()
    rows = []
    for _ in range(iterations):
        net.simulate_iteration()
        rows.append([int(n) for group in net.NeuronGroups for n in group.spikes])
    return rows


@pytest.mark.parametrize("in_file", [False, True])
def test_state_goes_along_on_request(tmp_path: Path, in_file: bool) -> None:
    first, second = Neocortex(seed=7), Neocortex(seed=99)
    made = world(first)
    first.initialize()
    first.simulate_iterations(50)
    saved = save_structure(made, state=True)
    if in_file:
        save_structure_dict_to_json(saved, tmp_path / "world.json")
        saved = load_structure_dict_from_json(tmp_path / "world.json")

    create_structure_from_dict(second, saved, dataloaders={"input": LOADER})
    second.initialize()

    for mine, theirs in zip(first.SynapseGroups, second.SynapseGroups, strict=True):
        assert torch.equal(mine.weights, theirs.weights)
    for one, other in zip(first.NeuronGroups[1:], second.NeuronGroups[1:], strict=True):
        assert torch.equal(one.v, other.v)


def test_a_replica_of_a_running_column_goes_on_from_its_state() -> None:
    net = Neocortex(seed=7)
    made = column(net)
    net.initialize()
    net.simulate_iterations(20)

    copy, _ = replicate(made, net, state=True)

    assert torch.equal(copy.layers["L4"].exc_pop.v, made.layers["L4"].exc_pop.v)
    net.simulate_iterations(5)


def test_without_state_a_column_starts_anew() -> None:
    net = Neocortex(seed=7)
    made = column(net)
    net.initialize()
    net.simulate_iterations(20)

    copy, data = replicate(made, net)

    assert "state" not in data
    assert not copy.layers["L4"].exc_pop.v.any()


def test_the_original_draws_as_before_when_it_has_a_replica() -> None:
    alone, accompanied = Neocortex(seed=3), Neocortex(seed=3)
    column(alone)
    made = column(accompanied)

    replicate(made, accompanied)

    count = sum(group.size for group in alone.NeuronGroups)
    rows = [row[:count] for row in spikes_of(accompanied, 20)]
    assert rows == spikes_of(alone, 20)


def test_ports_of_a_replica_are_ports() -> None:
    net = Neocortex(seed=3)
    copy, _ = replicate(nested(net), net)

    wired = synapsis_to(net, copy)

    deep = copy.sub_structures[0].sub_structures[0]
    assert [synapse.dst for synapse in wired.sub_structures] == [deep.exc_pop]
    assert all(isinstance(port, Port) for port in copy.input_ports["deep"][1])


def synapsis_to(net: Neocortex, structure: Any) -> Synapsis:
    source = NeuronGroup(net, 4, neurons(), "source")
    return Synapsis(net, source, structure, None, "deep", connection(), "Proximal")


def test_a_synapse_from_outside_comes_from_the_same_group() -> None:
    net, other = Neocortex(), Neocortex()
    source, target = (NeuronGroup(net, 4, neurons(), name) for name in ("source", "target"))
    inside = SynapseGroup(net, source, target, "Proximal", connection())
    made = Layer(net, [target], [inside], tag="layer")

    copy, _ = replicate(made, net)

    assert [synapse.src for synapse in copy.synapsegroups] == [source]
    assert copy.synapsegroups[0].dst is copy.neurongroups[0] is not target
    with pytest.raises(StructureError, match=r"source => target: its src is 'source'"):
        replicate(made, other)
    assert not other.Structures


def test_the_data_of_an_input_layer_is_asked_for() -> None:
    saved = save_structure(input_layer(Neocortex()))

    with pytest.raises(StructureError, match="input: needs its data") as caught:
        create_structure_from_dict(Neocortex(), saved)

    assert 'dataloaders={"input": loader}' in caught.value.hint


def test_data_for_a_layer_that_is_not_there_is_refused() -> None:
    saved = save_structure(input_layer(Neocortex()))

    with pytest.raises(UnknownName, match="Did you mean 'input'"):
        create_structure_from_dict(Neocortex(), saved, dataloaders={"inptu": LOADER})


def test_a_replica_of_an_input_layer_shows_the_same_data_or_other() -> None:
    net = Neocortex()
    made = input_layer(net)

    same, _ = replicate(made, net)
    other, _ = replicate(made, net, dataloaders={"input": [(~FRAMES, torch.tensor([2]))]})
    net.initialize()
    net.simulate_iteration()

    assert torch.equal(same.sensory_pop.spikes, made.sensory_pop.spikes)
    assert torch.equal(other.sensory_pop.spikes, ~made.sensory_pop.spikes)


def test_what_was_added_to_a_population_later_is_kept() -> None:
    net = Neocortex()
    made = input_layer(net)
    made.sensory_pop.add_behavior(280, LIF(), initialize=False)

    copy, _ = replicate(made, net)

    assert 280 in copy.sensory_pop.behavior
