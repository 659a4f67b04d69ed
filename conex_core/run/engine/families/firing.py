"""Firing: the dynamics of a group say what they do."""

from __future__ import annotations

from typing import Any

from conex_core.behaviors.neurons.fire import Fire
from conex_core.run.engine.builder import ProgramBuilder
from conex_core.run.engine.lowering import Lowering, firing_of

__all__ = ["LOWERINGS"]


def _fire(behavior: Fire, group: Any, builder: ProgramBuilder) -> None:
    dynamics = builder.program.watch(group, "spiking_neuron")
    firing_of(dynamics)(behavior, group, builder)


LOWERINGS: dict[type, Lowering] = {Fire: _fire}
