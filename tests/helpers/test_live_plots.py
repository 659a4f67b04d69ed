"""The live plots, through real widgets: what they paint, and when they do nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel

from conex_core.errors import ParameterError
from conex_core.helpers.visualization import LiveWindow, PlotSource, RasterPlot, VoltagePlot
from conex_core.helpers.visualization.palette import EXCITATORY, INHIBITORY
from conex_core.run.ring import EventRing, TraceRing

DOCS = Path(__file__).parents[2] / "resources" / "docs" / "plots.md"


class CountingRing(EventRing):
    """Count how often anybody reads."""

    reads = 0

    def since(self, cursor=0, until=None):
        self.reads += 1
        return super().since(cursor, until)


def ring_of(events=(), now=100, kind=EventRing):
    ring = kind()
    add(ring, events, now)
    return ring


def add(ring, events, now):
    t = np.array([t for t, _ in events], np.int64)
    ring.push(t, np.array([i for _, i in events], np.int32), now)


def shown(qtbot, plot):
    qtbot.addWidget(plot)
    plot.resize(500, 300)
    plot.show()
    qtbot.waitExposed(plot)
    settle(plot)
    return plot


def settle(*plots):
    """Let the layout take up the room that the names need, then draw in it."""
    for _ in range(2):
        for plot in plots:
            plot.refresh()
        QApplication.processEvents()


@pytest.fixture
def raster(qtbot):
    def make(events=(), now=100, size=10, window_ms=100.0, kind=EventRing, **options):
        source = PlotSource("exc", ring_of(events, now, kind), size, EXCITATORY)
        return shown(qtbot, RasterPlot([source], window_ms=window_ms, **options))

    return make


def picture(plot):
    QApplication.processEvents()
    return plot.grab().toImage()


def readout_of(plot) -> QLabel:
    return plot.findChild(QLabel, "readout")


def has_colour_near(plot, point, colour, reach=4):
    """Tell whether ``colour`` is painted around a place given in the plot's coordinates."""
    place = plot._canvas.mapFromScene(plot._box.mapViewToScene(QPointF(*point)))
    image, wanted = picture(plot), QColor(colour).rgb()
    around = range(-reach, reach + 1)
    return any(image.pixel(place.x() + x, place.y() + y) == wanted for x in around for y in around)


def height_of(plot, neuron):
    return float(plot.drawing.lanes[0].band.height(neuron))


def test_a_spike_shows_at_its_time_and_neuron(raster):
    plot = raster([(40, 7)])

    assert has_colour_near(plot, (40, height_of(plot, 7)), EXCITATORY)
    assert not has_colour_near(plot, (60, height_of(plot, 7)), EXCITATORY)
    assert not has_colour_near(plot, (40, height_of(plot, 2)), EXCITATORY)


def test_new_spikes_appear_with_the_next_refresh(raster):
    plot = raster([(40, 7)])

    add(plot.sources[0].ring, [(110, 2)], 120)
    plot.refresh()

    assert has_colour_near(plot, (110, height_of(plot, 2)), EXCITATORY)
    assert plot._box.viewRange()[0][1] == pytest.approx(120.5, abs=1)


def test_many_spikes_are_drawn_as_density_at_the_same_place(raster):
    crowd = [(t, i) for t in range(41, 61) for i in range(5000, 6000)]
    plot = raster(crowd, size=10_000)

    assert not plot.drawing.dots.as_points
    image = picture(plot)
    ground = QColor("#FFFFFF").rgb()

    def at(time, neuron):
        place = QPointF(time, height_of(plot, neuron))
        return image.pixel(plot._canvas.mapFromScene(plot._box.mapViewToScene(place)))

    assert at(50, 5500) != ground
    assert at(50, 8500) == ground
    assert at(80.3, 5500) == ground


