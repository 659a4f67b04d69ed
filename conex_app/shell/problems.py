"""The problems list: what is wrong, where, and a button that mends it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from conex_app.look.counts import count
from conex_app.look.dock import bring_up
from conex_app.look.labels import ElidedLabel, PlainLabel
from conex_app.look.line_icons import draw_line_icon
from conex_app.look.panel_style import Panel
from conex_app.look.plain_text import menu_words, tip
from conex_app.look.theme import Theme, system_theme
from conex_app.project.built_nodes import failure_of, show_level_of
from conex_app.project.document import ProjectDocument
from conex_core.errors import ConexError
from conex_core.graph.checks.problems import Fix, Problem
from conex_core.graph.model.document import Document
from conex_core.run.run_warning import problems_of

if TYPE_CHECKING:
    from conex_app.project.checks import Checker
    from conex_app.shell.run_control import RunControl
    from conex_core.run.plan import Plan

__all__ = ["ProblemsPanel", "fix_all", "summary_of"]

MOST = 100


def summary_of(problems: Sequence[Problem]) -> str:
    """Return the counts in words."""
    errors = sum(problem.severity == "error" for problem in problems)
    parts = [(errors, "error"), (len(problems) - errors, "warning")]
    return ", ".join(count(amount, word) for amount, word in parts if amount)


def fix_all(document: Document, problems: Sequence[Problem]) -> Document:
    """Return ``document`` with the first fix of every problem, each fix once."""
    done: list[Fix] = []
    for problem in problems:
        fix = problem.fixes[0] if problem.fixes else None
        if fix is not None and fix not in done:
            done.append(fix)
            document = fix.apply(document)
    return document


class ProblemRow(QWidget):
    """One problem: icon, message, place, fix buttons."""

    chosen = Signal()  # the user wants to see the place
    stepped = Signal(int)  # the keyboard goes to the row above (-1) or below (1)
    fixed = Signal(object)  # a Fix to apply

    def __init__(self, problem: Problem, where: str, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.problem, self.theme = problem, theme
        self._titles: list[str] = []
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip("Show this in the network")
        self.message = PlainLabel(problem.message, self)
        self.message.setWordWrap(True)
        self.place = ElidedLabel(where, self)
        self.place.setProperty("role", "hint")
        self.place.setVisible(bool(where))
        for label in (self.message, self.place):
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.message)
        words.addWidget(self.place)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(8)
        self.line = QHBoxLayout(self)
        self.line.setContentsMargins(40, 6, 12, 6)
        self.line.setSpacing(16)
        self.line.addLayout(words, 1)
        self.line.addLayout(self.buttons)
        self.show_problem(problem, where)

    def show_problem(self, problem: Problem, where: str) -> None:
        """Show the problem as it is now; its fixes may have changed."""
        self.problem = problem
        self.place.setText(where)
        self.setAccessibleName(f"{problem.severity}: {problem.message}")
        self.setAccessibleDescription(where)
        titles = [fix.title for fix in problem.fixes]
        if titles != self._titles:
            self._titles = titles
            self._make_buttons(titles)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter shows the place; the arrows go to the next row."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit()
        elif event.key() in steps:
            self.stepped.emit(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Show the place."""
        inside = self.rect().contains(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and inside:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.chosen.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the hover, the icon and the focus ring."""
        painter = QPainter(self)
        palette, role = self.palette(), QPalette.ColorRole
        if self.underMouse():
            painter.fillRect(self.rect(), palette.color(role.Midlight))
        error = self.problem.severity == "error"
        colour = QColor(self.theme.error if error else self.theme.warning)
        draw_line_icon(painter, self.problem.severity, QRectF(14, 7, 16, 16), colour)
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(palette.color(role.Accent), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)

    def _fix_buttons(self) -> list[QPushButton]:
        held = [self.buttons.itemAt(i).widget() for i in range(self.buttons.count())]
        return [button for button in held if isinstance(button, QPushButton)]

    def _make_buttons(self, titles: list[str]) -> None:
        for button in self._fix_buttons():
            self.buttons.removeWidget(button)
            button.hide()
            button.deleteLater()
        for index, title in enumerate(titles):
            button = QPushButton(menu_words(title, 40), self)
            button.setProperty("small", True)
            button.setCursor(Qt.CursorShape.ArrowCursor)
            button.setToolTip(tip(f"{title}. Undo takes it back."))
            button.clicked.connect(lambda _=False, i=index: self.fixed.emit(self.problem.fixes[i]))
            self.buttons.addWidget(button)


class ProblemsPanel(Panel):
    """List the problems of the document, errors first."""

    jump = Signal(object, object, object)  # node id, behavior id and field; each may be None
    refused = Signal(str)  # why a fix was not possible
    listed = Signal(object)  # the problems that are listed now, errors first

    def __init__(
        self,
        document: ProjectDocument,
        parent: QWidget | None = None,
        *,
        checker: Checker | None = None,
        run: RunControl | None = None,
    ) -> None:
        super().__init__(parent)
        self.document = document
        self._plan: Plan | None = None
        self._run = run
        self.theme = system_theme()
        self.problems: tuple[Problem, ...] = ()
        self.rows: dict[tuple[object, ...], ProblemRow] = {}
        self._lay_out()
        self.set_theme(self.theme)
        self.set_problems(())
        if checker is not None:
            checker.checked.connect(self._take_plan)
        if run is not None:
            for told in (run.changed, run.warned):
                told.connect(self._list)
            run.blocked.connect(lambda: bring_up(self))

    def set_problems(self, problems: Sequence[Problem]) -> None:
        """Show these problems, by difference."""
        self.problems = tuple(sorted(problems, key=lambda problem: problem.severity != "error"))
        state, shown = self.document.whole, self.problems[:MOST]
        wanted = {_key(problem): problem for problem in shown}
        for key in [key for key in self.rows if key not in wanted]:
            self._drop(key)
        for place, (key, problem) in enumerate(wanted.items()):
            row = self.rows.get(key)
            if row is None:
                row = self.rows[key] = self._make_row(problem, problem.where(state))
            else:
                row.show_problem(problem, problem.where(state))
            if self.list.indexOf(row) != place:
                self.list.insertWidget(place, row)
        self._show_head()
        amount = len(self.problems)
        self.setWindowTitle(f"Problems ({amount})" if amount else "Problems")
        self.listed.emit(self.problems)

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of ``theme``."""
        self.theme = theme
        super().set_theme(theme)
        for row in self.rows.values():
            row.theme = theme
            row.update()

    def apply(self, fix: Fix) -> None:
        """Apply one fix as an edit that can be undone."""
        try:
            self.document.edit_whole(fix.title, fix.apply(self.document.whole))
        except ConexError as error:
            self.refused.emit(str(error))

    def apply_all(self) -> None:
        """Apply the first fix of every problem as one edit."""
        try:
            mended = fix_all(self.document.whole, self.problems)
            self.document.edit_whole("Fix all problems", mended)
        except ConexError as error:
            self.refused.emit(str(error))

    def _take_plan(self, plan: Plan) -> None:
        self._plan = plan
        self._list()

    def _list(self) -> None:
        """List what is wrong with the drawing, what ended the run, and what it warned of."""
        if self._plan is None:
            return
        problems, run = list(self._plan.problems), self._run
        if run is not None:
            failure = failure_of(self.document, run.status)
            problems += [] if failure is None else [failure]
            problems += problems_of(run.warnings, self.document.flat)
        self.set_problems(problems)

    def _lay_out(self) -> None:
        self.head = QWidget(self)
        line = QHBoxLayout(self.head)
        line.setContentsMargins(16, 6, 12, 6)
        self.summary = PlainLabel(parent=self.head)
        self.summary.setProperty("role", "section")
        self.all_button = QPushButton("Fix all", self.head)
        self.all_button.setProperty("small", True)
        self.all_button.setToolTip("Apply the first fix of every problem")
        self.all_button.clicked.connect(self.apply_all)
        line.addWidget(self.summary, 1)
        line.addWidget(self.all_button)
        self.empty = PlainLabel("No problems", self)
        self.empty.setProperty("role", "hint")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        content = QWidget()
        content.setObjectName("page")
        outer = QVBoxLayout(content)
        outer.setContentsMargins(0, 0, 0, 8)
        outer.setSpacing(0)
        self.list = QVBoxLayout()
        self.list.setSpacing(0)
        outer.addLayout(self.list)
        self.more = PlainLabel(parent=content)
        self.more.setProperty("role", "hint")
        self.more.setContentsMargins(40, 4, 0, 0)
        outer.addWidget(self.more)
        outer.addStretch(1)
        self.area = QScrollArea(self)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(content)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        for widget in (self.head, self.empty, self.area):
            box.addWidget(widget)

    def _show_head(self) -> None:
        amount = len(self.problems)
        self.summary.setText(summary_of(self.problems))
        self.all_button.setVisible(amount > 1 and all(problem.fixes for problem in self.problems))
        self.head.setVisible(amount > 0)
        self.area.setVisible(amount > 0)
        self.empty.setVisible(amount == 0)
        hidden = max(amount - MOST, 0)
        self.more.setText(f"and {hidden} more")
        self.more.setVisible(hidden > 0)

    def _make_row(self, problem: Problem, where: str) -> ProblemRow:
        row = ProblemRow(problem, where, self.theme, self)
        row.chosen.connect(lambda: self._jump(row.problem))
        row.stepped.connect(lambda step: self._step(row, step))
        row.fixed.connect(self.apply)
        return row

    def _jump(self, problem: Problem) -> None:
        show_level_of(self.document, problem)
        self.jump.emit(problem.node, problem.behavior, problem.field)

    def _step(self, row: ProblemRow, step: int) -> None:
        item = self.list.itemAt(self.list.indexOf(row) + step)
        if item is not None:
            item.widget().setFocus(Qt.FocusReason.TabFocusReason)

    def _drop(self, key: tuple[object, ...]) -> None:
        row = self.rows.pop(key)
        self.list.removeWidget(row)
        row.hide()
        row.deleteLater()


def _key(problem: Problem) -> tuple[object, ...]:
    return (
        problem.severity,
        problem.code,
        problem.node,
        problem.behavior,
        problem.field,
        problem.definition,
        problem.message,
        tuple(fix.subject for fix in problem.fixes),
    )
