"""Measure how long a frame of the live plots takes; run it as a script.

    QT_QPA_PLATFORM=offscreen python tests/benchmarks/plot_speed.py

A frame is: new data of 33 ms of simulated time arrive (not timed), the plot
refreshes and is painted (timed). Figures are the median and the 99th
percentile over the frames, in ms.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtWidgets import QApplication, QWidget

from conex_core.helpers.visualization import PlotSource, RasterPlot, VoltagePlot
from conex_core.helpers.visualization.palette import group_colour
from conex_core.helpers.visualization.plots.rate import Rate
from conex_core.run.ring import EventRing, TraceRing

FRAME_MS, WARM_UP, FRAMES = 33, 10, 200
SIZE = (1000, 600)


class SpikingGroup:
    """Write Poisson spikes of one group into its ring."""

    def __init__(self, name: str, size: int, spikes_per_ms: float, colour: str) -> None:
        self.source = PlotSource(name, EventRing(1 << 20), size, colour)
        self._size, self._rate = size, spikes_per_ms
        self._random = np.random.default_rng(size)

    def run(self, ms: int) -> None:
        """Advance by ``ms`` iterations of 1 ms."""
        ring = self.source.ring
        per_ms = self._random.poisson(self._rate, ms)
        t = np.repeat(np.arange(ring.now + 1, ring.now + ms + 1), per_ms)
        i = self._random.integers(0, self._size, len(t)).astype(np.int32)
        ring.push(t, i, ring.now + ms)


class NoisyTraces:
    """Write random walks into a trace ring."""

    def __init__(self, name: str, traces: int, colour: str) -> None:
        self.source = PlotSource(
            name, TraceRing(traces, 1 << 16), colour=colour, levels={"threshold": -50.0}
        )
        self._random = np.random.default_rng(traces)

    def run(self, ms: int) -> None:
        """Advance by ``ms`` iterations of 1 ms."""
        ring = self.source.ring
        values = -60 + 3 * self._random.standard_normal((ms, ring.channels))
        ring.push(np.arange(ring.now + 1, ring.now + ms + 1), values.astype(np.float32))


def raster(spikes: int, window_ms: int) -> list[float]:
    """Return the frame times of a raster with about ``spikes`` in its window."""
    share = spikes / window_ms / 10
    parts = (("exc", 8000, 7.0), ("inh", 2000, 2.0), ("input", 1000, 1.0))
    groups = [
        SpikingGroup(name, size, weight * share, group_colour(k))
        for k, (name, size, weight) in enumerate(parts)
    ]
    plot = RasterPlot([group.source for group in groups], window_ms=window_ms)
    return frame_times(plot, groups, window_ms, plot.refresh)


def rate(spikes: int, window_ms: int) -> list[float]:
    """Return the frame times of a rate plot of the same groups."""
    share = spikes / window_ms / 10
    groups = [
        SpikingGroup(name, size, weight * share, group_colour(k))
        for k, (name, size, weight) in enumerate((("exc", 8000, 8.0), ("inh", 2000, 2.0)))
    ]
    plot = Rate(window=window_ms).live([group.source for group in groups])
    return frame_times(plot, groups, window_ms, plot.refresh)


def voltage(traces: int, window_ms: int) -> list[float]:
    """Return the frame times of a voltage plot."""
    group = NoisyTraces("exc", traces, group_colour(0))
    plot = VoltagePlot([group.source], window_ms=window_ms)
    return frame_times(plot, [group], window_ms, plot.refresh)


def frame_times(
    plot: QWidget,
    groups: list[SpikingGroup] | list[NoisyTraces],
    window_ms: int,
    refresh: Callable[[], None],
) -> list[float]:
    """Return the times in ms of FRAMES frames after a warm-up."""
    plot.resize(*SIZE)
    for group in groups:
        group.run(window_ms)
    plot.show()
    QApplication.processEvents()
    times = []
    for _ in range(WARM_UP + FRAMES):
        for group in groups:
            group.run(FRAME_MS)
        started = time.perf_counter()
        refresh()
        QApplication.processEvents()
        times.append((time.perf_counter() - started) * 1000)
    plot.close()
    plot.deleteLater()
    return times[WARM_UP:]


def report(name: str, times: list[float]) -> None:
    """Write one line."""
    middle, late = np.percentile(times, [50, 99])
    sys.stdout.write(f"{name:44s} median {middle:6.2f} ms   p99 {late:6.2f} ms\n")


def main() -> None:
    """Measure rasters of growing numbers of spikes, and voltage plots."""
    app = QApplication.instance() or QApplication([])
    for spikes, window_ms in ((10_000, 1000), (20_000, 1000), (100_000, 1000), (1_000_000, 10_000)):
        report(f"raster, {spikes:,} spikes in {window_ms} ms", raster(spikes, window_ms))
    for spikes, window_ms in ((100_000, 1000), (1_000_000, 10_000)):
        report(f"rate, {spikes:,} spikes in {window_ms} ms", rate(spikes, window_ms))
    for traces, window_ms in ((3, 1000), (10, 10_000), (20, 10_000)):
        report(f"voltage, {traces} traces of {window_ms} ms", voltage(traces, window_ms))
    app.processEvents()


if __name__ == "__main__":
    main()
