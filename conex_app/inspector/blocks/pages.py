"""Pages of blocks: a copy of a block, the block that is seen, and a port of it."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from conex_app.inspector.blocks import promotion
from conex_app.inspector.blocks.learned_note import LearnedNote
from conex_app.inspector.blocks.ports_list import PortList
from conex_app.inspector.blocks.promoted_list import PromotedList
from conex_app.inspector.blocks.slots import (
    block_slots,
    instance_slots,
    kind_words,
    promoted_parameters,
)
from conex_app.inspector.pages import NodePage, Page, PageContext, hint_label
from conex_app.inspector.rows import RowList
from conex_app.inspector.sections import NameText, Title, rule, section_label
from conex_app.look.field_text import shown_value
from conex_app.look.labels import PlainLabel
from conex_app.look.plain_text import tip
from conex_core.errors import ConexError
from conex_core.graph import edits
from conex_core.graph.blocks.definitions import instances_of, wires_outside
from conex_core.graph.checks.problems import Problem
from conex_core.graph.model.document import MAIN, Definition, Document, Link, Node
from conex_core.graph.model.kinds import INSTANCE

__all__ = ["BlockPage", "InstancePage", "PortPage"]

NOTHING_PROMOTED = (
    "Nothing is on its face yet. Enter the block and right click a parameter to show it here."
)
MISSING = (
    "The block that this is a copy of is missing, so the network cannot run. Nothing is lost: "
    "wires and values are kept. Insert the block from the library again, or undo its removal."
)


class InstancePage(NodePage):
    """Show one copy of a block: its values, and the ports that all copies share."""

    def __init__(self, context: PageContext, node: Node, parent: QWidget | None = None) -> None:
        self.of = node.of
        self.ports: PortList | None = None
        super().__init__(context, node, parent)
        self._shape = self._shape_of(context.document.state)

    def fits(self, state: Document) -> bool:
        """Tell whether the copy is still one of this block, with the same promoted parameters."""
        return super().fits(state) and self._shape == self._shape_of(state)

    def refresh(self, state: Document) -> None:
        """Show the copy and its block, by difference."""
        super().refresh(state)
        block = self._block(state)
        if block is not None and self.ports is not None:
            self.ports.refresh()
            self.learned.refresh()
            self._show_block(block)

    def enter(self) -> None:
        """Go into the block."""
        self.context.document.enter(self.node_id)

    def make_unique(self) -> None:
        """Give this copy a block of its own."""
        document = self.context.document
        name = document.state.network.node(self.node_id).name
        try:
            new = edits.make_unique(document.state, self.node_id)
        except ConexError as error:
            self.refused.emit(str(error))
            return
        document.edit(f"Make {name} unique", new)

    def _add_more(self, node: Node) -> None:
        block = self._block(self.context.document.state)
        if block is None:
            self._explain_missing(node)
            return
        self.about = hint_label("")
        self.box.addWidget(self.about)
        self.learned = LearnedNote(self.context.document, block.id, self)
        self.box.addWidget(self.learned)
        self.box.addLayout(self._make_buttons())
        self.box.addWidget(section_label("Parameters"))
        context = self.context
        slots = instance_slots(context.document.state, [node], context.catalog)
        if slots:
            self._add_rows(RowList(slots, context.document, parent=self))
        else:
            self.box.addWidget(hint_label(NOTHING_PROMOTED))
        self.box.addSpacing(8)
        self.box.addWidget(rule())
        self.ports = PortList(context.document, block.id, self)
        self.ports.refused.connect(self.refused)
        self.ports.told.connect(self.told)
        self.box.addWidget(self.ports)
        self._show_block(block)

    def _make_buttons(self) -> QHBoxLayout:
        self.enter_button = QPushButton("Enter")
        self.enter_button.setToolTip("Show what is inside the block")
        self.enter_button.clicked.connect(self.enter)
        self.unique_button = QPushButton("Make unique")
        self.unique_button.clicked.connect(self.make_unique)
        self.update_button = QPushButton("Update…")
        self.update_button.clicked.connect(lambda: self.update_wanted.emit(self.of))
        row = QHBoxLayout()
        row.setContentsMargins(16, 0, 16, 4)
        row.setSpacing(8)
        for button in (self.enter_button, self.unique_button, self.update_button):
            button.setProperty("small", True)
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _show_title(self, node: Node) -> None:
        super()._show_title(node)
        block = self._block(self.context.document.state)
        if block is not None:
            title, meaning = kind_words(block.kind)
            self.title.kind.setText(f"{block.name} · {title}")
            self.title.setToolTip(tip(meaning))

    def _show_block(self, block: Definition) -> None:
        count = len(instances_of(self.context.document.whole, block.id))
        shared = count > 1
        among = f"One of {count} copies: a change inside changes all of them."
        lines = (block.description, among if shared else "The only copy of this block.")
        self.about.setText("\n".join(line for line in lines if line))
        version = self.context.newer.get(self.of)
        self.update_button.setVisible(version is not None)
        self.update_button.setToolTip(
            tip(f"Show what version {version} of the library would change")
        )
        self.unique_button.setEnabled(shared)
        self.unique_button.setToolTip(
            f"Give this copy a block of its own; the other {count - 1} stay as they are"
            if shared
            else "This is the only copy already"
        )

    def _explain_missing(self, node: Node) -> None:
        held = "\n".join(f"{key} = {shown_value(value)}" for key, value in node.params.items())
        self.box.addWidget(hint_label(f"{MISSING}\n\n{held}" if held else MISSING))

    def _block(self, state: Document) -> Definition | None:
        return state.definitions.get(self.of)

    def _shape_of(self, state: Document) -> object:
        node = state.network.nodes.get(self.node_id)
        block = self._block(state)
        names = [one.name for one in block.promoted] if block else None
        return (
            (node.of if node else None),
            names,
            promoted_parameters(state, self.of, self.context.catalog),
        )


class BlockPage(Page):
    """Show the block that is seen: what it is, its promoted parameters and its ports."""

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        document = context.document
        self.title = Title(NameText(taken=self._other_names), self)
        assert self.title.name is not None
        self.title.name.edit.setAccessibleName("Name of the block")
        self.title.name.committed.connect(lambda name, _step: self._rename(name))
        self.box.addWidget(self.title)
        self.about = hint_label("")
        self.box.addWidget(self.about)
        self.learned = LearnedNote(document, document.definition_id, self)
        self.box.addWidget(self.learned)
        self._add_rows(RowList(block_slots(), document, parent=self))
        self.kind_row = self.lists[0].rows["kind"]
        self.meaning = hint_label("")
        self.lists[0].layout().insertWidget(1, self.meaning)
        self.box.addSpacing(8)
        self.box.addWidget(rule())
        self.promoted = PromotedList(document, context.catalog, self)
        self.box.addWidget(self.promoted)
        self.box.addWidget(rule())
        self.ports = PortList(document, document.definition_id, self)
        self.ports.refused.connect(self.refused)
        self.ports.told.connect(self.told)
        self.box.addWidget(self.ports)
        self.box.addStretch(1)
        self._show_block(document.state.network)

    def refresh(self, state: Document) -> None:
        """Show the block, by difference."""
        super().refresh(state)
        self.promoted.refresh(state)
        self.ports.refresh()
        self.learned.refresh()
        self._show_block(state.network)

    def open_for(self, kind: str, key: str) -> None:
        """Show the help and the bounds of a promoted parameter."""
        if kind == "promoted":
            self.promoted.open_line(key)

    def _show_block(self, block: Definition) -> None:
        document = self.context.document
        count = len(instances_of(document.whole, document.definition_id))
        words, meaning = kind_words(block.kind)
        self.title.show_words(
            block.name, f"Block · {promotion.copies(document.whole, self.block_id)}"
        )
        self.title.swatch.show_kind(INSTANCE.name, self.context.theme)
        self.title.setToolTip(tip(f"{words}: {meaning}"))
        lines = [f"What you change here changes all {count} copies."] if count > 1 else []
        if block.block is not None:
            lines.append(f"From the library, version {block.block.version}.")
        self.about.setText("\n".join(lines))
        self.about.setVisible(bool(lines))
        self.meaning.setText(meaning)

    def _other_names(self) -> list[str]:
        document = self.context.document
        blocks = document.whole.definitions.values()
        return [block.name for block in blocks if block.id not in (document.definition_id, MAIN)]

    def show_problem(self, problem: Problem | None) -> None:
        """Show beside the kind what keeps the block from being of it."""
        if problem is None:
            self.kind_row.set_problem("")
        else:
            self.kind_row.set_problem(problem.message, problem.severity)

    def _rename(self, name: str) -> None:
        document = self.context.document
        new = edits.set_definition(document.state, MAIN, name=name)
        document.edit(f"Rename block to {name}", new)


class PortPage(NodePage):
    """Show one port of the block that is seen, with the wires on both sides of it."""

    def refresh(self, state: Document) -> None:
        """Show the port and its wires, by difference."""
        super().refresh(state)
        self._show_wires(state)

    def _add_more(self, node: Node) -> None:
        self.reason = hint_label("")
        self.box.addWidget(self.reason)
        self.box.addWidget(section_label("Wires"))
        self.wires = PlainLabel(longest=24)
        self.wires.setWordWrap(True)
        self.wires.setContentsMargins(16, 0, 16, 8)
        self.box.addWidget(self.wires)
        self._show_wires(self.context.document.state)

    def _show_wires(self, state: Document) -> None:
        inside = self._inside(state)
        outside = self._outside()
        count = (
            len(inside) + wires_outside(self.context.document.whole, self.block_id)[self.node_id]
        )
        self.wires.setText("\n".join([*inside, *outside]) or "None yet. Draw them on the canvas.")
        self.lists[0].rows["signal"].field.setEnabled(count == 0)
        drawn = "1 wire is" if count == 1 else f"{count} wires are"
        self.reason.setText(
            f"The signal cannot change while {drawn} drawn to this port. Remove the wires first."
        )
        self.reason.setVisible(count > 0)

    def _inside(self, state: Document) -> list[str]:
        network = state.network
        ends = [link.target for link in network.out_of(self.node_id)]
        ends += [link.source for link in network.into(self.node_id)]
        return [f"Inside: {network.node(end).name}" for end in ends if end in network.nodes]

    def _outside(self) -> list[str]:
        whole, found = self.context.document.whole, []
        copies = set(instances_of(whole, self.block_id))
        for outer in whole.definitions.values():
            for link in sorted(outer.links):
                for end, port in (
                    (link.source, link.source_port),
                    (link.target, link.target_port),
                ):
                    if port == self.node_id and (outer.id, end) in copies:
                        found.append(_wire(outer, link, end))
        return found


def _wire(outer: Definition, link: Link, copy: str) -> str:
    other = link.source if link.target == copy else link.target
    return f"Outside: {outer.node(other).name} at {outer.node(copy).name}"
