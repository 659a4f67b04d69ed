"""Lazy plasticity: a row of weights waits for what it missed until its source spikes.

Between two spikes of a source its weights only grow, by spikes of the targets,
and nobody looks at them. So those spikes are noted once for all rows, and a row
that is needed is brought up to date in the order of the events, with the same
numbers as if it had been there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from conex_core.behaviors.synapses.limits import WeightClip
from conex_core.behaviors.synapses.spikes import PreTrace
from conex_core.behaviors.synapses.stdp import SimpleSTDP
from conex_core.parameters import changes
from conex_core.run.engine.taken import Cell, Given

__all__ = ["Lazy"]

_ROOM = 1 << 16


class Lazy:
    """Keep the events that rows of one synapse group have yet to see."""

    def __init__(self, synapse: Any, flush: Callable[[], object]) -> None:
        self.synapse, self._flush = synapse, flush
        behaviors = list(synapse.behavior.values())
        self.pre: PreTrace = next(item for item in behaviors if type(item) is PreTrace)
        self.rule: SimpleSTDP = next(item for item in behaviors if type(item) is SimpleSTDP)
        self._clips = [item for item in behaviors if type(item) is WeightClip]
        self._behaviors = behaviors
        sources, targets = synapse.src.size, synapse.dst.size
        self.room = max(_ROOM, 8 * targets)
        self.step, self.seen = Cell(0), Cell(size=sources)
        self.traces = Cell(size=sources, dtype=np.float32)
        self.starts = Cell(size=self.room + 2)
        self.events = Cell(size=self.room, dtype=np.int32)
        self.is_on = False
        self._changes = -1
        self._sound: Any = None  # the weights that were found within their limits

    def given(self) -> Given:
        """Return the arguments of the kernels that let rows wait and bring them up to date."""
        cells = {"step": self.step, "seen": self.seen, "memory": self.traces}
        return {**cells, "starts": self.starts, "events": self.events, "room": self.room}

    def limits(self) -> tuple[float, float]:
        """Return what the weights are kept within, (-inf, inf) for nothing."""
        rules = [self.rule] if self.rule.clip else []
        pairs = [(item.w_min, item.w_max) for item in (*rules, *self._clips)]
        least = max((low for low, _ in pairs), default=-np.inf)
        return float(least), float(min((high for _, high in pairs), default=np.inf))

    def pull(self) -> None:
        """Begin with every row up to date, where rows may wait at all.

        Rows that wait already go on waiting if nothing has changed.
        """
        if self.is_on and self.step.value and self._changes == changes():
            return
        self.push()
        self._changes = changes()
        self.is_on = all(item.behavior_enabled for item in self._behaviors) and self._is_sound()
        torch.from_numpy(self.traces.array).copy_(self.synapse.pre_trace)
        self.step.value = self.starts.array[0] = 0
        self.seen.array[:] = 0

    def push(self) -> None:
        """Bring every row up to date."""
        if self.is_on and self.step.value:
            self._flush()
        self.synapse.settle_weights = None

    def wait(self) -> None:
        """Have the rows brought up to date when somebody asks for the weights."""
        if self.is_on and self.step.value:
            self.synapse.settle_weights = self.push

    def renew(self) -> None:
        """Make room for events, if there is little left."""
        full = self.starts.array[self.step.value] + self.synapse.dst.size > self.room
        if self.is_on and (full or self.step.value + 2 > self.room):
            self._flush()

    def _is_sound(self) -> bool:
        """Tell whether clipping would leave all weights as they are."""
        weights, (least, most) = self.synapse.weights, self.limits()
        known = (weights.data_ptr(), weights._version, least, most)
        if known != self._sound:
            low, high = (float(end) for end in weights.aminmax()) if weights.numel() else (0.0, 0.0)
            inside = least <= low and high <= most and least <= most
            self._sound = known if inside else None
        return self._sound is not None
