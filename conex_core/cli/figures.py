"""The figures of ``conex run --out``: one of every plot that finds what it watches."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from conex_core.cli.messages import complain
from conex_core.counting import first_step
from conex_core.helpers.visualization.in_session import objects_in, units_of
from conex_core.helpers.visualization.plot import load_plot
from conex_core.helpers.visualization.source import PlotData, series
from conex_core.run.probe import SpikeRecord
from conex_core.run.ring import EventRing, Ring, SnapshotRing, TraceRing
from conex_core.run.watching import probe_for

if TYPE_CHECKING:
    from conex_core.plot_specs import PlotSpec, Watch
    from conex_core.run.results import RunResult
    from conex_core.run.session import Session

__all__ = ["PlotRecording"]

logger = logging.getLogger(__name__)

_TRACED_MS = 500.0  # of plots that show traces
_TRACE_SAMPLES = 1 << 16


class PlotRecording:
    """Record what plots watch in a session, and draw it.

    ``spikes`` are the records that are kept anyway, by the id of their group.
    """

    def __init__(
        self, session: Session, plots: Mapping[str, PlotSpec], spikes: Mapping[int, SpikeRecord]
    ) -> None:
        self._session, self._plots, self._spikes = session, plots, spikes
        self._probes: dict[tuple[Any, ...], Any] = {}
        self._objects = {kind: list(self._watched(spec)) for kind, spec in plots.items()}

    def figures(self, result: RunResult) -> Iterator[tuple[str, Any]]:
        """Yield (file name without ending, figure); a plot that fails is told and left out."""
        for kind, spec in self._plots.items():
            if not self._objects[kind] or not result.steps:
                continue
            try:
                yield kind, self._drawn(spec, result.steps * self._session.dt)
            except (Exception, SystemExit) as error:
                logger.debug("the reason", exc_info=error)
                complain(f"the {kind} plot failed: {error}")

    def _drawn(self, spec: PlotSpec, end: float) -> Any:
        begin = max(0.0, end - _TRACED_MS) if spec.watches[0].form == "trace" else 0.0
        data = [self._data(spec, name, owner, begin) for name, owner in self._objects[spec.kind]]
        return load_plot(spec).figure(data, dt=self._session.dt, span_ms=(begin, end))

    def _watched(self, spec: PlotSpec) -> Iterator[tuple[str, Any]]:
        settings = spec.settings({})
        for name, owner in objects_in(self._session, spec, settings):
            for watch in spec.watches:
                if watch.needed:
                    self._record(owner, watch, settings)
            yield name, owner

    def _record(self, owner: Any, watch: Watch, settings: Mapping[str, Any]) -> None:
        key, variable = _key(owner, watch, settings), watch.asked(settings)
        if key in self._probes:
            return
        if variable == "spikes" and id(owner) in self._spikes:
            self._probes[key] = self._spikes[id(owner)]
            return
        probe = probe_for(owner, variable, _ring(watch, key[-1]), key[-1])
        self._session.attach(probe)
        self._probes[key] = probe

    def _data(self, spec: PlotSpec, name: str, owner: Any, begin: float) -> PlotData:
        settings, dt = spec.settings({}), self._session.dt
        first, *others = (watch for watch in spec.watches if watch.needed)
        read = {
            w.variable: self._read(_key(owner, w, settings), begin, dt) for w in (first, *others)
        }
        t, values = read[first.variable]
        return PlotData(
            name,
            t,
            values,
            size=int(getattr(owner, "size", 0)),
            neurons=units_of(first, settings, owner),
            more={watch.variable: read[watch.variable] for watch in others},
        )

    def _read(self, key: tuple[Any, ...], begin: float, dt: float) -> tuple[Any, Any]:
        probe = self._probes[key]
        if isinstance(probe, SpikeRecord):
            late = probe.t >= first_step(begin, dt)
            return probe.t[late], probe.i[late]
        if isinstance(probe.ring, SnapshotRing):
            probe.ring.latest()
            probe.flush(self._session.iteration)
        return series(probe.ring, begin, self._session.iteration * dt, dt)


def _key(owner: Any, watch: Watch, settings: Mapping[str, Any]) -> tuple[Any, ...]:
    units = units_of(watch, settings, owner)
    return (id(owner), watch.asked(settings), watch.form, units)


def _ring(watch: Watch, units: tuple[int, ...]) -> Ring:
    if watch.form == "trace":
        return TraceRing(len(units), _TRACE_SAMPLES)
    return SnapshotRing() if watch.form == "snapshot" else EventRing()
