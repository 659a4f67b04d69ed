"""TimePlot: the widget around every plot over time.

A widget that pulls: whoever owns it calls ``refresh`` at each tick of a timer.
It reads the rings of its sources and nothing else, draws only while it can be
seen, and catches up when it is shown again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QHideEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from conex_core.counting import iterations_of
from conex_core.helpers.visualization.over_time.cursor import Cursor
from conex_core.helpers.visualization.over_time.drawing import DrawnOverTime
from conex_core.helpers.visualization.over_time.present import Present
from conex_core.helpers.visualization.over_time.strip import TimeStrip
from conex_core.helpers.visualization.over_time.surface import (
    STYLE,
    Grid,
    Gutter,
    TimeAxis,
    TimeBox,
)
from conex_core.helpers.visualization.over_time.ticks import Label, thin
from conex_core.helpers.visualization.over_time.view import TimeView
from conex_core.helpers.visualization.palette import Paper
from conex_core.helpers.visualization.source import PlotSource

__all__ = ["TimePlot"]

_RIGHT, _TOP = 8, 6
PAST_OPACITY = 0.45
_Item = TypeVar("_Item", bound=pg.GraphicsObject)

SHORTEST_STEP, LONGEST_STEP = 1e-6, 1e6  # ms


class TimePlot(QWidget):
    """Show sources over time, the present at the right edge.

    Drag or use the slider to look back, turn the wheel to zoom, double-click
    (or End) to follow the present again; Space pauses.

    Parameters
    ----------
    drawing : DrawnOverTime
        What draws here, and nowhere else.
    sources : iterable of PlotSource
    dt : float, ms
        Length of an iteration.
    window_ms : float, ms, optional
        How much time is shown; the plot's setting if not given.
    dark : bool
        Light marks on dark ground.
    """

    paused_changed = Signal(bool)  # the view stopped or began to follow the present
    window_changed = Signal(float)  # the visible time in ms changed

    def __init__(
        self,
        drawing: DrawnOverTime,
        sources: Iterable[PlotSource] = (),
        *,
        dt: float = 1.0,
        window_ms: float | None = None,
        dark: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.drawing, self.dt, self.dark = drawing, _time_step(dt), dark
        self.sources: tuple[PlotSource, ...] = ()
        self._stale, self._now, self._present = True, 0, Present()
        self._past = False
        # Without a parent: it lives until the last of those who share it lets go.
        self._time = TimeView(drawing.window if window_ms is None else window_ms)
        self._build()
        self._attach(self._time)
        self.set_theme(dark)
        self.set_sources(sources)
        self.setAccessibleName(f"{drawing.title} plot")
        self.setAccessibleDescription(drawing.empty)

    # What an owner uses ---------------------------------------------------------

    @property
    def window_ms(self) -> float:
        """Return how much time is shown."""
        return self._time.window

    @property
    def paused(self) -> bool:
        """Tell whether the view stands still."""
        return self._time.paused

    @property
    def time_view(self) -> TimeView:
        """Return the stretch of time shown, shared with linked plots."""
        return self._time

    @property
    def now(self) -> int:
        """Return the last iteration that all sources knew when they were looked at last."""
        return self._now

    @property
    def now_ms(self) -> float:
        """Return the latest time that all sources know now, in ms."""
        known = (ring.now for source in self.sources for ring in source.rings if ring.now)
        return max(self._now, min(known, default=0)) * self.dt

    def set_sources(self, sources: Iterable[PlotSource], *, dt: float | None = None) -> None:
        """Show other sources, from all that their rings still hold."""
        self.sources, self.dt = tuple(sources), _time_step(dt or self.dt)
        self._present, self._now = Present(), 0
        self.drawing.begin(self)
        self._mark_stale()

    def set_settings(self, settings: dict[str, Any]) -> None:
        """Draw with other values of the plot's settings."""
        before = self.drawing.window
        self.drawing.set(settings)
        if self.drawing.window != before:
            self.set_window(self.drawing.window)
        self._gutter.unit = self.drawing.axis_name()
        self._gutter.update()
        self.drawing.begin(self)
        self._mark_stale()

    def refresh(self) -> None:
        """Draw what is new; return at once while hidden or standing still."""
        if not self.isVisible():
            return
        now = self._present.of([ring for source in self.sources for ring in source.rings])
        if self._time.paused and not self._stale:
            return
        self._stale = False
        if now < self._now:
            self.drawing.forget()
        self._now = now
        self._empty.setVisible(now == 0)
        self._grid.setVisible(now > 0)  # no line crosses the words
        self._show_past()
        begin, end = self._show_span((now + 0.5) * self.dt)
        self.drawing.draw(self, begin, end)
        self._update_slider()
        self._update_readout()

    def set_window(self, ms: float) -> None:
        """Show ``ms`` of time."""
        self._time.set_window(ms)

    def set_paused(self, paused: bool) -> None:
        """Freeze the view, or follow the present; data keep arriving meanwhile."""
        self._time.stand_at((self._now + 0.5) * self.dt if paused else None)

    def scroll_to(self, end_ms: float) -> None:
        """Stand still with ``end_ms`` at the right edge, within what the rings hold."""
        latest = self.now_ms + 0.5 * self.dt
        earliest = min(self._oldest_ms() + self._time.window, latest)
        self._time.stand_at(min(max(end_ms, earliest), latest))

    def set_theme(self, dark: bool) -> None:
        """Change between light and dark."""
        self.dark = dark
        paper = Paper.of(dark)
        self._canvas.setBackground(QColor(paper.ground))
        self._gutter.paper = self._grid.paper = paper
        self._time_axis.setTextPen(QColor(paper.muted))
        self._time_axis.setPen(QColor(paper.line))
        self._cursor.set_colour(paper.line)
        self.setStyleSheet(STYLE.format(**vars(paper)))
        self.drawing.begin(self)
        self._mark_stale()

    def link(self, other: TimePlot) -> None:
        """Share window, scrolling, pause and cursor with ``other``."""
        self.share(other.time_view)

    def leave(self) -> None:
        """Share them no more: go on alone."""
        self.share(TimeView(self._time.window))

    def share(self, time: TimeView) -> None:
        """Show the stretch of time of ``time``, as all do who share it."""
        if time is self._time:
            return
        self._detach(self._time)
        self._attach(time)
        self.window_changed.emit(self._time.window)
        self.paused_changed.emit(self._time.paused)
        self._mark_stale()

    def mark_past(self, past: bool) -> None:
        """Say that what is shown is of a run that is over, or that it is not."""
        self._past = past
        self._show_past()

    def export(self, path: str | Path) -> None:
        """Write what is visible as a figure, PNG, SVG or PDF by the file's ending."""
        self.figure_writer()(path)

    def figure_writer(self) -> Callable[[str | Path], None]:
        """Return what writes as a figure what is visible now; any thread may call it."""
        begin, end = self._box.viewRange()[0]
        data = [source.between(begin, end, self.dt) for source in self.sources]
        draw = partial(self.drawing.figure, data, dt=self.dt, span_ms=(max(begin, 0.0), end))

        def write(path: str | Path) -> None:
            from conex_core.helpers.visualization import figures  # matplotlib takes seconds

            figures.save(draw(), path)

        return write

    # What a drawing uses ------------------------------------------------------------

    @property
    def pixels(self) -> tuple[int, int]:
        """Return width and height of what is drawn on, in px."""
        return max(round(self._box.width()), 1), max(round(self._box.height()), 1)

    def add_item(self, item: _Item) -> _Item:
        """Put an item on the canvas and return it."""
        self._box.addItem(item, ignoreBounds=True)
        return item

    def show_range(self, bottom: float, top: float) -> None:
        """Let the upright axis lead from ``bottom`` to ``top``."""
        if (bottom > top) != self._box.yInverted():
            self._box.invertY(bottom > top)
        self._box.setYRange(min(bottom, top), max(bottom, top), padding=0)

    def show_labels(
        self, names: Sequence[Label], ticks: Sequence[Label], *, levels: Sequence[float] = ()
    ) -> None:
        """Write names and numbers at the left; draw thin lines at ``levels``."""
        self._gutter.show_labels(tuple(names), tuple(ticks))
        self._grid.levels = tuple(levels)
        self._ask_for_gutter()

    def show_marks(self, values: Iterable[float]) -> None:
        """Draw faint dashed lines at ``values``."""
        line = Paper.of(self.dark).line
        self._grid.marks = tuple((value, line) for value in sorted(set(values)))

    def columns(self, begin: float, end: float, steps: int) -> tuple[int, int]:
        """Return the first and the last column of ``steps`` iterations that show."""
        first = math.floor((begin / self.dt - 0.5) / steps)
        last = math.ceil((end / self.dt - 0.5) / steps) - 1
        return max(first, 0), max(last, 0)

    def steps_per_column(self) -> int:
        """Return how many iterations a px column stands for, at least 1."""
        return max(math.ceil(self._time.window / self.dt / self._width()), 1)

    # Set-up -----------------------------------------------------------------------

    def _build(self) -> None:
        self._box, self._time_axis = TimeBox(), TimeAxis()
        self._gutter = Gutter(self.drawing.axis_name())
        self._canvas = pg.PlotWidget(
            viewBox=self._box, axisItems={"left": self._gutter, "bottom": self._time_axis}
        )
        self._canvas.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        item = self._canvas.getPlotItem()
        item.hideButtons()
        item.setContentsMargins(0, _TOP, _RIGHT, 0)
        self._grid = Grid(self._box)
        self._box.addItem(self._grid, ignoreBounds=True)
        self._cursor = Cursor(self._canvas, self._box)
        self._empty = QLabel(self.drawing.empty, self._canvas)
        self._empty.setObjectName("empty")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._empty.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._mark = QLabel("Last run", self._canvas)
        self._mark.setObjectName("past")
        self._mark.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._mark.hide()
        self._box.sigResized.connect(self._place_hint)
        self._build_layout()
        self._connect()

    def _build_layout(self) -> None:
        self._strip = TimeStrip(_RIGHT)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._canvas, 1)
        layout.addWidget(self._strip)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumSize(200, 104)

    def _connect(self) -> None:
        self._box.dragged.connect(lambda px: self._scroll_by(-px * self._ms_per_px()))
        self._box.scrolled.connect(lambda notches: self._scroll_by(-notches * self.window_ms / 8))
        self._box.wheeled.connect(self._zoom)
        self._box.released.connect(lambda: self.set_paused(False))
        self._box.sigResized.connect(self._mark_stale)
        self._strip.scrolled.connect(self.scroll_to)
        self._canvas.scene().sigMouseMoved.connect(self._point)
        self._canvas.installEventFilter(self)

    def _attach(self, time: TimeView) -> None:
        self._time = time
        time.changed.connect(self._view_changed)
        time.cursor_moved.connect(self._update_readout)
        time.paused_changed.connect(self.paused_changed)
        time.gutter_changed.connect(self._fit_gutter)
        self._ask_for_gutter()

    def _detach(self, time: TimeView) -> None:
        time.changed.disconnect(self._view_changed)
        time.cursor_moved.disconnect(self._update_readout)
        time.paused_changed.disconnect(self.paused_changed)
        time.gutter_changed.disconnect(self._fit_gutter)
        time.need_gutter(id(self), None)

    # Time --------------------------------------------------------------------------

    def _ms_per_px(self) -> float:
        return self._time.window / self._width()

    def _width(self) -> float:
        return max(float(self._box.width()), 1.0)

    def _show_span(self, now: float) -> tuple[float, float]:
        """Set the visible span; its edges lie on whole px, so that scrolling never shimmers."""
        end = now if self._time.end is None else self._time.end
        px = self._ms_per_px()
        end = math.ceil(end / px - 1e-6) * px
        self._box.setXRange(end - self._time.window, end, padding=0)
        self._box.updateMatrix()  # left to the paint, it would ask for a second one
        return end - self._time.window, end

    def _oldest_ms(self) -> float:
        held = [source.ring.oldest for source in self.sources if source.ring.total]
        return max(min(held, default=0) - 1, 0) * self.dt

    def _scroll_by(self, ms: float) -> None:
        latest = self.now_ms + 0.5 * self.dt
        end = (latest if self._time.end is None else self._time.end) + ms
        self.scroll_to(end)

    def _zoom(self, notches: float, x: float) -> None:
        """Zoom around ``x`` (a share of the width), or the right edge while following."""
        self._time.zoom(1.25 ** (-notches), x if self._time.paused else 1.0)

    def _view_changed(self) -> None:
        self.drawing.resized()
        self.window_changed.emit(self._time.window)
        self._mark_stale()

    def _mark_stale(self) -> None:
        self._stale = True
        if self._time.paused:
            self.refresh()

    # Beside the data ----------------------------------------------------------------

    def _update_slider(self) -> None:
        window, now = self._time.window, self.now_ms
        end = now if self._time.end is None else self._time.end
        self._strip.show_time(min(self._oldest_ms() + window, now), now, end, window)

    def _ask_for_gutter(self) -> None:
        self._time.need_gutter(id(self), self._gutter.needed_width())
        self._fit_gutter()

    def _fit_gutter(self) -> None:
        if self._gutter.fixedWidth != self._time.gutter:
            self._gutter.setWidth(self._time.gutter)
        self._strip.leave_room(self._time.gutter)

    def _show_past(self) -> None:
        """Let what is of a run before stand back, and say so."""
        past = self._past and self._now > 0
        self._mark.setVisible(past)
        self._box.childGroup.setOpacity(PAST_OPACITY if past else 1.0)

    def _point(self, position: QPointF) -> None:
        self._time.point_at(self._cursor.point(position))
        self._update_readout()

    def _update_readout(self) -> None:
        time = self._time.cursor
        if time is None or not self._now:
            self._cursor.hide()
            return
        digits = 0 if self.dt >= 1 else math.ceil(-math.log10(self.dt))
        stamp = f"{thin(iterations_of(time, self.dt, least=0) * self.dt, digits)} ms"
        parts = (stamp, self.drawing.readout(self, time, self._cursor.y))
        self._cursor.show(time, "   ".join(part for part in parts if part))

    # Qt -----------------------------------------------------------------------------

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Forget the cursor when the mouse leaves."""
        if event.type() == QEvent.Type.Leave:
            self._cursor.leave()
            self._time.point_at(None)
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll, zoom and pause without the mouse."""
        key, step = event.key(), self._time.window / 4
        actions = {
            Qt.Key.Key_Left: lambda: self._scroll_by(-step),
            Qt.Key.Key_Right: lambda: self._scroll_by(step),
            Qt.Key.Key_Home: lambda: self.scroll_to(0.0),
            Qt.Key.Key_End: lambda: self.set_paused(False),
            Qt.Key.Key_Space: lambda: self.set_paused(not self.paused),
            Qt.Key.Key_Plus: lambda: self._zoom(1, 1.0),
            Qt.Key.Key_Minus: lambda: self._zoom(-1, 1.0),
        }
        if key not in actions:
            super().keyPressEvent(event)
            return
        actions[Qt.Key(key)]()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw anew."""
        super().resizeEvent(event)
        self._mark_stale()

    def _place_hint(self) -> None:
        """Keep the hint in the middle of what is plotted, clear of the axes."""
        area = self._canvas.mapFromScene(self._box.sceneBoundingRect()).boundingRect()
        self._empty.setGeometry(area)
        self._mark.adjustSize()
        self._mark.move(area.right() - self._mark.width() - 4, area.top() + 4)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up."""
        super().showEvent(event)
        self._stale = True
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Let go of the cursor."""
        super().hideEvent(event)
        self._time.point_at(None)


def _time_step(dt: float) -> float:
    """Return a time step that can be drawn; the check tells of those that cannot be.

    An error raised in the middle of Qt's events, such as that of a number too large
    for it, can end the program.
    """
    return min(max(dt, SHORTEST_STEP), LONGEST_STEP) if 0 < dt < math.inf else 1.0
