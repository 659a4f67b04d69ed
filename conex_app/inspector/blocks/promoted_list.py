"""The promoted parameters of a block: rename, explain, bound, reorder, take off.

It edits the block that is seen. A line opens to the help and the bounds.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from conex_app.inspector.blocks import promotion
from conex_app.inspector.blocks.editable_lines import EditableLine, chain, fill_lines
from conex_app.inspector.blocks.slots import promoted_slots
from conex_app.inspector.rows import RowList
from conex_app.inspector.sections import NameText, section_label
from conex_app.look.counts import count
from conex_app.look.labels import PlainLabel
from conex_app.look.line_icons import IconButton
from conex_app.project.document import ProjectDocument
from conex_core.catalog import Catalog
from conex_core.graph import edits
from conex_core.graph.blocks.definitions import parameter_of
from conex_core.graph.model.document import MAIN, Document, Promoted, Target
from conex_core.parameters import Text

__all__ = ["PromotedLine", "PromotedList"]

EMPTY = (
    "No parameters yet. Select a node of this block and put one of its parameters here: "
    "right click it, or use the arrow that appears beside it."
)


class PromotedLine(EditableLine):
    """One promoted parameter; it opens to its help and bounds."""

    toggled = Signal()  # open or close

    def __init__(self, parameter: Text, parent: QWidget | None = None) -> None:
        super().__init__(parameter, parent=parent)
        self.rows: RowList | None = None
        self.arrow = IconButton("right", "Show help and bounds", self, 16)
        self.arrow.setFixedHeight(24)
        self.arrow.move(0, 2)
        self.arrow.clicked.connect(self.toggled)

    def parts(self) -> list[QWidget]:
        """Return what takes the keyboard, in order."""
        rows = self.rows.rows.values() if self.rows is not None else ()
        return [self.arrow, *super().parts(), *(row.field.focus_target() for row in rows)]

    @property
    def is_open(self) -> bool:
        """Tell whether help and bounds are shown."""
        return self.rows is not None and not self.rows.isHidden()

    def set_open(self, is_open: bool) -> None:
        """Show or hide what :meth:`hold` was given."""
        if self.rows is not None:
            self.rows.setVisible(is_open)
        words = "Hide help and bounds" if is_open else "Show help and bounds"
        self.arrow.show_icon("down" if is_open else "right", words)

    def hold(self, rows: RowList) -> None:
        """Take the rows that are shown when the line is open."""
        self.rows = rows
        self.box.addWidget(rows)


class PromotedList(QWidget):
    """Show and edit the promoted parameters of the block that is seen."""

    def __init__(
        self, document: ProjectDocument, catalog: Catalog, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.document, self.catalog = document, catalog
        self.lines: dict[str, EditableLine] = {}
        self._order: list[str] = []  # in which Tab goes through the lines
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 8)
        box.setSpacing(0)
        box.addWidget(section_label("Parameters on the face"))
        self.list = QVBoxLayout()
        self.list.setSpacing(0)
        box.addLayout(self.list)
        self.empty = PlainLabel(EMPTY)
        self.empty.setProperty("role", "hint")
        self.empty.setWordWrap(True)
        self.empty.setContentsMargins(16, 4, 16, 8)
        box.addWidget(self.empty)
        self.refresh(document.state)

    def refresh(self, state: Document) -> None:
        """Show the promoted parameters, by difference: lines that stay keep their state."""
        wanted = {one.id: one for one in state.network.promoted}
        fill_lines(self.list, self.lines, list(wanted), self._make_line)
        for place, (key, one) in enumerate(wanted.items()):
            line = self.lines[key]
            places = self._places(one)
            words = f"{len(places)} places" if len(places) > 1 else "".join(places)
            line.show_line(one.name, words, place, len(wanted), "\n".join(places))
            line.remove.show_icon("close", self._warning(one))
            if isinstance(line, PromotedLine) and line.rows is not None:
                line.rows.refresh(state)
        self.empty.setVisible(not wanted)
        if self._order != list(wanted):
            self._order = list(wanted)
            self._order_tabs()

    def rename(self, promoted_id: str, name: str) -> None:
        """Give a promoted parameter another name; values stay."""
        new = edits.set_promoted(self.document.state, MAIN, promoted_id, name=name)
        self.document.edit(f"Rename parameter to {name}", new)

    def shift(self, promoted_id: str, step: int) -> None:
        """Move a parameter up (-1) or down (1)."""
        order = [one.id for one in self._promoted()]
        place = order.index(promoted_id) + step
        if 0 <= place < len(order):
            new = edits.move_promoted(self.document.state, MAIN, promoted_id, place)
            self.document.edit(f"Move {self._name(promoted_id)}", new)

    def remove(self, promoted_id: str) -> None:
        """Promote a parameter no longer; the values that copies set go too."""
        document, name = self.document, self._name(promoted_id)
        new = edits.demote(document.whole, document.definition_id, promoted_id)
        document.edit_whole(f"Take {name} off {document.state.network.name}", new)

    def _make_line(self, promoted_id: str) -> EditableLine:
        line = PromotedLine(NameText(taken=partial(self._other_names, promoted_id)), self)
        line.renamed.connect(partial(self.rename, promoted_id))
        line.moved.connect(partial(self.shift, promoted_id))
        line.removed.connect(partial(self.remove, promoted_id))
        line.toggled.connect(partial(self._toggle, promoted_id))
        return line

    def open_line(self, promoted_id: str) -> None:
        """Show the help and the bounds of a parameter."""
        line = self.lines.get(promoted_id)
        if isinstance(line, PromotedLine) and not line.is_open:
            self._toggle(promoted_id)

    def _toggle(self, promoted_id: str) -> None:
        line = self.lines[promoted_id]
        if isinstance(line, PromotedLine):
            if line.rows is None:
                line.hold(self._make_rows(promoted_id))
                self._order_tabs()
                line.set_open(True)
            else:
                line.set_open(not line.is_open)

    def _order_tabs(self) -> None:
        chain(part for key in self._order for part in self.lines[key].parts())

    def _make_rows(self, promoted_id: str) -> RowList:
        document = self.document
        one = next(item for item in self._promoted() if item.id == promoted_id)
        parameter = parameter_of(document.state, MAIN, one, self.catalog)
        slots = promoted_slots(lambda: document.state, one, parameter)
        return RowList(slots, document, parent=self.lines[promoted_id])

    def _promoted(self) -> tuple[Promoted, ...]:
        return self.document.state.network.promoted

    def _name(self, promoted_id: str) -> str:
        return next((one.name for one in self._promoted() if one.id == promoted_id), "parameter")

    def _other_names(self, promoted_id: str) -> list[str]:
        return [one.name for one in self._promoted() if one.id != promoted_id]

    def _places(self, promoted: Promoted) -> list[str]:
        """Return which inner parameters follow, in words."""
        found = (self._place(target) for target in promoted.targets)
        return [place for place in found if place] or ["nothing follows it"]

    def _place(self, target: Target) -> str:
        state = self.document.state
        node = state.network.nodes.get(target.node)
        if node is None:
            return ""
        kinds = [item.kind for item in node.stack if item.id == target.item]
        inner = state.definitions.get(node.of)
        names = [one.name for one in inner.promoted if one.id == target.field] if inner else []
        return " › ".join([node.name, *kinds, *(names or [target.field])])

    def _warning(self, promoted: Promoted) -> str:
        document = self.document
        changed = promotion.overrides(document.whole, document.definition_id, promoted.id)
        values = f", with the value of {count(changed, 'copy', 'copies')}"
        return f"Take {promoted.name} off the face{values if changed else ''}"
