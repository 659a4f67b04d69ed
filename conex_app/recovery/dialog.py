"""The offer after a crash: what would come back, and what shall become of it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import (
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
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from conex_app.look.labels import PlainLabel
from conex_app.look.plain_text import elided, tip
from conex_app.project.questions import Reply, ask
from conex_app.recovery.folder import FoundJournal, LeftWork
from conex_app.recovery.words import Row, facts_of, name_of, summary_of

__all__ = ["RecoveryDialog"]

LEAD = (
    "CoNeX Studio ended before this was saved. Bringing it back opens it as it was, "
    "with its undo history; no file is written until you save."
)
WIDTH, ROWS, ROW_HEIGHT, PAD = 600, 4, 52, 12
FACTS_WIDTH = 430
_MOVE = Reply("Move to trash")
_GROWS = QSizePolicy.Policy.Expanding

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
        title, lead = PlainLabel("Unsaved work can come back"), PlainLabel(LEAD)
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
        self.rows.setFocus()  # the arrows choose, Enter brings back

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
        # Not itemActivated: Enter would be both that and the button that it presses.
        self.rows.itemDoubleClicked.connect(lambda _item: self._bring_back())
        self.bring_back.clicked.connect(self._bring_back)
        self.keep.clicked.connect(self.reject)
        self.delete.clicked.connect(self._delete)

    def _fill(self, current: int) -> None:
        self.rows.clear()
        for one in self._left:
            item = QListWidgetItem(f"{name_of(one)}\n{summary_of(one)}")
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{name_of(one)}, {summary_of(one)}")
            self.rows.addItem(item)
        frame = 2 * self.rows.frameWidth()
        self.rows.setFixedHeight(ROW_HEIGHT * min(len(self._left), ROWS) + frame)
        self.rows.setCurrentRow(current)
        self._show_facts()

    def _show_facts(self) -> None:
        while self.facts.rowCount():
            self.facts.removeRow(0)
        one = self.chosen
        self.bring_back.setEnabled(isinstance(one, FoundJournal))
        for name, value in facts_of(one):
            label, field = PlainLabel(name), _plain(value)
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
        question = f"Move the unsaved work of {elided(name)} to the trash?"
        more = "The saved file, if there is one, stays."
        return ask(self, "Delete unsaved work", question, more, (_MOVE,)) is _MOVE


def _plain(text: str) -> PlainLabel:
    """Return a label that shows a text as it is, cut to the room there is."""
    label = PlainLabel()
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    lines = text.splitlines()[:4] or [""]
    metrics = label.fontMetrics()
    cut = [
        metrics.elidedText(one[:500], Qt.TextElideMode.ElideMiddle, FACTS_WIDTH) for one in lines
    ]
    label.setText("\n".join(cut))
    if cut != lines:
        label.setToolTip(tip(text))
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
