"""Live plots: widgets that read the rings of a running network.

Plots are ordinary widgets that someone refreshes; ``show`` is the ten-line
script's way: it steps a session and shows the usual ones.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEventLoop, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QSplitter, QVBoxLayout, QWidget

from conex_core import catalog
from conex_core.errors import UnknownName
from conex_core.helpers.visualization.in_session import sources_in
from conex_core.helpers.visualization.over_time.view import TimeView
from conex_core.helpers.visualization.over_time.widget import TimePlot
from conex_core.helpers.visualization.plot import load_plot
from conex_core.helpers.visualization.plots.raster import Raster
from conex_core.helpers.visualization.plots.voltage import Voltage
from conex_core.helpers.visualization.source import PlotSource
from conex_core.helpers.visualization.stand_in import StandIn

if TYPE_CHECKING:
    from conex_core.plot_specs import PlotSpec
    from conex_core.run.session import Session

__all__ = ["LiveWindow", "PlotSource", "RasterPlot", "TimePlot", "TimeView", "VoltagePlot", "show"]

logger = logging.getLogger(__name__)


class RasterPlot(TimePlot):
    """A widget that shows spikes; the parameters are those of :class:`TimePlot`."""

    def __init__(self, sources: Iterable[PlotSource] = (), **look: Any) -> None:
        super().__init__(Raster(), sources, **look)


class VoltagePlot(TimePlot):
    """A widget that shows potentials; the parameters are those of :class:`TimePlot`."""

    def __init__(self, sources: Iterable[PlotSource] = (), **look: Any) -> None:
        super().__init__(Voltage(), sources, **look)


class LiveWindow(QWidget):
    """Step a session and show it in plots below each other, linked in time.

    Parameters
    ----------
    session : Session
    window_ms : float, ms
        How much time is shown.
    steps : int, optional
        When to stop stepping; until the window closes if not given.
    ms_per_frame : int, ms
        Time between two frames; about half of it is left for stepping.
    dark : bool, optional
        Light marks on dark ground; as the desktop says if not given.
    plots : bool, by kind
        Which other plots to show (``rate=True``), or not to show (``voltage=False``).

    Raises
    ------
    UnknownName
        If there is no such kind of plot.
    """

    closed = Signal()  # the window was closed and steps no more

    def __init__(
        self,
        session: Session,
        *,
        window_ms: float = 1000.0,
        steps: int | None = None,
        ms_per_frame: int = 33,
        dark: bool | None = None,
        **plots: bool,
    ) -> None:
        super().__init__()
        self.session = session
        self._left, self._budget = steps, ms_per_frame / 2000
        self._is_dark = _dark(dark)
        self.plots = [_live(session, spec, window_ms, self._is_dark) for spec in _chosen(plots)]
        self._lay_out()
        self._timer = QTimer(self, interval=ms_per_frame)
        self._timer.timeout.connect(self.tick)
        self._timer.start()

    def tick(self) -> None:
        """Step for a while, then let the plots draw."""
        most = 100_000 if self._left is None else self._left
        done = self.session.advance(most, self._budget)
        self._left = None if self._left is None else self._left - done
        for place in range(len(self.plots)):
            self._refresh(place)
        if self.session.error is not None:
            self._timer.stop()
            self.setWindowTitle(str(self.session.error))

    def _refresh(self, place: int) -> None:
        """Draw one plot; one that fails is put to rest, and the others go on."""
        try:
            self.plots[place].refresh()
        except Exception as error:
            logger.error("a plot failed: %s", error, exc_info=error)
            words = f"This plot failed and rests: {error}"
            self.plots[place] = StandIn(words, dark=self._is_dark)
            gone = self._splitter.replaceWidget(place, self.plots[place])
            if gone is not None:
                gone.deleteLater()

    def _lay_out(self) -> None:
        self._splitter = splitter = QSplitter(Qt.Orientation.Vertical)
        for plot in self.plots:
            splitter.addWidget(plot)
            if hasattr(plot, "link"):
                plot.link(next(other for other in self.plots if hasattr(other, "link")))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)
        self.setWindowTitle("CoNeX")
        self.resize(900, 640)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop stepping."""
        self._timer.stop()
        super().closeEvent(event)
        self.closed.emit()


def show(session: Session, **options: Any) -> LiveWindow:
    """Step ``session`` and show its plots until the window is closed.

    Takes the options of :class:`LiveWindow`. While a Qt event loop runs
    already (a notebook with Qt, a program of your own) the window is returned
    at once; keep it, or it is gone.
    """
    app = QApplication.instance() or QApplication([])
    window = LiveWindow(session, **options)
    window.show()
    if app.thread().loopLevel() == 0:
        loop = QEventLoop()
        window.closed.connect(loop.quit)
        loop.exec()
    return window


def _chosen(wanted: dict[str, bool]) -> list[PlotSpec]:
    """Return the usual plots and those that are wanted, without those that are not."""
    known = catalog.load().plots
    for kind in wanted:
        if kind not in known:
            raise UnknownName("kind of plot", kind, known)
    return [spec for kind, spec in known.items() if wanted.get(kind, spec.usual)]


def _live(session: Session, spec: PlotSpec, window_ms: float, dark: bool) -> Any:
    plot = load_plot(spec, {"window": window_ms})
    settings = spec.settings({})
    return plot.live(sources_in(session, spec, settings), dt=session.dt, dark=dark)


def _dark(wanted: bool | None) -> bool:
    if wanted is not None:
        return wanted
    return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
