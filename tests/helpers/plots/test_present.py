"""A plot read between two writes of a run shows no group as silent that is not."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from conex_core.helpers.visualization import PlotSource, RasterPlot
from conex_core.helpers.visualization.over_time.present import PATIENCE, Present
from conex_core.helpers.visualization.over_time.widget import TimePlot
from conex_core.helpers.visualization.plots.rate import Rate
from conex_core.run.ring import EventRing

BATCH = 400  # iterations; four windows of the plots below
NEURONS = np.arange(10, dtype=np.int32)


def push(ring: EventRing, until: int) -> None:
    """Let every neuron spike in each iteration of the batch that ends here."""
    t = np.repeat(np.arange(until - BATCH + 1, until + 1, dtype=np.int64), len(NEURONS))
    ring.push(t, np.tile(NEURONS, BATCH), until)


@pytest.fixture
def shown(qtbot):
    def show(plot: TimePlot) -> TimePlot:
        qtbot.addWidget(plot)
        plot.resize(400, 240)
        plot.show()
        qtbot.waitExposed(plot)
        plot.refresh()
        QApplication.processEvents()
        return plot

    return show


@pytest.fixture
def two() -> list[PlotSource]:
    return [PlotSource(name, EventRing(1 << 14), 10) for name in ("exc", "inh")]


def counts(plot: TimePlot) -> list[int]:
    """Return how many spikes of each group the last frame shows."""
    first = plot.drawing.dots._frame.first
    return [lane.visible(first) for lane in plot.drawing.lanes]


def test_a_group_whose_batch_comes_a_moment_later_stays(shown, two):
    plot = shown(RasterPlot(two, window_ms=100.0))
    for until in (BATCH, 2 * BATCH):
        push(two[0].ring, until)
        plot.refresh()
        between = counts(plot)
        push(two[1].ring, until)
        plot.refresh()
        after = counts(plot)

    assert min(between) > 500
    assert after[0] == after[1]


def test_a_rate_never_counts_a_batch_that_is_not_there_as_silence(shown, two):
    plot = shown(TimePlot(Rate(), two, window_ms=100.0))
    for until in range(BATCH, 6 * BATCH, BATCH):
        for source in two:
            push(source.ring, until)
            plot.refresh()

    assert all((curve.values == 1000).all() for curve in plot.drawing.known)
    assert all(len(curve.values) > 5 for curve in plot.drawing.known)


def test_no_group_drops_out_while_a_busy_thread_writes(shown, two):
    plot, done = shown(RasterPlot(two, window_ms=100.0)), threading.Event()

    def write() -> None:
        for until in range(BATCH, 400 * BATCH, BATCH):
            for source in two:
                push(source.ring, until)
                time.sleep(0.0005)
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    seen = []
    while not done.is_set():
        plot.refresh()
        seen.append(counts(plot))
    writer.join()

    begun = [each for each in seen if all(each)]
    assert len(begun) > 20
    assert all(all(each) for each in seen[seen.index(begun[0]) :])


def test_a_ring_that_nobody_writes_is_not_waited_for_for_ever():
    rings, present = [EventRing(8), EventRing(8)], Present()
    for ring in rings:
        ring._head[1] = 5

    for now in range(5, 6 + PATIENCE):
        rings[0]._head[1] = now
        seen = present.of(rings)

    assert seen == now


def test_a_ring_that_was_never_written_is_not_waited_for():
    rings = [EventRing(8), EventRing(8)]
    rings[0]._head[1] = 7

    assert Present().of(rings) == 7
