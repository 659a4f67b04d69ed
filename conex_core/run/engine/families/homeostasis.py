"""Homeostasis: thresholds that follow activity, and exhaustion outside a range."""

from __future__ import annotations

from typing import Any

import numpy as np

from conex_core.behaviors.neurons.homeostasis import (
    ActivityBaseHomeostasis,
    VoltageBaseHomeostasis,
)
from conex_core.behaviors.timing import time_step
from conex_core.run.engine.builder import ProgramBuilder
from conex_core.run.engine.copies import CopiedNumber
from conex_core.run.engine.kernel import Row, kernel
from conex_core.run.engine.lowering import Lowering
from conex_core.run.engine.taken import NotFused

__all__ = ["LOWERINGS"]

_NULL = np.float32(0.0)


@kernel("v, exhaustion, highest, lowest: f4[n]; rate, dt: real")
def voltage(row: Row) -> int:
    """Exhaust outside a range."""
    rate, dt, v, exhaustion = row.rate, row.dt, row.v, row.exhaustion
    highest, lowest = row.highest, row.lowest
    for j in range(row.n):
        outside = max(v[j] - highest[j], _NULL) + min(v[j] - lowest[j], _NULL)
        exhaustion[j] += outside * rate
        v[j] -= exhaustion[j] * dt
    return 0


@kernel(
    "activity, threshold: f4[n]; spikes: b1[n]; window: int; iteration: i8[1]; rate: f8[1];"
    " weight, silence: real; decay: double"
)
def count_spikes(row: Row) -> int:
    """Count spikes, and move the thresholds at the end of a window."""
    weight, silence, counted, spikes = row.weight, row.silence, row.activity, row.spikes
    for j in range(row.n):
        counted[j] = (counted[j] + np.float32(spikes[j]) * weight) - silence
    if row.iteration[0] % row.window == 0:
        threshold, rate = row.threshold, row.rate
        change = np.float32(rate[0])
        for j in range(row.n):
            threshold[j] += counted[j] * change
            counted[j] = _NULL
        rate[0] *= row.decay
    return 0


def _voltage(behavior: VoltageBaseHomeostasis, group: Any, builder: ProgramBuilder) -> None:
    def live() -> dict[str, float]:
        dt = time_step(group)
        return {"rate": behavior.eta_ip * dt, "dt": dt}

    builder.add(
        voltage,
        behavior,
        n=int(group.size),
        **builder.of(group, "v", "exhaustion"),
        **builder.of(behavior, "_highest", "_lowest", host=group),
        live=live,
    )


def _activity(behavior: ActivityBaseHomeostasis, group: Any, builder: ProgramBuilder) -> None:
    silence, window = behavior._silence, behavior._window
    if window < 1:
        raise NotFused("a window without iterations does not end")
    rate = builder.keep(CopiedNumber(behavior, "_rate"))
    builder.add(
        count_spikes,
        behavior,
        n=int(group.size),
        **builder.of(group, "threshold", "spikes"),
        **builder.of(behavior, "_activity", host=group),
        window=window,
        iteration=builder.program.iteration,
        rate=rate.cell,
        live=lambda: {"weight": 1 + silence, "silence": silence, "decay": behavior.decay_rate},
    )


LOWERINGS: dict[type, Lowering] = {
    ActivityBaseHomeostasis: _activity,
    VoltageBaseHomeostasis: _voltage,
}
