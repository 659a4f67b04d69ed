"""Any device: a step neither asks for a value nor mixes devices.

Once built, everything that a network holds is moved to torch's ``meta`` device,
which has shapes and no values: asking it for one raises. Joining what lies on it with
what lies elsewhere is found here.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from golden_networks import CASES, built
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_flatten

from conex_core import LIF, Behavior, Neocortex, NeuronGroup
from conex_core.behaviors.buffers import Delays, version_of
from conex_core.errors import BehaviorError

META = torch.device("meta")


def is_network(case: Path) -> bool:
    return json.loads(case.read_text())["kind"] == "network"


class OneDevice(TorchDispatchMode):
    """Refuse an operation on tensors of several devices; single numbers may come from the host."""

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Any = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        values = tree_flatten((args, kwargs))[0]
        devices = {each.device for each in values if isinstance(each, torch.Tensor) and each.dim()}
        if len(devices) > 1:
            raise RuntimeError(f"{func} joins {devices}")
        return func(*args, **(kwargs or {}))


class Mover:
    """Replace every tensor that can be reached from an object, each by one of its own."""

    def __init__(self) -> None:
        self.moved: dict[int, Any] = {}
        self.kept: list[Any] = []  # or another object could get the number of one that is gone

    def __call__(self, held: Any) -> Any:
        if id(held) in self.moved:
            return self.moved[id(held)]
        self.kept.append(held)
        self.moved[id(held)] = held
        if isinstance(held, torch.Tensor):
            self.moved[id(held)] = on_meta(held)
        elif isinstance(held, torch.device):
            self.moved[id(held)] = META
        elif isinstance(held, dict):
            held.update({key: self(value) for key, value in held.items()})
        elif isinstance(held, list):
            held[:] = [self(value) for value in held]
        elif isinstance(held, tuple) and not hasattr(held, "_fields"):
            self.moved[id(held)] = tuple(self(value) for value in held)
        elif type(held).__module__.startswith(("conex_core", "pymonntorch", "golden_networks")):
            for name, value in getattr(held, "__dict__", {}).items():
                held.__dict__[name] = self(value)
            if isinstance(held, Delays):  # what they have looked at is what was moved
                held._version = version_of(held._seen)
        return self.moved[id(held)]


def on_meta(tensor: torch.Tensor) -> torch.Tensor:
    if tensor.layout is not torch.sparse_csr:
        return tensor.to(META)
    parts = (tensor.crow_indices(), tensor.col_indices(), tensor.values())  # to() loses them
    moved = [part.to(META) for part in parts]
    return torch.sparse_csr_tensor(*moved, size=tensor.shape, check_invariants=False)


@pytest.mark.parametrize("case", list(filter(is_network, CASES)), ids=lambda path: path.stem)
def test_a_step_runs_on_any_device(case: Path) -> None:
    described = json.loads(case.read_text())
    network = built(described)
    network.engine = "reference"
    network.initialize(info=False)

    Mover()(network)
    with OneDevice():
        network.simulate_iterations(min(described["steps"], 3))

    assert all(group.v.device == META for group in network.NeuronGroups if hasattr(group, "v"))


@pytest.mark.parametrize(
    "ask", [lambda v: bool(v.any()), lambda v: v.add_(torch.ones(len(v)))], ids=["reads", "mixes"]
)
def test_a_step_that_asks_the_device_is_found(ask: Callable[[torch.Tensor], Any]) -> None:
    class Asking(Behavior):
        def forward(self, owner: Any) -> None:
            ask(owner.v)

    network = Neocortex(engine="reference")
    NeuronGroup(network, 4, {260: LIF(), 270: Asking()})
    network.initialize(info=False)

    Mover()(network)

    with OneDevice(), pytest.raises(BehaviorError, match="Asking"):
        network.simulate_iteration()
