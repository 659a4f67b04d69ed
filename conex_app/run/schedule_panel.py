"""The schedule: in which order the behaviors of all groups run in one iteration."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStackedLayout,
    QTableView,
    QWidget,
)

from conex_app.look.labels import PlainLabel
from conex_app.look.panel_style import Panel
from conex_core.run.plan import ScheduleRow

if TYPE_CHECKING:
    from PySide6.QtCore import SignalInstance

__all__ = ["SchedulePanel"]

COLUMNS = ("Priority", "Behavior", "Of")
_Index = QModelIndex | QPersistentModelIndex


class _Rows(QAbstractTableModel):
    def __init__(self) -> None:
        super().__init__()
        self.rows: Sequence[ScheduleRow] = ()

    def show(self, rows: Sequence[ScheduleRow]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole):
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == 0:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        row = self.rows[index.row()]
        return (str(row.priority), row.behavior, row.owner)[index.column()]

    def headerData(self, section: int, way: Qt.Orientation, role: int = 0):
        if role == Qt.ItemDataRole.DisplayRole and way == Qt.Orientation.Horizontal:
            return COLUMNS[section]
        return None


class SchedulePanel(Panel):
    """Show the schedule as a table; a row leads to its node."""

    chosen = Signal(str)  # the node id of the row that was clicked

    def __init__(
        self, parent: QWidget | None = None, *, checked: SignalInstance | None = None
    ) -> None:
        super().__init__(parent)
        self._model = _Rows()
        self.table = QTableView()
        self.table.setModel(self._model)
        self.table.setAccessibleName("Schedule of one iteration")
        self.empty = PlainLabel("The order of one iteration appears here once the network can run.")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setProperty("role", "hint")
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self.table)
        self._prepare()
        if checked is not None:  # with a Plan
            checked.connect(lambda plan: self.show_rows(plan.schedule))

    @property
    def rows(self) -> Sequence[ScheduleRow]:
        """Return the rows that are shown."""
        return self._model.rows

    def show_rows(self, rows: Sequence[ScheduleRow]) -> None:
        """Show the schedule of a plan."""
        if rows != self._model.rows:
            self._model.show(rows)
        self._pages.setCurrentWidget(self.table if rows else self.empty)

    def _prepare(self) -> None:
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setShowGrid(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(24)
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Interactive)
        header.resizeSection(1, 240)
        header.setStretchLastSection(True)
        header.setHighlightSections(False)
        self.table.clicked.connect(lambda index: self.chosen.emit(self.rows[index.row()].node_id))
