"""Submenus whose entries are not actions: filled when they are about to open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from conex_app.look.plain_text import menu_words, tip

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu

    from conex_app.project.files import ProjectFiles
    from conex_app.project.settings import AppSettings
    from conex_app.shell.workbench import Workbench

__all__ = ["PanelsMenu", "RecentMenu"]


class RecentMenu(QObject):
    """Offer the projects that were opened last."""

    def __init__(self, menu: QMenu, settings: AppSettings, files: ProjectFiles) -> None:
        super().__init__(menu)
        self._menu, self._settings, self._files = menu, settings, files
        menu.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        menu = self._menu
        menu.clear()
        for path in self._settings.recent:
            action = menu.addAction(menu_words(path.stem))
            action.setToolTip(tip(str(path)))
            action.triggered.connect(lambda _=False, each=path: self._files.open(each))
        if menu.isEmpty():
            menu.addAction("No recent projects").setEnabled(False)
        else:
            menu.addSeparator()
            menu.addAction("Clear list").triggered.connect(self._settings.forget_recent)


class PanelsMenu(QObject):
    """Show and hide the panels and the plots."""

    def __init__(self, menu: QMenu, bench: Workbench) -> None:
        super().__init__(menu)
        self._menu, self._bench = menu, bench
        menu.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        self._menu.clear()
        for dock in (*self._bench.docks.values(), *self._bench.monitors):
            self._menu.addAction(dock.toggleViewAction())
