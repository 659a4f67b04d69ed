"""The status bar: what happens now, how big the network is, problems, saved when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QProgressBar, QPushButton, QStatusBar, QWidget

from conex_app.look.counts import bytes_text, count, duration_text
from conex_app.look.dock import bring_up
from conex_app.look.labels import ElidedLabel
from conex_app.look.plain_text import tip
from conex_app.look.times import clock
from conex_app.run.compiled_panel import summary_of
from conex_app.run.runner import RunStatus
from conex_app.run.stalls import stall_line
from conex_core.graph.checks.problems import Problem
from conex_core.run.compiled import Report
from conex_core.run.plan import Plan

if TYPE_CHECKING:
    from PySide6.QtCore import SignalInstance

    from conex_app.project.checks import Checker
    from conex_app.project.document import ProjectDocument
    from conex_app.project.files import ProjectFiles
    from conex_app.shell.problems import ProblemsPanel
    from conex_app.shell.run_control import RunControl

__all__ = ["StatusLine"]

TOAST_MS = 5000
PLACE_TIP = "Where this run takes place. Run › Run simulations in changes that for the next one."
BLOCKED = "The network has errors; the list says how to mend them."
OUTDATED = "The network changed since this run. Stop and run again to apply."


class StatusLine(QStatusBar):
    """Say in one line how things stand; a short notice replaces it for some seconds."""

    problems_wanted = Signal()  # the problem count was clicked
    compiled_wanted = Signal()  # the number of compiled behaviors was clicked
    cancelled = Signal()  # nobody wants to wait for the build any more

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self.state = ElidedLabel("Ready")
        self.building = QProgressBar(maximum=1000, textVisible=False)
        self.building.setFixedSize(120, 6)
        self.cancel = QPushButton("Cancel")
        self.cancel.setProperty("small", True)
        self.cancel.setToolTip("Give up building (Shift+F5)")
        self.cancel.clicked.connect(self.cancelled)
        self.place, self.extent = ElidedLabel(), ElidedLabel()
        self.compiled = QPushButton(flat=True)
        self.compiled.setToolTip("Show what is compiled")
        self.compiled.clicked.connect(self.compiled_wanted)
        self.problems = QPushButton(flat=True)
        self.problems.setToolTip("Show the problems")
        self.problems.clicked.connect(self.problems_wanted)
        self.saved = ElidedLabel()
        self._kept = ""  # when the project became as its file is
        self._notice, self._standing = QTimer(self, singleShot=True), "Ready"
        self._notice.timeout.connect(self._end_notice)
        for words in (self.state, self.place, self.extent, self.saved):
            words.setContentsMargins(8, 0, 8, 0)
        self._lay_out()
        self.show_project(False)

    def follow(
        self,
        document: ProjectDocument,
        files: ProjectFiles,
        checker: Checker,
        run: RunControl,
        problems: ProblemsPanel,
        notices: Iterable[SignalInstance],
    ) -> None:
        """Show how the project and its run stand, and for some seconds what ``notices`` tell."""
        document.changed.connect(lambda _old, _new: self.show_run(run.status, run.is_outdated))
        for told in (run.changed, run.moved):
            told.connect(lambda status: self.show_run(status, run.is_outdated))
        run.compiled.connect(self.show_compiled)
        run.blocked.connect(lambda: self.notice(BLOCKED))
        checker.checked.connect(self.show_plan)
        problems.listed.connect(self.show_problems)
        files.saved.connect(lambda path: self.notice(f"Saved {path.name}"))
        files.failed.connect(lambda _why: self._end_notice())
        for another in (files.opened, files.closed):
            another.connect(lambda: self.show_project(files.is_open))
        files.saved.connect(lambda _path: self._note("saved"))
        for shown in (files.opened, files.reloaded):
            shown.connect(lambda: self._note("opened"))
        for kept in (
            *(document.stack.cleanChanged, files.opened, files.closed),
            *(files.saved, files.reloaded),
        ):
            kept.connect(lambda *_: self.show_saved(document))
        for told in notices:
            told.connect(self.notice)
        self.problems_wanted.connect(lambda: bring_up(problems))
        self.compiled_wanted.connect(run.compiled_wanted)
        self.cancelled.connect(run.stop)

    def notice(self, text: str) -> None:
        """Show ``text`` for some seconds."""
        self.state.setText(text)
        self._notice.start(TOAST_MS)

    def _end_notice(self) -> None:
        self._notice.stop()
        self.state.setText(self._standing)

    def show_run(self, status: RunStatus, outdated: bool) -> None:
        """Say what the run does."""
        building = status.state == "building"
        if building or not self.building.isHidden():
            self.building.setVisible(building)
            self.cancel.setVisible(building)
            self.building.setValue(round(1000 * status.progress))
        self.place.setText(place_text(status))
        self.place.setToolTip(tip(status.note or PLACE_TIP))
        is_old = outdated and status.state != "idle" and status.stall is None
        self._standing = OUTDATED if is_old else state_text(status)
        if not self._notice.isActive():
            self.state.setText(self._standing)

    def show_compiled(self, report: Report | None) -> None:
        """Say how much is compiled; nothing where nothing is built."""
        self.compiled.setText("" if report is None else summary_of(report))
        self.compiled.setVisible(report is not None)

    def show_plan(self, plan: Plan) -> None:
        """Say how big the network is."""
        self.extent.setText(size_text(plan))

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Say how many problems there are."""
        worst = "error" if any(each.severity == "error" for each in problems) else "warning"
        self.problems.setText(count(len(problems), "problem") if problems else "")
        self.problems.setVisible(bool(problems))
        self.problems.setProperty("severity", worst)
        self.problems.style().polish(self.problems)

    def show_saved(self, document: ProjectDocument) -> None:
        """Say whether the project is saved, and since when it is as its file."""
        if document.version_of:
            self.saved.setText(f"earlier version: {document.version_of}")
        elif not document.is_clean:
            self.saved.setText("unsaved changes")
        else:
            self.saved.setText(self._kept if document.path is not None else "")
        self.saved.setToolTip(tip(str(document.path or "")))

    def _note(self, deed: str) -> None:
        self._kept = f"{deed} {clock(datetime.now())}"

    def show_project(self, is_open: bool) -> None:
        """Show or hide what only a project has."""
        for widget in (self.extent, self.saved):
            widget.setVisible(is_open)
        if not is_open:
            self.problems.hide()
            self.compiled.hide()

    def _lay_out(self) -> None:
        self.setContentsMargins(8, 0, 8, 0)
        self.addWidget(self.building)
        self.addWidget(self.cancel)
        self.addWidget(self.state, 1)
        ends: tuple[QWidget, ...] = (self.place, self.compiled, self.problems, self.extent)
        for widget in (*ends, self.saved):
            self.addPermanentWidget(widget)
        hidden: tuple[QWidget, ...] = (self.building, self.cancel, self.compiled, self.problems)
        for shown_later in hidden:
            shown_later.hide()


def state_text(status: RunStatus) -> str:
    """Return what the run does, in words."""
    if status.stall is not None:
        return stall_line(status.stall)
    if status.state == "building":
        return f"{status.doing or 'Building'}…"
    if status.state == "running":
        return "Running"
    if status.state == "paused":
        return f"Paused at {duration_text(status.sim_ms)}"
    return "Stopped by an error" if status.state == "failed" else "Ready"


def place_text(status: RunStatus) -> str:
    """Return where the run takes place, in words; nothing where there is none."""
    words = {"thread": "in the window's process", "process": "in its own process"}
    return words.get(status.host or "", "") if status.state != "idle" else ""


def size_text(plan: Plan) -> str:
    """Return neurons, synapses and memory of a network that can run."""
    if not plan.neuron_count:
        return ""
    parts = [count(plan.neuron_count, "neuron"), count(plan.synapse_count, "synapse")]
    return ", ".join([*parts, bytes_text(plan.memory_bytes)])
