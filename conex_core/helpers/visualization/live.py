"""Live plots: widgets that read the rings of a running network.

``RasterPlot`` and ``VoltagePlot`` are ordinary widgets that someone refreshes;
``show`` is the ten-line script's way: it steps a session and shows both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEventLoop, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QSplitter, QVBoxLayout, QWidget
from torch import Tensor

from conex_core.helpers.visualization.palette import INHIBITORY, INPUT, group_colour
from conex_core.helpers.visualization.rasterplot import RasterPlot
from conex_core.helpers.visualization.source import PlotSource
from conex_core.helpers.visualization.timeplot import TimePlot
from conex_core.helpers.visualization.timeview import TimeView
from conex_core.helpers.visualization.voltageplot import VoltagePlot
from conex_core.run.probe import SpikeProbe, TraceProbe

if TYPE_CHECKING:
    from conex_core.run.session import Session

__all__ = ["LiveWindow", "PlotSource", "RasterPlot", "TimePlot", "TimeView", "VoltagePlot", "show"]


class LiveWindow(QWidget):
    """Step a session and show its spikes and potentials, both plots linked.

    Parameters
    ----------
    session : Session
    raster, voltage : bool
        Which plots to show.
    window_ms : float, ms
        How much time is shown.
    steps : int, optional
        When to stop stepping; until the window closes if not given.
    ms_per_frame : int, ms
        Time between two frames; about half of it is left for stepping.
    dark : bool, optional
        Light marks on dark ground; as the desktop says if not given.
    """

    closed = Signal()  # the window was closed and steps no more

    def __init__(
        self,
        session: Session,
        *,
        raster: bool = True,
        voltage: bool = True,
        window_ms: float = 1000.0,
        steps: int | None = None,
        ms_per_frame: int = 33,
        dark: bool | None = None,
    ) -> None:
        super().__init__()
        self.session, self.plots = session, []
        self._left, self._budget = steps, ms_per_frame / 2000
        look: dict[str, Any] = {"dt": session.dt, "window_ms": window_ms, "dark": _dark(dark)}
        if raster:
            self.plots.append(RasterPlot(raster_sources(session), **look))
        if voltage:
            self.plots.append(VoltagePlot(voltage_sources(session), **look))
        self._lay_out()
        self._timer = QTimer(self, interval=ms_per_frame)
        self._timer.timeout.connect(self.tick)
        self._timer.start()

    plots: list[TimePlot]

    def tick(self) -> None:
        """Step for a while, then let the plots draw."""
        most = 100_000 if self._left is None else self._left
        done = self.session.advance(most, self._budget)
        self._left = None if self._left is None else self._left - done
        for plot in self.plots:
            plot.refresh()
        if self.session.error is not None:
            self._timer.stop()
            self.setWindowTitle(str(self.session.error))

    def _lay_out(self) -> None:
        splitter = QSplitter(Qt.Orientation.Vertical)
        for plot in self.plots:
            splitter.addWidget(plot)
            plot.link(self.plots[0])
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


def raster_sources(session: Session) -> list[PlotSource]:
    """Attach a probe to every group that spikes; return what a raster needs."""
    sources = []
    for name, group in session.groups.items():
        if isinstance(getattr(group, "spikes", None), Tensor):
            probe = SpikeProbe(group)
            session.attach(probe)
            colour = _colour(session, name)
            sources.append(PlotSource(name, probe.ring, int(group.size), colour))
    return sources


def voltage_sources(session: Session, neurons: int = 2) -> list[PlotSource]:
    """Attach probes to the first ``neurons`` of every group that has a potential."""
    sources = []
    for name, group in session.groups.items():
        if isinstance(getattr(group, "v", None), Tensor):
            chosen = tuple(range(min(neurons, int(group.size))))
            trace, spikes = TraceProbe(group, "v", chosen), SpikeProbe(group)
            session.attach(trace)
            session.attach(spikes)
            sources.append(
                PlotSource(
                    name,
                    trace.ring,
                    colour=_colour(session, name),
                    threshold=_uniform(group, "threshold"),
                    reset=_uniform(group, "v_reset"),
                    spikes=spikes.ring,
                    neurons=chosen,
                )
            )
    return sources


def _colour(session: Session, name: str) -> str:
    group = session.groups[name]
    if not isinstance(getattr(group, "v", None), Tensor):
        return INPUT
    if "inh" in group.tags or "GABA" in group.tags:
        return INHIBITORY
    same = [other for other in session.groups if _is_plain(session.groups[other])]
    return group_colour((0, *range(3, 99))[same.index(name)])


def _is_plain(group: Any) -> bool:
    return isinstance(getattr(group, "v", None), Tensor) and not {"inh", "GABA"} & set(group.tags)


def _uniform(group: Any, name: str) -> float | None:
    value = getattr(group, name, None)
    if isinstance(value, Tensor):
        return float(value.flatten()[0]) if bool((value == value.flatten()[0]).all()) else None
    return float(value) if isinstance(value, int | float) else None


def _dark(wanted: bool | None) -> bool:
    if wanted is not None:
        return wanted
    return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
