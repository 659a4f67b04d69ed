"""What is compiled: each group with its behaviors, what runs them, and why."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QStackedLayout,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from conex_app.look.counts import count, number
from conex_app.look.dock import bring_up
from conex_app.look.labels import PlainLabel
from conex_app.look.panel_style import Panel
from conex_app.look.plain_text import tip
from conex_core.run.compiled import Report, ReportLine

if TYPE_CHECKING:
    from PySide6.QtCore import SignalInstance

__all__ = ["CompiledPanel", "note_of", "summary_of"]

COLUMNS = ("Behavior", "Runs", "Why")
EMPTY = "Which behaviors run compiled, and which do not, is known once the network is built."
NODE = Qt.ItemDataRole.UserRole


def summary_of(report: Report) -> str:
    """Return how much is compiled, such as "12 of 14 behaviors compiled"."""
    return f"{number(report.kernels)} of {count(len(report.lines), 'behavior')} compiled"


def note_of(report: Report) -> str:
    """Return what that means for the speed, or why nothing is compiled and what mends it."""
    if report.engine == "reference":
        return " ".join(f"{part}." for part in (_opened(report.note), report.hint) if part)
    if report.is_batched:
        return "Many iterations run in one go."
    return "Python takes part in every iteration; the less it has to run, the faster that is."


class CompilingRun(Protocol):
    """Build the network and tell what is compiled; the run control does."""

    @property
    def changed(self) -> SignalInstance:
        """Tell a RunStatus in another state than the one before."""

    @property
    def compiled(self) -> SignalInstance:
        """Tell the Report of what is built; None where nothing is."""

    @property
    def compiled_wanted(self) -> SignalInstance:
        """Tell that the user wants to see it."""

    def prepare(self) -> None:
        """Build the network and hold before its first iteration."""


class CompiledPanel(Panel):
    """Show a report by groups; a line leads to its node."""

    chosen = Signal(str)  # the id, as built, of the node whose line was opened
    wanted = Signal()  # the user wants to know before the first run

    def __init__(self, parent: QWidget | None = None, *, run: CompilingRun | None = None) -> None:
        super().__init__(parent)
        self.report: Report | None = None
        self.summary, self.note = PlainLabel(), PlainLabel()
        self.summary.setProperty("role", "section")
        self.note.setProperty("role", "hint")
        self.note.setWordWrap(True)
        self.tree = QTreeWidget()
        self.button = QPushButton("Build the network")
        self.button.setToolTip("Build the network without running it, to see what is compiled")
        self.button.clicked.connect(self.wanted)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._empty_page())
        self._pages.addWidget(self._full_page())
        self._prepare_tree()
        if run is not None:
            run.compiled.connect(self.show_report)
            run.compiled_wanted.connect(lambda: bring_up(self))
            run.changed.connect(lambda status: self.show_building(status.state == "building"))
            self.wanted.connect(run.prepare)

    def show_report(self, report: Report | None) -> None:
        """Show a report; None where nothing was built."""
        if report is not None and report != self.report:
            self.summary.setText(summary_of(report))
            self.note.setText(note_of(report))
            self._fill(report)
        self.report = report
        self._pages.setCurrentIndex(0 if report is None else 1)

    def show_building(self, building: bool) -> None:
        """Offer no second build during the first."""
        self.button.setEnabled(not building)

    def _fill(self, report: Report) -> None:
        self.tree.clear()
        lines = sorted(report.lines, key=_owner)  # keeps the order of an iteration in each
        for (_, node), held in groupby(lines, key=_owner):
            self.tree.addTopLevelItem(_branch(node, list(held), report))
        for place in range(self.tree.topLevelItemCount()):
            branch = self.tree.topLevelItem(place)
            branch.setFirstColumnSpanned(False)
            branch.setExpanded(report.engine == "fused" and not branch.data(1, NODE))

    def _empty_page(self) -> QWidget:
        page, text = QWidget(), PlainLabel(EMPTY)
        text.setProperty("role", "hint")
        column = QVBoxLayout(page)
        column.setSpacing(16)
        column.addStretch(1)
        column.addWidget(text, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        return page

    def _full_page(self) -> QWidget:
        page, words = QWidget(), QHBoxLayout()
        words.setContentsMargins(16, 6, 12, 6)
        words.setSpacing(16)
        words.addWidget(self.summary)
        words.addWidget(self.note, 1)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(words)
        column.addWidget(self.tree, 1)
        return page

    def _prepare_tree(self) -> None:
        tree = self.tree
        tree.setAccessibleName("What is compiled")
        tree.setHeaderLabels(COLUMNS)
        tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        tree.setExpandsOnDoubleClick(False)  # which shows the node
        tree.setUniformRowHeights(True)
        header = tree.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.resizeSection(0, 216)
        header.resizeSection(1, 136)
        header.setStretchLastSection(True)
        tree.itemActivated.connect(lambda item, _column: self.chosen.emit(item.data(0, NODE)))


def _owner(line: ReportLine) -> tuple[str, str]:
    return line.owner, line.node


def _branch(node: str, lines: list[ReportLine], report: Report) -> QTreeWidgetItem:
    kernels = sum(not line.reason for line in lines)
    branch = _item(node, lines[0].owner, f"{kernels} of {len(lines)} compiled")
    branch.setData(1, NODE, kernels == len(lines))
    for line in lines:
        why = "" if report.engine == "reference" else _opened(line.reason)
        branch.addChild(_item(node, line.behavior, "Python" if line.reason else "compiled", why))
    return branch


def _item(node: str, *texts: str) -> QTreeWidgetItem:
    item = QTreeWidgetItem(list(texts))
    item.setData(0, NODE, node)
    for column, text in enumerate(texts):
        item.setToolTip(column, tip(text))
    item.setToolTip(0, tip(f"{texts[0]}: double-click shows it in the network"))
    return item


def _opened(text: str) -> str:
    return text[:1].upper() + text[1:]
