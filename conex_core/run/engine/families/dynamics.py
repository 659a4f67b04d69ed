"""Integrate-and-fire neurons: how their potential moves, and what they do when they fire."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from conex_core.behaviors.neurons.exponential import AELIF, ELIF
from conex_core.behaviors.neurons.lif import LIF
from conex_core.behaviors.timing import time_step
from conex_core.run.engine.builder import ProgramBuilder
from conex_core.run.engine.kernel import Kernel, Row, kernel, njit
from conex_core.run.engine.lowering import Lowering
from conex_core.run.engine.spiking import found
from conex_core.run.engine.taken import NotFused, check_apart

__all__ = ["FIRING", "LOWERINGS"]

_STEEPEST = np.float32(50.0)


@kernel("v, I, R, v_rest, tau: f4[n]; dt: real")
def lif(row: Row) -> int:
    """Integrate with a leak."""
    dt = row.dt
    v, total, resistance, rest, tau = row.v, row.I, row.R, row.v_rest, row.tau
    for j in range(row.n):
        slope = (resistance[j] * total[j] + rest[j]) - v[j]
        v[j] += (dt * slope) / tau[j]
    return 0


@kernel("v, I, R, v_rest, tau, delta, theta_rh: f4[n]; dt: real")
def elif_(row: Row) -> int:
    """Integrate with an upstroke."""
    dt, v, total, resistance = row.dt, row.v, row.I, row.R
    rest, tau, delta, rheobase = row.v_rest, row.tau, row.delta, row.theta_rh
    for j in range(row.n):
        slope = (resistance[j] * total[j] + rest[j]) - v[j]
        slope += _upstroke(v[j], rheobase[j], delta[j])
        v[j] += (dt * slope) / tau[j]
    return 0


@kernel("v, I, R, v_rest, tau, delta, theta_rh, omega: f4[n]; dt: real")
def aelif(row: Row) -> int:
    """Integrate with an upstroke and an adaptation."""
    dt, v, total, resistance, omega = row.dt, row.v, row.I, row.R, row.omega
    rest, tau, delta, rheobase = row.v_rest, row.tau, row.delta, row.theta_rh
    for j in range(row.n):
        slope = (resistance[j] * total[j] + rest[j]) - v[j]
        slope += _upstroke(v[j], rheobase[j], delta[j])
        slope -= resistance[j] * omega[j]
        v[j] += (dt * slope) / tau[j]
    return 0


@njit
def _upstroke(v: Any, rheobase: Any, delta: Any) -> Any:
    steep = (v - rheobase) / delta
    if steep > _STEEPEST:
        steep = _STEEPEST
    return np.float32(math.exp(np.float64(steep))) * delta


@kernel("v, threshold, v_reset: f4[n]; spikes: b1[n]; listed: i4[n]; count: i8[1]")
def fire(row: Row) -> int:
    """Spike at the threshold and reset."""
    v, threshold, reset = row.v, row.threshold, row.v_reset
    spikes, listed = row.spikes, row.listed
    for j in range(row.n):
        spikes[j] = v[j] >= threshold[j]
    count = found(spikes, listed)
    for k in range(count):
        v[listed[k]] = reset[listed[k]]
    row.count[0] = count
    return 0


@kernel("v, v_rest, alpha, omega, w_tau, beta: f4[n]; spikes: b1[n]; dt: real")
def adapt(row: Row) -> int:
    """Update the adaptation after firing."""
    dt, v, rest, alpha = row.dt, row.v, row.v_rest, row.alpha
    omega, tau, beta, spikes = row.omega, row.w_tau, row.beta, row.spikes
    for j in range(row.n):
        pull = (v[j] - rest[j]) * alpha[j] - omega[j]
        omega[j] += (dt * pull) / tau[j]
        if spikes[j]:
            omega[j] += beta[j]
    return 0


_LEAK = ("v", "I", "R", "v_rest", "tau")
_UPSTROKE = (*_LEAK, "delta", "theta_rh")


def _leak(behavior: LIF, group: Any, builder: ProgramBuilder) -> None:
    _integrate(lif, _LEAK, behavior, group, builder)


def _exponential(behavior: ELIF, group: Any, builder: ProgramBuilder) -> None:
    _integrate(elif_, _UPSTROKE, behavior, group, builder)


def _adaptive(behavior: AELIF, group: Any, builder: ProgramBuilder) -> None:
    _integrate(aelif, (*_UPSTROKE, "omega"), behavior, group, builder)


def _integrate(
    kernel: Kernel, names: tuple[str, ...], behavior: LIF, group: Any, builder: ProgramBuilder
) -> None:
    if behavior.is_overridden("_Fu", "_RIu"):
        raise NotFused("its equation was replaced")
    n = int(group.size)
    state = builder.of(group, *names)
    scratch = ("_change", "_upstroke") if isinstance(behavior, ELIF) else ("_change",)
    # No kernel needs what Python computes in, but Python's numbers depend on it.
    room = builder.of(behavior, *scratch, host=group)
    for taken in room.values():
        builder.expect(taken, "f4[n]", n=n)
        taken.is_movable = False  # another one has to be looked at like this
    check_apart([*state.values(), *room.values()])
    builder.add(kernel, behavior, n=n, **state, live=lambda: {"dt": time_step(group)})


def _fire(behavior: Any, group: Any, builder: ProgramBuilder) -> None:
    spikes = builder.spikes_of(group, "spikes", int(group.size), written=True)
    state = builder.of(group, "v", "threshold", "v_reset")
    builder.add(fire, behavior, n=int(group.size), **state, **spikes.given())


def _fire_and_adapt(behavior: Any, group: Any, builder: ProgramBuilder) -> None:
    dynamics = group.spiking_neuron
    if dynamics.is_overridden("domega_dt"):
        raise NotFused("its adaptation was replaced")
    _fire(behavior, group, builder)
    builder.add(
        adapt,
        behavior,
        n=int(group.size),
        **builder.of(group, "v", "v_rest", "alpha", "omega", "w_tau", "beta", "spikes"),
        live=lambda: {"dt": time_step(group)},
    )


LOWERINGS: dict[type, Lowering] = {LIF: _leak, ELIF: _exponential, AELIF: _adaptive}
FIRING: dict[type, Lowering] = {LIF: _fire, ELIF: _fire, AELIF: _fire_and_adapt}
