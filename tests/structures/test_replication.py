"""Groups and synapse groups saved as data, made again and copied."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from pymonntorch.NetworkCore.Behavior import Behavior as PymonntorchBehavior

from conex_core import (
    LIF,
    Behavior,
    ConexError,
    Fire,
    InherentNoise,
    Neocortex,
    NeuronAxon,
    NeuronGroup,
    Normal,
    PreSpikeCatcher,
    SimpleDendriticInput,
    StructureError,
    SynapseGroup,
    SynapseInit,
    UnknownName,
    WeightInitializer,
)
from conex_core.parameters import Number
from conex_core.structures.replication import (
    create_structure_from_dict,
    register_behavior,
    register_structure,
    replicate,
    save_structure,
)
from conex_core.structures.replication.kinds import KINDS
from conex_core.structures.replication.registry import STRUCTURES
from conex_core.structures.replication.tensors import packed

DOCS = Path(__file__).parents[2] / "resources" / "docs" / "copies.md"


def group(net: Neocortex, size: Any = 4, tag: str = "e", **options: Any) -> NeuronGroup:
    return NeuronGroup(net, size, [LIF(tau=20), Fire(), NeuronAxon(max_delay=3)], tag, **options)


def synapses(net: Neocortex, src: Any, dst: Any, tag: str = "Proximal", **weights: Any) -> Any:
    given = weights or {"mode": "rand"}
    stack = [SynapseInit(), WeightInitializer(**given), PreSpikeCatcher(), SimpleDendriticInput()]
    return SynapseGroup(net, src, dst, tag, stack)


def pair(net: Neocortex, **weights: Any) -> SynapseGroup:
    found: SynapseGroup = synapses(net, group(net, tag="e"), group(net, tag="i"), **weights)
    return found


def told(data: dict[str, Any]) -> Any:
    """Return a dict of a structure in a form that can be compared, tensors included."""
    plain, beside = packed(data)
    return plain, {name: tensor.tolist() for name, tensor in beside.items()}


def remade(data: dict[str, Any], net: Neocortex | None = None) -> Any:
    return create_structure_from_dict(net or Neocortex(), data)


# What is saved


def test_every_structure_that_a_file_may_name_can_be_made() -> None:
    assert tuple(KINDS) == STRUCTURES


def test_a_group_is_saved_with_the_names_of_conex() -> None:
    saved = save_structure(group(Neocortex()))

    assert saved["tag"] == "e,NeuronGroup,ng"
    assert saved["class"] == "NeuronGroup"
    assert saved["size"] == 4
    assert saved["device"] == "cpu"
    assert [item["key"] for item in saved["behavior"]] == [260, 340, 380]
    assert saved["behavior"][2] == {
        "key": 380,
        "class": "NeuronAxon",
        "parameters_args": [],
        "parameters_kwargs": saved["behavior"][2]["parameters_kwargs"],
    }
    assert saved["behavior"][2]["parameters_kwargs"]["max_delay"] == 3


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("rand", "rand"),
        ("normal(0.5, 0.1)", "normal(0.5, 0.1)"),
        (0.5, 0.5),
        (Normal(0.5, 0.1), {"$": "Normal", "mean": 0.5, "std": 0.1}),
    ],
)
def test_values_are_kept_as_they_were_given(given: Any, kept: Any) -> None:
    saved = save_structure(pair(Neocortex(), mode=given))

    assert saved["behavior"][1]["parameters_kwargs"]["mode"] == kept


def test_a_parameter_that_was_changed_is_saved_with_its_new_value() -> None:
    made = group(Neocortex())
    made.behavior[260].tau = 30.0

    assert save_structure(made)["behavior"][0]["parameters_kwargs"]["tau"] == 30.0


def test_a_saved_tensor_is_a_copy() -> None:
    threshold = torch.tensor([1.0, 2.0, 3.0, 4.0])
    made = NeuronGroup(Neocortex(), 4, [LIF(threshold=threshold)])

    saved = save_structure(made)
    threshold.zero_()

    kept = saved["behavior"][0]["parameters_kwargs"]["threshold"]
    assert kept.tolist() == [1.0, 2.0, 3.0, 4.0]


def test_a_function_cannot_be_saved_and_the_message_says_where_it_is() -> None:
    made = pair(Neocortex(), mode="rand", function=torch.abs)

    with pytest.raises(StructureError) as caught:
        save_structure(made)

    assert "e => i: cannot be saved: the parameter function of WeightI" in str(caught.value)
    assert "replicate" in caught.value.hint


def test_parts_of_the_dict_can_be_left_out() -> None:
    made = NeuronGroup(Neocortex(), 4, [LIF(tag="fast")], "e")

    saved = save_structure(
        made,
        save_device=False,
        save_structure_tag=False,
        save_behavior_tag=False,
        save_behavior_priority=False,
    )

    assert not {"device", "tag"} & saved.keys()
    assert "key" not in saved["behavior"][0]
    assert "tag" not in saved["behavior"][0]["parameters_kwargs"]
    assert remade(saved).behavior.keys() == {260}


# Making again


@pytest.mark.parametrize(
    ("size", "options"),
    [
        (4, {}),
        ((2, 3, 4), {}),
        (4, {"tag": "e,one,two"}),
        (4, {"polarity": "inhibitory"}),
        (4, {"tag": "x,inh"}),
        (4, {"tag": "x,inh", "polarity": "excitatory"}),
        (4, {"key": "seeds"}),
    ],
)
def test_a_group_made_again_is_the_same(size: Any, options: dict[str, Any]) -> None:
    made = group(Neocortex(), size, **options)
    saved = save_structure(made)

    again = remade(saved)

    assert save_structure(again) == saved
    assert (again.tags, again.key, again.polarity) == (made.tags, made.key, made.polarity)
    assert (again.size, hasattr(again, "depth")) == (made.size, hasattr(made, "depth"))


def test_a_group_made_again_draws_the_same_random_numbers() -> None:
    spikes = []
    first, second = Neocortex(seed=4), Neocortex(seed=4)
    saved = save_structure(
        NeuronGroup(first, 50, [LIF(), InherentNoise(scale=9), Fire()], "e", key="my seed")
    )
    create_structure_from_dict(second, saved)
    for net in (first, second):
        net.initialize()
        net.simulate_iterations(100)
        spikes.append(net.NeuronGroups[0].v)

    assert torch.equal(*spikes)


def test_a_synapse_group_finds_the_groups_of_its_ends_by_name() -> None:
    saved = save_structure(pair(Neocortex()))
    net = Neocortex()
    ends = group(net, tag="e"), group(net, tag="i")

    again = remade(saved, net)

    assert (again.src, again.dst) == ends
    assert again.compartment == "Proximal"
    assert save_structure(again) == saved


def test_a_synapse_group_can_be_given_other_ends() -> None:
    saved = save_structure(pair(Neocortex()))
    net = Neocortex()
    one, other = group(net, tag="one"), group(net, tag="other")

    again = create_structure_from_dict(net, saved, outside={"e": one, "i": other})

    assert (again.src, again.dst) == (one, other)
    assert again.tags[-1] == "one => other"


def test_a_missing_end_is_named_and_the_network_stays_as_it_was() -> None:
    saved = save_structure(pair(Neocortex()))
    net = Neocortex()
    group(net, tag="e")
    before = save_structure(net.NeuronGroups[0]), list(net.Structures), dict(vars(net))

    with pytest.raises(StructureError, match=r"e => i: its dst is 'i'.*none of that name"):
        remade(saved, net)

    assert before == (save_structure(net.NeuronGroups[0]), list(net.Structures), dict(vars(net)))
    assert not net.e.efferent_synapses["All"]


def test_sparse_weights_survive() -> None:
    weights = torch.sparse_coo_tensor([[0, 3], [1, 2]], [0.5, 0.25], (4, 4), check_invariants=True)
    saved = save_structure(pair(Neocortex(), weights=weights))
    net = Neocortex()
    group(net, tag="e"), group(net, tag="i")

    again = remade(saved, net)

    assert torch.equal(again.behavior[3].weights.to_dense(), weights.to_dense())
    assert told(save_structure(again)) == told(saved)


def test_a_failing_behavior_leaves_the_network_as_it_was() -> None:
    saved = save_structure(group(Neocortex()))
    saved["behavior"].append({"key": 3, "class": "WeightInitializer", "parameters_kwargs": {}})
    net = Neocortex()
    plan = list(net.sorted_behavior_execution_list)

    with pytest.raises(ConexError, match="e › WeightInitializer"):
        remade(saved, net)

    assert net.Structures == net.NeuronGroups == []
    assert net.sorted_behavior_execution_list == plan
    assert not hasattr(net, "e")


# Names


def test_a_replica_in_the_same_network_gets_a_name_of_its_own() -> None:
    net = Neocortex()
    made = group(net, tag="column,two words")

    copies = [replicate(made, net)[0] for _ in range(2)]

    assert [copy.name for copy in copies] == ["column 2", "column 3"]
    assert [copy.key for copy in copies] == ["column 2", "column 3"]
    assert copies[0].tags[1:] == made.tags[1:]
    assert net.column is made


def test_a_replica_can_be_called_as_one_likes() -> None:
    net = Neocortex()

    copy, _ = replicate(group(net), net, tag="other")

    assert (copy.tags, copy.key) == (["other", "NeuronGroup", "ng"], "other")


def test_a_name_that_is_taken_is_refused() -> None:
    net = Neocortex()
    made = group(net)

    with pytest.raises(StructureError, match="the network has that name already"):
        replicate(made, net, tag="e")


def test_a_replica_of_synapses_keeps_its_compartment() -> None:
    net = Neocortex()

    copy, _ = replicate(pair(net), net)
    named, _ = replicate(copy, net, tag="extra")

    assert (copy.compartment, copy.tags[0]) == ("Proximal", "Proximal")
    assert (named.compartment, named.tags[:2]) == ("Proximal", ["extra", "Proximal"])
    assert len({copy.key, named.key, "Proximal"}) == 3


def test_a_group_that_the_network_renamed_is_saved_under_its_own_name() -> None:
    net = Neocortex()
    _, twin = group(net), group(net)
    before = save_structure(twin)

    net.initialize()

    assert twin.name == "eb"
    assert save_structure(twin) == before


# Replicas


def test_a_replica_has_its_own_behaviors_with_the_same_parameters() -> None:
    net = Neocortex()
    made = group(net)

    copy, saved = replicate(made, net)

    assert saved == save_structure(made)
    assert copy.behavior[260] is not made.behavior[260]
    assert copy.behavior[260].tau == 20


def test_a_replica_of_synapses_has_the_same_ends() -> None:
    net = Neocortex()
    made = pair(net)

    copy, _ = replicate(made, net)

    assert (copy.src, copy.dst) == (made.src, made.dst)
    assert copy in made.src.efferent_synapses["Proximal"]


def test_synapses_are_not_replicated_without_their_ends() -> None:
    net, other = Neocortex(), Neocortex()
    group(other, tag="e"), group(other, tag="i")

    with pytest.raises(StructureError, match="e => i: its src is 'e'"):
        replicate(pair(net), other)


def test_a_replica_takes_functions_and_unregistered_classes_over() -> None:
    class Ramp(Behavior):
        priority = 250
        slope = Number(default=1.0)

    net = Neocortex()
    made = pair(net, mode="rand", function=torch.abs)
    made.src.add_behavior(250, Ramp(slope=2), initialize=False)

    copy, data = replicate(made, net)
    source, _ = replicate(made.src, net)

    assert copy.behavior[3].function is torch.abs
    assert (type(source.behavior[250]), source.behavior[250].slope) == (Ramp, 2)
    with pytest.raises(ConexError, match="is a Python object, which no file holds"):
        remade(data, net)


def test_a_behavior_that_hides_what_it_was_made_from_is_named() -> None:
    class Table(Behavior):
        priority = 250

        def __init__(self, rows: list[int]) -> None:
            super().__init__()
            self.rows = rows

    net = Neocortex()

    with pytest.raises(StructureError, match="its behavior Table cannot be made") as caught:
        replicate(NeuronGroup(net, 4, [Table([1])], "e"), net)

    assert "declare" in caught.value.hint


# Classes of a script's own


def test_own_classes_are_saved_once_they_are_registered() -> None:
    class Wave(Behavior):
        priority = 250
        rate = Number(default=1.0)

    class Pool(NeuronGroup):
        pass

    made = Pool(Neocortex(), 4, [Wave(rate=3)], "e")
    with pytest.raises(UnknownName, match=r"register_structure\(Pool\)"):
        save_structure(made)
    register_structure(Pool)
    with pytest.raises(UnknownName, match=r"register_behavior\(Wave\)"):
        save_structure(made)
    register_behavior(Wave)

    again = remade(save_structure(made))

    assert (type(again), type(again.behavior[250])) == (Pool, Wave)


def test_a_structure_with_a_constructor_of_its_own_is_named() -> None:
    class Crowd(NeuronGroup):
        def __init__(self, net: Neocortex) -> None:
            super().__init__(net, 1000, tag="crowd")

    net = Neocortex()

    with pytest.raises(StructureError, match="crowd: cannot be made as a Crowd") as caught:
        replicate(Crowd(net), net)

    assert "takes the arguments of the one it derives from" in caught.value.hint


def test_a_class_of_another_name_cannot_be_registered_twice() -> None:
    other = type("LIF", (Behavior,), {"priority": 260, "__module__": "elsewhere"})

    with pytest.raises(StructureError, match="LIF: is the name of"):
        register_behavior(other)


def test_an_unknown_class_is_named_with_what_to_do() -> None:
    saved = save_structure(group(Neocortex()))
    saved["behavior"][0]["class"] = "Whirl"

    with pytest.raises(UnknownName, match=r"'Whirl'.*register_behavior\(Whirl\)"):
        remade(saved)


def test_a_network_is_not_a_structure() -> None:
    with pytest.raises(StructureError, match="is a whole network"):
        save_structure(Neocortex())


def test_behaviors_of_pymonntorch_keep_their_arguments() -> None:
    class Foreign(PymonntorchBehavior):  # type: ignore[misc]  # published without types
        pass

    made = NeuronGroup(Neocortex(), 4, {270: Foreign(3, speed=2)}, "e")

    copy, saved = replicate(made, Neocortex())

    assert saved["behavior"][0]["parameters_args"] == [3]
    assert copy.behavior[270].init_kwargs == {"arg_0": 3, "speed": 2}


# In a network that runs


def test_a_replica_joins_a_network_that_runs() -> None:
    net = Neocortex(seed=1)
    stack = [LIF(init_v="uniform(-60, -50)"), InherentNoise(scale=5), Fire(), NeuronAxon()]
    made = NeuronGroup(net, 20, stack, "e")
    synapses(net, made, group(net, tag="i"))
    net.initialize()
    net.simulate_iterations(5)

    copy, _ = replicate(made, net)
    net.simulate_iterations(5)

    assert copy.v.shape == (20,)
    assert not torch.equal(copy.v, made.v)
    assert copy in net.sub_structures


# State


def test_weights_and_potentials_go_along_on_request() -> None:
    net = Neocortex(seed=1)
    made = pair(net)
    net.initialize()
    net.simulate_iterations(3)
    made.weights.mul_(7)
    other = Neocortex(seed=2)
    ends = {
        name: create_structure_from_dict(other, save_structure(end, state=True))
        for name, end in (("e", made.src), ("i", made.dst))
    }

    copy, _ = replicate(made, other, state=True, outside=ends)
    other.initialize()

    assert torch.equal(copy.weights, made.weights)
    assert copy.weights is not made.weights
    assert torch.equal(copy.src.v, made.src.v)


def test_a_replica_with_state_joins_a_network_that_runs() -> None:
    net = Neocortex(seed=1)
    made = pair(net)
    net.initialize()
    made.weights.mul_(7)

    copy, _ = replicate(made, net, state=True)
    fresh, data = replicate(made, net)

    assert torch.equal(copy.weights, made.weights)
    assert fresh.weights.max() < made.weights.max()
    assert "state" not in data


def test_a_state_of_another_size_is_refused_and_nothing_joins() -> None:
    net = Neocortex(seed=1)
    made = group(net)
    net.initialize()
    saved = {**save_structure(made, state=True), "size": 9}
    structures = list(net.Structures)

    with pytest.raises(StructureError, match="cannot take this state"):
        remade(saved, net)

    assert net.Structures == structures
    net.simulate_iteration()


def test_the_page_on_copies_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    script = DOCS.read_text(encoding="utf-8").split("```python\n")[1].split("```")[0]
    names: dict[str, Any] = {}

    exec(compile(script, str(DOCS), "exec"), names)

    assert names["twin"].name == "cells 2"
    assert names["again"].size == 100
