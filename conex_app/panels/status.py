"""The status bar: what happens now, how big the network is, problems, saved when."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QLocale, QTime, QTimer, Signal
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QStatusBar, QWidget

from conex_app.runner import RunStatus
from conex_app.words import bytes_text, count, duration_text
from conex_core.run.plan import Plan

__all__ = ["StatusLine"]

TOAST_MS = 5000
PLACE_TIP = "Where this run takes place. Run › Run simulations in changes that for the next one."
OUTDATED = "The network changed since this run. Stop and run again to apply."


class StatusLine(QStatusBar):
    """Say in one line how things stand; a short notice replaces it for some seconds."""

    problems_wanted = Signal()  # the problem count was clicked

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self.state = QLabel("Ready")
        self.building = QProgressBar(maximum=1000, textVisible=False)
        self.building.setFixedSize(120, 6)
        self.place, self.extent = QLabel(), QLabel()
        self.problems = QPushButton(flat=True)
        self.problems.setToolTip("Show the problems")
        self.problems.clicked.connect(self.problems_wanted)
        self.saved = QLabel()
        self._notice, self._standing = QTimer(self, singleShot=True), "Ready"
        self._notice.timeout.connect(lambda: self.state.setText(self._standing))
        self._lay_out()

    def notice(self, text: str) -> None:
        """Show ``text`` for some seconds."""
        self.state.setText(text)
        self._notice.start(TOAST_MS)

    def show_run(self, status: RunStatus, outdated: bool) -> None:
        """Say what the run does."""
        building = status.state == "building"
        if building or not self.building.isHidden():
            self.building.setVisible(building)
            self.building.setValue(round(1000 * status.progress))
        self.place.setText(place_text(status))
        self.place.setToolTip(status.note or PLACE_TIP)
        self._standing = OUTDATED if outdated and status.state != "idle" else state_text(status)
        if not self._notice.isActive():
            self.state.setText(self._standing)

    def show_plan(self, plan: Plan) -> None:
        """Say how big the network is and how many problems it has."""
        self.extent.setText(size_text(plan))
        self.problems.setText(count(len(plan.problems), "problem") if plan.problems else "")
        self.problems.setVisible(bool(plan.problems))
        self.problems.setProperty("severity", "error" if plan.errors else "warning")
        self.problems.style().polish(self.problems)

    def show_saved(self, path: Path | None, clean: bool) -> None:
        """Say whether the project is saved."""
        if not clean:
            self.saved.setText("unsaved changes")
        elif path is None:
            self.saved.setText("")
        else:
            now = QLocale().toString(QTime.currentTime(), QLocale.FormatType.ShortFormat)
            self.saved.setText(f"saved {now}")
        self.saved.setToolTip(str(path or ""))

    def show_project(self, is_open: bool) -> None:
        """Show or hide what only a project has."""
        for widget in (self.extent, self.saved):
            widget.setVisible(is_open)
        if not is_open:
            self.problems.hide()

    def _lay_out(self) -> None:
        self.setContentsMargins(8, 0, 8, 0)
        self.addWidget(self.building)
        self.addWidget(self.state, 1)
        for widget in (self.place, self.problems, self.extent, self.saved):
            self.addPermanentWidget(widget)
        self.building.hide()
        self.problems.hide()


def state_text(status: RunStatus) -> str:
    """Return what the run does, in words."""
    if status.state == "building":
        return f"Building {status.doing}".strip()
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
