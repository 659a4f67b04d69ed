"""Neuron behaviors as rows: dendrites, dynamics, noise, homeostasis."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch

from conex_core.behaviors.neurons.competition import KWTA
from conex_core.behaviors.neurons.dendrite import (
    SimpleDendriteComputation,
    SimpleDendriteStructure,
)
from conex_core.behaviors.neurons.exponential import AELIF, ELIF
from conex_core.behaviors.neurons.homeostasis import (
    ActivityBaseHomeostasis,
    VoltageBaseHomeostasis,
)
from conex_core.behaviors.neurons.lif import LIF
from conex_core.behaviors.neurons.noise import InherentNoise
from conex_core.behaviors.timing import time_step
from conex_core.distributions import Uniform
from conex_core.helpers.sampling import mean_of
from conex_core.run.engine.draft import Draft
from conex_core.run.engine.mirrors import Number
from conex_core.run.engine.program import NotFused

__all__ = ["LOWERINGS"]


def _dendrites(behavior: SimpleDendriteStructure, group: Any, draft: Draft) -> None:
    program, n = draft.program, group.size
    for compartment in behavior._active:
        arrivals = compartment.arrivals
        place = draft.place_of(arrivals)
        ring = (n, arrivals.depth, place.now.address, place.rows)
        program.add("advance", *ring, behavior=behavior)
        for synapse, delay in compartment.synapses:
            source = program.attribute(synapse, "I")
            if isinstance(delay, torch.Tensor):
                delays = program.tensor(delay, torch.int64)
                program.add("arrive_scattered", *ring, source, delays, behavior=behavior)
            else:
                program.add("arrive", *ring, source, delay, behavior=behavior)
        if arrivals.depth > 1:
            current = program.tensor(compartment.current)
            program.add("show", n, place.now.address, place.rows, current, behavior=behavior)


def _current(behavior: SimpleDendriteComputation, group: Any, draft: Draft) -> None:
    if behavior._pulls:
        raise NotFused("distal or apical input pulls the potential")
    program, decays = draft.program, behavior.I_tau is not None

    def reals() -> tuple[float, float]:
        dt = time_step(group)
        return (1 - dt / behavior.I_tau if behavior.I_tau else 0.0, 1 / dt)

    numbers = (program.attribute(group, "I"), program.attribute(group, "I_proximal"), int(decays))
    program.add("current", group.size, *numbers, reals=reals, behavior=behavior)


def _dynamics(behavior: LIF, group: Any, draft: Draft) -> None:
    names = ["v", "I", "R", "v_rest", "tau"]
    kernel = "lif" if type(behavior) is LIF else "elif_"
    if kernel == "elif_":
        names += ["delta", "theta_rh"]
    if type(behavior) is AELIF:
        names.append("omega")
    numbers = [draft.program.attribute(group, name) for name in names]
    draft.program.add(
        kernel, group.size, *numbers, reals=lambda: (time_step(group),), behavior=behavior
    )


def _noise(behavior: InherentNoise, group: Any, draft: Draft) -> None:
    program, drawn = draft.program, behavior._drawn
    v, values = program.attribute(group, "v"), program.tensor(behavior._values)
    if drawn is None:
        program.add(
            "drift",
            *(group.size, v, values),
            reals=lambda: (behavior.scale * time_step(group), behavior.offset * time_step(group)),
            behavior=behavior,
        )
        return

    def shift() -> float:
        dt = time_step(group)
        offset, scale = float(behavior.offset), float(behavior.scale)
        return offset * dt + scale * mean_of(drawn) * (dt - math.sqrt(dt))

    if not isinstance(drawn, Uniform):
        ahead = draft.drawn_ahead(behavior, group)
        numbers = (group.size, v, ahead.address, ahead.row.address)
        program.add("drawn", *numbers, reals=lambda: (shift(),), behavior=behavior)
        return
    state = draft.generator(behavior).state.address

    def reals() -> tuple[float, ...]:
        factor = behavior.scale * math.sqrt(time_step(group))
        return (drawn.low, drawn.high, factor, shift())

    program.add("noise", group.size, v, values, state, reals=reals, behavior=behavior)


def _contest(behavior: KWTA, group: Any, draft: Draft) -> None:
    program, shape = draft.program, behavior._shape
    names = ("v", "threshold", "v_reset")
    room = program.cell(size=2 * group.size, dtype=np.int32)
    axis = behavior.dimension or 0
    step = math.prod(shape[axis + 1 :])
    program.add(
        "contest",
        *(group.size, *(program.attribute(group, name) for name in names)),
        *(room.address, shape[axis], step),
        reals=lambda: (behavior.k,),
        behavior=behavior,
    )


def _voltage(behavior: VoltageBaseHomeostasis, group: Any, draft: Draft) -> None:
    program = draft.program
    numbers = [program.attribute(group, name) for name in ("v", "exhaustion")]
    numbers += [program.tensor(behavior._highest), program.tensor(behavior._lowest)]

    def reals() -> tuple[float, float]:
        dt = time_step(group)
        return (behavior.eta_ip * dt, dt)

    program.add("voltage", group.size, *numbers, reals=reals, behavior=behavior)


def _activity(behavior: ActivityBaseHomeostasis, group: Any, draft: Draft) -> None:
    program = draft.program
    spikes = program.attribute(group, "spikes", torch.bool)
    counted, threshold = program.tensor(behavior._activity), program.attribute(group, "threshold")
    rate = draft.keep(Number(program, behavior, "_rate"))
    window = (behavior._window, program.iteration.address, rate.cell.address)
    silence = behavior._silence
    program.add(
        "activity",
        *(group.size, counted, spikes, threshold, *window),
        reals=lambda: (1 + silence, silence, behavior.decay_rate),
        behavior=behavior,
    )


LOWERINGS: dict[type, Any] = {
    SimpleDendriteStructure: _dendrites,
    SimpleDendriteComputation: _current,
    LIF: _dynamics,
    ELIF: _dynamics,
    AELIF: _dynamics,
    InherentNoise: _noise,
    KWTA: _contest,
    VoltageBaseHomeostasis: _voltage,
    ActivityBaseHomeostasis: _activity,
}
