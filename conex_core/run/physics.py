"""Which rates of a run are worth a warning: rules on spikes per group and window.

All that is known here are numbers: how often each group fired in windows of
simulated time. Windows do not depend on how the run was cut into batches, so a
network is told the same in every run of it. Without torch.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from conex_core.counting import iterations_of
from conex_core.run import physics_words as words
from conex_core.run.run_warning import RunWarning, WarningKind

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Drive", "Physics", "WatchedGroup", "window_steps"]

Counts: TypeAlias = "NDArray[np.int64]"

WINDOW_MS = 100.0  # a burst is shorter, and a rate that lasts so long is no transient
LEAST_STEPS = 20  # of a window: with coarse steps, one volley is no rate
NEAR_CEILING = 0.8  # of 1/dt: from here on the step decides when neurons fire, not the model
FAST_HZ = 500.0  # a spike and its refractory time take 2 ms in the fastest cells
SILENT_MS = 2000.0  # slow rhythms fire about once a second
SURPRISING = 10  # spikes that a group which fell silent would have fired: none is no chance
RISES = 5  # in a row: a rate that follows a linear ramp has no five of 1.25
RISE = 1.25  # factor of each rise
GROWN_HZ = 100.0  # where the last rise ends; networks that work stay below
SCALES = (1, 5)  # windows that a rise is measured over: what runs away fast, and slowly


@dataclass(frozen=True)
class Drive:
    """Say what should make a group fire: ``sources`` by their places, and what it has itself."""

    sources: tuple[int, ...] = ()
    own: str = ""


@dataclass(frozen=True)
class WatchedGroup:
    """Name a group; an input shows data, and nothing else decides when it fires."""

    node: str
    name: str
    size: int
    drive: Drive = Drive()
    is_input: bool = False


class _Growth(NamedTuple):
    first: int  # window
    windows: int
    low: float  # Hz
    high: float

    @property
    def end(self) -> int:
        return self.first + self.windows


def window_steps(dt: float) -> int:
    """Return how many iterations a window has."""
    return iterations_of(WINDOW_MS, dt, least=LEAST_STEPS)


class Physics:
    """Judge groups by their spikes per window; tell each thing once.

    Parameters
    ----------
    groups : sequence of WatchedGroup
    dt : float, ms
    """

    def __init__(self, groups: Sequence[WatchedGroup], dt: float) -> None:
        self.groups, self.dt = tuple(groups), dt
        self.steps = window_steps(dt)
        self._ceiling = 1000 / dt
        self._limit = min(NEAR_CEILING * self._ceiling, FAST_HZ)
        self._silent = max(math.ceil(SILENT_MS / (self.steps * dt)), 1)
        self._kept = max(self._silent, (RISES + 1) * max(SCALES))
        # Spikes in a window per Hz of the mean rate.
        self._per_hz = np.array([max(each.size, 1) for each in groups]) * self.steps * dt / 1000
        self._inputs = np.array([group.is_input for group in groups], bool)
        self._told: dict[tuple[WarningKind, int], float] = {}  # and until when it was seen
        self.begin(0)

    def begin(self, iteration: int) -> None:
        """Start anew after ``iteration``: what was seen before says nothing of what comes."""
        self._first = iteration  # the last one before the windows that are remembered
        self._seen = np.zeros((0, len(self.groups)), np.int64)
        self._fired = np.zeros(len(self.groups), np.int64)  # before these, in so many windows:
        self._windows = 0

    def take(self, counts: Counts) -> list[RunWarning]:
        """Judge the next windows, (windows, groups); return what was not told before."""
        self._seen = np.concatenate([self._seen, counts])
        fresh, found = counts / self._per_hz, list[RunWarning]()
        # Each rule ends in one of the new windows, and mostly these show that none does.
        if (fresh > self._limit).any():
            found += self._too_fast()
        if not counts.all():
            found += self._not_firing()
        if (fresh >= GROWN_HZ).any():
            found += self._running_away()
        self._forget(len(self._seen) - self._kept)
        return sorted(found, key=lambda each: (each.end_ms, each.kind, each.node))

    def _forget(self, windows: int) -> None:
        if windows > 0:
            self._fired += self._seen[:windows].sum(axis=0)
            self._windows += windows
            self._first += windows * self.steps
            self._seen = self._seen[windows:]

    def _too_fast(self) -> Iterator[RunWarning]:
        rates = self._seen / self._per_hz
        for place in self._untold("fast", rates > self._limit):
            first = int(np.argmax(rates[:, place] > self._limit))
            group, rate, when = self.groups[place], float(rates[first, place]), self._when(first, 1)
            if group.is_input:
                text = words.fast_input(group.name, group.size, words.span(*when), rate)
            elif rate > NEAR_CEILING * self._ceiling:
                text = words.near_ceiling(
                    *(group.name, group.size, words.span(*when), rate, self._ceiling, self.dt)
                )
            else:
                text = words.fast(group.name, group.size, words.span(*when), rate)
            yield self._warning("fast", place, when, text)

    def _not_firing(self) -> Iterator[RunWarning]:
        """Find spans of windows without a spike of a group that has a reason to fire."""
        nothing, span = self._seen == 0, self._silent
        enough = nothing.sum(axis=0) >= span
        if not enough.any():
            return
        upto = _summed(self._seen)
        fired = upto[span:] - upto[:-span]  # (spans, groups), from each window on
        for place in self._untold("silent", (fired == 0) & enough):
            for first in np.flatnonzero(fired[:, place] == 0).tolist():
                text = self._silence(place, first, fired[first], int(upto[first, place]))
                if text:
                    yield self._warning("silent", place, self._when(first, span), text)
                    break

    def _silence(self, place: int, first: int, fired: Counts, before: int) -> str:
        """Return what is to be said of a silent span; nothing where it is no wonder."""
        group, when = self.groups[place], words.span(*self._when(first, self._silent))
        so_far, windows = int(self._fired[place]) + before, self._windows + first
        if group.is_input:
            return "" if so_far else words.silent_input(group.name, when)
        if so_far and so_far * self._silent < SURPRISING * windows:
            return ""
        source = max(group.drive.sources, key=lambda each: int(fired[each]), default=place)
        reason = group.drive.own
        if fired[source]:
            reason = f"{self.groups[source].name} fired {int(fired[source]):,} spikes"
        return words.silent(group.name, when, reason) if reason else ""

    def _running_away(self) -> Iterator[RunWarning]:
        high = self._seen / self._per_hz >= GROWN_HZ
        for place in self._untold("growing", high & ~self._inputs):
            found = [each for scale in SCALES for each in self._growths(place, scale)]
            growth = min(found, key=lambda each: each.end, default=None)
            if growth is None:
                continue
            group, when = self.groups[place], self._when(growth.first, growth.windows)
            if self._told.get(("fast", place), math.inf) <= when[1]:
                continue  # which says more
            text = words.growing(
                *(group.name, group.size, words.span(*when), growth.low, growth.high)
            )
            yield self._warning("growing", place, when, text)

    def _growths(self, place: int, scale: int) -> Iterator[_Growth]:
        """Yield the first stretch of a group in which every rise was steep, if there is one."""
        windows = (RISES + 1) * scale
        upto = _summed(self._seen[:, place])
        if len(upto) <= windows:
            return
        rates = (upto[scale:] - upto[:-scale]) / (self._per_hz[place] * scale)  # from each on
        starts = len(rates) - RISES * scale
        parts = np.stack([rates[part * scale : part * scale + starts] for part in range(RISES + 1)])
        steep = (parts[0] > 0) & (parts[-1] >= GROWN_HZ)
        steep &= (parts[1:] >= RISE * parts[:-1]).all(axis=0)
        if steep.any():
            first = int(np.argmax(steep))
            yield _Growth(first, windows, float(parts[0, first]), float(parts[-1, first]))

    def _untold(self, kind: WarningKind, holds: NDArray[np.bool_]) -> list[int]:
        """Return the places of groups of which something holds that was not told."""
        places = np.flatnonzero(holds.any(axis=0)).tolist()
        return [place for place in places if (kind, place) not in self._told]

    def _when(self, first: int, windows: int) -> tuple[float, float]:
        """Return begin and end of some windows in ms."""
        begin = self._first + first * self.steps
        return begin * self.dt, (begin + windows * self.steps) * self.dt

    def _warning(
        self, kind: WarningKind, place: int, when: tuple[float, float], text: str
    ) -> RunWarning:
        self._told[kind, place] = when[1]
        group = self.groups[place]
        return RunWarning(kind, group.node, group.name, *when, text)


def _summed(counts: Counts) -> Counts:
    """Return running sums along the windows, beginning with 0."""
    before = np.zeros((1, *counts.shape[1:]), np.int64)
    return np.concatenate([before, np.cumsum(counts, axis=0)])
