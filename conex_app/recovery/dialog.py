"""The offer after a crash: what would come back, and what shall become of it."""

from __future__ import annotations

import html
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from PySide6.QtCore import (
    QDateTime,
    QLocale,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QPainter, QPalette
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMessageBox,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from conex_app.look.counts import count
from conex_app.recovery.folder import FoundJournal, LeftWork, RefusedJournal

__all__ = ["RecoveryDialog", "moment_text", "name_of"]

LEAD = (
    "CoNeX Studio ended before this was saved. Bringing it back opens it as it was, "
    "with its undo history; no file is written until you save."
)
ORIGINALS = {
    "none": "never saved",
    "same": "unchanged since then",
    "changed": "changed since then; it stays as it is until you save",
    "gone": "no longer there",
}
WIDTH, ROWS, ROW_HEIGHT, PAD = 600, 4, 52, 12
FACTS_WIDTH = 430
_GROWS = QSizePolicy.Policy.Expanding

Row = FoundJournal | RefusedJournal
ModelIndex = QModelIndex | QPersistentModelIndex


class RecoveryDialog(QDialog):
    """List what can come back; Enter brings back what is chosen, Escape keeps all for later."""

    bring_back_wanted = Signal(object)  # a FoundJournal
    throw_away_wanted = Signal(object)  # the Path of a journal

    def __init__(self, left: LeftWork, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Recover unsaved work")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(WIDTH)
        self.rows = QListWidget()
        self.facts = QFormLayout()
        self.bring_back = QPushButton("Bring back")
        self.keep = QPushButton("Keep for later")
        self.delete = QPushButton("Delete…")
        self._left: list[Row] = [*left.found, *left.refused]
        self._lay_out()
        self._connect()
        self._fill(0)

    @property
    def chosen(self) -> Row:
        """Return what is chosen."""
        return self._left[max(self.rows.currentRow(), 0)]

    def told(self) -> list[str]:
        """Return what is said of the chosen one, line by line."""
        labels = [
            self.facts.itemAt(row, role)
            for row in range(self.facts.rowCount())
            for role in (QFormLayout.ItemRole.LabelRole, QFormLayout.ItemRole.FieldRole)
        ]
        words = [item.widget().text() for item in labels if item is not None]
        return [f"{name}: {value}" for name, value in zip(words[::2], words[1::2], strict=True)]

    def forget(self, file: Path) -> None:
        """Take one off the list; close when nothing is left."""
        place = next((row for row, one in enumerate(self._left) if one.file == file), None)
        if place is None:
            return
        del self._left[place]
        if self._left:
            self._fill(min(place, len(self._left) - 1))
        else:
            self.accept()

    def _lay_out(self) -> None:
        title, lead = QLabel("Unsaved work can come back"), QLabel(LEAD)
        font = QFont(title.font())
        font.setPointSizeF(font.pointSizeF() * 1.3)
        font.setWeight(QFont.Weight.DemiBold)
        title.setFont(font)
        lead.setWordWrap(True)
        lead.setProperty("role", "muted")
        self.rows.setAccessibleName("Unsaved work")
        self.rows.setItemDelegate(_TwoLines(self.rows))
        self.rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.facts.setHorizontalSpacing(16)
        self.facts.setVerticalSpacing(6)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(16)
        column.addWidget(title)
        column.addWidget(lead)
        column.addWidget(self.rows)
        column.addLayout(self.facts)
        column.addLayout(self._buttons())
        # Before it is in the dialog, a button cannot become the one that Enter presses.
        self.bring_back.setProperty("primary", True)
        self.bring_back.setDefault(True)
        self.bring_back.setFocus()

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(0, 8, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.delete)
        row.addStretch(1)
        for button in (self.keep, self.bring_back):
            row.addWidget(button)
        for button in (self.delete, self.keep):
            button.setAutoDefault(False)
        self.keep.setToolTip("Change nothing; it is offered again at the next start (Esc)")
        self.bring_back.setToolTip("Open it as it was, not saved yet (Enter)")
        self.delete.setToolTip("Move it to the trash")
        return row

    def _connect(self) -> None:
        self.rows.currentRowChanged.connect(lambda _row: self._show_facts())
        self.rows.itemActivated.connect(lambda _item: self._bring_back())
        self.bring_back.clicked.connect(self._bring_back)
        self.keep.clicked.connect(self.reject)
        self.delete.clicked.connect(self._delete)

    def _fill(self, current: int) -> None:
        self.rows.clear()
        for one in self._left:
            item = QListWidgetItem(f"{name_of(one)}\n{_summary(one)}")
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{name_of(one)}, {_summary(one)}")
            self.rows.addItem(item)
        self.rows.setFixedHeight(ROW_HEIGHT * min(len(self._left), ROWS) + 4)
        self.rows.setCurrentRow(current)
        self._show_facts()

    def _show_facts(self) -> None:
        while self.facts.rowCount():
            self.facts.removeRow(0)
        one = self.chosen
        self.bring_back.setEnabled(isinstance(one, FoundJournal))
        for name, value in _facts(one):
            label, field = QLabel(name), _plain(value)
            label.setProperty("role", "muted")
            for one_side in (label, field):  # each would be put in the middle by its own height
                one_side.setAlignment(Qt.AlignmentFlag.AlignTop)
                one_side.setSizePolicy(one_side.sizePolicy().horizontalPolicy(), _GROWS)
            self.facts.addRow(label, field)
        self.adjustSize()

    def _bring_back(self) -> None:
        one = self.chosen
        if isinstance(one, FoundJournal):
            self.accept()
            self.bring_back_wanted.emit(one)

    def _delete(self) -> None:
        if self._may_delete(name_of(self.chosen)):
            self.throw_away_wanted.emit(self.chosen.file)

    def _may_delete(self, name: str) -> bool:
        box = QMessageBox(self)
        box.setWindowTitle("Delete unsaved work")
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(f"Move the unsaved work of {name[:60]} to the trash?")
        box.setInformativeText("The saved file, if there is one, stays.")
        move = box.addButton("Move to trash", QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.exec()
        return box.clickedButton() is move


def name_of(one: Row) -> str:
    """Return what the work is called: by its file, or as it was named."""
    if isinstance(one, RefusedJournal):
        return one.file.name
    return one.path.stem if one.path else one.journal.history.now.name or "Untitled"


def moment_text(at: float) -> str:
    """Return a time as "today 14:32", or with its date."""
    when = QDateTime.fromSecsSinceEpoch(int(max(min(at, 2**40), 0)))
    clock = QLocale().toString(when.time(), QLocale.FormatType.ShortFormat)
    days = when.date().daysTo(QDateTime.currentDateTime().date())
    day = {0: "today", 1: "yesterday"}.get(days)
    return f"{day or QLocale().toString(when.date(), QLocale.FormatType.ShortFormat)} {clock}"


def _summary(one: Row) -> str:
    if isinstance(one, RefusedJournal):
        return "cannot be read"
    saved = "never saved" if one.path is None else one.path.name
    edits = count(one.journal.edits, "edit")
    return f"{saved}  ·  {edits}, the last one {moment_text(one.journal.at)}"


def _facts(one: Row) -> list[tuple[str, str]]:
    if isinstance(one, RefusedJournal):
        return [("Reason", one.reason), ("It stays at", str(one.file))]
    journal = one.journal
    facts = [("Comes back", _content(one))]
    if one.path is not None:
        facts.append(("File", str(one.path)))
    facts.append(("The file is" if one.path else "File", ORIGINALS[one.original]))
    if journal.labels:
        facts.append(("Last edits", _last_edits(journal.labels)))
    if journal.typed is not None:
        facts.append(("Being typed", f"{journal.typed.label}: {journal.typed.text}"))
    if journal.damage:
        facts.append(("Damaged", journal.damage))
    return facts


def _content(one: FoundJournal) -> str:
    network = one.journal.history.now.network
    words = [count(len(network.nodes), "node")]
    if network.links:
        words.append(count(len(network.links), "wire"))
    return ", ".join(words)


def _last_edits(labels: Sequence[str]) -> str:
    """Return the last edits, the newest first; equal ones after each other once, with a count."""
    runs = [(label, len(list(same))) for label, same in groupby(reversed(labels))]
    words = [label if times == 1 else f"{label}  ×{times}" for label, times in runs]
    return "\n".join(words[:3])


def _plain(text: str) -> QLabel:
    """Return a label that shows a text as it is, cut to the room there is."""
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    lines = text.splitlines()[:4] or [""]
    metrics = label.fontMetrics()
    cut = [
        metrics.elidedText(one[:500], Qt.TextElideMode.ElideMiddle, FACTS_WIDTH) for one in lines
    ]
    label.setText("\n".join(cut))
    if cut != lines:
        label.setToolTip(f"<qt>{html.escape(text[:2000])}</qt>")
    return label


class _TwoLines(QStyledItemDelegate):
    """Show an item as a name, and under it in small what is said of it."""

    def sizeHint(self, option: QStyleOptionViewItem, index: ModelIndex) -> QSize:
        return QSize(0, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: ModelIndex) -> None:
        plain = QStyleOptionViewItem(option)
        self.initStyleOption(plain, index)
        plain.text, text = "", str(index.data(Qt.ItemDataRole.DisplayRole))
        plain.widget.style().drawControl(
            QStyle.ControlElement.CE_ItemViewItem, plain, painter, plain.widget
        )
        name, _, summary = text.partition("\n")
        area = plain.rect.adjusted(PAD, 7, -PAD, -7)
        half = area.height() // 2
        upper = QRect(area.left(), area.top(), area.width(), half)
        bold = QFont(plain.font)
        bold.setWeight(QFont.Weight.DemiBold)
        painter.save()
        self._line(painter, upper, name, bold, plain.palette.color(QPalette.ColorRole.Text))
        muted = plain.palette.color(QPalette.ColorRole.Text)
        muted.setAlphaF(0.7)
        self._line(painter, upper.translated(0, half), summary, plain.font, muted)
        painter.restore()

    @staticmethod
    def _line(painter: QPainter, area: QRect, text: str, font: QFont, colour: QColor) -> None:
        painter.setFont(font)
        painter.setPen(colour)
        cut = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, cut)
