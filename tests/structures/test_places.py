"""Random numbers of an object: they derive from its place, and from no other object."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from conex_core import (
    LIF,
    Container,
    CorticalColumn,
    CorticalLayer,
    CorticalLayerConnection,
    Fire,
    InherentNoise,
    InputLayer,
    Layer,
    Neocortex,
    NeuronGroup,
    SynapseGroup,
    Synapsis,
    Uniform,
    WeightInitializer,
    replicate,
)
from conex_core.state import State

Add = Callable[[Neocortex, str], object]


def _group(net: Neocortex, tag: str | None = "exc", **given: Any) -> NeuronGroup:
    return NeuronGroup(
        net, 3, [LIF(init_v=Uniform(-70, -55)), InherentNoise(), Fire()], tag, **given
    )


def _weights() -> list[Any]:
    return [WeightInitializer(mode=Uniform(0, 1))]


def _synapse(net: Neocortex, source: Any, target: Any, tag: str | None = None) -> SynapseGroup:
    return SynapseGroup(net, source, target, tag, _weights())


def _alone(net: Neocortex, name: str) -> object:
    return _group(net, name)


def _unnamed(net: Neocortex, name: str) -> object:
    return _synapse(net, _group(net, None), _group(net, name))


def _layer(net: Neocortex, name: str) -> object:
    exc, inh = _group(net, "exc"), _group(net, "inh")
    return CorticalLayer(net, exc, inh, [_synapse(net, exc, inh, "Proximal")], tag=name)


def _container(net: Neocortex, name: str) -> object:
    return Container(net, [_layer(net, "L4"), _group(net, "exc")], tag=name)


def _column(net: Neocortex, name: str) -> object:
    layers = {"L4": _layer(net, "L4"), "L23": _layer(net, "L23")}
    joined = CorticalLayerConnection(net, connections=[("exc_pop", "exc_pop", _weights(), None)])
    return CorticalColumn(net, layers, [("L4", "L23", joined)], tag=name)


def _joined(net: Neocortex, name: str) -> object:
    ends = _layer(net, name), _layer(net, f"{name} above")
    return Synapsis(net, *ends, "exc", "inh", synapsis_behavior=_weights(), tag="feed")


def _pair(net: Neocortex, name: str) -> object:
    groups = [_group(net, "exc"), _group(net, "exc")]
    return Layer(net, groups, [_synapse(net, *groups), _synapse(net, *groups)], tag=name)


def _shown(net: Neocortex, name: str) -> object:
    data = [(torch.ones(1, 2, 3), torch.zeros(1, 2))]
    return InputLayer(
        net, data, sensory_size=3, sensory_data_dim=1, tag=name, sensory_user_defined=_noise()
    )


def _noise() -> dict[int, Any]:
    return {InherentNoise.priority or 0: InherentNoise(), 200: LIF()}


_PARTS: tuple[Add, ...] = (_alone, _unnamed, _layer, _container, _column, _joined, _pair)
_NAMES = ("exc", "inh", "L4", "L23", "a/b", "exc#2", "L4/exc", "NeuronGroup_1")
_steps = st.lists(st.tuples(st.sampled_from(_PARTS), st.sampled_from(_NAMES)), max_size=3)


def _seeds(owners: list[Any]) -> list[int]:
    return [
        behavior.generator.initial_seed()
        for owner in owners
        for _, behavior in sorted(owner.behavior.items())
        if behavior.generator is not None
    ]


def _started(parts: list[tuple[Add, str]]) -> Neocortex:
    net = Neocortex(seed=5, engine="reference")
    for add, name in parts:
        add(net, name)
    net.initialize(warnings=False)
    return net


@settings(max_examples=15, deadline=None)
@given(first=_steps, more=_steps)
def test_nothing_that_is_added_changes_what_was_there(first: Any, more: Any) -> None:
    alone, both = _started(first), _started([*first, *more])
    alone.simulate_iterations(3)
    both.simulate_iterations(3)

    mine = both.Structures[: len(alone.Structures)]

    assert _seeds(mine) == _seeds(alone.Structures)
    for one, other in zip(alone.NeuronGroups, both.NeuronGroups, strict=False):
        assert torch.equal(one.v, other.v)
    for one, other in zip(alone.SynapseGroups, both.SynapseGroups, strict=False):
        assert torch.equal(one.weights, other.weights)


@settings(max_examples=15, deadline=None)
@given(before=_steps, last=st.sampled_from(_PARTS))
def test_nothing_made_before_changes_what_has_a_name_of_its_own(before: Any, last: Add) -> None:
    alone = _started([(last, "mine")])

    after = _started([*before, (last, "mine")])

    mine = after.Structures[-len(alone.Structures) :]
    named = [place for place, owner in enumerate(alone.Structures) if "mine" in _way(owner)]
    assert named
    assert _seeds([mine[k] for k in named]) == _seeds([alone.Structures[k] for k in named])


@settings(max_examples=15, deadline=None)
@given(parts=_steps)
def test_no_two_behaviors_draw_the_same_numbers(parts: Any) -> None:
    net = _started(parts)

    seeds = _seeds(net.Structures)

    assert len(seeds) == len(set(seeds))
    assert len({net.key_of(owner) for owner in net.all_objects()}) == len(net.all_objects())


def _way(owner: Any) -> str:
    return "" if owner is None else f"{_way(owner.home)}/{owner.given_name}"


def test_a_second_layer_with_inner_tags_of_the_same_names_changes_nothing() -> None:
    one, two = _started([(_layer, "L4")]), _started([(_layer, "L4"), (_layer, "L23")])

    for net in (one, two):
        net.simulate_iterations(20)

    assert torch.equal(one["exc", 0].v, two.NeuronGroups[0].v)
    assert not torch.equal(two.NeuronGroups[0].v, two.NeuronGroups[2].v)


def test_the_place_is_the_way_from_the_network() -> None:
    net = _started([(_column, "column"), (_shown, "eye"), (_alone, "exc")])

    places = [net.place_of(owner) for owner in net.all_objects()]

    assert places[0] == "Neocortex"
    assert {"column/L4/exc", "column/L23/inh", "column/L4/Proximal"} < set(places)
    assert "column/CorticalLayerConnection_1/column/L4/exc to column/L23/exc" in places
    assert {"eye", "eye.sensory", "exc"} < set(places)


def test_a_structure_made_around_others_later_leaves_those_that_are_in_one() -> None:
    net, seen = _started([(_layer, "L4")]), _started([(_layer, "L4")])

    Container(seen, [seen.NeuronGroups[0]], tag="view")
    seen.initialize(warnings=False)

    assert _seeds(seen.NeuronGroups) == _seeds(net.NeuronGroups)


def test_a_key_says_all_wherever_the_object_is() -> None:
    net, other = Neocortex(seed=1), Neocortex(seed=1)
    Container(net, [_group(net, "a", key="mine")], tag="one")
    Container(other, [Container(other, [_group(other, "b", key="mine")], tag="two")], tag="three")

    for each in (net, other):
        each.initialize(warnings=False)

    assert _seeds(net.NeuronGroups) == _seeds(other.NeuronGroups)


def test_flat_networks_draw_what_they_always_drew() -> None:
    net = Neocortex(seed=7)
    first, second = _group(net, "exc"), _group(net, "exc")
    unnamed = _group(net, None)
    net.initialize(warnings=False)

    assert [net.place_of(owner) for owner in (first, second, unnamed)] == [
        "exc",
        "exc#2",
        "NeuronGroup_1",
    ]


def test_two_classes_of_one_name_draw_different_numbers() -> None:
    own = type("InherentNoise", (InherentNoise,), {"__module__": __name__})
    net = Neocortex(seed=7)
    group = NeuronGroup(net, 3, {260: LIF(), 340: InherentNoise(), 341: own(), 380: Fire()}, "e")

    net.initialize(warnings=False)

    seeds = _seeds([group])
    assert len(seeds) == len(set(seeds)) == 4


def test_a_copy_in_another_network_draws_the_same_numbers() -> None:
    net, other = _started([(_column, "column")]), Neocortex(seed=5)
    _layer(other, "something else")

    replicate(net["column", 0], other)
    other.initialize(warnings=False)

    made = other.Structures[-len(net.Structures) :]
    drawn = {net.place_of(owner): _seeds([owner]) for owner in net.Structures}
    assert {other.place_of(owner): _seeds([owner]) for owner in made} == drawn


def test_a_copy_in_its_own_network_draws_numbers_of_its_own() -> None:
    net = _started([(_column, "column")])

    replicate(net["column", 0], net)
    net.initialize(warnings=False)

    seeds = _seeds(net.Structures)
    assert len(seeds) == len(set(seeds))
    assert "column 2/L4/exc" in [net.place_of(owner) for owner in net.NeuronGroups]


@pytest.mark.parametrize("names", [("L4",), ("L4", "L23")])
def test_states_go_by_the_keys_that_they_always_went_by(
    names: tuple[str, ...], tmp_path: Path
) -> None:
    net = _started([(_layer, name) for name in names])
    net.state().save(tmp_path / "state.safetensors")

    state = State.load(tmp_path / "state.safetensors")
    net.simulate_iterations(2)
    net.restore(state)

    inner = {"exc", "inh", "Proximal"}
    expected = inner if len(names) == 1 else {f"{name}/{part}" for name in names for part in inner}
    assert set(state.values) == {"Neocortex", *names, *expected}
    assert net.iteration == 0
    assert not {"is_keyed", "is_unnamed"} & set(
        state.values["exc" if len(names) == 1 else "L4/exc"]
    )
