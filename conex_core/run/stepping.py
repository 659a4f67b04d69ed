"""Stepping: many iterations of a network, with probes that look at each of them.

Compiled kernels keep spikes and values for the probes that they can serve, so
that whole batches run without Python; other probes are asked after every
iteration.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from conex_core.run.probe import Probe, SpikeTap, TraceProbe, is_population
from conex_core.structures.interrupts import Hold

if TYPE_CHECKING:
    from conex_core.run.engine.fused import Engine

__all__ = ["Stepper", "call_all"]

_FIRST, _SLICE = 16, 0.005  # steps of the first batch; seconds that the later ones aim at
_MOST = 1 << 14
_SURE = 0.5  # of what the last call's pace lets expect, in the first batch of the next


class Stepper:
    """Run iterations until a number or a time is reached.

    ``pace`` is the seconds that an iteration took lately, 0 where that is unknown.
    Ctrl-C that waits in ``hold`` acts where an iteration and all that is read of it
    are complete.
    """

    def __init__(
        self,
        network: Any,
        taps: Iterable[SpikeTap],
        probes: Iterable[Probe],
        pace: float = 0.0,
        hold: Hold | None = None,
    ) -> None:
        self.network, self.taps, self.pace = network, list(taps), pace
        self._hold = hold
        self.probes = [probe for probe in probes if not getattr(probe, "is_idle", False)]

    def run(self, steps: int, deadline: float) -> None:
        """Run up to ``steps`` iterations, or until the clock passes ``deadline``."""
        readers: list[SpikeTap | Probe] = [*self.taps, *self.probes]
        samplers = [reader.sample for reader in readers]
        if steps > 0 and self.network.loop.is_unfinished:
            self._run_by_one(self.network.simulate_iteration, samplers, 1, deadline)
            steps -= 1
        engine = self.network.fast_engine()
        if engine is None:
            self._run_by_one(self.network.simulate_iteration, samplers, steps, deadline)
            return
        try:
            self._run_fast(engine, steps, deadline)
        finally:
            self._take(engine)
            engine.rest()

    def _run_fast(self, engine: Engine, steps: int, deadline: float) -> None:
        others = self._open(engine)
        if others:
            step = partial(self._one, engine)
            self._run_by_one(step, [probe.sample for probe in others], steps, deadline)
            return
        now = time.perf_counter()
        batch = self._first(deadline - now)
        while steps > 0 and now <= deadline:
            done = engine.run(min(batch, steps), self._hold)
            self._take_if_full(engine)
            self._pause()
            steps, before, now = steps - done, now, time.perf_counter()
            self.pace = (now - before) / max(done, 1)
            batch = min(max(int(min(_SLICE, deadline - now) / self.pace), 1), 4 * batch, _MOST)

    def _pause(self) -> None:
        if self._hold is not None and self._hold.is_pressed:
            self._hold.let_through()

    def _first(self, seconds: float) -> int:
        if not self.pace:
            return _FIRST
        return min(max(int(_SURE * min(_SLICE, seconds) / self.pace), 1), _MOST)

    def _run_by_one(
        self,
        step: Callable[[], object],
        samplers: Sequence[Callable[[int], None]],
        steps: int,
        deadline: float,
    ) -> None:
        clock, network = time.perf_counter, self.network
        for _ in range(steps):
            step()
            call_all(samplers, int(network.iteration))
            self._pause()
            if clock() > deadline:
                return

    def _one(self, engine: Engine) -> None:
        engine.run(1)
        self._take_if_full(engine)

    def _open(self, engine: Engine) -> list[Probe]:
        """Let kernels serve the probes they can; return the others."""
        from conex_core.run.engine.readers import SpikeReader, ValueReader

        served = [
            probe
            for probe in self.probes
            if isinstance(probe, TraceProbe)
            and is_population(probe.group)
            and ValueReader.fits(probe.group, probe.variable)
        ]
        self.served: list[Any] = [*self.taps, *served]
        openings: list[Any] = [partial(SpikeReader, group=tap.group) for tap in self.taps]
        openings += [
            partial(ValueReader, group=p.group, name=p.variable, neurons=p.neurons) for p in served
        ]
        key = (
            *(id(t.group) for t in self.taps),
            *((id(p.group), p.variable, p.neurons) for p in served),
        )
        if engine.readers_key != key:
            engine.read(openings)
            engine.readers_key = key
        return [probe for probe in self.probes if probe not in served]

    def _take_if_full(self, engine: Engine) -> None:
        if not all(reader.spare() for reader in engine.readers):
            self._take(engine)

    def _take(self, engine: Engine) -> None:
        for item, reader in zip(self.served, engine.readers, strict=True):
            item.take(*reader.take())


def call_all(calls: Sequence[Callable[[int], None]], iteration: int) -> None:
    """Call all of them, so that the failure of one takes nothing from the others."""
    for place, each in enumerate(calls):
        try:
            each(iteration)
        except Exception:
            call_all(calls[place + 1 :], iteration)
            raise
