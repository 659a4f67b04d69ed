"""The lines that say what starts from learned weights, with the way to drop them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from conex_app.inspector.sections import hint_label
from conex_app.look.counts import count
from conex_app.look.plain_text import tip
from conex_app.project.document import ProjectDocument
from conex_core.graph import edits
from conex_core.graph.blocks.flatten import flatten
from conex_core.graph.files.learned_weights import learned_groups, learned_values, without
from conex_core.graph.files.weight_files import StoredWeights
from conex_core.graph.model.document import Document, Learned

__all__ = ["GroupNote", "LearnedNote"]


_NOUNS = {"threshold": "thresholds"}


class LearnedLine(QWidget):
    """Words and a button; the base of both notes."""

    def __init__(self, document: ProjectDocument, deed: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.words = hint_label("")
        self.drop = QPushButton("Drop")
        self.drop.setProperty("small", True)
        self.drop.setToolTip(tip(deed))
        self.drop.clicked.connect(self._drop)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 16, 4)
        row.addWidget(self.words, 1)
        row.addWidget(self.drop)
        self.refresh()

    def refresh(self) -> None:
        """Say anew what is learned."""

    def _drop(self) -> None:
        """Make the edit that forgets it."""


class LearnedNote(LearnedLine):
    """Show what a block, or the network, has learned; hidden where it has not."""

    def __init__(
        self, document: ProjectDocument, definition_id: str, parent: QWidget | None = None
    ) -> None:
        self._definition_id = definition_id
        deed = "Let every copy draw its weights again; undo takes it back"
        super().__init__(document, deed, parent)

    def refresh(self) -> None:
        """Say anew what the block has learned."""
        definition = self._document.whole.definitions.get(self._definition_id)
        learned = None if definition is None else definition.learned
        self.setVisible(learned is not None)
        if learned is not None:
            files = learned.files
            self.words.setText(f"Starts from learned {_held(files)}.")
            self.words.setToolTip(tip("\n".join(f"File: weights/{one.file}" for one in files)))

    def _drop(self) -> None:
        whole = self._document.whole
        name = whole.definition(self._definition_id).name
        new = edits.set_definition(whole, self._definition_id, learned=None)
        self._document.edit_whole(f"Drop learned weights of {name}", new)


class GroupNote(LearnedLine):
    """Show what one group starts from; hidden where it begins as it is drawn."""

    def __init__(
        self, document: ProjectDocument, node_id: str, parent: QWidget | None = None
    ) -> None:
        self._level, self._node_id = document.level, node_id
        super().__init__(
            document, "Let this group begin as it is drawn; undo takes it back", parent
        )

    def refresh(self) -> None:
        """Say anew what the group starts from."""
        stored = self._stored(self._document.whole)
        self.setVisible(bool(stored))
        if stored:
            kinds = dict.fromkeys(_NOUNS.get(one.variable, one.variable) for one in stored)
            self.words.setText(f"Starts from learned {' and '.join(kinds)}.")
            files = dict.fromkeys(one.path for one in stored)
            self.words.setToolTip(tip("\n".join(f"File: {path}" for path in files)))

    def _drop(self) -> None:
        whole = self._document.whole
        name = self._document.state.network.node(self._node_id).name
        while stored := self._stored(whole):
            whole = without(whole, stored[0].definition, stored[0].learned, stored[0].group)
        self._document.edit_whole(f"Drop what {name} has learned", whole)

    def _stored(self, whole: Document) -> list[StoredWeights]:
        """Return what is stored for this group, or for all pairs that it stands for."""
        if all(definition.learned is None for definition in whole.definitions.values()):
            return []
        origins = flatten(whole).origins.items()
        place = (self._level, self._node_id)
        ids = {flat for flat, origin in origins if (origin.path, origin.node) == place}
        weights = [one for flat, one in learned_groups(whole).items() if flat in ids]
        values = learned_values(whole).items()
        return weights + [one for flat, held in values if flat in ids for one in held.values()]


def _held(files: Sequence[Learned]) -> str:
    """Return what files hold: weights of 2 synapse groups, thresholds of 1 group."""
    parts = []
    if groups := sum(len(one.groups) for one in files):
        parts.append(f"weights of {count(groups, 'synapse group')}")
    others = Counter(name for one in files for _, name in one.variables)
    parts += [f"{_NOUNS.get(name, name)} of {count(n, 'group')}" for name, n in others.items()]
    return ", ".join(parts)
