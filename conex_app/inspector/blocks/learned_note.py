"""The line that says that a block starts from learned weights, with the way to drop them."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from conex_app.inspector.sections import hint_label
from conex_app.look.counts import count
from conex_app.look.plain_text import tip
from conex_app.project.document import ProjectDocument
from conex_core.graph import edits

__all__ = ["LearnedNote"]


class LearnedNote(QWidget):
    """Show what a block, or the network, has learned; hidden where it has not."""

    def __init__(
        self, document: ProjectDocument, definition_id: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._document, self._definition_id = document, definition_id
        self.words = hint_label("")
        self.drop = QPushButton("Drop")
        self.drop.setProperty("small", True)
        self.drop.setToolTip("Let every copy draw its weights again; undo takes it back")
        self.drop.clicked.connect(self._drop)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 16, 4)
        row.addWidget(self.words, 1)
        row.addWidget(self.drop)
        self.refresh()

    def refresh(self) -> None:
        """Say anew what the block has learned."""
        definition = self._document.whole.definitions.get(self._definition_id)
        learned = None if definition is None else definition.learned
        self.setVisible(learned is not None)
        if learned is not None:
            files = learned.files
            groups = count(sum(len(one.groups) for one in files), "synapse group")
            self.words.setText(f"Starts from learned weights of {groups}.")
            self.words.setToolTip(tip("\n".join(f"File: weights/{one.file}" for one in files)))

    def _drop(self) -> None:
        whole = self._document.whole
        name = whole.definition(self._definition_id).name
        new = edits.set_definition(whole, self._definition_id, learned=None)
        self._document.edit_whole(f"Drop learned weights of {name}", new)
