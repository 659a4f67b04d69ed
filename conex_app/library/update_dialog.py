"""The dialog before a block takes over what the library has: what changes, what is dropped."""

from __future__ import annotations

import html
from collections.abc import Iterator

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from conex_app.look.counts import count
from conex_app.look.labels import PlainLabel
from conex_app.look.plain_text import tip
from conex_core.graph.library.comparison import Change, Comparison, Lost
from conex_core.graph.model.document import MAIN, Document

__all__ = ["UpdateDialog"]

SECTIONS = {
    "input port": "Inputs",
    "output port": "Outputs",
    "parameter": "Parameters",
    "node": "Inside",
    "wires": "Inside",
    "block": "The block itself",
}
MOST = 200  # rows of one section


class UpdateDialog(QDialog):
    """Show how a block of the project would change; let the user update it or keep it."""

    update_wanted = Signal()
    keep_wanted = Signal()

    def __init__(
        self, whole: Document, comparison: Comparison, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Update block")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumSize(560, 400)
        self.summary = PlainLabel(summary_of(whole, comparison))
        self.summary.setWordWrap(True)
        self.tree = QTreeWidget()
        self.update_button = QPushButton("Update")
        self.keep_button = QPushButton("Keep mine")
        self._lay_out()
        self._fill(whole, comparison)

    def rows(self) -> list[tuple[str, str, str]]:
        """Return section, name and change of every row that is shown."""
        heads = (self.tree.topLevelItem(row) for row in range(self.tree.topLevelItemCount()))
        return [
            (head.text(0), head.child(row).text(0), head.child(row).text(1))
            for head in heads
            if head is not None
            for row in range(head.childCount())
        ]

    def _lay_out(self) -> None:
        tree = self.tree
        tree.setColumnCount(2)
        tree.setHeaderHidden(True)
        tree.setRootIsDecorated(False)
        tree.setIndentation(16)
        tree.setSelectionMode(QTreeWidget.SelectionMode.NoSelection)
        tree.setAccessibleName("What an update changes")
        tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        tree.header().setStretchLastSection(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(16)
        column.addWidget(self.summary)
        column.addWidget(tree, 1)
        column.addWidget(self._buttons())
        # Before it is in the dialog, a button cannot become the one that Enter presses.
        self.update_button.setDefault(True)
        self.update_button.setFocus()

    def _buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox()
        buttons.addButton("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
        buttons.addButton(self.keep_button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(self.update_button, QDialogButtonBox.ButtonRole.AcceptRole)
        self.keep_button.setToolTip("Change nothing; ask again when the library has a newer one")
        self.update_button.setToolTip("Take over what the library has. Undo takes it back.")
        self.keep_button.clicked.connect(self._keep)
        buttons.accepted.connect(self._update)
        buttons.rejected.connect(self.reject)
        return buttons

    def _update(self) -> None:
        self.update_wanted.emit()
        self.accept()

    def _keep(self) -> None:
        self.keep_wanted.emit()
        self.accept()

    def _fill(self, whole: Document, comparison: Comparison) -> None:
        sections: dict[str, list[tuple[str, str]]] = {}
        lost = list(_lost_rows(whole, comparison.lost))
        if lost:
            sections["Does not fit and is dropped"] = lost
        for change in comparison.changes:
            sections.setdefault(SECTIONS[change.what], []).append((_name(change), change.told))
        for title, rows in sections.items():
            self._add(title, rows)
        self.tree.expandAll()

    def _add(self, title: str, rows: list[tuple[str, str]]) -> None:
        head = QTreeWidgetItem(self.tree, [title])
        font = head.font(0)
        font.setBold(True)
        head.setFont(0, font)
        head.setFirstColumnSpanned(True)
        for name, told in rows[:MOST]:
            row = QTreeWidgetItem(head, [name, told])
            row.setToolTip(0, tip(name))
            row.setToolTip(1, tip(told))
        if len(rows) > MOST:
            QTreeWidgetItem(head, [f"and {len(rows) - MOST} more"])


def summary_of(whole: Document, comparison: Comparison) -> str:
    """Say which versions there are, and how many copies an update would reach."""
    definition, block = whole.definition(comparison.definition_id), comparison.block
    own = definition.block.version if definition.block else 0
    copies = sum(
        node.of == definition.id
        for one in whole.definitions.values()
        for node in one.nodes.values()
    )
    here = f"version {own} here" if own and own != block.version else "another content here"
    words = [
        f"<b>{html.escape(definition.name)}</b>: version {block.version} in the library, {here}."
    ]
    words.append(f"An update reaches {count(copies, 'copy', 'copies')}.")
    if comparison.relation == "both":
        words.append("The block was changed in this project too; an update replaces that.")
    return " ".join(words)


def _name(change: Change) -> str:
    return "Wires" if change.what == "wires" else change.name


def _lost_rows(whole: Document, lost: tuple[Lost, ...]) -> Iterator[tuple[str, str]]:
    for one in lost:
        outer = whole.definition(one.definition)
        node = outer.nodes[one.node].name if one.node in outer.nodes else one.node
        place = node if one.definition == MAIN else f"{outer.name} › {node}"
        yield f"{place} › {one.name}", f"{one.what} {one.reason}"
