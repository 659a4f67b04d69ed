"""Recorders among kernels: rows wait in memory of the engine until there are many."""

from __future__ import annotations

from typing import Any

import numpy as np

from conex_core.behaviors.recording import EventRecorder, Recorder
from conex_core.run.engine.draft import Draft
from conex_core.run.engine.program import NotFused
from conex_core.run.engine.readers import SpikeReader, ValueReader

__all__ = ["Kept", "lower_events", "lower_rows"]

_CELLS, _ROWS = 1 << 18, 1 << 10


class Kept:
    """Keep what a recorder takes, and hand it over before the room ends."""

    def __init__(self, draft: Draft, recorder: Recorder, owner: Any) -> None:
        self.recorder, self.owner, self._program = recorder, owner, draft.program
        self.room = max(1, min(_ROWS, _CELLS // max(int(owner.size), 1)))
        self._times = draft.program.cell(size=self.room)
        self._filled = draft.program.cell(0)
        self._blocks: dict[str, Any] = {}
        self.events: SpikeReader | None = None

    def add_row(self, draft: Draft, name: str) -> None:
        """Have ``name`` copied in every iteration."""
        size = int(self.owner.size)
        block = draft.program.cell(size=self.room * size, dtype=np.float32)
        self._blocks[name] = block.array.reshape(self.room, size)
        variable = draft.program.attribute(self.owner, name)
        self._add("keep", size, variable, block.address, self._filled.address)

    def add_note(self) -> None:
        """Have every iteration noted, after its rows."""
        cells = (self._times.address, self._filled.address)
        self._add("note", *cells, self.room, self._program.iteration.address)

    def spare(self) -> int:
        """Return how many more iterations fit for certain."""
        rows = self.room - self._filled.value
        return rows if self.events is None else min(rows, self.events.spare())

    def pull(self) -> None:
        """Do nothing: what was kept is handed over when a run ends."""

    def push(self) -> None:
        """Hand over what was kept."""
        many, self._filled.value = self._filled.value, 0
        blocks: dict[str, Any] = {name: block[:many] for name, block in self._blocks.items()}
        if self.events is not None:
            blocks = {"spikes": np.stack(self.events.take(), axis=1)}  # (events, 2)
        if many:
            self.recorder.take_over(self._times.array[:many], blocks)

    def _add(self, kernel: str, *numbers: int) -> None:
        self._program.add(
            kernel,
            *numbers,
            behavior=self.recorder,
            is_chosen=lambda: bool(self.owner.recording),
        )


def lower_rows(recorder: Recorder, owner: Any, draft: Draft) -> None:
    """Let kernels record variables that hold a number per neuron."""
    _check(recorder, owner)
    names = list(recorder._tracks)
    if not names or not all(ValueReader.fits(owner, name) for name in names):
        raise NotFused("it records something else than one number per neuron")
    kept = Kept(draft, recorder, owner)
    for name in names:
        kept.add_row(draft, name)
    kept.add_note()
    draft.kept.append(draft.keep(kept))


def lower_events(recorder: EventRecorder, owner: Any, draft: Draft) -> None:
    """Let kernels record spikes."""
    _check(recorder, owner)
    if list(recorder._tracks) != ["spikes"]:
        raise NotFused("it records something else than spikes")
    kept = Kept(draft, recorder, owner)
    kept.events = SpikeReader(draft, owner)
    log = draft.program.rows[-1]
    log.behavior, log.is_chosen = recorder, lambda: bool(owner.recording)
    kept.add_note()
    draft.kept.append(draft.keep(kept))


def _check(recorder: Recorder, owner: Any) -> None:
    if not hasattr(owner, "afferent_synapses"):
        raise NotFused("it records something else than a group")
    if recorder._gap != 1 or recorder.neurons is not None or recorder.functions:
        raise NotFused("it records a selection")
