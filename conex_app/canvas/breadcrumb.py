"""The way from the network down to the block that is open, above the canvas."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from conex_app.look.labels import PlainLabel
from conex_app.look.plain_text import menu_words, plain_line, tip
from conex_app.look.theme import GRID, Theme
from conex_app.project.document import ProjectDocument
from conex_core.graph.blocks.definitions import instances_of

__all__ = ["Breadcrumb"]

Level = tuple[str, ...]
MOST = 5  # crumbs shown; those between are behind a button
NAME_WIDTH = 168


class Breadcrumb(QWidget):
    """Show each level as a button; hidden in the network itself."""

    chosen = Signal(tuple)  # the level to go to, a tuple of node ids

    def __init__(self, document: ProjectDocument, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("breadcrumb")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._document = document
        self._shown: object = None
        self.crumbs: list[QToolButton] = []
        self.copies = PlainLabel(objectName="copies")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(GRID, 2, 2 * GRID, 2)
        self._row.setSpacing(2)
        self.refresh()

    def refresh(self) -> None:
        """Bring names and the number of copies up to date."""
        names, level = self._names(), self._document.level
        count = len(instances_of(self._document.whole, self._document.definition_id))
        self.setVisible(bool(level))
        if (names, level, count) == self._shown:
            return
        self._shown = (names, level, count)
        self._clear()
        for item in self._parts(names, level):
            self._row.addWidget(item)
        self._row.addStretch(1)
        self.copies.setText(f"{count} copies")
        self.copies.setToolTip(f"Changes here appear in all {count}.")
        self.copies.setVisible(count > 1)
        self._row.addWidget(self.copies)

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of ``theme``."""
        self.setStyleSheet(
            f"#breadcrumb {{ background: {theme.window};"
            f" border-bottom: 1px solid {theme.border}; }}"
            f"#breadcrumb QToolButton {{ color: {theme.muted}; padding: 3px 6px; }}"
            f"#breadcrumb QToolButton:hover {{ color: {theme.text}; }}"
            f"#breadcrumb QToolButton::menu-indicator {{ image: none; }}"
            f'#breadcrumb QToolButton[here="true"] {{ color: {theme.text}; font-weight: 600; }}'
            f"#breadcrumb QLabel {{ color: {theme.muted}; }}"
        )

    def _names(self) -> tuple[str, ...]:
        definitions, definition = self._document.whole.definitions, self._document.whole.network
        names = [definition.name]
        for node_id in self._document.level:
            node = definition.node(node_id)
            names.append(node.name)
            definition = definitions[node.of]
        return tuple(names)

    def _parts(self, names: tuple[str, ...], level: Level) -> list[QWidget]:
        """Return the crumbs with arrows between; the middle of a long way is behind a menu."""
        places = list(range(len(names)))
        hidden = places[1 : len(places) - MOST + 2] if len(places) > MOST else []
        parts: list[QWidget] = []
        for place in places:
            if place in hidden[1:]:
                continue
            if parts:
                parts.append(PlainLabel("\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}"))
            if place in hidden:
                parts.append(self._rest({names[p]: level[:p] for p in hidden}))
            else:
                parts.append(self._crumb(names[place], level[:place], here=place == places[-1]))
        return parts

    def _crumb(self, name: str, level: Level, *, here: bool) -> QToolButton:
        crumb = QToolButton(text=_cut(self, name), autoRaise=True)
        crumb.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        crumb.setProperty("here", here)
        crumb.setAccessibleName(f"Go to {name}")
        crumb.setToolTip(tip(name if here else f"Go to {name}"))
        crumb.clicked.connect(partial(self._choose, level))
        self.crumbs.append(crumb)
        return crumb

    def _rest(self, levels: dict[str, Level]) -> QToolButton:
        more = QToolButton(text="\N{HORIZONTAL ELLIPSIS}", autoRaise=True)
        more.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        more.setAccessibleName("Levels between")
        more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(more)
        for name, level in levels.items():
            menu.addAction(menu_words(name), partial(self.chosen.emit, level))
        more.setMenu(menu)
        return more

    def _choose(self, level: Level, _checked: bool = False) -> None:
        self.chosen.emit(level)

    def _clear(self) -> None:
        self.crumbs.clear()
        while self._row.count():
            item = self._row.takeAt(0).widget()
            if item is not None and item is not self.copies:
                item.hide()
                item.deleteLater()


def _cut(widget: QWidget, name: str) -> str:
    metrics = widget.fontMetrics()
    return metrics.elidedText(plain_line(name), Qt.TextElideMode.ElideMiddle, NAME_WIDTH).replace(
        "&", "&&"
    )
