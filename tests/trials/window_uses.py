"""What the window does with a document: draw it, look at it, go into its blocks."""

from __future__ import annotations

from pathlib import Path
from random import Random

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from conex_app.canvas import Canvas
from conex_app.library.thumbnail import paint_picture
from conex_app.look.theme import light_theme
from conex_app.project.document import ProjectDocument
from conex_app.project.settings import AppSettings
from conex_app.shell.main_window import MainWindow
from conex_core.catalog import Catalog
from conex_core.graph.checks.check import check
from conex_core.graph.library.outlines import outline

__all__ = ["SeenInWindow", "SeenOnCanvas"]

_MOST = 6  # nodes and blocks of one document that are looked at one by one


class SeenOnCanvas:
    """Draw one document after the other on one canvas, as opening files does."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.document = ProjectDocument()
        self.canvas = Canvas(self.document, catalog)
        self.canvas.resize(900, 600)
        self.canvas.show()
        self.canvas.ensure_loaded()

    def open(self, path: Path, draw: Random) -> None:
        """Open a file, look at it from near and far, and go into its blocks."""
        self.document.open(path)
        self.canvas.show_problems(check(self.document.whole, self.catalog))
        look_at(self.canvas, draw)
        for node_id, node in list(self.document.state.network.nodes.items())[:_MOST]:
            if node.is_instance and node.of in self.document.whole.definitions:
                self.document.enter(node_id)
                look_at(self.canvas, draw)
                self.document.go(())
        self._paint_thumbnails()
        self._make_gestures()

    def _make_gestures(self) -> None:
        """Arrange, copy, group and undo, as by keys; the clipboard is the machine's."""
        canvas = self.canvas
        canvas.nodes.arrange()
        canvas.select(list(self.document.state.network.nodes)[:_MOST])
        for command in (canvas.nodes.duplicate, canvas.blocks.group, canvas.blocks.unpack):
            command()
        canvas.nodes.delete()
        for _ in range(5):
            self.document.undo()
        canvas.grab()

    def close(self) -> None:
        """Give the canvas back."""
        self.canvas.close()
        self.canvas.deleteLater()
        QApplication.processEvents()

    def _paint_thumbnails(self) -> None:
        picture = QPixmap(100, 64)
        for definition in list(self.document.whole.definitions.values())[:_MOST]:
            painter = QPainter(picture)
            paint_picture(painter, outline(definition), QRectF(0, 0, 100, 64), light_theme())
            painter.end()


class SeenInWindow:
    """Open one document after the other in the whole window."""

    def __init__(self, catalog: Catalog, folder: Path) -> None:
        from PySide6.QtCore import QSettings

        kept = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
        settings = AppSettings(kept)
        settings.run_in = "window"  # a process for runs is not asked for here
        self.window = MainWindow(settings)
        self.window.show()
        self.window.furnish(catalog)

    def open(self, path: Path, draw: Random) -> None:
        """Open a file and select its nodes, one after the other."""
        work = self.window.workspace
        assert work is not None
        work.files.open(path)
        work.canvas.ensure_loaded()
        work.checker.now()
        look_at(work.canvas, draw)
        for node_id in list(self.window.document.state.network.nodes)[:_MOST]:
            work.canvas.select([node_id])
            QApplication.processEvents()
        work.canvas.select_all()
        QApplication.processEvents()
        self.window.document.stack.setClean()

    def close(self) -> None:
        """Close the window."""
        self.window.document.stack.setClean()
        self.window.close()
        self.window.deleteLater()
        QApplication.processEvents()


def look_at(canvas: Canvas, draw: Random) -> None:
    """Paint a canvas as it is, life-size, and from afar; with its map."""
    canvas.minimap.catch_up()
    canvas.grab()
    canvas.minimap.grab()
    canvas.select_all()
    nodes = list(canvas.document.state.network.nodes)
    if nodes:
        canvas.centre_on(draw.choice(nodes))
    canvas.zoom_reset()
    canvas.grab()
    canvas.select(())
    canvas.fit()
    QApplication.processEvents()
