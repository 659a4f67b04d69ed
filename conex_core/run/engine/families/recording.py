"""Recorders: rows wait in memory of the engine until there are many."""

from __future__ import annotations

from typing import Any

import numpy as np

from conex_core.behaviors.recording import EventRecorder, Recorder
from conex_core.errors import FileError
from conex_core.run.engine.builder import ProgramBuilder
from conex_core.run.engine.kernel import Kernel, Row, kernel
from conex_core.run.engine.lowering import Lowering
from conex_core.run.engine.readers import SpikeReader
from conex_core.run.engine.taken import Cell, NotFused
from conex_core.structures.iteration import Step, failure

__all__ = ["LOWERINGS"]

_CELLS, _ROWS = 1 << 18, 1 << 10


@kernel("variable: f4[n]; kept: f4[room, n]; filled: i8[1]")
def keep(row: Row) -> int:
    """Copy a variable into the next row."""
    variable, own = row.variable, row.kept[row.filled[0]]
    for j in range(row.n):
        own[j] = variable[j]
    return 0


@kernel("times: i8[room]; filled, iteration: i8[1]")
def note(row: Row) -> int:
    """Note that a row was kept."""
    filled = row.filled
    row.times[filled[0]] = row.iteration[0]
    filled[0] += 1
    return int(filled[0] == row.room)


class Kept:
    """Keep what a recorder takes, and hand it over before the room ends."""

    def __init__(self, builder: ProgramBuilder, recorder: Recorder, owner: Any) -> None:
        self.recorder, self.owner, self._builder = recorder, owner, builder
        self._size = int(owner.size)
        self.room = max(1, min(_ROWS, _CELLS // max(self._size, 1)))
        self._times, self._filled = Cell(size=self.room), Cell(0)
        self._blocks: dict[str, Any] = {}
        self.events: SpikeReader | None = None

    def add_row(self, name: str) -> None:
        """Have ``name`` copied in every iteration."""
        block = Cell(size=self.room * self._size, dtype=np.float32)
        many = self.room * self._size
        self._blocks[name] = block.array[:many].reshape(self.room, self._size)
        variable = self._builder.program.take(self.owner, name)
        self._add(keep, variable=variable, kept=block, n=self._size, filled=self._filled)

    def add_events(self) -> None:
        """Have spikes kept in every iteration."""
        self.events = SpikeReader(self.owner)
        self.events.add_row(self._builder, self.recorder, is_chosen=self._is_recording)

    def add_note(self) -> None:
        """Have every iteration noted, after its rows."""
        iteration = self._builder.program.iteration
        self._add(note, times=self._times, filled=self._filled, iteration=iteration)

    def spare(self) -> int:
        """Return how many more iterations fit for certain."""
        rows = self.room - self._filled.value
        return rows if self.events is None else min(rows, self.events.spare())

    def pull(self) -> None:
        """Do nothing: what was kept is handed over when a run ends."""

    def push(self) -> None:
        """Hand over what was kept; where that fails, as on a full disk, it stays here."""
        many = self._filled.value
        blocks: dict[str, Any] = {name: block[:many] for name, block in self._blocks.items()}
        if self.events is not None:
            blocks = {"spikes": np.stack(self.events.kept(), axis=1)}  # (events, 2)
        if many:
            self._hand_over(self._times.array[:many], blocks)
        self._filled.value = 0
        if self.events is not None:
            self.events.forget()

    def _hand_over(self, times: Any, blocks: dict[str, Any]) -> None:
        try:
            self.recorder.take_over(times, blocks)
        except FileError as error:
            steps = self.owner.behavior.items()
            key = next(key for key, behavior in steps if behavior is self.recorder)
            step = Step(self.recorder, self.recorder.forward, self.owner, key)
            raise failure(step, int(self.owner.network.iteration), error) from error

    def _is_recording(self) -> bool:
        return bool(self.owner.recording)

    def _add(self, kernel: Kernel, **given: Any) -> None:
        given = {**given, "is_chosen": self._is_recording}
        self._builder.add(kernel, self.recorder, room=self.room, **given)


def _rows(recorder: Recorder, owner: Any, builder: ProgramBuilder) -> None:
    _check(recorder, owner)
    names, form = list(recorder._tracks), (int(owner.size),)
    if not names or any(recorder._tracks[name].rows.shape != form for name in names):
        raise NotFused("it records something else than one number per neuron")
    kept = Kept(builder, recorder, owner)
    for name in names:
        kept.add_row(name)
    kept.add_note()
    builder.keepers.append(builder.keep(kept))


def _events(recorder: EventRecorder, owner: Any, builder: ProgramBuilder) -> None:
    _check(recorder, owner)
    if list(recorder._tracks) != ["spikes"]:
        raise NotFused("it records something else than spikes")
    kept = Kept(builder, recorder, owner)
    kept.add_events()
    kept.add_note()
    builder.keepers.append(builder.keep(kept))


def _check(recorder: Recorder, owner: Any) -> None:
    if not hasattr(owner, "afferent_synapses"):
        raise NotFused("it records something else than a group")
    if recorder._gap != 1 or recorder.neurons is not None or recorder.functions:
        raise NotFused("it records a selection")
    if recorder.is_awaiting:
        raise NotFused("it waits for a variable that a step has to make")


LOWERINGS: dict[type, Lowering] = {EventRecorder: _events, Recorder: _rows}
