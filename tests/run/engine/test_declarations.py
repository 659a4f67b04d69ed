"""Declarations of kernels: what they say, and what is refused."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import torch

from conex_core import Behavior, Neocortex, NeuronGroup, prioritize_behaviors
from conex_core.behaviors.neurons import LIF, Fire
from conex_core.behaviors.timing import time_step
from conex_core.parameters import Number
from conex_core.run.engine import lowering
from conex_core.run.engine.families.dynamics import lif
from conex_core.run.engine.program import Program, taken_of
from conex_core.run.engine.report import report
from conex_core.run.engine.signature import Signature
from conex_core.run.engine.taken import Cell, NotFused


def test_arguments_have_names_types_and_shapes() -> None:
    found = Signature(
        "it", "v, I: f4[n]; w: f4[n, m+1]; all: f4[*k]; one: f4[]; decays: int; dt: real"
    )

    kinds = {name: (item.kind, item.shape) for name, item in found.arguments.items()}
    assert kinds["v"] == kinds["I"] == ("f4", (("n", 0),))
    assert kinds["w"] == ("f4", (("n", 0), ("m", 1)))
    assert kinds["one"] == ("f4", ())
    assert found.arguments["all"].is_flat
    assert {"n", "m", "k", "decays"} <= {item.name for item in found.fixed}
    assert [item.name for item in found.live] == ["dt"]
    assert sorted(item.cell for item in found.arguments.values()) == list(range(1, 11))


@pytest.mark.parametrize("text", ["v: f3[n]", "v f4[n]", "v: f4[n]; v: real", "v: f4[n"])
def test_what_is_no_declaration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"declaration|twice"):
        Signature("it", text)


def given(**other: object) -> dict[str, object]:
    names = ("v", "I", "R", "v_rest", "tau")
    return {name: taken_of(torch.ones(3), name) for name in names} | {"n": 3} | other


def add(**other: object) -> None:
    Program(Neocortex()).add(lif, live=lambda: {"dt": 1.0}, **given(**other))


@pytest.mark.parametrize(
    ("tensor", "told"),
    [
        (torch.ones(4), r"v has the shape \(4,\), the kernel takes 3"),
        (torch.tensor(1.0), r"v has the shape \(\), the kernel takes 3"),
        (torch.ones(3).double(), "v is float64, kernels take float32"),
    ],
)
def test_a_tensor_that_is_not_what_was_declared_is_not_taken(tensor, told) -> None:
    with pytest.raises(NotFused, match=told):
        add(v=taken_of(tensor, "v"))


@pytest.mark.parametrize(
    ("tensor", "told"),
    [
        (torch.ones(1).expand(3), "one piece"),
        (torch.ones(6)[::2], "one piece"),
        (torch.ones(3).to_sparse(), "plain"),
        (torch.nn.Parameter(torch.ones(3)), "plain"),
        (torch.ones(3, requires_grad=True), "account"),
        (None, "no tensor"),
    ],
)
def test_what_is_no_plain_memory_is_not_taken(tensor, told) -> None:
    with pytest.raises(NotFused, match=told):
        taken_of(tensor, "v")


def test_arguments_are_all_given_by_their_names() -> None:
    with pytest.raises(TypeError, match="was given"):
        add(w=3)
    with pytest.raises(TypeError, match="not float64"):
        add(v=Cell(size=3, dtype=np.float64))


class Forgetting(Behavior):
    """Let the potential return to rest, as the example of the documentation has it."""

    priority = 270
    tau = Number(default=20.0, above=0.0)

    def forward(self, owner) -> None:
        owner.v.add_((owner.v_rest - owner.v).mul_(time_step(owner) / self.tau))


Forgetting.forward.__module__ = "conex_core.behaviors.neurons.forgetting"
PAGE = Path(__file__).parents[3] / "resources/docs/contributing.md"


def forgetful(engine: str) -> Neocortex:
    net = Neocortex(seed=1, engine=engine)
    stack = [LIF(init_v="uniform(-65, -40)"), Forgetting(), Fire()]
    NeuronGroup(net, 9, prioritize_behaviors(stack), "exc")
    net.initialize(warnings=False)
    return net


def test_the_example_of_the_documentation_is_a_whole_family(monkeypatch, tmp_path: Path) -> None:
    text = PAGE.read_text(encoding="utf-8").partition("<!-- example: kernel -->\n```python\n")[2]
    text = text.partition("```")[0]
    (tmp_path / "forgetting_family.py").write_text(text, encoding="utf-8")
    behaviors = ModuleType("conex_core.behaviors.neurons.forgetting")
    behaviors.Forgetting = Forgetting
    monkeypatch.setitem(sys.modules, behaviors.__name__, behaviors)
    monkeypatch.syspath_prepend(tmp_path)
    family = import_module("forgetting_family")
    monkeypatch.setitem(lowering._table("LOWERINGS"), Forgetting, family.LOWERINGS[Forgetting])

    fused, reference = forgetful("fused"), forgetful("reference")
    for net in (fused, reference):
        net.simulate_iterations(10)

    assert report(fused).is_batched
    assert torch.equal(fused.exc.v, reference.exc.v)
