"""The dialog that keeps a block in the library: its name, what it is for, tags, and where."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from conex_app.look.labels import PlainLabel
from conex_app.look.panel_style import ComboBox
from conex_app.look.plain_text import plain_line, tip

__all__ = ["SaveDialog", "SaveWish", "Verdict"]

TRAINED = ", trained"
WITH_WEIGHTS = "Every copy starts from the weights that this one has now in the run"


@dataclass(frozen=True)
class SaveWish:
    """Hold what the dialog says: the words of a block and the folder for its file."""

    name: str
    description: str
    tags: tuple[str, ...]
    folder: Path
    learned: bool = False


@dataclass(frozen=True)
class Verdict:
    """Say what saving would do; ``button`` is empty where it cannot be done."""

    note: str
    button: str = "Save"


class SaveDialog(QDialog):
    """Ask for the words of a block; say beforehand what would be replaced.

    Parameters
    ----------
    wish : SaveWish
        What the fields hold at first.
    folders : sequence of (title, path)
        Where it can go.
    judge : callable
        Tells what saving a wish would do; asked at every change.
    no_weights : str
        Why the weights of the run cannot be kept with it; empty if they can.
    """

    wanted = Signal(object)  # the SaveWish that shall come true

    def __init__(
        self,
        wish: SaveWish,
        folders: Sequence[tuple[str, Path]],
        judge: Callable[[SaveWish], Verdict],
        no_weights: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Save to library")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(440)
        self._judge, self._folders = judge, folders
        self.name = QLineEdit(wish.name)
        self.description = QPlainTextEdit(wish.description)
        self.tags = QLineEdit(", ".join(wish.tags))
        self.folder = ComboBox()
        self.learned = QCheckBox("With the weights it has learned")
        self.learned.setEnabled(not no_weights)
        self.learned.setToolTip(tip(no_weights or WITH_WEIGHTS))
        self.note = PlainLabel(longest=40)
        self.save = QPushButton("Save")
        self._lay_out(wish)
        self._connect()
        self.refresh()
        self.name.selectAll()

    def wish(self) -> SaveWish:
        """Return what the fields say."""
        tags = [word.strip() for word in self.tags.text().split(",")]
        return SaveWish(
            self.name.text().strip(),
            self.description.toPlainText().strip(),
            tuple(dict.fromkeys(word for word in tags if word)),
            self._folders[max(self.folder.currentIndex(), 0)][1],
            self.learned.isChecked(),
        )

    def refresh(self, _found: object = None) -> None:
        """Say anew what saving would do."""
        verdict = self._judge(self.wish())
        self.note.setText(verdict.note)
        self.save.setText(verdict.button or "Save")
        self.save.setEnabled(bool(verdict.button))

    def _lay_out(self, wish: SaveWish) -> None:
        for title, path in self._folders:
            self.folder.addItem(plain_line(title, 60))
            self.folder.setItemData(
                self.folder.count() - 1, tip(str(path)), Qt.ItemDataRole.ToolTipRole
            )
        paths = [path for _, path in self._folders]
        self.folder.setCurrentIndex(paths.index(wish.folder) if wish.folder in paths else 0)
        self.description.setPlaceholderText("What it is for, in a sentence or two")
        self.description.setTabChangesFocus(True)
        self.description.setFixedHeight(72)
        self.tags.setPlaceholderText("cortex, inhibition")
        self.tags.setToolTip("Words under which it is found, with commas between them")
        self.note.setProperty("role", "muted")
        self.note.setWordWrap(True)
        self.note.setMinimumHeight(40)
        self.note.setAlignment(Qt.AlignmentFlag.AlignTop)
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        for words, field in (
            ("Name", self.name),
            ("Description", self.description),
            ("Tags", self.tags),
            ("Folder", self.folder),
            ("", self.learned),
        ):
            form.addRow(words, field)
        form.addRow("", self.note)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(8)
        column.addLayout(form)
        column.addWidget(self._buttons())

    def _buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox()
        buttons.addButton("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
        buttons.addButton(self.save, QDialogButtonBox.ButtonRole.AcceptRole)
        self.save.setDefault(True)
        buttons.accepted.connect(self._accept)
        buttons.rejected.connect(self.reject)
        return buttons

    def _connect(self) -> None:
        self.name.textChanged.connect(self.refresh)
        self.folder.currentIndexChanged.connect(self.refresh)
        self.learned.toggled.connect(self._rename)
        self.learned.toggled.connect(self.refresh)

    def _rename(self, learned: bool) -> None:
        """Offer a name of its own, so that the block without weights stays as well."""
        name = self.name.text().strip()
        self.name.setText(name + TRAINED if learned else name.removesuffix(TRAINED))

    def _accept(self) -> None:
        self.wanted.emit(self.wish())
        self.accept()
