"""The population rate: its numbers, and that the live plot shows the very same."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from PySide6.QtWidgets import QLabel

from conex_core.helpers.visualization import PlotSource, rate
from conex_core.helpers.visualization.palette import EXCITATORY
from conex_core.helpers.visualization.plots.rate import Rate, population_rate
from conex_core.run.ring import EventRing


def filled(t, i, now, capacity=1 << 16) -> EventRing:
    ring = EventRing(capacity)
    ring.push(np.asarray(t, np.int64), np.asarray(i, np.int32), now)
    return ring


def shown(qtbot, ring, size=10, dt=1.0, window=1000.0, **settings):
    source = PlotSource("exc", ring, size, EXCITATORY)
    plot = Rate(window=window, **settings).live([source], dt=dt)
    qtbot.addWidget(plot)
    plot.resize(500, 300)
    plot.show()
    qtbot.waitExposed(plot)
    plot.refresh()
    return plot


@pytest.mark.parametrize("dt", [1.0, 0.5, 0.1])
@pytest.mark.parametrize("interval_ms", [5.0, 20.0])
def test_regular_spiking_has_the_rate_of_its_interval(dt, interval_ms):
    steps = round(interval_ms / dt)
    t = np.repeat(np.arange(steps, 1000 * steps // 4, steps), 7)  # seven neurons at once

    hz = population_rate(t, np.arange(0, 101, 20.0), size=7, dt=dt)

    np.testing.assert_allclose(hz, 1000 / interval_ms)


@given(
    some.lists(some.integers(1, 400), max_size=300),
    some.integers(1, 50),
    some.sampled_from([1.0, 0.5]),
)
def test_the_rate_is_a_histogram_per_neuron_and_second(t, size, dt):
    edges = np.array([0.0, 7.0, 20.0, 90.0])

    hz = population_rate(np.sort(t), edges, size=size, dt=dt)

    counted, _ = np.histogram(np.asarray(t) * dt - dt / 2, edges)
    np.testing.assert_allclose(hz, counted / size / np.diff(edges) * 1000)


def test_a_spike_at_the_end_of_a_bin_belongs_to_it():
    hz = population_rate([10], [0.0, 10.0, 20.0], size=1)

    assert hz.tolist() == [100.0, 0.0]


@pytest.mark.parametrize(("dt", "bin_ms"), [(1.0, 10.0), (0.1, 5.0), (2.0, 20.0)])
def test_the_live_plot_shows_the_rates_of_the_analysis(qtbot, dt, bin_ms):
    random = np.random.default_rng(3)
    t = np.sort(random.integers(1, 501, 900))
    plot = shown(qtbot, filled(t, random.integers(0, 10, 900), 500), dt=dt, bin=bin_ms)

    curve = plot.drawing.known[0]
    edges = bin_ms * np.arange(int(500 * dt / bin_ms) + 1)

    np.testing.assert_allclose(curve.edges, edges)
    np.testing.assert_allclose(curve.values, population_rate(t, edges, size=10, dt=dt))


@given(some.lists(some.integers(1, 60), min_size=1, max_size=12))
def test_data_in_parts_give_the_same_curve_as_all_at_once(parts):
    random = np.random.default_rng(5)
    now, ring, curve = 0, EventRing(1 << 12), None
    plot = Rate(bin=7.0)
    for part in parts:
        fresh = np.sort(random.integers(now + 1, now + part + 1, 20))
        now += part
        ring.push(fresh, random.integers(0, 5, 20).astype(np.int32), now)
        curve = curve or known(plot, ring)
        curve.read(plot, 0.0, float(now), 1.0)

    edges = 7.0 * np.arange(now // 7 + 1)
    expected = population_rate(ring.since().t, edges, size=5)
    np.testing.assert_allclose(curve.values, expected[: len(curve.values)])
    assert len(curve.values) == now // 7


def known(plot, ring):
    from conex_core.helpers.visualization.curves import _Curve

    return _Curve(PlotSource("exc", ring, 5), "#000000")


def test_the_figure_shows_the_rates_of_the_analysis():
    t = np.repeat(np.arange(1, 101), 2)

    figure = rate({"exc": (t, np.tile([0, 1], 100))}, sizes={"exc": 10}, bin_ms=25)

    drawn = figure.axes[0].patches[0].get_data()
    np.testing.assert_allclose(drawn.values, population_rate(t, drawn.edges, size=10))


def test_a_bin_that_is_not_over_is_not_drawn(qtbot):
    plot = shown(qtbot, filled([1, 12], [0, 0], 15))

    assert plot.drawing.known[0].edges.tolist() == [0, 10]


def test_a_silent_group_has_a_line_at_zero(qtbot):
    plot = shown(qtbot, filled([], [], 300))

    assert set(plot.drawing.known[0].values) == {0.0}
    assert plot._box.viewRange()[1][1] > 1


def test_groups_keep_their_colours_and_names(qtbot):
    ring = filled([5], [0], 100)
    plot = Rate().live(
        [PlotSource("exc", ring, 10, "#0072B2"), PlotSource("inh", ring, 4, "#D55E00")]
    )
    qtbot.addWidget(plot)
    plot.show()
    plot.refresh()

    names = [(label.text, label.colour) for label in plot._gutter.names]
    assert names == [("exc", "#0072B2"), ("inh", "#D55E00")]


def test_the_axis_narrows_when_a_burst_has_left_the_window(qtbot):
    burst = np.repeat(np.arange(1, 11), 10)
    ring = filled(burst, np.tile(np.arange(10), 10), 100)
    plot = shown(qtbot, ring, window=200.0)
    wide = plot._box.viewRange()[1][1]

    later = np.arange(101, 1001, 20)
    ring.push(later, np.zeros(len(later), np.int32), 1000)
    plot.refresh()

    assert wide > 1000
    assert plot._box.viewRange()[1][1] < 50


def test_many_bins_in_a_pixel_keep_their_extremes(qtbot):
    t = np.arange(50_001, 50_002)
    plot = shown(qtbot, filled(t, [0], 100_000), size=1, window=100_000.0, bin=1.0)

    curve = plot.drawing.known[0]
    lines = curve.segments(*curve.visible(0.0, 100_000.0), 400)

    assert len(lines) <= 800
    assert lines[:, [1, 3]].max() == 1000


def test_spikes_that_the_ring_forgot_are_not_shown_as_silence(qtbot):
    t = np.arange(1, 2001)
    plot = shown(qtbot, filled(t, np.zeros(2000), 2000, capacity=512), size=1, window=2000.0)

    curve = plot.drawing.known[0]
    assert curve.edges[0] >= 2000 - 512
    assert set(curve.values) == {1000.0}


def test_the_cursor_tells_the_rate(qtbot):
    plot = shown(qtbot, filled(np.arange(1, 101), np.zeros(100), 100), size=2)

    plot.time_view.point_at(35.0)

    assert plot.findChild(QLabel, "readout").text() == "35 ms   exc  500.0   Hz"
