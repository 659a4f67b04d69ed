"""Subclasses change the equation of a neuron through the methods that CoNeX had for it."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from conex_core import AELIF, ELIF, LIF, Fire, InherentNoise, Neocortex, NeuronGroup

KINDS = [LIF, ELIF, AELIF]
STEPS = 200


def leaking_twice(kind: type[LIF]) -> type[LIF]:
    class Leaky(kind):  # type: ignore[misc, valid-type]
        def _Fu(self, neurons: Any) -> torch.Tensor:
            return super()._Fu(neurons) + (neurons.v_rest - neurons.v)

    return Leaky


def written_anew(kind: type[LIF]) -> type[LIF]:
    """Return ``kind`` with its own equation written out, as a script would."""

    class Anew(kind):  # type: ignore[misc, valid-type]
        def _Fu(self, neurons: Any) -> torch.Tensor:
            leak = neurons.v_rest - neurons.v
            if kind is LIF:
                return leak
            exponent = (neurons.v - neurons.theta_rh) / neurons.delta
            return leak + neurons.delta * torch.exp(exponent.clamp(max=50))

        def _RIu(self, neurons: Any) -> torch.Tensor:
            if kind is not AELIF:
                return neurons.R * neurons.I
            return neurons.R * neurons.I - neurons.R * neurons.omega

    return Anew


def history(neuron: LIF, engine: str = "auto") -> list[torch.Tensor]:
    network = Neocortex(seed=3, engine=engine)
    group = NeuronGroup(network, 20, [neuron, InherentNoise(scale=4), Fire()])
    network.initialize()
    found = []
    for _ in range(STEPS):
        network.simulate_iteration()
        found.append(group.v.clone())
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_equation_in_hooks_gives_the_same_numbers(kind: type[LIF]) -> None:
    plain, anew = history(kind()), history(written_anew(kind)())

    assert torch.allclose(torch.stack(plain), torch.stack(anew), rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("engine", ["auto", "reference"])
def test_a_hook_acts_in_every_engine(kind: type[LIF], engine: str) -> None:
    plain, leaky = history(kind(), engine), history(leaking_twice(kind)(), engine)

    assert not torch.equal(plain[5], leaky[5])
    assert torch.equal(leaky[-1], history(leaking_twice(kind)(), "reference")[-1])


@pytest.mark.parametrize("kind", KINDS)
def test_a_hook_that_is_put_on_an_object_acts_too(kind: type[LIF]) -> None:
    neuron = kind()
    neuron._RIu = lambda neurons: torch.full_like(neurons.v, 100.0)  # type: ignore[method-assign]

    assert not torch.equal(history(neuron)[0], history(kind())[0])


def test_the_adaptation_can_be_written_anew() -> None:
    class Frozen(AELIF):
        def domega_dt(self, neurons: Any) -> torch.Tensor:
            return torch.zeros_like(neurons.omega)

    class Same(AELIF):
        def domega_dt(self, neurons: Any) -> torch.Tensor:
            return super().domega_dt(neurons)

    frozen, same, plain = history(Frozen()), history(Same()), history(AELIF())

    assert torch.allclose(torch.stack(same), torch.stack(plain), rtol=1e-4, atol=1e-3)
    assert not torch.equal(frozen[-1], plain[-1])