def test_groups_lie_in_bands_of_their_colour(qtbot):
    sources = [
        PlotSource("exc", ring_of([(50, 3)]), 10, EXCITATORY),
        PlotSource("inh", ring_of([(50, 3)]), 10, INHIBITORY),
    ]

    plot = shown(qtbot, RasterPlot(sources, window_ms=100))

    upper, lower = (lane.band for lane in plot.drawing.lanes)
    assert has_colour_near(plot, (50, float(upper.height(3))), EXCITATORY)
    assert has_colour_near(plot, (50, float(lower.height(3))), INHIBITORY)
    assert [label.text for label in plot._gutter.names] == ["exc", "inh"]


def test_a_group_of_unknown_size_grows_with_its_largest_index(raster):
    plot = raster([(10, 3)], size=0)

    add(plot.sources[0].ring, [(105, 150)], 110)
    plot.refresh()

    assert plot.drawing.lanes[0].size >= 151
    assert has_colour_near(plot, (105, height_of(plot, 150)), EXCITATORY)


def test_pause_freezes_the_picture_while_data_arrive(raster):
    plot = raster([(40, 7)])
    plot.set_paused(True)
    before = picture(plot)

    add(plot.sources[0].ring, [(110, 2)], 150)
    plot.refresh()

    assert plot.paused
    assert picture(plot) == before


def test_going_on_after_a_pause_shows_what_was_missed(raster):
    plot = raster([(40, 7)])
    plot.set_paused(True)
    add(plot.sources[0].ring, [(110, 2)], 150)

    plot.set_paused(False)
    plot.refresh()

    assert has_colour_near(plot, (110, height_of(plot, 2)), EXCITATORY)


def test_a_hidden_plot_reads_nothing_and_catches_up_when_shown(raster):
    plot = raster([(40, 7)], kind=CountingRing)
    ring = plot.sources[0].ring
    plot.hide()
    reads = ring.reads

    add(ring, [(900, 2)], 910)
    plot.refresh()
    assert ring.reads == reads

    plot.show()
    assert has_colour_near(plot, (900, height_of(plot, 2)), EXCITATORY)


def test_a_frame_reads_only_the_new_spikes(raster):
    plot = raster([(t, i) for t in range(1, 101) for i in range(200)], size=200)
    ring = plot.sources[0].ring
    asked = []
    read = ring.since
    ring.since = lambda cursor=0, until=None: asked.append(cursor) or read(cursor, until)

    add(ring, [(101, 1)], 101)
    plot.refresh()

    assert asked == [20_000]


def test_scrolling_back_shows_what_the_ring_still_holds(raster):
    plot = raster([(40, 7), (950, 1)], now=1000)
    assert not has_colour_near(plot, (950, height_of(plot, 7)), EXCITATORY)

    plot.scroll_to(110)
    plot.refresh()

    assert plot.paused
    assert has_colour_near(plot, (40, height_of(plot, 7)), EXCITATORY)


def test_scrolling_stays_within_the_data(raster):
    plot = raster([(300, 7)], now=1000)

    plot.scroll_to(-5000)
    oldest = plot.time_view.end
    plot.scroll_to(1e9)

    assert oldest == pytest.approx(399, abs=2)
    assert plot.time_view.end == pytest.approx(1000.5)


def test_slider_and_keys_look_back(raster, qtbot):
    plot = raster([(1, 1)], now=1000)

    plot._strip.slider.setValue(500)
    assert plot.time_view.end == 500
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    assert plot.time_view.end == 525
    qtbot.keyClick(plot, Qt.Key.Key_End)
    assert not plot.paused
    qtbot.keyClick(plot, Qt.Key.Key_Space)
    assert plot.paused


@pytest.mark.parametrize("window_ms", [3e9, 1e300])
def test_no_more_than_an_hour_is_shown_at_once(raster, window_ms):
    plot = raster([(1, 1)], now=1000, window_ms=window_ms)

    plot.refresh()

    assert plot.window_ms == 3_600_000
    assert 0 < plot._strip.slider.pageStep() <= 3_600_000


