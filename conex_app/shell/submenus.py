"""Submenus whose entries are not actions: filled when they are about to open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from conex_app.look.counts import bytes_text, count
from conex_app.look.plain_text import menu_words, tip
from conex_app.look.times import when

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu

    from conex_app.project.backups import SavedVersion
    from conex_app.project.document import ProjectDocument
    from conex_app.project.files import ProjectFiles
    from conex_app.project.settings import AppSettings
    from conex_app.shell.workbench import Workbench

__all__ = ["PanelsMenu", "RecentMenu", "VersionsMenu"]


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


class VersionsMenu(QObject):
    """Offer the saved versions of the open project."""

    def __init__(self, menu: QMenu, document: ProjectDocument, files: ProjectFiles) -> None:
        super().__init__(menu)
        self._menu, self._document, self._files = menu, document, files
        menu.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        menu, path = self._menu, self._document.path
        menu.clear()
        versions = self._files.versions.of(path) if path is not None else []
        for version in versions:
            action = menu.addAction(_words(version))
            action.triggered.connect(
                lambda _=False, each=version, of=path: self._files.open_version(each, of)
            )
        if versions:
            menu.addSeparator()
            folder = QUrl.fromLocalFile(str(versions[0].path.parent))
            menu.addAction("Show in file manager").triggered.connect(
                lambda _=False: QDesktopServices.openUrl(folder)
            )
        else:
            nothing = "No earlier versions yet; each save keeps one"
            menu.addAction(nothing if path else "Save the project first").setEnabled(False)


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


def _words(version: SavedVersion) -> str:
    size = bytes_text(version.size)
    return f"{when(version.saved)}, {count(version.nodes, 'node')}, {size}"
