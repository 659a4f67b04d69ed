"""Small networks that hold, together, every behavior that kernels know."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import torch

from conex_core.behaviors.recording import EventRecorder, Recorder
from tests.run.engine.nets import Recipe, Stack, made

__all__ = ["NETWORKS"]

_SIZE = 6
_SOMA: Stack = [("SimpleDendriteStructure", {}), ("SimpleDendriteComputation", {})]
_DELAYED: Stack = [
    ("SimpleDendriteStructure", {"Proximal_max_delay": 4}),
    ("SimpleDendriteComputation", {"I_tau": 5.0}),
]
_SPIKES: Stack = [("Fire", {}), ("NeuronAxon", {"max_delay": 4})]
_UNIFORM: Stack = [("InherentNoise", {"scale": 9.0})]
_NORMAL: Stack = [("InherentNoise", {"mode": "normal(1, 1)", "scale": 5.0})]
_DRIFT: Stack = [("InherentNoise", {"mode": 2.5})]
_LIF: Stack = [("LIF", {"threshold": -60.0, "tau": "uniform(8, 20)"})]
_ELIF: Stack = [("ELIF", {"theta_rh": -60.0, "threshold": -57.0})]
_AELIF: Stack = [("AELIF", {"theta_rh": -60.0, "threshold": -57.0, "beta": 0.8})]
_STEADY: Stack = [
    ("ActivityBaseHomeostasis", {"window_size": 4.0}),
    ("VoltageBaseHomeostasis", {"max_ta": -58.0, "min_ta": -66.0, "eta_ip": 0.1}),
    ("KWTA", {"k": 2}),
]
_SCATTERED: Stack = [
    ("DelayInitializer", {"mode": "uniform(0, 3.9)", "destination": side}) for side in (False, True)
]
_CAUGHT: Stack = [("PreSpikeCatcher", {}), ("PostSpikeCatcher", {})]
_TRACES: Stack = [("PreTrace", {}), ("PostTrace", {})]
_CLIPPED = {"a_plus": 0.05, "a_minus": 0.06, "w_max": 2.0}


def _joined(current: str, *rules: tuple[str, dict[str, Any]], **drawn: Any) -> Stack:
    drawn = {"mode": "uniform(0, 2)", **drawn}
    start = [("SynapseInit", {}), ("WeightInitializer", drawn)]
    return [*start, (current, {}), *_CAUGHT, *_TRACES, *rules]


def _learning(rule: str) -> tuple[str, dict[str, Any]]:
    if "iSTDP" in rule:
        return (rule, {"lr": 0.03, "alpha": 0.4})
    return (rule, {**_CLIPPED, "clip": True, "positive_bound": "soft_bound"})


_FIRST = [*_SOMA, *_LIF, *_UNIFORM, *_STEADY, *_SPIKES]
_SECOND = [*_DELAYED, *_ELIF, *_NORMAL, *_SPIKES]
_THIRD = [*_DELAYED, *_AELIF, *_DRIFT, *_SPIKES]

_DENSE = Recipe(
    ((_SIZE, _FIRST), (_SIZE + 1, _SECOND)),
    (
        (0, 1, [*_joined("SimpleDendriticInput", _learning("SimpleSTDP")), ("WeightClip", {})]),
        (
            1,
            0,
            [
                *_joined("SimpleDendriticInput", _learning("SimpleiSTDP")),
                *_SCATTERED[:1],
                ("WeightNormalization", {"norm": 4.0}),
                ("CurrentNormalization", {"norm": 3.0}),
            ],
        ),
        (0, 1, [*_joined("SimpleDendriticInput", _learning("SimpleRSTDP")), *_SCATTERED]),
    ),
)
_SPARSE = Recipe(
    ((_SIZE, _FIRST), (_SIZE + 1, _THIRD)),
    tuple(
        (
            number % 2,
            1 - number % 2,
            [*_joined("SparseDendriticInput", _learning(rule), density=0.6), *more],
        )
        for number, (rule, more) in enumerate(
            [
                ("SparseSTDP", [("WeightClip", {}), *_SCATTERED[:1]]),
                ("SparseiSTDP", [("WeightNormalization", {"norm": 4.0})]),
                ("SparseRSTDP", [("CurrentNormalization", {"norm": 3.0})]),
            ]
        )
    ),
)
_PAIRED = Recipe(
    ((_SIZE, _FIRST), (_SIZE, _THIRD)),
    tuple(
        (0, 1, _joined("One2OneDendriticInput", _learning(rule)))
        for rule in ("One2OneSTDP", "One2OneiSTDP", "One2OneRSTDP")
    ),
)
_SOURCE, _TARGET = (1, 3, 4), (2, 2, 3)
_GRIDS = Recipe(
    ((_SOURCE, _FIRST), (_TARGET, _FIRST), ((1, 2, 2), _FIRST)),
    (
        (0, 1, _joined("Conv2dDendriticInput", _learning("Conv2dSTDP"))),
        (0, 1, _joined("Local2dDendriticInput", _learning("Local2dSTDP"))),
        (1, 1, _joined("LateralDendriticInput")),
        (0, 2, [("SynapseInit", {}), ("AveragePool2D", {}), *_CAUGHT]),
    ),
)


def _recorded(recipe: Recipe, engine: str) -> Any:
    net = made(recipe, engine)
    for group in net.NeuronGroups:
        group.add_behavior(600, Recorder(variables=("v", "I")))
        group.add_behavior(601, EventRecorder(variables="spikes"))
    return net


def _shown(engine: str) -> Any:
    # Imported late: that module is a test, and needs what is in a session of pytest.
    from tests.run.engine.test_input_data import shown

    return shown(engine, silent_interval=2)


NETWORKS: dict[str, Callable[[str], Any]] = {
    "dense": partial(made, _DENSE),
    "sparse": partial(made, _SPARSE),
    "pairs": partial(made, _PAIRED),
    "grids": partial(made, _GRIDS),
    "recorded": partial(_recorded, Recipe(((_SIZE, _FIRST),), ())),
    "shown": _shown,
}
torch.set_num_threads(1)
