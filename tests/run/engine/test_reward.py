"""Learning by reward in kernels: what tells the reward, and when it counts."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from conex_core import Behavior, Dopamine, Neocortex, SimpleRSTDP, SparseRSTDP
from conex_core.run.engine.report import report
from tests.run.engine.nets import Recipe, made, same

_EXCITED = [
    *(("SimpleDendriteStructure", {}), ("SimpleDendriteComputation", {})),
    *(("LIF", {"threshold": -60.0}), ("InherentNoise", {"scale": 6.0})),
    *(("Fire", {}), ("NeuronAxon", {})),
]


class TellsPayoff(Behavior):
    """Reward every fifth iteration, from a group."""

    priority = 270

    def forward(self, owner: Any) -> None:
        owner.network.payoff = 0.4 * (owner.iteration % 5 == 0)


class ReplacesDopamine(Behavior):
    """Put another tensor in the place of the dopamine, from a group."""

    priority = 270

    def forward(self, owner: Any) -> None:
        owner.network.dopamine_concentration = torch.tensor(0.01 * owner.iteration)


def network(engine: str, kind: str = "Simple", **rule: Any) -> Neocortex:
    """Return two groups that learn by reward, all to all or sparsely."""
    drawn = {"mode": "uniform(0, 1)", "density": 0.5 if kind == "Sparse" else 1.0}
    stack = [
        *(("SynapseInit", {}), ("WeightInitializer", drawn), (f"{kind}DendriticInput", {})),
        *(("PreSpikeCatcher", {}), ("PostSpikeCatcher", {}), ("PreTrace", {}), ("PostTrace", {})),
        (f"{kind}RSTDP", {"a_plus": 0.05, "a_minus": 0.06, **rule}),
    ]
    return made(Recipe(((30, _EXCITED), (30, _EXCITED)), ((0, 1, stack),)), engine)


def rule_of(net: Neocortex) -> Any:
    """Return the rule that learns."""
    found = net.SynapseGroups[0].behavior.values()
    return next(item for item in found if isinstance(item, SimpleRSTDP | SparseRSTDP))


@pytest.mark.parametrize("kind", ["Simple", "Sparse"])
@pytest.mark.parametrize("payoff", [0.2, torch.tensor(-0.3)], ids=["number", "tensor"])
def test_a_payoff_set_between_runs_counts_from_there_on(kind: str, payoff: Any) -> None:
    fused, reference = network("fused", kind), network("reference", kind)

    for given in (0.0, payoff, 0.0):
        for net in (fused, reference):
            net.payoff = given
            net.simulate_iterations(15)

        same(fused, reference)
    assert report(fused).is_batched


@pytest.mark.parametrize("kind", ["Simple", "Sparse"])
def test_a_rule_that_rests_and_one_that_changes_are_followed(kind: str) -> None:
    fused, reference = network("fused", kind), network("reference", kind)

    for enabled, tau_c in ((True, 200.0), (False, 200.0), (True, 15.0)):
        for net in (fused, reference):
            rule_of(net).behavior_enabled = enabled
            rule_of(net).change_parameter(net.SynapseGroups[0], "tau_c", tau_c)
            net.simulate_iterations(15)

        same(fused, reference)


@pytest.mark.parametrize("teller", [TellsPayoff, ReplacesDopamine])
def test_what_a_group_tells_of_reward_counts_at_once(teller: type[Behavior]) -> None:
    fused, reference = network("fused"), network("reference")
    for net in (fused, reference):
        net.NeuronGroups[0].add_behavior(270, teller())

    fused.simulate_iterations(40)
    reference.simulate_iterations(40)

    same(fused, reference)
    mine = [line.behavior for line in report(fused).lines if not line.reason]
    assert SimpleRSTDP.__name__ in mine
    assert Dopamine.__name__ not in mine
