"""What the inspector shows: the network, one node, or several nodes.

A page is made for a selection and then follows the document by difference; it
says with ``fits`` when another page is needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtWidgets import QLineEdit, QMenu, QVBoxLayout, QWidget

from conex_app.inspector.blocks import promotion
from conex_app.inspector.blocks.learned_note import GroupNote, LearnedNote
from conex_app.inspector.blocks.slots import instance_slots, promoted_parameters
from conex_app.inspector.fields.fields import TextField
from conex_app.inspector.fields.long_text import LongTextField
from conex_app.inspector.rows import ParameterRow, RowList
from conex_app.inspector.sections import (
    Monitors,
    NameText,
    Title,
    hint_label,
    rule,
    section_label,
)
from conex_app.inspector.slots import (
    behavior_slots,
    document_slots,
    node_slots,
    setting_slots,
)
from conex_app.inspector.stacks.editor import StackEditor
from conex_app.inspector.stacks.missing import host_of_place
from conex_app.look.field_text import shown_value
from conex_app.look.plain_text import menu_words, tip
from conex_app.look.theme import Theme, light_theme
from conex_app.project.document import ProjectDocument
from conex_core.catalog import BehaviorSpec, Catalog
from conex_core.errors import ConexError
from conex_core.graph import edits
from conex_core.graph.model.document import MAIN, NETWORK, Document, Node
from conex_core.graph.model.kinds import INSTANCE, kind_of

__all__ = ["NetworkPage", "NodePage", "Page", "PageContext", "SeveralPage", "hint_label"]


@dataclass
class PageContext:
    """Hold what every page needs; ``open_rows`` remembers what the user left open.

    ``newer`` maps blocks to the version that the library has of them, where that
    is another one.
    """

    document: ProjectDocument
    catalog: Catalog
    theme: Theme = field(default_factory=light_theme)
    running: bool = False
    open_rows: dict[str, bool] = field(default_factory=dict)
    newer: dict[str, int] = field(default_factory=dict)


class Page(QWidget):
    """Show one selection; the base of all pages."""

    refused = Signal(str)  # why a change was not possible
    told = Signal(str)  # what else a change has done
    update_wanted = Signal(str)  # of a block, by its id

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.context = context
        self.level, self.block_id = context.document.level, context.document.definition_id
        self._project, self._is_retired = context.document.project, False
        self.lists: list[RowList] = []
        self.stack: StackEditor | None = None
        self.monitors: Monitors | None = None
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(0, 0, 0, 8)
        self.box.setSpacing(0)

    def fits(self, state: Document) -> bool:
        """Tell whether this page can go on showing ``state``."""
        document = self.context.document
        return (self.level, self.block_id) == (document.level, document.definition_id)

    @property
    def is_current(self) -> bool:
        """Tell whether what is typed here is still of what is open and selected."""
        document = self.context.document
        mine = not self._is_retired and document.project is self._project
        return mine and self.fits(document.state)

    def retire(self) -> None:
        """Take no more values and no more clicks: another page takes the place of this one.

        It looks as before until then, which is after the next paint.
        """
        self._is_retired = True
        self.setUpdatesEnabled(False)
        self.setEnabled(False)

    def refresh(self, state: Document) -> None:
        """Show the document's values, by difference."""
        for rows in self.lists:
            rows.refresh(state)
        if self.stack is not None:
            self.stack.refresh(state)
        if self.monitors is not None:
            self.monitors.refresh(state)

    def set_running(self, running: bool) -> None:
        """Mark what can be changed while running."""
        for rows in self.lists:
            rows.set_running(running)
        if self.stack is not None:
            self.stack.set_running(running)

    def all_rows(self) -> Iterator[tuple[str | None, ParameterRow]]:
        """Yield every row that is made, with the id of its behavior."""
        for rows in self.lists:
            for row in rows.rows.values():
                yield None, row
        for key, stack_row in (self.stack.rows if self.stack else {}).items():
            if stack_row.rows is not None:
                for row in stack_row.rows.rows.values():
                    yield key, row

    def typing_fields(self) -> list[TextField | LongTextField]:
        """Return every field of this page that is typed into."""
        return [*self.findChildren(TextField), *self.findChildren(LongTextField)]

    def open_for(self, kind: str, key: str) -> None:
        """Show the fields of a behavior, or of another part of the page that can be closed."""
        stack_row = self.stack.row_of(key) if kind == "behavior" and self.stack else None
        if stack_row is not None and self.stack is not None:
            self.stack.open_row(stack_row, True)

    def row(self, item_id: str | None, name: str | None) -> ParameterRow | None:
        """Return the row of a parameter, opening its behavior first."""
        if item_id is not None and self.stack is not None:
            stack_row = self.stack.row_of(item_id)
            if stack_row is not None:
                self.stack.open_row(stack_row, True)
        return next(
            (row for key, row in self.all_rows() if key == item_id and _is(row, name)), None
        )

    def promotion_menu(self, row: ParameterRow, edit: QWidget | None = None) -> QMenu:
        """Return the menu of a parameter inside a block, and of the text field in it."""
        menu = edit.createStandardContextMenu() if isinstance(edit, QLineEdit) else QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        own = menu.actions()
        document, catalog = self.context.document, self.context.catalog
        for choice in promotion.choices(document, row.slot.targets, catalog):
            action = QAction(menu_words(choice.words), menu)
            action.triggered.connect(lambda _on=False, one=choice: self.change_promotion(one))
            menu.addAction(action)
        if own:
            menu.addSeparator()
        for action in own:
            menu.addAction(action)
        return menu

    def change_promotion(self, choice: promotion.PromotionChoice) -> None:
        """Carry out what was chosen for the blocks around."""
        document = self.context.document
        try:
            document.edit_whole(choice.label, choice.edit(document.whole))
        except ConexError as error:
            self.refused.emit(str(error))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Show the menu of the parameter under the mouse."""
        row = self._row_at(event.pos())
        if row is None or not row.can_be_shown:
            event.ignore()
            return
        self.promotion_menu(row, self.childAt(event.pos())).popup(event.globalPos())

    def _row_at(self, place: QPoint) -> ParameterRow | None:
        widget = self.childAt(place)
        while widget is not None and widget is not self:
            if isinstance(widget, ParameterRow):
                return widget
            widget = widget.parentWidget()
        return None

    def _add_rows(self, rows: RowList) -> None:
        self.lists.append(rows)
        self.box.addWidget(rows)

    def _add_stack(self, node_id: str) -> None:
        self.box.addSpacing(8)
        self.box.addWidget(rule())
        context = self.context
        self.stack = StackEditor(
            context.document, context.catalog, node_id, context.open_rows, self
        )
        self.stack.refused.connect(self.refused)
        self.box.addWidget(self.stack)

    def _add_monitors(self, node_ids: Sequence[str]) -> None:
        self.box.addSpacing(8)
        self.box.addWidget(rule())
        self.monitors = Monitors(self.context.document, node_ids, self.context.catalog.plots, self)
        self.box.addWidget(self.monitors)


class NetworkPage(Page):
    """Show the project and the network's own settings."""

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        title = Title(None, self)
        title.show_words("Network", "Settings of the whole project")
        self.box.addWidget(title)
        self.learned = LearnedNote(context.document, MAIN, self)
        self.box.addWidget(self.learned)
        self._add_rows(RowList(document_slots(), context.document, parent=self))
        self.box.addWidget(section_label("Simulation"))
        self._add_rows(RowList(setting_slots(), context.document, parent=self))
        self._add_stack(NETWORK)
        self.box.addStretch(1)

    def refresh(self, state: Document) -> None:
        """Show the project's values, by difference."""
        super().refresh(state)
        self.learned.refresh()