def test_the_slider_reaches_times_that_it_cannot_count_in_ms(raster):
    plot = raster([(1, 1)], now=10**10)

    plot.refresh()

    assert plot._strip.slider.maximum() <= 2**31 - 1
    assert plot._strip.slider.value() == plot._strip.slider.maximum()


def test_dragging_the_data_looks_back(raster, qtbot):
    plot = raster([(1, 1)], now=1000)
    viewport, start = plot._canvas.viewport(), QPoint(250, 100)

    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
    for step in range(1, 6):
        qtbot.mouseMove(viewport, start + QPoint(20 * step, 0))
        QApplication.processEvents()
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=start + QPoint(100, 0))

    assert plot.paused
    assert 950 < plot.time_view.end < 995


def test_the_wheel_zooms_the_window(raster):
    plot = raster(now=1000)
    centre = QPointF(plot._canvas.rect().center())
    event = QWheelEvent(
        centre,
        plot._canvas.mapToGlobal(centre),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )

    QApplication.sendEvent(plot._canvas.viewport(), event)

    assert plot.window_ms == pytest.approx(80)


def test_a_new_run_starts_the_view_anew(raster):
    plot = raster([(40, 7)], now=100)
    ring = plot.sources[0].ring

    ring.clear()
    add(ring, [(5, 2)], 20)
    plot.refresh()

    assert has_colour_near(plot, (5, height_of(plot, 2)), EXCITATORY)
    assert not has_colour_near(plot, (5, height_of(plot, 7)), EXCITATORY)


def test_an_empty_plot_says_how_to_get_data(qtbot, raster):
    assert shown(qtbot, RasterPlot())._empty.isVisible()
    assert shown(qtbot, VoltagePlot())._empty.isVisible()
    assert not raster([(1, 1)])._empty.isVisible()


def test_the_cursor_tells_time_and_neuron(raster, qtbot):
    plot = raster([(40, 7)])
    place = plot._canvas.mapFromScene(plot._box.mapViewToScene(QPointF(60, height_of(plot, 4))))

    qtbot.mouseMove(plot._canvas.viewport(), place)
    qtbot.waitUntil(lambda: readout_of(plot).isVisible())

    assert readout_of(plot).text().startswith("60 ms")
    assert readout_of(plot).text().endswith("exc 4")


def voltage_plot(qtbot, **options):
    ring = TraceRing(2)
    values = np.full((200, 2), -65.0, np.float32)
    values[100:, 1] = -55.0
    ring.push(np.arange(1, 201), values)
    levels = {"threshold": -50.0, "v_reset": -70.0}
    options = {"levels": levels, "neurons": (3, 8), **options}
    source = PlotSource("exc", ring, colour=EXCITATORY, **options)
    return shown(qtbot, VoltagePlot([source], window_ms=150))


def test_a_potential_shows_at_its_time_and_value(qtbot):
    plot = voltage_plot(qtbot)
    colours = [label.colour for label in plot._gutter.names]

    assert has_colour_near(plot, (80, -65), colours[1])
    assert has_colour_near(plot, (180, -65), colours[0])
    assert has_colour_near(plot, (180, -55), colours[1])
    assert not has_colour_near(plot, (80, -55), colours[1])
    assert [label.text for label in plot._gutter.names] == ["exc 3", "exc 8"]


def test_threshold_and_reset_are_inside_and_marked(qtbot):
    plot = voltage_plot(qtbot)

    low, high = plot._box.viewRange()[1]
    assert low < -70
    assert high > -50
    assert [value for value, _ in plot._grid.marks] == [-70, -50]


def test_spikes_stand_as_ticks_above_the_threshold(qtbot):
    plot = voltage_plot(qtbot, more={"spikes": ring_of([(120, 8), (130, 5)], 200)})
    colour = plot._gutter.names[1].colour

    assert has_colour_near(plot, (120, -49.5), colour, reach=2)
    assert not has_colour_near(plot, (130, -49.5), colour, reach=2)


