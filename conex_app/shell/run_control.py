"""Commands of the Run menu, and what the window learns from the runner.

The window's timer calls ``tick``; nothing comes from the run by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QAbstractSpinBox, QInputDialog

from conex_app.look.wheel import leave_wheel
from conex_app.project.built_nodes import seen_rates
from conex_app.run.live_changes import LiveChange, is_outdated, live_changes
from conex_app.run.runner import Runner, RunStatus, checked_duration
from conex_core.errors import ParameterError
from conex_core.graph.blocks.flatten import flatten
from conex_core.graph.model.sizes import neuron_count
from conex_core.run.compiled import Report

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from conex_app.plots.docks import MonitorDocks
    from conex_app.project.checks import Checker
    from conex_app.project.document import ProjectDocument
    from conex_app.project.files import ProjectFiles
    from conex_app.project.settings import AppSettings
    from conex_core.catalog import Catalog
    from conex_core.graph.model.document import Document
    from conex_core.run.compiled import EngineName
    from conex_core.run.host import RunIn
    from conex_core.run.run_warning import RunWarning

__all__ = ["RunControl", "mean_rates"]

READOUT_TICKS = 3  # every 0.1 s; faster digits cannot be read
ACTIVITY_TICKS = 9  # every 0.3 s; a glow that changes faster would blink
READY_MS = 2000  # after what the user sees first


class RunControl(QObject):
    """Start, pause, step and stop the network that the document describes."""

    changed = Signal(object)  # a RunStatus in another state than the one before
    moved = Signal(object)  # a RunStatus that is further on; ten times a second at most
    blocked = Signal()  # the network has errors, so nothing was started
    failed = Signal(object)  # the RunStatus of a run that an error stopped
    stuck = Signal()  # a run was given up that goes on in this process: nobody can end it
    warned = Signal(object)  # the RunWarnings of this run, or of the last one, have changed
    activity = Signal(object)  # mean rates in Hz by node id
    noticed = Signal(str)  # what the user should know of where the run takes place
    preferred = Signal()  # the user chose where or how networks run
    compiled = Signal(object)  # the Report of what is built; None where nothing is
    compiled_wanted = Signal()  # the user wants to see it

    def __init__(
        self,
        runner: Runner,
        document: ProjectDocument,
        catalog: Catalog,
        checker: Checker,
        monitors: MonitorDocks,
        settings: AppSettings,
        files: ProjectFiles,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._runner, self._document, self._catalog = runner, document, catalog
        self._checker, self._monitors, self._settings = checker, monitors, settings
        self._files, self._window = files, window
        self._warm_up = QTimer(self, singleShot=True, interval=READY_MS)
        self._warm_up.timeout.connect(self._prepare)
        self.status = self._told = RunStatus()
        self._seen = document.flat
        self._asked: Future[Any] | None = None  # what is compiled
        self.report: Report | None = None
        self.warnings: tuple[RunWarning, ...] = ()  # stay until the next run
        self._warned = ("", 0)
        self._outdated: tuple[Document | None, Document | None, bool] = (None, None, False)
        self.duration_ms = 1000.0
        self._ticks, self._counted = 0, (0.0, dict[str, int]())
        self.may_drop: Callable[[], bool] = lambda: True  # asks where something would be lost
        document.changed.connect(self._follow)
        for another in (files.opened, files.closed):
            another.connect(self._begin_anew)

    @property
    def is_outdated(self) -> bool:
        """Tell whether the drawing has changed in what only a new run would show."""
        ran, now = self._runner.document, self._document.whole
        known, drawn, answer = self._outdated
        if ran is not known or now is not drawn:
            answer = ran is not None and is_outdated(
                flatten(ran).document, self._document.flat.document, self._catalog
            )
            self._outdated = (ran, now, answer)
        return answer

    def toggle(self) -> None:
        """Run, pause, or go on."""
        if self.status.state == "running":
            self._runner.pause()
        elif self._ready():
            self._runner.run()
        self.tick()

    def step(self, steps: int) -> None:
        """Take some steps and hold."""
        if self._ready():
            self._runner.step(steps)
        self.tick()

    def ask_steps(self) -> None:
        """Let the user say how many steps to take."""
        dialog = QInputDialog(self._window)
        dialog.setWindowTitle("Step")
        dialog.setLabelText("Number of iterations")
        dialog.setInputMode(QInputDialog.InputMode.IntInput)
        dialog.setIntRange(1, 1_000_000_000)
        dialog.setIntValue(1000)
        for field in dialog.findChildren(QAbstractSpinBox):
            leave_wheel(field)
        dialog.intValueSelected.connect(self.step)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def run_for_set_time(self) -> None:
        """Run for the time of the run bar and hold."""
        try:
            duration = checked_duration(self.duration_ms)
        except ParameterError as error:
            self.noticed.emit(str(error))
            return
        if self._ready():
            self._runner.run_for(duration)
        self.tick()

    def ask_to_stop(self) -> None:
        """Stop, unless the user wants to keep something and cannot."""
        if self.may_drop():
            self.stop()

    def stop(self) -> None:
        """Stop and forget the state."""
        self._runner.stop()
        self.activity.emit({})
        self.tick()
        if self._runner.is_stuck:
            self.stuck.emit()

    def set_run_in(self, run_in: RunIn) -> None:
        """Have runs take place somewhere else, from the next one on."""
        self._settings.run_in = run_in
        self.preferred.emit()
        if run_in == "window":
            self._runner.cool()
        else:
            self.get_ready()
        if self.status.state != "idle":
            self.noticed.emit("This applies from the next run.")

    def set_engine(self, engine: EngineName) -> None:
        """Have networks run by another engine, from the next one on."""
        self._settings.engine = engine
        self.preferred.emit()
        if self.status.state != "idle":
            self.noticed.emit("This applies from the next run.")

    def show_compiled(self) -> None:
        """Show what is compiled; build the network where there is none."""
        self.compiled_wanted.emit()
        if self.status.state == "idle":
            self.prepare()

    def prepare(self) -> None:
        """Build the network and hold before its first iteration."""
        if self._begun():
            self.tick()

    def get_ready(self) -> None:
        """Prepare, once the user had a moment to look, so that the first run starts at once."""
        self._warm_up.start()

    def rest(self) -> None:
        """Prepare nothing any more."""
        self._warm_up.stop()

    def set_duration(self, ms: float) -> None:
        """Set the simulated time of ``run_for_set_time``."""
        self.duration_ms = ms

    def set_speed(self, steps_per_s: float | None) -> None:
        """Limit the speed."""
        self._runner.set_speed(steps_per_s)

    def tick(self) -> None:
        """Look how the run stands and tell who wants to know."""
        status, before = self._runner.status(), self._told
        self.status = status
        if _standing(status) != _standing(before):
            self._told = status
            self.changed.emit(status)
            self._ask_compiled(status, before)
            if status.note and not before.note:
                self.noticed.emit(status.note)
        elif status != before and self._ticks % READOUT_TICKS == 0:
            self._told = status
            self.moved.emit(status)
        if status.state == "failed" and (before.state, before.run) != ("failed", status.run):
            self.failed.emit(status)
        self._hear_compiled()
        self._hear_warnings(status)
        self._ticks += 1
        if self._ticks % ACTIVITY_TICKS == 0 and status.state == "running":
            self._show_activity(status)

    def _begin_anew(self) -> None:
        """Let go of the run of a project that is no longer open."""
        self.stop()
        self._tell_warnings(())
        if self._files.is_open:
            self.get_ready()

    def _ready(self) -> bool:
        """Start a run where there is none; tell whether one can take steps."""
        if self._is_stale_start():
            self._runner.stop()
        state, fresh = self._runner.status().state, self._runner.status().iteration == 0
        live = state in ("running", "paused", "building")
        if not live and self._checker.now().errors:
            self.blocked.emit()
            return False
        if state == "failed" and not self.may_drop():
            return False
        if fresh and not self._document.whole.monitors:
            self._monitors.add_first()
        return live or self._begun()

    def _is_stale_start(self) -> bool:
        """Tell whether a network was built and changed since, before it took a step."""
        status = self._runner.status()
        return status.state == "paused" and status.iteration == 0 and self.is_outdated

    def _begun(self) -> bool:
        """Start to build, unless there are errors."""
        if self._checker.now().errors:
            self.blocked.emit()
            return False
        path = self._document.path
        base = path.parent if path else Path.cwd()
        self._counted = (0.0, {})
        self._seen = self._document.flat
        whole, feeds = self._document.whole, self._monitors.fresh_feeds()
        self._runner.start(whole, self._catalog, base, feeds=feeds)
        return True

    def _ask_compiled(self, status: RunStatus, before: RunStatus) -> None:
        if status.run != before.run:
            self._asked = None
            self._tell_compiled(None)
        if status.state in ("running", "paused") and self._asked is None:
            self._asked = self._runner.ask("compiled")

    def _hear_compiled(self) -> None:
        """Take the answer when it is there; a network that is over gives none."""
        asked = self._asked
        if asked is not None and asked.done():
            self._asked = None
            if not asked.cancelled() and asked.exception() is None:
                self._tell_compiled(Report.from_data(asked.result()))

    def _tell_compiled(self, report: Report | None) -> None:
        if report != self.report:
            self.report = report
            self.compiled.emit(report)

    def _hear_warnings(self, status: RunStatus) -> None:
        seen = status.run, len(status.warnings)
        if status.run and seen != self._warned:
            self._warned = seen
            self._tell_warnings(status.warnings)

    def _tell_warnings(self, warnings: tuple[RunWarning, ...]) -> None:
        if warnings != self.warnings:
            self.warnings = warnings
            self.warned.emit(warnings)

    def _prepare(self) -> None:
        if self._runner.status().state == "idle":
            self._runner.warm(self._document.whole, self._catalog)

    def _follow(self, _old: Document, _new: Document) -> None:
        before, self._seen = self._seen, self._document.flat
        if self._runner.document is None or before is self._seen:
            return
        for change in live_changes(before.document, self._seen.document, self._catalog):
            if isinstance(change, LiveChange):
                self._runner.set_parameter(change.node, change.item, change.name, change.value)
            else:
                self._runner.enable_behavior(change.node, change.item, change.enabled)

    def _show_activity(self, status: RunStatus) -> None:
        (then, before), ran = self._counted, self._runner.document
        self._counted = (status.sim_ms, dict(status.spikes))
        if ran is not None and status.sim_ms > then:
            ms = status.sim_ms - then
            rates = mean_rates(self._seen.document, before, status.spikes, ms)
            self.activity.emit(seen_rates(self._document, rates))


def _standing(status: RunStatus) -> tuple[object, ...]:
    """Return what everybody wants to hear of at once."""
    return status.state, status.run, status.stall is None


def mean_rates(
    document: Document, before: Mapping[str, int], after: Mapping[str, int], ms: float
) -> dict[str, float]:
    """Return spikes per neuron and second of each group by node id."""
    rates = {}
    for node in document.network.nodes.values():
        if node.name in after:
            spikes = max(after[node.name] - before.get(node.name, 0), 0)  # a state was loaded
            rates[node.id] = 1000.0 * spikes / max(neuron_count(node), 1) / ms
    return rates
