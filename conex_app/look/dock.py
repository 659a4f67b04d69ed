"""Docks with one quiet line for a title, the same for every panel."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QToolButton, QWidget

from conex_app.look import plain_text
from conex_app.look.icons import icon
from conex_app.look.labels import ElidedLabel
from conex_app.look.theme import Theme

__all__ = ["Dock", "DockTitle", "bring_up", "dock_of", "tool_button"]

HEIGHT = 32
NARROW, LOW = 160, 80  # a dock may be made so small, whatever stands in it


def tool_button(name: str, tip: str, parent: QWidget | None = None) -> QToolButton:
    """Return a small button whose icon is drawn by :meth:`DockTitle.set_theme`."""
    button = QToolButton(parent)
    button.setProperty("icon_name", name)
    button.setToolTip(plain_text.tip(tip))
    button.setAccessibleName(tip)
    button.setIconSize(QSize(16, 16))
    button.setAutoRaise(True)
    return button


def dock_of(panel: QWidget) -> Dock | None:
    """Return the dock that a panel is in."""
    around = panel.parentWidget()
    while around is not None and not isinstance(around, Dock):
        around = around.parentWidget()
    return around


def bring_up(panel: QWidget) -> None:
    """Show the dock that a panel is in, in front of the docks it shares its place with."""
    dock = dock_of(panel)
    if dock is not None:
        dock.bring_up()


class DockTitle(QWidget):
    """Show a name and, at the right, small tools; drag it to move the dock."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dock-title")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.name = ElidedLabel(text, objectName="dock-name")
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(12, 2, 6, 2)
        self.row.setSpacing(4)
        self.row.addWidget(self.name)
        self.has_tools = False
        self.setFixedHeight(HEIGHT)

    def sizeHint(self) -> QSize:
        """Return the height of the title; Qt asks this and not the fixed height."""
        return QSize(super().sizeHint().width(), self.maximumHeight())

    def minimumSizeHint(self) -> QSize:
        """Return little: where room is short, the widest tools give way first."""
        return QSize(min(super().minimumSizeHint().width(), NARROW), self.maximumHeight())

    def show_tabbed(self, tabbed: bool) -> None:
        """Leave out what the tab above already says."""
        self.name.setVisible(not tabbed)
        self.setFixedHeight(HEIGHT if self.has_tools or not tabbed else 0)
        self.updateGeometry()

    def set_theme(self, theme: Theme) -> None:
        """Draw the icons of the tools in the colours of ``theme``."""
        for button in self.findChildren(QToolButton):
            name = button.property("icon_name")
            if name:
                button.setIcon(icon(name, theme))


class Dock(QDockWidget):
    """A panel at an edge of the window, with a title of ours."""

    def __init__(
        self, name: str, title: str, panel: QWidget, parent: QWidget, head: DockTitle | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setObjectName(name)
        self.head = head or DockTitle(title)
        if head is None:
            self.head.row.addStretch(1)
        self.setTitleBarWidget(self.head)
        _let_shrink(panel)
        self.setWidget(panel)
        panel.windowTitleChanged.connect(self.setWindowTitle)

    def setWindowTitle(self, title: str) -> None:
        """Use ``title``, which is in tabs and menus too, where "&" would be a sign of Qt's."""
        super().setWindowTitle(plain_text.menu_words(title))

    def bring_up(self) -> None:
        """Show it, in front of the docks it shares its place with."""
        self.show()
        self.raise_()


def _let_shrink(panel: QWidget) -> None:
    """Let a panel that says nothing else become smaller than its content asks for."""
    panel.setMinimumSize(panel.minimumWidth() or NARROW, panel.minimumHeight() or LOW)