class NodePage(Page):
    """Show one node."""

    def __init__(self, context: PageContext, node: Node, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.node_id, self.kind = node.id, kind_of(node.kind)
        self._host = host_of_place(context.document.state, node.id)
        parameter = NameText(taken=self._other_names)
        self.title = Title(parameter, self)
        assert self.title.name is not None
        self.title.name.committed.connect(lambda name, _step: self._rename(name))
        self.box.addWidget(self.title)
        self.starts = GroupNote(context.document, node.id, self)
        self.box.addWidget(self.starts)
        if self.kind is None:
            self._explain_unknown(node)
        else:
            slots = node_slots(self.kind, [node])
            self._add_rows(RowList(slots, context.document, parent=self))
        if self._host is not None:
            self._add_stack(node.id)
        self._add_more(node)
        if node.is_instance or _is_watched(node.kind, context.catalog):
            self._add_monitors([node.id])
        self.box.addStretch(1)
        self._show_title(node)

    def fits(self, state: Document) -> bool:
        """Tell whether the node is still there and takes the same behaviors."""
        node = state.network.nodes.get(self.node_id)
        return (
            super().fits(state)
            and node is not None
            and kind_of(node.kind) is self.kind
            and host_of_place(state, self.node_id) == self._host
        )

    def refresh(self, state: Document) -> None:
        """Show the node, by difference."""
        super().refresh(state)
        self.starts.refresh()
        self._show_title(state.network.node(self.node_id))

    def _add_more(self, node: Node) -> None:
        """Add what only pages of this kind of node have."""

    def _show_title(self, node: Node) -> None:
        words = self.kind.title if self.kind else f"{node.kind} (unknown)"
        self.title.show_words(node.name, words)
        self.title.setToolTip(tip(self.kind.summary if self.kind else ""))
        self.title.swatch.show_kind(node.kind, self.context.theme, node.params)

    def _other_names(self) -> list[str]:
        nodes = self.context.document.state.network.nodes.values()
        return [node.name for node in nodes if node.id != self.node_id]

    def _rename(self, name: str) -> None:
        document = self.context.document
        document.edit(
            f"Rename to {name}", edits.rename_instance(document.state, self.node_id, name)
        )

    def _explain_unknown(self, node: Node) -> None:
        held = "\n".join(f"{key} = {shown_value(value)}" for key, value in node.params.items())
        words = "This kind is not known here. It is kept as it is; the network cannot run with it."
        self.box.addWidget(hint_label(f"{words}\n\n{held}" if held else words))


class SeveralPage(Page):
    """Show what several nodes share: parameters, and behaviors that all of them have."""

    def __init__(
        self, context: PageContext, nodes: Sequence[Node], parent: QWidget | None = None
    ) -> None:
        super().__init__(context, parent)
        self.node_ids = tuple(node.id for node in nodes)
        title = Title(None, self)
        kinds = {node.kind for node in nodes}
        kind = kind_of(nodes[0].kind) if len(kinds) == 1 else None
        words = f"{kind.title}s".capitalize() if kind else "Of different kinds"
        title.show_words(f"{len(nodes)} nodes", words)
        self.box.addWidget(title)
        self._shape = self._shape_of(context.document.state)
        if kinds == {INSTANCE.name}:
            slots = instance_slots(context.document.state, nodes, context.catalog)
            self._add_rows(RowList(slots, context.document, parent=self))
        elif kind is not None:
            self._add_rows(RowList(node_slots(kind, nodes), context.document, parent=self))
        for spec, places in self._shared(nodes):
            self.box.addWidget(section_label(f"{spec.priority}  {spec.name}"))
            slots = behavior_slots(spec, places)
            self._add_rows(RowList(slots, context.document, source=spec.source, parent=self))
        if kind is not None and _is_watched(kind.name, context.catalog):
            self._add_monitors(self.node_ids)
        elif not any(rows.rows for rows in self.lists):
            self._say_nothing_shared()
        self.box.addStretch(1)

    def fits(self, state: Document) -> bool:
        """Tell whether the nodes still hold the same behaviors."""
        return super().fits(state) and self._shape == self._shape_of(state)

    def _shape_of(self, state: Document) -> list[object]:
        nodes = state.network.nodes
        held = [nodes[node_id] for node_id in self.node_ids if node_id in nodes]
        return [
            (
                node.kind,
                [(item.id, item.kind) for item in node.stack],
                promoted_parameters(state, node.of, self.context.catalog),
            )
            for node in held
        ]

    def _shared(
        self, nodes: Sequence[Node]
    ) -> Iterator[tuple[BehaviorSpec, list[tuple[str, str]]]]:
        first = [{item.kind: item.id for item in reversed(node.stack)} for node in nodes]
        for name in dict.fromkeys(item.kind for item in nodes[0].stack):
            spec = self.context.catalog.behaviors.get(name)
            if spec and spec.parameters and all(name in held for held in first):
                pairs = zip(nodes, first, strict=True)
                yield spec, [(node.id, held[name]) for node, held in pairs]

    def _say_nothing_shared(self) -> None:
        self.box.addWidget(hint_label("These nodes share no parameters."))


def _is_watched(kind: str, catalog: Catalog) -> bool:
    """Tell whether some plot can show nodes of a kind."""
    return any(kind in spec.kinds for spec in catalog.plots.values())


def _is(row: ParameterRow, name: str | None) -> bool:
    return name is None or row.slot.parameter.name == name
