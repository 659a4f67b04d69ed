"""The figures of ``conex run --out``: raster, voltage and rate of what was recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conex_core.cli.outputs import Keeper
    from conex_core.run.results import RunResult

__all__ = ["figures"]

_BIN_MS = 10.0
_MOST_BINS = 2000
_TRACED_MS = 500.0


def figures(keeper: Keeper, result: RunResult) -> Iterator[tuple[str, Any]]:
    """Yield (file name without ending, figure); what was not recorded is left out."""
    from conex_core.helpers.visualization import static

    dt, end = keeper.dt, result.steps * keeper.dt
    if keeper.spikes and result.steps:
        spikes = {name: (record.t, record.i) for name, record in keeper.spikes.items()}
        sizes = {group.name: group.size for group in result.groups if group.name in spikes}
        span = (0.0, end)
        yield "raster", static.raster(spikes, sizes=sizes, dt=dt, span_ms=span)
        bins = max(_BIN_MS, dt, end / _MOST_BINS)
        yield "rate", static.rate(spikes, sizes=sizes, dt=dt, bin_ms=bins, span_ms=span)
    if keeper.traces and result.steps:
        span = (max(0.0, end - _TRACED_MS), end)
        yield "voltage", static.voltage(_traces(keeper, span[0] / dt), dt=dt, span_ms=span)


def _traces(keeper: Keeper, since: float) -> dict[str, tuple[Any, Any]]:
    """Return one curve per recorded neuron, from the given iteration on."""
    curves = {}
    for name, probe in keeper.traces.items():
        trace = probe.ring.since(0)
        late = trace.t >= since
        for column, neuron in enumerate(probe.neurons):
            curves[f"{name} {neuron}"] = (trace.t[late], trace.values[late, column])
    return curves
