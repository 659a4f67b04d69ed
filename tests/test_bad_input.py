"""Numbers of every wrong type and size in the public calls: they work, or are refused in words.

Never an error of Python, numpy or torch, never a wait without end or gigabytes.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st

from conex_core import (
    LIF,
    Fire,
    InherentNoise,
    InputLayer,
    Neocortex,
    NeuronAxon,
    NeuronGroup,
)
from conex_core.distributions import Choice, Constant, LogNormal, Normal, Uniform
from conex_core.errors import ConexError
from conex_core.helpers import (
    Conv2dFilter,
    DoGFilter,
    EncodedDataset,
    GaborFilter,
    GridCropMask,
    GridEraseMask,
    GridKeepMask,
    Intensity2Latency,
    MaskBuilder,
    Poisson,
    PoissonEncoder,
    SimplePoisson,
    SqueezeTransform,
    SwapTransform,
    UnsqueezeTransform,
    accuracy,
    assign_labels,
    normalize_tensor,
    predict,
)
from conex_core.helpers.data import noise_samples
from conex_core.helpers.sampling import sample
from conex_core.helpers.visualization.plots.rate import population_rate
from conex_core.run.session import Session

FEW = st.one_of(
    st.integers(-3, 12),
    st.floats(-3, 12),
    st.sampled_from(
        [np.int8(3), np.int64(4), np.uint8(2), np.float32(2.5), np.float64(3), np.bool_(True)]
    ),
    st.sampled_from([torch.tensor(3), torch.tensor(2.5), torch.tensor(True), np.array(3)]),
)
ODD = st.sampled_from(
    [
        *(None, True, False, "3", "", b"3", 1 + 2j, object(), int, print, {}, [], (), [1], (2, 2)),
        *(math.nan, math.inf, -math.inf, 1e30, -1e30, 1e-300, 5e-324, 1.7e308),
        *(10**30, -(10**30), 10**400, 2**31, 2**53 + 1, 2**63, -(2**63) - 1, 2**64),
        *(np.float32(np.nan), np.float64(np.inf), np.uint64(2**64 - 1), np.int64(-(2**63))),
        *(np.array([1, 2]), np.array("3"), np.array([]), np.array(1 + 2j), np.array(object())),
        *(torch.tensor([1, 2]), torch.tensor([]), torch.tensor(math.nan), torch.tensor(1 + 2j)),
        *(Decimal("2.5"), Fraction(5, 2), range(3), {1, 2}, slice(3), np.datetime64("2020")),
    ]
)
ANY = st.one_of(FEW, ODD)
IMAGE = torch.rand(1, 8, 8, generator=torch.Generator().manual_seed(1))
PIXELS = IMAGE[0, :2, :2]


def works_or_is_refused(call: Callable[..., Any], *values: Any) -> bool:
    """Return True; any error but one of ours leaves as it is."""
    try:
        call(*values)
    except ConexError as error:
        return bool(str(error))
    return True


HELPERS: dict[str, Callable[..., Any]] = {
    "PoissonEncoder": lambda a, b, c: PoissonEncoder(a, b, c).encode(PIXELS),
    "PoissonEncoder rate": lambda a, b, c: PoissonEncoder(a, 10, seed=b).encode(PIXELS),
    "SimplePoisson": lambda a, b, c: SimplePoisson(a, b, seed=c).encode(PIXELS),
    "Poisson": lambda a, b, c: Poisson(a, b, seed=c).encode(PIXELS),
    "generator": lambda a, b, c: Poisson(3, 0.5, generator=a).encode(PIXELS),
    "Intensity2Latency": lambda a, b, c: Intensity2Latency(a, b, c).encode(PIXELS),
    "Intensity2Latency range": lambda a, b, c: Intensity2Latency(5, min_val=a, max_val=b).encode(
        PIXELS
    ),
    "encode": lambda a, b, c: [
        encoder.encode(a)
        for encoder in (PoissonEncoder(duration=2), Poisson(2, 1.0), Intensity2Latency(2))
    ],
    "MaskBuilder": lambda a, b, c: MaskBuilder(a, b).full(),
    "rectangle": lambda a, b, c: MaskBuilder(8, 8).rectangle(a, b, c, 3),
    "circle": lambda a, b, c: MaskBuilder(8, 8).circle((a, b), c),
    "circle centre": lambda a, b, c: MaskBuilder(8, 8).circle(a, 2),
    "grid": lambda a, b, c: MaskBuilder(8, 8).grid(a, b, (c, 0)),
    "grid cell": lambda a, b, c: MaskBuilder(8, 8).grid(2, 2, a),
    "random": lambda a, b, c: MaskBuilder(8, 8).random(a, seed=b),
    "GridCropMask": lambda a, b, c: GridCropMask(a, b, random=True, seed=c)(IMAGE),
    "GridKeepMask": lambda a, b, c: GridKeepMask(2, 2, gap=(a, b, c, 0))(IMAGE),
    "GridEraseMask": lambda a, b, c: GridEraseMask(2, 2, gap=a)(IMAGE),
    "DoGFilter": lambda a, b, c: DoGFilter(a, b, c),
    "DoGFilter step": lambda a, b, c: DoGFilter(5, 1.0, 2.0, step=a),
    "GaborFilter": lambda a, b, c: GaborFilter(5, a, b, c, 1.0),
    "GaborFilter gamma": lambda a, b, c: GaborFilter(a, 2.0, 0.0, 1.0, b, step=c),
    "Conv2dFilter": lambda a, b, c: Conv2dFilter(torch.ones(1, 1, 3, 3), a, b)(IMAGE),
    "normalize_tensor": lambda a, b, c: normalize_tensor(PIXELS, a, b),
    "normalize_tensor x": lambda a, b, c: normalize_tensor(a),
    "UnsqueezeTransform": lambda a, b, c: UnsqueezeTransform(a)(IMAGE),
    "SqueezeTransform": lambda a, b, c: SqueezeTransform(a)(IMAGE),
    "SwapTransform": lambda a, b, c: SwapTransform(a, b)(IMAGE),
    "noise_samples": lambda a, b, c: noise_samples((a, b)),
    "EncodedDataset": lambda a, b, c: EncodedDataset(
        IMAGE, torch.zeros(1), PoissonEncoder(), seed=a
    ),
    "sample": lambda a, b, c: sample(a, (2,)),
    "sample shape": lambda a, b, c: sample(1.0, a),
    "Uniform": lambda a, b, c: sample(Uniform(a, b), (2,)),
    "Normal": lambda a, b, c: sample(Normal(a, b), (2,)),
    "LogNormal": lambda a, b, c: sample(LogNormal(a, b), (2,)),
    "Constant": lambda a, b, c: sample(Constant(a), (2,)),
    "Choice": lambda a, b, c: sample(Choice((a, b), (c, 1)), (2,)),
    "assign_labels": lambda a, b, c: assign_labels([[a, 1], [2, b]], [0, c]),
    "predict": lambda a, b, c: predict([[a, 1]], [b, c]),
    "accuracy": lambda a, b, c: accuracy([1, 2], [1, 2]),
    "population_rate": lambda a, b, c: population_rate([1, 2], [0.0, 5.0], size=a, dt=b),
}


@pytest.mark.parametrize("call", HELPERS.values(), ids=HELPERS.keys())
@settings(max_examples=60, deadline=None, derandomize=True)
@given(values=st.tuples(ANY, ANY, ANY))
def test_helpers_work_or_refuse_in_words(
    call: Callable[..., Any], values: tuple[Any, Any, Any]
) -> None:
    assert works_or_is_refused(call, *values)


def net_of(**settings: Any) -> Neocortex:
    network = Neocortex(seed=1, **settings)
    NeuronGroup(network, 3, [LIF(), InherentNoise(), Fire(), NeuronAxon()], "exc")
    return network


RUNNING = net_of(engine="reference")
RUNNING.initialize()
SESSION = Session(RUNNING)
# A long run is what was asked for: nobody can refuse it, and no test waits for it.
COUNTS = ANY.filter(lambda value: not _is_many(value))


def _is_many(value: Any) -> bool:
    try:
        return 1000 < float(value) < 2**63
    except (TypeError, ValueError, OverflowError, RuntimeError):
        return False


NETWORKS: dict[str, Callable[..., Any]] = {
    "dt": lambda a, b: Neocortex(dt=a).initialize(),
    "seed": lambda a, b: Neocortex(seed=a),
    "threads": lambda a, b: Neocortex(threads=a, engine=b),
    "size": lambda a, b: NeuronGroup(Neocortex(), a if _is_small(a) else -1, [], "x"),
    "grid": lambda a, b: NeuronGroup(Neocortex(), (1, a, b) if _is_small(a, b) else -1, [], "x"),
    "layer": lambda a, b: InputLayer(Neocortex(), [], instance_duration=a, silent_interval=b),
    "simulate_iterations": lambda a, b: RUNNING.simulate_iterations(a, b),
    "run": lambda a, b: SESSION.run(a),
    "advance": lambda a, b: SESSION.advance(a, b),
    "set_parameter": lambda a, b: RUNNING.exc.behavior[260].change_parameter(RUNNING.exc, "tau", a),
}


def _is_small(*values: Any) -> bool:
    return not any(_is_many(value) for value in values)


@pytest.mark.parametrize("call", NETWORKS.values(), ids=NETWORKS.keys())
@settings(max_examples=120, deadline=None, derandomize=True)
@given(first=COUNTS, second=COUNTS)
@example(first=2.5, second=1)
@example(first=-1, second=1)
@example(first=2**63, second=1)
@example(first=1e30, second=1)
def test_networks_and_sessions_work_or_refuse_in_words(
    call: Callable[..., Any], first: Any, second: Any
) -> None:
    assert works_or_is_refused(call, first, second)


REFUSED = [2.5, -1, math.nan, math.inf, 1e30, 2**63, True, "3", None, np.bool_(True), [3]]
WHOLE = [3, 3.0, np.int8(3), np.uint64(3), np.int64(3), np.array(3), torch.tensor(3), np.float32(3)]
STEPPING: dict[str, Callable[..., Any]] = {
    "simulate_iterations": lambda net, steps: net.simulate_iterations(steps),
    "batch_size": lambda net, steps: net.simulate_iterations(3, batch_size=steps),
    "Session.run": lambda net, steps: Session(net).run(steps),
    "Session.advance": lambda net, steps: Session(net).advance(steps, 10.0),
}


@pytest.mark.parametrize("steps", WHOLE, ids=[repr(steps) for steps in WHOLE])
@pytest.mark.parametrize("call", STEPPING.values(), ids=STEPPING.keys())
def test_every_kind_of_whole_number_counts_iterations(call: Callable[..., Any], steps: Any) -> None:
    network = net_of(engine="reference")
    network.initialize()

    call(network, steps)

    assert network.iteration == 3
    assert type(network.iteration) is int


@pytest.mark.parametrize("steps", REFUSED, ids=[repr(steps) for steps in REFUSED])
@pytest.mark.parametrize("call", STEPPING.values(), ids=STEPPING.keys())
def test_what_counts_nothing_is_refused_before_anything_runs(
    call: Callable[..., Any], steps: Any
) -> None:
    network = net_of(engine="reference")
    network.initialize()
    if steps == -1 and call is STEPPING["batch_size"]:
        steps = -2  # -1 is one batch, as in pymonntorch

    with pytest.raises(ConexError, match=r"steps|iterations|batch_size"):
        call(network, steps)

    assert network.iteration == 0
