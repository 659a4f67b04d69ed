"""Commands of the View and Help menus that the window itself carries out: theme, help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from conex_app.actions import Action, Menu
from conex_app.look.labels import MessageBox, PlainLabel
from conex_app.look.theme import apply_theme, dark_theme, light_theme, system_theme

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from PySide6.QtWidgets import QMainWindow

    from conex_app.look.theme import Theme
    from conex_app.project.settings import AppSettings, ThemeName
    from conex_app.shell.menus import ActionSet
    from conex_app.shell.workbench import Workbench

__all__ = ["WindowView"]

ABOUT = (
    "<h3>CoNeX Studio</h3>"
    "<p>Draw spiking networks, run them, watch them learn.</p>"
    "<p>Built on the ideas of CoNeX, on pymonntorch and PyTorch. MIT licence.</p>"
)


class WindowView(QObject):
    """Carry out what concerns how things are shown."""

    def __init__(
        self,
        window: QMainWindow,
        bench: Workbench,
        settings: AppSettings,
        use_theme: Callable[[Theme], None],
        actions: ActionSet,
    ) -> None:
        super().__init__(window)
        self._window, self._bench, self._settings = window, bench, settings
        self._use_theme, self._actions = use_theme, actions
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self._follow_system)

    @property
    def theme(self) -> Theme:
        """Return the colours in use."""
        return chosen_theme(self._settings.theme)

    def set_theme(self, name: ThemeName) -> None:
        """Use another theme and remember it."""
        self._settings.theme = name
        self._use_theme(self.theme)

    def reset_layout(self) -> None:
        """Put every panel back and forget where they were."""
        self._settings.forget_layout()
        self._bench.put_in_place()

    def quit(self) -> None:
        """Close the window."""
        self._window.close()

    def show_shortcuts(self) -> None:
        """List the keys of every action."""
        dialog = shortcuts_dialog(self._window, self._actions.menus)
        dialog.open()

    def show_about(self) -> None:
        """Say what this program is."""
        box = MessageBox(self._window)
        box.setWindowTitle("About CoNeX Studio")
        box.setTextFormat(Qt.TextFormat.RichText)
        box.setText(ABOUT)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    def _follow_system(self) -> None:
        if self._settings.theme == "system":
            self._use_theme(self.theme)


def chosen_theme(name: ThemeName) -> Theme:
    """Return the colours that go by a name; ``system`` asks the desktop."""
    return {"light": light_theme, "dark": dark_theme}.get(name, system_theme)()


def use_everywhere(theme: Theme) -> None:
    """Use the colours of ``theme`` in every widget of the program."""
    app = QApplication.instance()
    if isinstance(app, QApplication):
        apply_theme(app, theme)


def shortcuts_dialog(parent: QWidget | None, menus: Sequence[Menu]) -> QDialog:
    """Return a dialog with all shortcuts, by menu."""
    dialog = QDialog(parent)
    dialog.setWindowTitle("Keyboard shortcuts")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    columns = QHBoxLayout()
    columns.setSpacing(32)
    parts = [QVBoxLayout() for _ in range(3)]
    heights = [0] * len(parts)
    for menu in menus:
        shortest = heights.index(min(heights))
        parts[shortest].addWidget(_shortcuts_of(menu))
        heights[shortest] += len(tuple(menu.actions()))
    for part in parts:
        part.addStretch(1)
        columns.addLayout(part)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(24, 24, 24, 16)
    column.addLayout(columns)
    column.addWidget(buttons)
    return dialog


def _shortcuts_of(menu: Menu) -> QWidget:
    part = QWidget()
    form = QFormLayout(part)
    form.setContentsMargins(0, 0, 0, 12)
    form.setHorizontalSpacing(24)
    form.setVerticalSpacing(4)
    form.addRow(PlainLabel(menu.title, objectName="section"))
    for text, shortcut in _rows_of(menu):
        keys = PlainLabel(shortcut)
        keys.setProperty("role", "muted")
        form.addRow(text, keys)
    return part


def _rows_of(menu: Menu) -> Iterator[tuple[str, str]]:
    """Yield the words and the keys of every action, those of submenus with the submenu's name."""
    for entry in (entry for group in menu.groups for entry in group):
        if isinstance(entry, Menu):
            yield from ((f"{entry.title}: {text}", keys) for text, keys in _rows_of(entry))
        elif isinstance(entry, Action) and entry.shortcut:
            yield entry.text.rstrip("…"), entry.shortcut
