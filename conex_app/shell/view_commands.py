"""Commands of the View and Help menus: zoom, panels, theme, help."""

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
    QLabel,
    QMessageBox,
    QVBoxLayout,
    QWidget,
)

from conex_app.actions import ACTIONS
from conex_app.look import theme as themes
from conex_app.shell.menus import MENUS, PLOTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from PySide6.QtWidgets import QMainWindow

    from conex_app.look.theme import Theme
    from conex_app.project.settings import AppSettings, ThemeName
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
        dress: Callable[[Theme], None],
    ) -> None:
        super().__init__(window)
        self._window, self._bench, self._settings, self._dress = window, bench, settings, dress
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self._follow_system)

    @property
    def theme(self) -> Theme:
        """Return the colours in use."""
        return chosen_theme(self._settings.theme)

    def set_theme(self, name: ThemeName) -> None:
        """Use another theme and remember it."""
        self._settings.theme = name
        self._dress(self.theme)

    def zoom_in(self) -> None:
        """Show the network larger."""
        self._bench.canvas.zoom_in()

    def zoom_out(self) -> None:
        """Show more of the network."""
        self._bench.canvas.zoom_out()

    def zoom_reset(self) -> None:
        """Show the network in its own size."""
        self._bench.canvas.zoom_reset()

    def fit(self) -> None:
        """Show the whole network."""
        self._bench.canvas.fit()

    def reset_layout(self) -> None:
        """Put every panel back and forget where they were."""
        self._settings.forget_layout()
        self._bench.put_in_place()

    def quit(self) -> None:
        """Close the window."""
        self._window.close()

    def show_shortcuts(self) -> None:
        """List the keys of every action."""
        dialog = shortcuts_dialog(self._window)
        dialog.open()

    def show_about(self) -> None:
        """Say what this program is."""
        box = QMessageBox(self._window)
        box.setWindowTitle("About CoNeX Studio")
        box.setTextFormat(Qt.TextFormat.RichText)
        box.setText(ABOUT)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    def _follow_system(self) -> None:
        if self._settings.theme == "system":
            self._dress(self.theme)


def chosen_theme(name: ThemeName) -> Theme:
    """Return the colours that go by a name; ``system`` asks the desktop."""
    return {"light": themes.light, "dark": themes.dark}.get(name, themes.system)()


def dress_application(theme: Theme) -> None:
    """Dress every widget of the program."""
    app = QApplication.instance()
    if isinstance(app, QApplication):
        themes.apply(app, theme)


def shortcuts_dialog(parent: QWidget) -> QDialog:
    """Return a dialog with all shortcuts, by menu."""
    dialog = QDialog(parent)
    dialog.setWindowTitle("Keyboard shortcuts")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    columns = QHBoxLayout()
    columns.setSpacing(32)
    halves = (QVBoxLayout(), QVBoxLayout())
    for place, (title, entries) in enumerate(MENUS.items()):
        halves[place % 2].addWidget(_shortcuts_of(title, _keys_of(entries, parent)))
    for half in halves:
        half.addStretch(1)
        columns.addLayout(half)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(24, 24, 24, 16)
    column.addLayout(columns)
    column.addWidget(buttons)
    return dialog


def _shortcuts_of(title: str, keys: Iterable[tuple[str, str]]) -> QWidget:
    part = QWidget()
    form = QFormLayout(part)
    form.setContentsMargins(0, 0, 0, 12)
    form.setHorizontalSpacing(24)
    form.setVerticalSpacing(4)
    form.addRow(QLabel(title, objectName="section"))
    for text, shortcut in keys:
        label = QLabel(shortcut)
        label.setProperty("role", "muted")
        form.addRow(text.rstrip("…"), label)
    return part


def _keys_of(entries: tuple[str, ...], window: QWidget) -> Iterator[tuple[str, str]]:
    """Yield text and shortcut of each entry that has keys; of plots those the window has."""
    for entry in entries:
        if entry in ACTIONS and ACTIONS[entry].shortcut:
            yield ACTIONS[entry].text, ACTIONS[entry].shortcut
        elif entry == PLOTS:
            found = (made for made in window.actions() if made.objectName() not in ACTIONS)
            yield from ((made.text(), made.shortcut().toString()) for made in found)
