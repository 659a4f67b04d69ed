"""The inspector: everything about what is selected, to read and to change.

Holds no truth: it shows the document and sends edits. While the selection
stays, it follows the document by difference, so that typing is never lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from conex_app.inspector.blocks.pages import BlockPage, InstancePage, PortPage
from conex_app.inspector.pages import NetworkPage, NodePage, Page, PageContext, SeveralPage
from conex_app.look.after_paint import AfterPaint
from conex_app.look.dock import bring_up
from conex_app.look.panel_style import Panel, set_panel_style
from conex_app.look.theme import Theme, system_theme
from conex_app.look.typing import ESCAPE, Typed, held_back, place_of
from conex_app.project.checks import Checker
from conex_app.project.document import ProjectDocument
from conex_app.project.protocols import NodeSelection, RunChanges
from conex_core.catalog import Catalog
from conex_core.graph.checks.problems import Problem
from conex_core.graph.model.document import NETWORK, Document
from conex_core.graph.model.kinds import INPUT_PORT, INSTANCE, OUTPUT_PORT

__all__ = ["Inspector"]

_AFTER_PAINT_MS = 15  # after what has changed is painted, and too soon to be seen


class Inspector(Panel):
    """Show and edit the selected nodes, or the network when nothing is selected."""

    refused = Signal(str)  # why a change was not possible
    told = Signal(str)  # what else a change has done
    update_wanted = Signal(str)  # of a block, by its id

    def __init__(
        self,
        document: ProjectDocument,
        catalog: Catalog,
        parent: QWidget | None = None,
        *,
        selection: NodeSelection | None = None,
        checker: Checker | None = None,
        run: RunChanges | None = None,
    ) -> None:
        super().__init__(parent)
        self.setMinimumWidth(240)
        self.context = PageContext(document, catalog, system_theme())
        self.selection: tuple[str, ...] = ()
        self.problems: tuple[Problem, ...] = ()
        self.area = QScrollArea(self)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.area)
        set_panel_style(self, self.context.theme)
        self._page = self._make_page()
        self._naming, self._chooser = False, selection
        self._after_paint = AfterPaint(self, _AFTER_PAINT_MS, self._renew)
        document.changed.connect(self._follow)
        if selection is not None:
            selection.selection_changed.connect(self.set_selection)
            selection.rename_wanted.connect(self.edit_name)
        if checker is not None:
            checker.checked.connect(lambda plan: self.set_problems(plan.problems))
        if run is not None:
            run.changed.connect(lambda status: self.set_running(status.state == "running"))

    @property
    def page(self) -> Page:
        """Return the page of what is selected now."""
        if self._after_paint.is_due:
            self._after_paint.now()
        return self._page

    def set_selection(self, ids: Iterable[str]) -> None:
        """Show the nodes with these ids; none of them means the network."""
        chosen = tuple(ids)
        if chosen != self.selection:
            self._end_typing()
            self.selection = chosen
            self._after_paint.start()

    def set_running(self, running: bool) -> None:
        """Mark the parameters that take effect while the network runs."""
        self.context.running = running
        self._page.set_running(running)

    def set_problems(self, problems: Sequence[Problem]) -> None:
        """Show what the check says beside the fields that it is about."""
        self.problems = tuple(problems)
        if not self._after_paint.is_due:
            self._mark_problems()

    def set_newer(self, versions: Mapping[str, int]) -> None:
        """Offer the update of blocks that the library has another version of."""
        self.context.newer = dict(versions)
        self.page.refresh(self.context.document.state)

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of ``theme``."""
        self.context.theme = theme
        super().set_theme(theme)
        self.page.refresh(self.context.document.state)

    def show_field(
        self, node: str | None, item_id: str | None = None, field: str | None = None
    ) -> None:
        """Select a node, scroll to one of its fields and give it the keyboard."""
        self.set_selection(() if node in (None, NETWORK) else (str(node),))
        self._focus(self._target(item_id, field))

    def retype(self, typed: Typed) -> bool:
        """Show the field that ``typed`` was typed into and put it back, not committed."""
        place = _parsed(typed.where)
        if place is None:
            return False
        level, ids, field = place
        self.context.document.go(level)
        if self._chooser is not None:
            self._chooser.select(ids)
        self.set_selection(ids)
        if self.context.document.level != level or self._held(self.context.document.state) != ids:
            return False
        self.page.open_for(*field[:2])
        for held in self.page.typing_fields():
            if place_of(held)[1] == typed.where:
                held.type_again(typed.text)
                self._focus(held.focus_target())
                return True
        return False

    def typing_place(self) -> tuple[str, tuple[str, ...]]:
        """Return what is selected, and where; see ``conex_app.look.typing``."""
        level, ids = self.context.document.level, self.selection
        return "", ("inspector", str(len(level)), *level, str(len(ids)), *ids)

    def edit_name(self, node_id: str) -> None:
        """Select a node and give its name the keyboard as soon as it is shown."""
        bring_up(self)
        self.set_selection((node_id,))
        self._naming = True
        if not self._after_paint.is_due:
            self._focus_name()

    def title(self) -> str:
        """Return the name of what is shown."""
        if isinstance(self.page, NodePage):
            return self.context.document.state.network.node(self.page.node_id).name
        if isinstance(self.page, SeveralPage):
            return f"{len(self.page.node_ids)} nodes"
        return (
            self.context.document.state.network.name if self.context.document.level else "Network"
        )

    def _follow(self, old: Document, new: Document) -> None:
        if self._held(old) != self._held(new) or not self._page.fits(new):
            self._page.retire()
            self._after_paint.start()
        elif not self._after_paint.is_due:
            self._page.refresh(new)
            self._mark_problems()

    def _end_typing(self) -> None:
        """Take over what is being typed before another page comes; tell what cannot be."""
        words = held_back(self._page, keyboard=False)
        if words:
            self.refused.emit(f"Not taken over: {words.removesuffix(ESCAPE).strip()}")
        self._page.retire()

    def _held(self, state: Document) -> tuple[str, ...]:
        return tuple(node_id for node_id in self.selection if node_id in state.network.nodes)

    def _renew(self) -> None:
        """Make the page of the selection: once, however much has changed since the last."""
        self._page.retire()
        self._page = self._make_page()
        self._mark_problems()
        if self._naming:
            self._focus_name()

    def _focus_name(self) -> None:
        self._naming = False
        title = getattr(self._page, "title", None)
        if title is not None and title.name is not None:
            field = title.name.focus_target()
            field.setFocus()
            field.selectAll()

    def _make_page(self) -> Page:
        self.setUpdatesEnabled(False)
        page = page_for(self.context, self.selection)
        page.refused.connect(self.refused)
        page.told.connect(self.told)
        page.update_wanted.connect(self.update_wanted)
        page.set_running(self.context.running)
        self.area.setWidget(page)
        self.area.verticalScrollBar().setValue(0)
        self.setUpdatesEnabled(True)
        return page

    def _mark_problems(self) -> None:
        by_field = {
            (problem.behavior, problem.field): problem
            for problem in reversed(self.problems)
            if problem.field and self._is_here(problem)
        }
        for item_id, row in self.page.all_rows():
            found = by_field.get((item_id, row.slot.parameter.name))
            row.set_problem(found.message if found else "", found.severity if found else "error")
        if isinstance(self.page, BlockPage):
            kinds = (one for one in self.problems if one.code == "kind" and self._is_seen(one))
            self.page.show_problem(next(kinds, None))
        self._mark_behaviors()

    def _mark_behaviors(self) -> None:
        if self.page.stack is None:
            return
        messages = {
            problem.behavior: problem.message
            for problem in reversed(self.problems)
            if problem.behavior and problem.severity == "error" and self._is_seen(problem)
        }
        for row in self.page.stack.rows.values():
            row.header.set_problem(messages.get(row.entry.item.id, ""))

    def _is_here(self, problem: Problem) -> bool:
        inside = bool(self.context.document.level)
        here = self.selection or (() if inside else (NETWORK, None))
        return problem.node in here and self._is_seen(problem)

    def _is_seen(self, problem: Problem) -> bool:
        return problem.node == NETWORK or problem.definition == self.context.document.definition_id

    def _target(self, item_id: str | None, field: str | None) -> QWidget | None:
        row = self.page.row(item_id, field) if field is not None else None
        if row is not None:
            row.focus_field()
            return row.field.focus_target()
        stack_row = self.page.stack.row_of(item_id) if self.page.stack and item_id else None
        if stack_row is not None and self.page.stack is not None:
            self.page.stack.open_row(stack_row, True)
            stack_row.header.setFocus(Qt.FocusReason.OtherFocusReason)
            return stack_row.header
        return None

    def _focus(self, target: QWidget | None) -> None:
        """Scroll to ``target`` now, and again once the opened rows have their places."""
        if target is None:
            return
        self.page.layout().activate()
        self.area.ensureWidgetVisible(target, 0, 64)
        QTimer.singleShot(0, target, lambda: self.area.ensureWidgetVisible(target, 0, 64))


def page_for(context: PageContext, ids: Sequence[str]) -> Page:
    """Return the page of a selection; ids that are gone count for nothing."""
    nodes = context.document.state.network.nodes
    held = [nodes[node_id] for node_id in ids if node_id in nodes]
    if not held:
        return BlockPage(context) if context.document.level else NetworkPage(context)
    if len(held) > 1:
        return SeveralPage(context, held)
    pages = {INSTANCE.name: InstancePage, INPUT_PORT.name: PortPage, OUTPUT_PORT.name: PortPage}
    return pages.get(held[0].kind, NodePage)(context, held[0])


_Place = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]


def _parsed(where: Sequence[str]) -> _Place | None:
    """Return level, selection and field of what :meth:`Inspector.typing_place` began.

    None if it is a field elsewhere, or nothing that was ever written here.
    """
    try:
        place, depth, *_ = where
        end = 2 + int(depth)
        last = end + 1 + int(where[end])
    except (ValueError, IndexError):
        return None
    if place != "inspector" or len(where) < last + 2:
        return None
    return tuple(where[2:end]), tuple(where[end + 1 : last]), tuple(where[last:])
