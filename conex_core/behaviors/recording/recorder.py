"""Recorder and EventRecorder: the history of variables, at the same cost in every step.

They record what their object's variables are when their turn comes, after every
other behavior. Names are read as attributes; nothing is evaluated. Unlike in
pymonntorch, ``group["v", 0]`` always gives all that was recorded so far.
"""

from __future__ import annotations

import logging
import re
import weakref
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from conex_core.behavior import Behavior
from conex_core.behaviors.recording.tracks import EventTrack, RowStorage, Track, owner_name
from conex_core.errors import FileError, ParameterError, UnknownName
from conex_core.parameters import Hook, Integer, Integers, Names, Text
from conex_core.paths import inside

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["EventRecorder", "Recorder"]

# A span of rows: its first iteration and how many rows it has, ``gap_width`` apart.
_NO_ROWS = [-1, 0]

logger = logging.getLogger(__name__)


class Recorder(Behavior):
    """Record variables of its object, one row per iteration.

    ``recorder.variables["v"]`` and ``group["v", 0]`` give a tensor (T, ...) with
    the oldest row first, ``recorder.iterations`` the iteration of each row. Works
    on every object: neuron groups, synapse groups, layers and the network. Of
    sparse weights the stored values are recorded, in the order of ``src_idx``
    and ``dst_idx``; while a variable is None there is no row. ``initialize`` and
    ``reset`` of the network begin anew; restoring a state keeps what was
    recorded and goes on. A variable that a behavior of a script makes in its steps
    has rows from the first step that it is there.

    Every name of ``functions`` gets rows as well; its function takes the object
    and returns a number or a tensor.

    Raises
    ------
    UnknownName
        At ``initialize``, if the object has no such variable; when it is read, if a
        behavior of a script might have made it and has not.
    ParameterError
        If a variable is neither a tensor nor a number, or ``neurons`` reaches
        beyond it.
    """

    host = "neurons"
    priority = 600
    remembers = ()
    initialize_last = True
    equation = r"X_k = x(t_k)"
    source = "pymonntorch, NetworkBehavior.Recorder"

    variables = Names(
        default=("v",), optional=True, help="Names of the variables to record, such as v, I."
    )
    gap_width = Integer(
        default=0,
        low=0,
        unit="iterations",
        help="Record in every so many iterations; 0 and 1 for all of them.",
    )
    max_length = Integer(
        default=None,
        low=1,
        optional=True,
        unit="rows",
        help="Keep only the last rows; all if empty.",
    )
    neurons = Integers(
        default=None,
        low=0,
        optional=True,
        listed=True,
        help="Record these neurons only, by index from 0; of a matrix, these rows.",
    )
    path = Text(
        default=None,
        optional=True,
        help="Folder for .npy files that rows go to instead of memory; earlier files are replaced.",
    )
    functions = Hook(
        default=None,
        optional=True,
        callable_only=False,
        help="Functions of the object to record, by name.",
    )

    _track: type[Track] = Track

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        # A subclass with another default still takes the variables by position, first.
        cls.declared = {"variables": cls.declared["variables"], **cls.declared}

    def __init__(self, *args: Any, auto_annotate: bool = True, **kwargs: Any) -> None:
        # auto_annotate is CoNeX's: with or without it, a name is an attribute of the object.
        super().__init__(*args, **kwargs)
        functions = dict(self.functions or {})
        names = [name for name in self.variables or () if name not in functions]
        self._tracks = {name: self._track(name) for name in names}
        self._tracks |= {name: self._track(name, read) for name, read in functions.items()}
        self.__dict__["variables"] = Recordings(self._tracks)
        self._owner: Any = None
        self._gap = 1
        self._spans = [_NO_ROWS.copy()]
        weakref.finalize(self, _flush_at_the_end, self._tracks)

    def check_together(self) -> None:
        """Raise ParameterError where parameters contradict each other."""
        if self.max_length is not None and self.path is not None:
            hint = "a file keeps every row"
            raise ParameterError("max_length", "cannot go with path", self.max_length, hint=hint)
        if not _are_functions(self.functions):
            hint = 'such as {"mean": lambda neurons: neurons.v.mean()}'
            raise ParameterError(
                "functions", "must be functions by name", self.functions, hint=hint
            )

    def initialize(self, owner: Any) -> None:
        """Forget what was recorded and look up every variable."""
        super().initialize(owner)
        self._owner, self._spans = owner, [_NO_ROWS.copy()]
        self._gap = max(1, self.gap_width)
        self._storage = self._made_storage(owner)
        for track in self._tracks.values():
            track.begin(owner, self._storage)
        owner.network.awaits_records |= self.is_awaiting

    def forward(self, owner: Any) -> None:
        """Record one row of every variable."""
        if not owner.recording:
            return
        iteration = owner.iteration
        if iteration % self._gap:
            return
        rows = [(track, track.ready(owner)) for track in self._tracks.values()]
        self._look(iteration)  # now that nothing can fail: all of a row, or none
        for track, row in rows:
            track.put(row)

    def take_over(self, iterations: NDArray[np.int64], blocks: Mapping[str, Any]) -> None:
        """Add rows that an engine kept: those of every iteration (T,), an array per variable."""
        for name, block in blocks.items():
            self._tracks[name].rows.make_room(len(block))
        for run in np.split(iterations, np.flatnonzero(np.diff(iterations) != 1) + 1):
            self._look(int(run[0]), len(run))
        for name, block in blocks.items():
            self._tracks[name].rows.extend(block)

    @property
    def is_awaiting(self) -> bool:
        """Tell whether a variable has not been there so far."""
        return any(track.is_awaited for track in self._tracks.values())

    @property
    def missing(self) -> list[UnknownName]:
        """Return what is to be said of each variable that no step has made so far."""
        return [track.missing for track in self._tracks.values() if track.missing is not None]

    @property
    def iterations(self) -> torch.Tensor:
        """Return the iteration of each row, (T,)."""
        found = self._looked_at()
        return found if self.max_length is None else found[-self.max_length :]

    def add_variable(self, name: str) -> None:
        """Record ``name`` as well, from the next iteration on."""
        for bare in Names(name="variables").check(name):
            self._tracks[bare] = self._track(bare)
            if self._owner is not None:
                self._storage = self._made_storage(self._owner)
                self._tracks[bare].begin(self._owner, self._storage)
                self._owner.network.awaits_records |= self.is_awaiting
                self._owner.network.clear_tag_cache()

    def add_variables(self, names: Iterable[str]) -> None:
        """Record ``names`` as well, from the next iteration on."""
        for name in names:
            self.add_variable(name)

    def swapped(self, name: str) -> torch.Tensor:
        """Return the history of ``name`` with the neurons first, (N, T)."""
        return self.swap(self.variables[name])

    def swap(self, history: torch.Tensor) -> torch.Tensor:
        """Return ``history`` with its first two axes swapped."""
        return history.swapaxes(1, 0)

    def clear_recorder(self) -> None:
        """Forget what was recorded and go on recording."""
        self._spans = [_NO_ROWS.copy()]
        for track in self._tracks.values():
            track.clear()

    def flush(self) -> None:
        """Write the rows that only memory holds to the files of ``path``."""
        _flush(self._tracks)

    def files(self) -> tuple[Path, ...]:
        """Return the files that the rows go to; none before ``initialize``."""
        return () if self._owner is None else tuple(self._storage.files.values())

    def find_objects(self, key: Any) -> list[torch.Tensor]:
        """Return the history that ``key`` names, for look-ups such as ``group["v", 0]``."""
        return [self.variables[key]] if key in self.variables else []

    def __getitem__(self, key: Any) -> Any:
        self.tag_shortcuts.clear()  # pymonntorch would give the history of the first look-up
        return super().__getitem__(key)

    def _look(self, iteration: int, count: int = 1) -> None:
        span = self._spans[-1]
        if iteration != span[0] + span[1] * self._gap:
            span = [iteration, 0]
            self._spans.append(span)
        span[1] += count

    def _looked_at(self) -> torch.Tensor:
        spans = [torch.arange(count) * self._gap + first for first, count in self._spans]
        return torch.cat(spans)

    def _made_storage(self, owner: Any) -> RowStorage:
        files: dict[str, Path] = {}
        if self.path is not None:
            files = {name: self._file(owner, name) for name in self._tracks}
        return RowStorage(self.max_length, self.neurons, files)

    def _file(self, owner: Any, name: str) -> Path:
        base = getattr(owner.network, "base", None)
        folder = Path(self.path) if base is None else inside(base, self.path)
        stem = re.sub(r"[^\w.-]+", "_", owner_name(owner))
        found = folder / f"{stem}.{name.replace('(', '-').rstrip(')')}.npy"
        for other in owner.network.all_behaviors():
            if isinstance(other, Recorder) and other is not self and found in other.files():
                rule, hint = f"leads to {found}, which is taken", "give each its own folder"
                raise ParameterError("path", rule, self.path, hint=hint)
        return found


