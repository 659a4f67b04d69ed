"""Times become iterations, and shares counts, as decimals do: halves up, never one short."""

from __future__ import annotations

import ast
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import conex_app
import conex_core
from conex_core import (
    Constant,
    DelayInitializer,
    Neocortex,
    NeuronGroup,
    PoissonEncoder,
    SynapseGroup,
    SynapseInit,
    WeightInitializer,
)
from conex_core.counting import first_step, iterations_of, last_step, part_of
from conex_core.distributions import Choice
from conex_core.errors import ParameterError
from conex_core.helpers.sampling import sample

STEPS_OF_TIME = st.sampled_from(["0.01", "0.025", "0.05", "0.1", "0.2", "0.3", "0.5", "1", "2"])
TIMES = st.decimals("0", "500", places=3)
FORMS: dict[str, Any] = {
    "number": float,
    "list": lambda ms: [float(ms)],
    "tuple": lambda ms: (float(ms),),
    "float64": lambda ms: np.float64(str(ms)),
    "float32": lambda ms: np.float32(str(ms)),
    "array": lambda ms: np.array([float(ms)]),
    "array32": lambda ms: np.array([float(ms)], np.float32),
    "scalar array": lambda ms: np.array(float(ms)),
    "tensor": lambda ms: torch.tensor([float(ms)], dtype=torch.float64),
    "tensor32": lambda ms: torch.tensor([float(ms)]),
    "scalar tensor": lambda ms: torch.tensor(float(ms)),
}


def nearest(ms: Decimal, dt: Decimal) -> int:
    return int((ms / dt).to_integral_value(ROUND_HALF_UP))


def delay_of(dt: Decimal, **given: Any) -> int:
    """Return the delay that a synapse group takes from ``given``."""
    network = Neocortex(dt=float(dt), seed=1)
    group = NeuronGroup(network, 1, [], "exc")
    stack = [SynapseInit(), DelayInitializer(unit="ms", **given)]
    synapses = SynapseGroup(network, group, group, "syn,Proximal", stack)
    for behavior in stack:
        behavior.initialize(synapses)
    return int(synapses.src_delay[0])


@settings(max_examples=60, deadline=None)
@given(ms=TIMES, dt=STEPS_OF_TIME.map(Decimal))
def test_a_delay_in_ms_is_the_nearest_iteration_in_every_form(ms: Decimal, dt: Decimal) -> None:
    wanted = nearest(ms, dt)

    found = {name: delay_of(dt, delays=form(ms)) for name, form in FORMS.items()}
    found |= {
        "constant": delay_of(dt, mode=Constant(float(ms))),
        "choice": delay_of(dt, mode=Choice((float(ms),))),
        "offset": delay_of(dt, mode="zeros", offset=float(ms)),
        "scale": delay_of(dt, mode="ones", scale=float(ms)),
    }

    assert found == dict.fromkeys(found, wanted)


@pytest.mark.parametrize(("ms", "wanted"), [("1.15", 12), ("0.05", 1), ("0.15", 2), ("0.04", 0)])
def test_halves_of_an_iteration_go_up(ms: str, wanted: int) -> None:
    assert delay_of(Decimal("0.1"), delays=float(ms)) == wanted


def test_the_time_step_may_be_of_single_precision() -> None:
    assert Neocortex(dt=np.float32(0.1)).dt == 0.1


@settings(max_examples=300, deadline=None)
@given(ms=st.decimals("0", "1e7", places=3), dt=STEPS_OF_TIME.map(Decimal))
def test_a_time_is_the_nearest_number_of_iterations(ms: Decimal, dt: Decimal) -> None:
    assert iterations_of(float(ms), float(dt)) == max(nearest(ms, dt), 1)


@settings(max_examples=300, deadline=None)
@given(ms=st.decimals("0", "1e7", places=3), dt=STEPS_OF_TIME.map(Decimal))
def test_a_span_of_time_begins_and_ends_at_its_own_iterations(ms: Decimal, dt: Decimal) -> None:
    below = int((ms / dt).to_integral_value(ROUND_FLOOR))
    is_whole = below * dt == ms

    assert last_step(float(ms), float(dt)) == below
    assert first_step(float(ms), float(dt)) == below + (not is_whole)


@settings(max_examples=300, deadline=None)
@given(total=st.integers(0, 10**10), share=st.decimals("0", "1", places=4))
def test_a_share_is_cut_off_and_never_one_short(total: int, share: Decimal) -> None:
    assert part_of(total, float(share)) == int(total * share)


@pytest.mark.parametrize("number", [2**53 - 1, 2**53 + 2, 10**18])
def test_numbers_beyond_fractions_stay_as_they_are(number: int) -> None:
    assert iterations_of(float(number), 1.0) == int(float(number))


def test_a_time_without_end_is_refused() -> None:
    with pytest.raises(ParameterError, match="must be finite, counted in iterations"):
        iterations_of(1e300, 1e-300)


@pytest.mark.parametrize(("density", "wanted"), [(0.29, 29), (0.57, 57), (0.58, 58), (0.295, 29)])
@pytest.mark.parametrize("form", [float, np.float32, torch.tensor])
def test_a_density_gives_as_many_connections_as_it_says(
    density: float, wanted: int, form: Any
) -> None:
    network = Neocortex(seed=1)
    group = NeuronGroup(network, 10, [], "exc")
    weights = WeightInitializer(mode="ones", density=form(density))
    synapses = SynapseGroup(network, group, group, "syn,Proximal", [SynapseInit(), weights])

    weights.initialize(synapses)

    assert synapses.weights.values().numel() == wanted


def test_an_encoder_has_the_nearest_number_of_steps() -> None:
    assert PoissonEncoder(rate=1, duration=2.5, dt=1.0).steps == 3
    assert PoissonEncoder(rate=1, duration=1.15, dt=0.1).steps == 12


@pytest.mark.parametrize("value", [1.1, [1.1], np.array([1.1])])
def test_a_network_of_doubles_takes_numbers_in_double_precision(value: Any) -> None:
    assert sample(value, (1,), dtype=torch.float64).tolist() == [1.1]


ROUNDS = {"round", "floor", "ceil", "int", "trunc"}
MODULES = [
    path
    for package in (conex_core, conex_app)
    for path in sorted(Path(package.__file__).parent.rglob("*.py"))
]


def divided_by_dt(tree: ast.AST) -> list[int]:
    """Return the lines where a quotient by dt is rounded by a function of its own."""
    return [
        call.lineno
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and getattr(call.func, "attr", name_of(call)) in ROUNDS
        for part in call.args
        if isinstance(part, ast.BinOp)
        and isinstance(part.op, ast.Div)
        and getattr(part.right, "attr", getattr(part.right, "id", "")) == "dt"
    ]


def name_of(call: ast.Call) -> str:
    return getattr(call.func, "id", "")


def test_nothing_else_turns_times_into_iterations() -> None:
    found = {
        path.name: lines
        for path in MODULES
        if (lines := divided_by_dt(ast.parse(path.read_text())))
    }

    assert found == {}
