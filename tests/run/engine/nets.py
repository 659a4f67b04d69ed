"""Networks for the engines, drawn at random or made for one purpose."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import torch
from hypothesis import strategies as st

import conex_core
from conex_core import Behavior, Neocortex, NeuronGroup, SynapseGroup, prioritize_behaviors

__all__ = ["Recipe", "Shove", "Stack", "equal", "grids", "made", "recipes", "same"]

Stack = list[tuple[str, dict[str, Any]]]


class Shove(Behavior):
    """Push every third neuron up, as a behavior of a user might; unknown to kernels."""

    priority = 270

    def forward(self, owner: Any) -> None:
        owner.v[::3] += 0.25 * (owner.iteration % 4)


@dataclass(frozen=True)
class Recipe:
    """Say what a network is made of; ``shoved`` groups have a behavior of a user."""

    groups: tuple[tuple[Any, Stack], ...]
    synapses: tuple[tuple[int, int, Stack], ...]
    dt: float = 1.0
    seed: int = 1
    shoved: frozenset[int] = field(default_factory=frozenset)


def made(recipe: Recipe, engine: str, threads: int = 1) -> Any:
    """Return the network of ``recipe``, initialized."""
    names = [name for _, _, stack in recipe.synapses for name, _ in stack]
    given = _REWARD if any(name.endswith("RSTDP") for name in names) else []
    own = prioritize_behaviors([getattr(conex_core, name)(**params) for name, params in given])
    net = Neocortex(dt=recipe.dt, seed=recipe.seed, engine=engine, threads=threads, behavior=own)
    groups = []
    for number, (size, stack) in enumerate(recipe.groups):
        behaviors = [getattr(conex_core, name)(**params) for name, params in stack]
        behaviors += [Shove()] if number in recipe.shoved else []
        tag = f"group{number}" + (",inh" if number % 2 else "")
        groups.append(NeuronGroup(net, size, prioritize_behaviors(behaviors), tag))
    for number, (src, dst, stack) in enumerate(recipe.synapses):
        behaviors = [getattr(conex_core, name)(**params) for name, params in stack]
        ends, tag = (groups[src], groups[dst]), f"syn{number},Proximal"
        SynapseGroup(net, *ends, tag, prioritize_behaviors(behaviors))
    net.initialize(warnings=False)
    return net


def same(one: Any, other: Any) -> None:
    """Assert that two networks hold the very same values."""
    mine, theirs = one.state(), other.state()
    assert mine.iteration == theirs.iteration
    for key, values in theirs.values.items():
        for name, value in values.items():
            assert equal(mine.values[key][name], value), f"{key}.{name}"


def equal(one: Any, other: Any) -> bool:
    if isinstance(other, torch.Tensor):
        if other.layout is not torch.strided:
            one, other = one.values(), other.values()
        return torch.equal(one, other)
    if isinstance(other, dict):
        return one.keys() == other.keys() and all(equal(one[key], other[key]) for key in other)
    if isinstance(other, list):
        return len(one) == len(other) and all(map(equal, one, other))
    return bool(one == other)


_DYNAMICS = st.sampled_from(
    [
        ("LIF", {"R": 6.0, "tau": 10.0, "threshold": -55.0}),
        ("LIF", {"tau": "uniform(8, 20)", "threshold": "normal(-56, 1)", "v_reset": -70.0}),
        ("ELIF", {"theta_rh": -57.0, "threshold": -50.0}),
        ("AELIF", {"beta": 0.8, "w_tau": 60.0, "threshold": -52.0}),
    ]
)
_NOISE = st.sampled_from(
    [
        ("InherentNoise", {"scale": 6.0}),
        ("InherentNoise", {"mode": "uniform(-1, 2)", "scale": 3.0, "offset": 0.3}),
        ("InherentNoise", {"mode": "normal(0.4, 1)", "scale": 3.0}),
        ("InherentNoise", {"mode": 1.5, "offset": 0.1}),
    ]
)
_EXTRAS = st.lists(
    st.sampled_from(
        [
            ("ActivityBaseHomeostasis", {"window_size": 7.0, "decay_rate": 0.9}),
            ("VoltageBaseHomeostasis", {"max_ta": -50.0, "min_ta": -70.0}),
            ("KWTA", {"k": 3}),
            ("KWTA", {"k": 1, "dimension": 0}),
        ]
    ),
    max_size=2,
    unique_by=lambda item: item[0],
)
_CURRENT = st.sampled_from([{}, {"I_tau": 5.0}])


@st.composite
def _stacks(draw: st.DrawFn, extras: st.SearchStrategy[Stack] = _EXTRAS) -> Stack:
    return [
        ("SimpleDendriteStructure", {"Proximal_max_delay": 5}),
        ("SimpleDendriteComputation", draw(_CURRENT)),
        draw(_DYNAMICS),
        draw(_NOISE),
        *draw(extras),
        ("Fire", {}),
        ("NeuronAxon", {"max_delay": 5}),
    ]


_BOUNDS = st.sampled_from([None, "soft_bound", "hard_bound"])
_DELAYS = st.sampled_from(
    [
        [],
        [("DelayInitializer", {"delays": 2})],
        [("DelayInitializer", {"mode": "uniform(0, 4.9)"})],
        [("DelayInitializer", {"mode": "uniform(0, 4.9)", "destination": True})],
    ]
)
_WEIGHTS = st.sampled_from(["uniform(0, 1.4)", "uniform(0, 1.4)", "uniform(-0.6, 0.8)"])
_REWARD: Stack = [("Payoff", {"initial_payoff": 0.03}), ("Dopamine", {"tau_dopamine": 40.0})]
_TRACES = [("PreTrace", {"tau_s": 12.0}), ("PostTrace", {"tau_s": 25.0})]


@st.composite
def _synapses(draw: st.DrawFn) -> Stack:
    kind = draw(st.sampled_from(["Simple", "Simple", "Sparse"]))
    learns = draw(st.sampled_from(["", "STDP", "STDP", "iSTDP", "RSTDP"]))
    drawn = {"mode": draw(_WEIGHTS), "density": 0.3 if kind == "Sparse" else 1.0}
    stack: Stack = [
        ("SynapseInit", {}),
        ("WeightInitializer", drawn),
        *draw(_DELAYS),
        (f"{kind}DendriticInput", {"current_coef": draw(st.sampled_from([1.0, 0.7]))}),
        ("PreSpikeCatcher", {}),
        ("PostSpikeCatcher", {}),
    ]
    if learns == "iSTDP":
        stack += [*_TRACES, (f"{kind}iSTDP", {"lr": 0.03, "alpha": 0.4})]
    elif learns:
        bounds = {"positive_bound": draw(_BOUNDS), "negative_bound": draw(_BOUNDS)}
        rule = {"a_plus": 0.05, "a_minus": 0.06, "w_max": 1.2, "clip": draw(st.booleans())}
        rule |= {"tau_c": 30.0, "init_c_mode": 0.01} if learns == "RSTDP" else {}
        stack += [*_TRACES, (f"{kind}{learns}", {**rule, **bounds})]
        limits = [[], [("WeightClip", {"w_max": 1.0})], [("WeightNormalization", {"norm": 4.0})]]
        stack += draw(st.sampled_from(limits))
    if draw(st.integers(0, 3)) == 0:
        stack.append(("CurrentNormalization", {"norm": 3.0}))
    return stack


@st.composite
def recipes(draw: st.DrawFn) -> Recipe:
    """Draw small networks of everything that kernels know, and of some that they do not."""
    sizes = st.integers(1, 40)
    groups = tuple(draw(st.lists(st.tuples(sizes, _stacks()), min_size=1, max_size=3)))
    place = st.integers(0, len(groups) - 1)
    synapses = tuple(draw(st.lists(st.tuples(place, place, _synapses()), max_size=4)))
    return Recipe(
        groups,
        synapses,
        dt=draw(st.sampled_from([1.0, 1.0, 0.5])),
        seed=draw(st.integers(0, 99)),
        shoved=frozenset(draw(st.sets(place, max_size=1))),
    )


_PAIR = st.tuples(st.integers(1, 3), st.integers(1, 3))


@st.composite
def grids(draw: st.DrawFn) -> Recipe:
    """Draw a plane that sends to another one in every way there is, with and without learning."""
    kernel, stride = draw(_PAIR), draw(_PAIR)
    padding = draw(st.tuples(*(st.integers(0, side - 1) for side in kernel)))
    seen, planes = draw(_PAIR), draw(_PAIR)
    source = [
        (count - 1) * step + side - 2 * pad
        for count, step, side, pad in zip(seen, stride, kernel, padding, strict=True)
    ]
    sizes = ((planes[0], *(max(1, side) for side in source)), (planes[1], *seen))
    groups = tuple((size, draw(_stacks(_LINES))) for size in sizes)
    slide = {"stride": stride, "padding": padding}
    synapses = []
    if min(source) >= 1:
        synapses += [(0, 1, draw(_slides(kind, slide))) for kind in ("Conv2d", "Local2d")]
    synapses.append((1, 1, [*_DRAWN, ("LateralDendriticInput", {}), *_CAUGHT]))
    if planes[0] == planes[1]:
        synapses.append((0, 1, [("SynapseInit", {}), ("AveragePool2D", {}), *_CAUGHT]))
    return Recipe(groups, tuple(synapses), seed=draw(st.integers(0, 99)))


_DRAWN = [("SynapseInit", {}), ("WeightInitializer", {"mode": "uniform(0, 4)"})]
_CAUGHT = [("PreSpikeCatcher", {}), ("PostSpikeCatcher", {})]
_LINES = st.sampled_from([[], *([("KWTA", {"k": 1, "dimension": axis})] for axis in range(3))])


@st.composite
def _slides(draw: st.DrawFn, kind: str, slide: dict[str, Any]) -> Stack:
    factor = {"current_coef": draw(st.sampled_from([1.0, 0.7]))}
    stack = [*_DRAWN, (f"{kind}DendriticInput", {**slide, **factor}), *_CAUGHT]
    if draw(st.booleans()):
        bounds = {"positive_bound": draw(_BOUNDS), "negative_bound": draw(_BOUNDS)}
        rule = {"a_plus": 0.05, "a_minus": 0.06, "w_max": 3.0, "clip": draw(st.booleans())}
        stack += [*_TRACES, (f"{kind}STDP", {**rule, **bounds})]
    return stack
