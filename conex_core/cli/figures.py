"""The figures of ``conex run --out``: raster, voltage and rate of what was recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conex_core.cli.outputs import Keeper
    from conex_core.run.results import RunResult

__all__ = ["figures"]


def figures(keeper: Keeper, result: RunResult) -> Iterator[tuple[str, Any]]:
    """Yield (file name without ending, figure); what was not recorded is left out."""
    from conex_core.helpers.visualization import static

    sizes = {group.name: group.size for group in result.groups}
    if keeper.spikes:
        spikes = {name: (record.t, record.i) for name, record in keeper.spikes.items()}
        shown = {name: sizes[name] for name in spikes}
        yield "raster", static.raster(spikes, sizes=shown, dt=keeper.dt)
        yield "rate", static.rate(spikes, sizes=shown, dt=keeper.dt)
    if keeper.traces:
        traces = {name: probe.ring.since(0) for name, probe in keeper.traces.items()}
        values = {name: (trace.t, trace.values) for name, trace in traces.items()}
        yield "voltage", static.voltage(values, dt=keeper.dt)
