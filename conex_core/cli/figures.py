"""The figures of ``conex run --out``: raster, voltage and rate of what was recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conex_core.run.probe import SpikeRecord, TraceProbe
    from conex_core.run.results import RunResult

__all__ = ["figures"]

_BIN_MS = 10.0
_MOST_BINS = 2000
_TRACED_MS = 500.0


def figures(
    result: RunResult,
    dt: float,
    spikes: Mapping[str, SpikeRecord],
    traces: Mapping[str, TraceProbe],
) -> Iterator[tuple[str, Any]]:
    """Yield (file name without ending, figure); what was not recorded is left out."""
    from conex_core.helpers.visualization import static

    end = result.steps * dt
    if spikes and result.steps:
        events = {name: (record.t, record.i) for name, record in spikes.items()}
        sizes = {group.name: group.size for group in result.groups if group.name in events}
        span = (0.0, end)
        yield "raster", static.raster(events, sizes=sizes, dt=dt, span_ms=span)
        bins = max(_BIN_MS, dt, end / _MOST_BINS)
        yield "rate", static.rate(events, sizes=sizes, dt=dt, bin_ms=bins, span_ms=span)
    if traces and result.steps:
        span = (max(0.0, end - _TRACED_MS), end)
        yield "voltage", static.voltage(_curves(traces, span[0] / dt), dt=dt, span_ms=span)


def _curves(traces: Mapping[str, TraceProbe], since: float) -> dict[str, tuple[Any, Any]]:
    """Return one curve per recorded neuron, from the given iteration on."""
    curves = {}
    for name, probe in traces.items():
        trace = probe.ring.since(0)
        late = trace.t >= since
        for column, neuron in enumerate(probe.neurons):
            curves[f"{name} {neuron}"] = (trace.t[late], trace.values[late, column])
    return curves
