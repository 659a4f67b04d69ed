"""The list of behaviors of a node: add, remove, reorder, switch, duplicate.

Shown in the order in which they run. Rows of wired behavior stacks are shown
too, but changed where they live.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from conex_app.inspector.slots import stack_of_node
from conex_app.inspector.stacks.missing import offers
from conex_app.inspector.stacks.row import StackedBehavior, StackRow
from conex_app.inspector.stacks.search_popup import SearchPopup
from conex_app.look.labels import PlainLabel
from conex_app.look.line_icons import IconButton
from conex_app.project.document import ProjectDocument
from conex_core.catalog import Catalog
from conex_core.errors import ConexError
from conex_core.graph import edits
from conex_core.graph.model.document import Document, new_id
from conex_core.graph.model.stacks import priority_of, sorted_stack

__all__ = ["StackEditor", "entries_of"]


def entries_of(document: Document, node_id: str, catalog: Catalog) -> list[StackedBehavior]:
    """Return what the rows of a node show, in the order in which it runs."""
    own = stack_of_node(document, node_id)
    counts: dict[int, int] = {}
    for item in own:
        priority = priority_of(item, catalog)
        counts[priority] = counts.get(priority, 0) + 1
    entries = _shared_entries(document, node_id, catalog)
    for item in sorted_stack(own, catalog):
        movable = counts[priority_of(item, catalog)] > 1
        spec = catalog.behaviors.get(item.kind)
        entries.append(StackedBehavior(node_id, item, spec, movable=movable))
    return sorted(entries, key=lambda entry: priority_of(entry.item, catalog))


def _shared_entries(document: Document, node_id: str, catalog: Catalog) -> list[StackedBehavior]:
    network, found = document.network, []
    for link in network.into(node_id, "behaviors"):
        stack = network.nodes.get(link.source)
        for item in stack.stack if stack else ():
            spec = catalog.behaviors.get(item.kind)
            found.append(
                StackedBehavior(link.source, item, spec, shared=stack.name if stack else "")
            )
    return found


class StackEditor(QWidget):
    """Show and edit the behaviors of one node, or of the network."""

    refused = Signal(str)  # why a change was not possible

    def __init__(
        self,
        document: ProjectDocument,
        catalog: Catalog,
        node_id: str,
        memory: dict[str, bool] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.document, self.catalog, self.node_id = document, catalog, node_id
        self.rows: dict[str, StackRow] = {}
        self.popup: SearchPopup | None = None
        self._running = False
        self._memory = {} if memory is None else memory  # which rows the user left open
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(self._make_header())
        self.list = QVBoxLayout()
        self.list.setSpacing(0)
        box.addLayout(self.list)
        self.empty = PlainLabel("No behaviors yet. Add one with +.")
        self.empty.setProperty("role", "hint")
        self.empty.setContentsMargins(16, 4, 16, 8)
        self.empty.setWordWrap(True)
        box.addWidget(self.empty)
        self.mark = QFrame(self)
        self.mark.setObjectName("dropmark")
        self.mark.setAutoFillBackground(True)
        self.mark.hide()
        self.refresh(document.state)
        self._open_the_model()

    def refresh(self, state: Document) -> None:
        """Show the document's stack, by difference: rows that stay keep their state."""
        entries = entries_of(state, self.node_id, self.catalog)
        wanted = {_key(entry): entry for entry in entries}
        for key in [key for key in self.rows if key not in wanted]:
            self._drop(key)
        for place, (key, entry) in enumerate(wanted.items()):
            row = self.rows.get(key) or self._make_row(key, entry)
            row.show_entry(entry)
            if self.list.indexOf(row) != place:
                self.list.insertWidget(place, row)
        self.empty.setVisible(not wanted)

    def set_running(self, running: bool) -> None:
        """Mark live parameters."""
        self._running = running
        for row in self.rows.values():
            row.set_running(running)

    def row_of(self, item_id: str) -> StackRow | None:
        """Return the row of a behavior of this node."""
        return self.rows.get(item_id)

    def open_search(self) -> None:
        """Show the behaviors that fit here, what is missing first."""
        found = offers(self.document.state, self.node_id, self.catalog)
        self.popup = SearchPopup(found, self)
        self.popup.chosen.connect(self.add)
        self.popup.closed.connect(self._forget_popup)
        self.popup.open_at(self.add_button, self.width() - 16)

    def add(self, kind: str) -> None:
        """Add a behavior, show its parameters and give it the keyboard."""
        state, item_id = self.document.state, new_id("b")
        self._edit(
            f"Add {kind}",
            lambda: edits.add_behavior(
                state, self.node_id, kind, catalog=self.catalog, item_id=item_id
            ),
        )
        row = self.rows.get(item_id)
        if row is not None:
            self.open_row(row, True)
            row.header.setFocus(Qt.FocusReason.OtherFocusReason)

    def remove(self, item_id: str) -> None:
        """Take a behavior out; the keyboard goes to its neighbour."""
        row = self.rows[item_id]
        index = self.list.indexOf(row)
        name, state = row.entry.item.kind, self.document.state
        self._edit(f"Remove {name}", lambda: edits.remove_behavior(state, self.node_id, item_id))
        self._focus_row(min(index, self.list.count() - 1))

    def duplicate(self, item_id: str) -> None:
        """Put a copy of a behavior after it."""
        name, state = self.rows[item_id].entry.item.kind, self.document.state
        self._edit(
            f"Duplicate {name}", lambda: edits.duplicate_behavior(state, self.node_id, item_id)
        )

    def switch(self, item_id: str, enabled: bool) -> None:
        """Switch a behavior on or off."""
        name, state = self.rows[item_id].entry.item.kind, self.document.state
        verb = "Switch on" if enabled else "Switch off"
        self._edit(
            f"{verb} {name}",
            lambda: edits.enable_behavior(state, self.node_id, item_id, enabled),
        )

    def move_to(self, item_id: str, index: int) -> None:
        """Move a behavior to ``index`` in the node's own stack."""
        name, state = self.rows[item_id].entry.item.kind, self.document.state
        self._edit(
            f"Move {name}",
            lambda: edits.move_behavior(state, self.node_id, item_id, index, catalog=self.catalog),
        )

    def menu_of(self, item_id: str) -> QMenu:
        """Return the context menu of a behavior."""
        row, menu = self.rows[item_id], QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Duplicate", lambda: self.duplicate(item_id))
        enabled = row.entry.item.enabled
        words = "Switch off" if enabled else "Switch on"
        menu.addAction(words, lambda: self.switch(item_id, not enabled))
        for words, step in (("Move up", -1), ("Move down", 1)):
            action = menu.addAction(words)
            action.triggered.connect(lambda _on=False, by=step: self._nudge(item_id, by))
            action.setEnabled(self._neighbour(item_id, step) is not None)
        menu.addSeparator()
        menu.addAction("Remove", lambda: self.remove(item_id))
        return menu

    def _make_header(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setContentsMargins(16, 8, 6, 4)
        title = PlainLabel("Behaviors")
        title.setProperty("role", "section")
        self.add_button = IconButton("plus", "Add a behavior", self, 24)
        self.add_button.clicked.connect(self.open_search)
        line.addWidget(title, 1)
        line.addWidget(self.add_button)
        return line

    def _make_row(self, key: str, entry: StackedBehavior) -> StackRow:
        row = self.rows[key] = StackRow(entry, self.document, self)
        row.set_running(self._running)
        row.set_open(self._memory.get(key, False))
        header, item_id = row.header, entry.item.id
        header.stepped.connect(lambda step: self._step_focus(row, step))
        header.toggled.connect(lambda: self._toggle(row))
        if not entry.shared:
            header.switched.connect(lambda on: self.switch(item_id, on))
            header.removed.connect(lambda: self.remove(item_id))
            header.moved.connect(lambda step: self._nudge(item_id, step))
            header.menu_wanted.connect(lambda place: self._show_menu(item_id, place))
            header.dragged.connect(lambda y: self._show_mark(item_id, y))
            header.dropped.connect(lambda y: self._drop_at(item_id, y))
        return row

    def _drop(self, key: str) -> None:
        row = self.rows.pop(key)
        self.list.removeWidget(row)
        row.hide()
        row.deleteLater()

    def _open_the_model(self) -> None:
        """Open the behavior that a newcomer looks for: the one that makes ``v``, or the only."""
        own = [row for row in self.rows.values() if not row.entry.shared]
        models = [row for row in own if row.entry.spec and "own.v" in row.entry.spec.provides]
        for row in models[:1] or (own if len(own) == 1 else []):
            row.set_open(self._memory.get(row.entry.item.id, True))

    def _toggle(self, row: StackRow) -> None:
        self.open_row(row, not row.is_open)

    def open_row(self, row: StackRow, is_open: bool) -> None:
        """Show or hide a row's parameters, and remember it for the next time."""
        row.set_open(is_open)
        self._memory[_key(row.entry)] = row.is_open

    def _edit(self, label: str, change: Callable[[], Document]) -> None:
        try:
            self.document.edit(label, change())
        except ConexError as error:
            self.refused.emit(str(error))

    def _forget_popup(self) -> None:
        self.popup = None

    def _show_menu(self, item_id: str, place: QPoint) -> None:
        self.menu_of(item_id).popup(place)

    def _step_focus(self, row: StackRow, step: int) -> None:
        self._focus_row(self.list.indexOf(row) + step)

    def _focus_row(self, index: int) -> None:
        item = self.list.itemAt(index) if index >= 0 else None
        target = item.widget().header if item else self.add_button
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _own(self) -> list[str]:
        return [item.id for item in stack_of_node(self.document.state, self.node_id)]

    def _peers(self, item_id: str) -> list[str]:
        """Return the behaviors among which this one may move, in order."""
        own = stack_of_node(self.document.state, self.node_id)
        mine = next(item for item in own if item.id == item_id)
        priority = priority_of(mine, self.catalog)
        return [item.id for item in own if priority_of(item, self.catalog) == priority]

    def _neighbour(self, item_id: str, step: int) -> str | None:
        peers = self._peers(item_id)
        place = peers.index(item_id) + step
        return peers[place] if 0 <= place < len(peers) else None

    def _nudge(self, item_id: str, step: int) -> None:
        neighbour = self._neighbour(item_id, step)
        if neighbour is not None:
            self.move_to(item_id, self._own().index(neighbour))

    def _target(self, item_id: str, screen_y: int) -> tuple[int, int]:
        """Return the place among the peers and the y of the mark for a mouse at ``screen_y``."""
        y = self.mapFromGlobal(QPoint(0, screen_y)).y()
        rest = [self.rows[peer] for peer in self._peers(item_id) if peer != item_id]
        above = [row for row in rest if row.y() + row.height() / 2 < y]
        if above:
            return len(above), above[-1].y() + above[-1].height()
        return 0, rest[0].y()

    def _show_mark(self, item_id: str, screen_y: int) -> None:
        _, y = self._target(item_id, screen_y)
        self.mark.setGeometry(16, y - 1, self.width() - 24, 2)
        self.mark.raise_()
        self.mark.show()

    def _drop_at(self, item_id: str, screen_y: int) -> None:
        self.mark.hide()
        place, _ = self._target(item_id, screen_y)
        self.move_to(item_id, self._own().index(self._peers(item_id)[place]))


def _key(entry: StackedBehavior) -> str:
    return f"{entry.node_id}/{entry.item.id}" if entry.shared else entry.item.id