def test_the_cursor_tells_the_potentials(qtbot):
    plot = voltage_plot(qtbot)

    plot.time_view.point_at(180.0)

    assert readout_of(plot).text() == "180 ms   exc 3  −65.0   exc 8  −55.0"


def test_values_that_are_no_numbers_leave_a_gap(qtbot):
    ring = TraceRing(1)
    ring.push(np.arange(1, 4), np.array([[-60], [np.nan], [np.inf]], np.float32))

    plot = shown(qtbot, VoltagePlot([PlotSource("exc", ring)], window_ms=50))

    assert all(np.isfinite(plot._box.viewRange()[1]))


@pytest.mark.parametrize("channels", [(20, 1), (21,), (5, 20, 5, 5)])
def test_traces_beyond_the_most_that_are_drawn_are_left_out(qtbot, channels):
    rings = [TraceRing(count) for count in channels]
    for ring in rings:
        ring.push(np.arange(1, 11), np.full((10, ring.channels), -60.0, np.float32))

    plot = shown(qtbot, VoltagePlot([PlotSource(f"g {n}", ring) for n, ring in enumerate(rings)]))

    assert sum(strand.channels for strand in plot.drawing.strands) == 20
    assert plot.drawing.strands[-1].names == [] or len(channels) == 1


def test_linked_plots_share_window_pause_cursor_and_margin(qtbot, raster):
    upper = raster([(40, 7)], now=200)
    lower = voltage_plot(qtbot)

    lower.link(upper)
    upper.set_window(50)
    upper.scroll_to(120)
    settle(upper, lower)
    upper.time_view.point_at(110.0)

    assert lower.window_ms == 50
    assert lower.paused
    assert lower._box.viewRange()[0] == pytest.approx(upper._box.viewRange()[0], abs=0.5)
    assert readout_of(lower).isVisible()
    assert lower._gutter.width() == upper._gutter.width()


def test_both_themes_paint_their_own_ground(raster):
    plot = raster([(40, 7)])
    light = picture(plot).pixelColor(250, 3).lightness()

    plot.set_theme(True)
    plot.refresh()

    assert picture(plot).pixelColor(250, 3).lightness() < 60 < 200 < light


@pytest.mark.parametrize("ending", ["png", "svg"])
def test_export_writes_what_is_visible(raster, tmp_path, ending):
    plot = raster([(40, 7)])

    plot.export(tmp_path / f"plot.{ending}")

    assert (tmp_path / f"plot.{ending}").stat().st_size > 1000


def test_a_plot_refuses_the_wrong_kind_of_ring(qtbot):
    with pytest.raises(ParameterError, match="EventRing"):
        qtbot.addWidget(RasterPlot([PlotSource("exc", TraceRing(1))]))
    with pytest.raises(ParameterError, match="TraceRing"):
        qtbot.addWidget(VoltagePlot([PlotSource("exc", EventRing())]))


@pytest.mark.parametrize("window", [0, -1, float("nan")])
def test_a_window_must_be_above_zero(raster, window):
    with pytest.raises(ParameterError, match="window_ms"):
        raster().set_window(window)


def test_the_documented_script_runs(qapp):
    script = DOCS.read_text().split("```python")[1].split("```")[0]
    assert len([line for line in script.splitlines() if line.strip()]) <= 10
    seen = []

    def close_after_some_frames():
        for window in qapp.topLevelWidgets():
            if isinstance(window, LiveWindow) and window.session.iteration > 100:
                seen.append([plot.now_ms for plot in window.plots])
                timer.stop()
                window.close()

    timer = QTimer(interval=20)
    timer.timeout.connect(close_after_some_frames)
    timer.start()
    exec(compile(script, str(DOCS), "exec"), {})

    assert min(seen[0]) > 0