class EventRecorder(Recorder):
    """Record where variables are not zero: rows [iteration, index].

    A matrix gives rows [iteration, row, column], a number index 0. ``group["spikes.t", 0]`` is the
    column of iterations, ``group["spikes.i", 0]`` that of indices;
    ``max_length`` counts events.
    """

    equation = r"X = \{(t, i) : x_i(t) \ne 0\}"
    source = "pymonntorch, NetworkBehavior.Recorder"

    variables = Names(
        default=("spikes",), optional=True, help="Names of the variables to record, such as spikes."
    )

    _track = EventTrack

    @property
    def iterations(self) -> torch.Tensor:
        """Return the iterations that were looked at, with events or without."""
        return self._looked_at()

    def find_objects(self, key: Any) -> list[torch.Tensor]:
        """Return the events that ``key`` names, or a column of them."""
        columns = {".t": 0, ".i": 1}
        if not isinstance(key, str) or key in self.variables or key[-2:] not in columns:
            return super().find_objects(key)
        found = super().find_objects(key[:-2])
        return [history[:, columns[key[-2:]]] for history in found]


class Recordings(Mapping[str, torch.Tensor]):
    """Give the history of each variable by name; every look-up reads it anew."""

    def __init__(self, tracks: Mapping[str, Track]) -> None:
        self._tracks = tracks

    def __getitem__(self, name: str) -> torch.Tensor:
        bare = _bare(name)
        if bare not in self._tracks:
            raise KeyError(str(UnknownName("recorded variable", str(name), self._tracks)))
        return self._tracks[bare].read()

    def __contains__(self, name: object) -> bool:
        return _bare(name) in self._tracks

    def __iter__(self) -> Iterator[str]:
        return iter(self._tracks)

    def __len__(self) -> int:
        return len(self._tracks)

    def __repr__(self) -> str:
        return repr(tuple(self._tracks))


def _bare(name: object) -> str:
    """Return the name under which ``name`` is recorded; "" if it is none."""
    try:
        found = Names().check(name if isinstance(name, str) else "")
    except ParameterError:
        return ""
    return found[0] if len(found) == 1 else ""


def _are_functions(given: Any) -> bool:
    if given is None:
        return True
    return isinstance(given, Mapping) and all(
        isinstance(name, str) and name.isidentifier() and callable(read)
        for name, read in given.items()
    )


def _flush(tracks: Mapping[str, Track]) -> None:
    for track in tracks.values():
        track.flush()


def _flush_at_the_end(tracks: Mapping[str, Track]) -> None:
    try:
        _flush(tracks)
    except FileError as error:  # nobody is left to handle it
        logger.warning("the last rows are lost: %s", error)
