"""The network: silent, seeded, and clear about what failed and where."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from conex_core import (
    KWTA,
    LIF,
    Behavior,
    Fire,
    InherentNoise,
    Neocortex,
    NeuronAxon,
    NeuronGroup,
    SynapseGroup,
    SynapseInit,
    TimeResolution,
    WeightInitializer,
    prioritize_behaviors,
)
from conex_core.errors import BehaviorError, ParameterError, StructureError


class Failing(Behavior):
    """Fail in iteration 3."""

    priority = 270

    def forward(self, owner: Any) -> None:
        if owner.iteration == 3:
            raise ZeroDivisionError("no luck")


class Counting(Behavior):
    """Count the steps."""

    priority = 400

    def initialize(self, owner: Any) -> None:
        owner.count = 0

    def forward(self, owner: Any) -> None:
        owner.count += 1


def noisy(network: Neocortex, name: str, size: int = 50) -> NeuronGroup:
    stack = [LIF(threshold=-60.0), InherentNoise(scale=3.0), Fire()]
    return NeuronGroup(network, size, stack, name)


def potentials(seed: int | None, *names: str) -> torch.Tensor:
    network = Neocortex(seed=seed)
    groups = [noisy(network, name) for name in names]
    network.initialize()
    network.simulate_iterations(20)
    return groups[names.index("a")].v


def test_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    network = Neocortex()
    noisy(network, "a")
    noisy(network, "a")

    network.initialize()
    network.simulate_iterations(5)
    network.set_behaviors("InherentNoise", False)

    assert capfd.readouterr() == ("", "")


def test_one_seed_gives_one_run() -> None:
    assert torch.equal(potentials(1, "a"), potentials(1, "a"))
    assert not torch.equal(potentials(1, "a"), potentials(2, "a"))


def test_a_group_elsewhere_changes_nothing_here() -> None:
    assert torch.equal(potentials(1, "a"), potentials(1, "b", "a"))


def test_groups_do_not_share_their_noise() -> None:
    network = Neocortex(seed=1)
    first, second = noisy(network, "a"), noisy(network, "b")
    network.initialize()

    network.simulate_iteration()

    assert not torch.equal(first.v, second.v)


def test_without_a_seed_the_global_generator_is_used() -> None:
    torch.manual_seed(5)
    first = potentials(None, "a")
    torch.manual_seed(5)

    assert torch.equal(first, potentials(None, "a"))


def test_a_failing_step_names_object_behavior_priority_and_iteration() -> None:
    network = Neocortex()
    NeuronGroup(network, 2, [LIF(), Failing()], "exc")
    network.initialize()

    with pytest.raises(BehaviorError) as caught:
        network.simulate_iterations(5)

    error = caught.value
    assert (error.node, error.behavior, error.priority) == ("exc", "Failing", 270)
    assert (error.iteration, network.iteration) == (3, 3)
    assert isinstance(error.__cause__, ZeroDivisionError)


def test_a_failing_initialize_is_named_too() -> None:
    class Broken(Behavior):
        """Fail at once."""

        priority = 5

        def initialize(self, owner: Any) -> None:
            raise RuntimeError("no")

    network = Neocortex()
    NeuronGroup(network, 2, [Broken()], "exc")

    with pytest.raises(BehaviorError, match=r"exc › Broken .* while initialising: no"):
        network.initialize()


def test_running_before_initialize_is_refused() -> None:
    with pytest.raises(StructureError, match="call initialize"):
        Neocortex().simulate_iteration()


def test_what_is_missing_is_named_with_its_mend() -> None:
    network = Neocortex()
    NeuronGroup(network, 2, [KWTA()], "exc")

    with pytest.raises(StructureError, match=r"exc: .*\nKWTA on exc needs .*'v'.* Add LIF to exc"):
        network.initialize()


def test_a_foreign_behavior_may_provide_what_is_needed() -> None:
    from pymonntorch import Behavior as Foreign

    class Potential(Foreign):  # type: ignore[misc]  # pymonntorch has no types
        def initialize(self, neurons: Any) -> None:
            neurons.v = torch.ones(neurons.size)
            neurons.threshold = neurons.v_reset = torch.zeros(neurons.size)

        def forward(self, neurons: Any) -> None:
            neurons.v += 1

    network = Neocortex()
    group = NeuronGroup(network, 3, {260: Potential(), 300: KWTA(k=1)}, "exc")
    network.initialize()

    network.simulate_iterations(2)

    assert sorted(group.v.tolist()) == [0.0, 0.0, 3.0]


def test_a_switched_off_behavior_does_nothing() -> None:
    network = Neocortex()
    group = NeuronGroup(network, 2, [Counting()])
    network.initialize()
    network.simulate_iterations(2)

    group.behavior[400].behavior_enabled = False
    network.simulate_iterations(3)

    assert group.count == 2


def test_a_behavior_may_be_added_and_removed_between_steps() -> None:
    network = Neocortex(seed=1)
    group = NeuronGroup(network, 2, [LIF()], "exc")
    network.initialize()
    network.simulate_iteration()

    group.add_behavior(400, Counting())
    network.simulate_iterations(3)
    group.remove_behavior(400)
    network.simulate_iteration()

    assert group.count == 3
    with pytest.raises(StructureError, match="has a behavior at 260"):
        group.add_behavior(260, LIF())


def test_time_resolution_sets_dt() -> None:
    network = Neocortex(behavior=[TimeResolution(dt=0.5)])
    assert Neocortex(dt=0.25).dt == 0.25

    network.initialize()

    assert network.dt == 0.5


@pytest.mark.parametrize(
    "values", [{"dt": 0}, {"dt": float("nan")}, {"synapse_mode": "SxS"}, {"seed": 1.5}]
)
def test_wrong_settings_are_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ParameterError):
        Neocortex(**values)


def test_time_per_priority_can_be_measured() -> None:
    network = Neocortex()
    NeuronGroup(network, 2, [LIF(), Fire()])
    network.initialize()

    assert set(network.simulate_iteration(True)) == {260, 340}


def test_progress_is_told_per_batch() -> None:
    network, told = Neocortex(), []
    network.initialize()

    network.simulate_iterations(
        10, batch_size=5, batch_progress_update_func=lambda done, _: told.append(done)
    )

    assert told == [50.0, 100.0]


def test_weights_do_not_depend_on_other_synapses() -> None:
    def weights(*names: str) -> torch.Tensor:
        network = Neocortex(seed=1)
        group = NeuronGroup(network, 3, [LIF(), Fire(), NeuronAxon()], "exc")
        made = {
            name: SynapseGroup(
                network, group, group, name, [SynapseInit(), WeightInitializer(mode="rand")]
            )
            for name in names
        }
        network.initialize()
        found: torch.Tensor = made["s"].weights
        return found

    assert torch.equal(weights("s"), weights("r", "s"))


def test_behaviors_of_one_priority_are_all_kept_in_their_order() -> None:
    first, second, third = LIF(), Fire(), LIF()

    result = prioritize_behaviors([second, first, third])

    assert list(result.values()) == [first, third, second]
    assert result[260] is first
    assert [int(key) for key in result] == [260, 260, 340]


def test_a_class_without_priority_is_named() -> None:
    class Homeless(Behavior):
        """Have no place."""

    with pytest.raises(StructureError, match="Homeless"):
        prioritize_behaviors([Homeless()])
