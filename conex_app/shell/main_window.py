"""The main window: it puts the parts side by side and connects them, nothing more.

It comes in two steps. The frame with the start page is there at once; ``furnish``
adds the workbench as soon as the first paint is done and the catalog is read.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from conex_app.actions import Facts
from conex_app.look.window_style import chrome_sheet
from conex_app.project.document import ProjectDocument
from conex_app.project.files import ProjectFiles
from conex_app.project.settings import AppSettings
from conex_app.run.runner import Runner
from conex_app.shell.log import LogQueue
from conex_app.shell.menus import ActionSet
from conex_app.shell.message_bar import MessageBar
from conex_app.shell.run_bar import RunBar
from conex_app.shell.start_page import Example, Welcome
from conex_app.shell.status import StatusLine
from conex_app.shell.view_commands import chosen_theme, dress_application
from conex_core import examples
from conex_core.graph.files.project_file import EXTENSION

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent

    from conex_app.look.theme import Theme
    from conex_app.shell.wiring import Parts
    from conex_core.catalog import Catalog

__all__ = ["MainWindow"]

TICK_MS = 33
TITLE = "CoNeX Studio"
SIZE = QSize(1440, 900)
FRAME = 48  # what the desktop puts around a window, at most


class MainWindow(QMainWindow):
    """Show the start page, or a project with everything around it.

    Parameters
    ----------
    settings : AppSettings, optional
        What was remembered; the user's own when left out.
    runner : Runner, optional
    log : LogQueue, optional
        Where the log panel finds its records.
    """

    furnished = Signal()  # the workbench is there; every action works now

    def __init__(
        self,
        settings: AppSettings | None = None,
        runner: Runner | None = None,
        log: LogQueue | None = None,
    ) -> None:
        super().__init__()
        self.settings = settings or AppSettings()
        self.runner = runner or Runner(
            run_in=lambda: self.settings.run_in, engine=lambda: self.settings.engine
        )
        self.document = ProjectDocument(parent=self)
        self.log_queue = log or LogQueue()
        self.parts: Parts | None = None
        self._theme: Theme | None = None
        self._wishes: list[Callable[[], object]] = []
        self.tick_timer = QTimer(self, interval=TICK_MS)
        self.tick_timer.timeout.connect(self.tick)
        self._build_frame()
        self._connect_welcome()
        self.set_theme(chosen_theme(self.settings.theme))
        self._restore_size()

    def furnish(self, catalog: Catalog) -> None:
        """Add the workbench and everything that needs the catalog."""
        from conex_app.shell.wiring import Parts

        self.actions_of.add_plots(catalog.plots)
        self.parts = Parts(self, catalog)
        self.run_bar.show()
        self.pages.addWidget(self.parts.bench)
        self.set_theme(self.parts.view.theme)
        self._restore_layout()
        self.show_page()
        self.tick_timer.start()
        self.furnished.emit()
        wishes, self._wishes = self._wishes, []
        for wish in wishes:
            wish()

    def when_furnished(self, wish: Callable[[], object]) -> None:
        """Do ``wish`` as soon as every action works."""
        if self.parts is not None:
            wish()
        else:
            self._wishes.append(wish)

    @property
    def files(self) -> ProjectFiles:
        """Return the commands of the File menu."""
        return self._parts().files

    def open(self, path: str | Path) -> None:
        """Open a project file as soon as that is possible."""
        self.when_furnished(lambda: self._parts().files.open(path))

    def open_example(self, name: str) -> None:
        """Open a shipped example as soon as that is possible."""
        self.when_furnished(lambda: self._parts().files.open_example(name))

    def show_error(self, text: str, act: tuple[str, Callable[[], object]] | None = None) -> None:
        """Show an error until the user has read it."""
        self.message.show_error(text, act)

    def show_page(self) -> None:
        """Show the project, or the start page where there is none."""
        is_open = self.parts is not None and self.parts.files.is_open
        self.pages.setCurrentIndex(1 if is_open else 0)
        self.run_bar.setVisible(is_open)
        self.status.show_project(is_open)
        self.welcome.show_recent(self.settings.recent)
        self.show_facts()

    def show_facts(self) -> None:
        """Bring title, actions and status up to date with what is true now."""
        facts = self.parts.facts() if self.parts is not None else Facts()
        self.actions_of.show_facts(facts)
        path = self.document.path
        name = path.stem if path else self.document.state.name
        self.setWindowTitle(f"{name}[*] – {TITLE}" if facts.open else f"{TITLE}[*]")
        self.setWindowModified(facts.open and not facts.clean)

    def set_theme(self, theme: Theme) -> None:
        """Wear the colours of ``theme`` everywhere."""
        if theme != self._theme:
            self._theme = theme
            dress_application(theme)
            self.setStyleSheet(chrome_sheet(theme))
        if self.parts is not None:  # before, no icon may cost time
            self.parts.set_theme(theme)
            self.actions_of.dress(theme)
            for part in (self.run_bar, self.welcome, self.message):
                part.set_theme(theme)
            self.show_facts()

    def tick(self) -> None:
        """Look at the run and draw what is new; called 30 times a second."""
        if self.parts is not None:
            self.parts.tick()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about unsaved changes, end the run, remember the layout."""
        if self.parts is not None and not self.parts.files.may_leave():
            event.ignore()
            return
        self.tick_timer.stop()
        if self.parts is not None:
            self.parts.running.rest()
        self.runner.close()
        self.settings.keep_layout("window", self.saveGeometry())
        if self.parts is not None:
            self.parts.library.stop()
            self.settings.keep_layout("bench", self.parts.bench.remember())
        event.accept()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take a project file dragged from the desktop."""
        if _project_in(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open a project file dropped on the window."""
        path = _project_in(event)
        if path is not None:
            event.acceptProposedAction()
            self.open(path)

    def _parts(self) -> Parts:
        assert self.parts is not None, "the workbench is not there yet"
        return self.parts

    def _build_frame(self) -> None:
        self.setObjectName("main-window")
        self.setAcceptDrops(True)
        self.actions_of = ActionSet(self, self._parts)
        self.actions_of.fill(self.menuBar())
        self.run_bar = RunBar(self.actions_of, self)
        self.welcome = Welcome([_example(name) for name in examples.names()])
        self.message, self.status = MessageBar(), StatusLine()
        self.pages = QStackedWidget()
        self.pages.addWidget(self.welcome)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.run_bar, self.message, self.pages):
            column.addWidget(widget)
        self.setCentralWidget(middle)
        self.setStatusBar(self.status)
        self.show_page()

    def _connect_welcome(self) -> None:
        page = self.welcome
        page.new_wanted.connect(lambda: self.when_furnished(lambda: self._parts().files.new()))
        page.open_wanted.connect(lambda: self.when_furnished(lambda: self._parts().files.open()))
        page.recent_wanted.connect(self.open)
        page.example_wanted.connect(self.open_example)

    def _restore_size(self) -> None:
        remembered = self.settings.layout("window")
        if remembered is not None and self.restoreGeometry(remembered):
            return
        room = self.screen().availableSize()
        self.resize(SIZE.boundedTo(room))
        if room.width() < SIZE.width() + FRAME or room.height() < SIZE.height() + FRAME:
            self.setWindowState(Qt.WindowState.WindowMaximized)

    def _restore_layout(self) -> None:
        if self.parts is not None:
            self.parts.bench.restore(self.settings.layout("bench"))


def _example(name: str) -> Example:
    return Example(name, examples.load(name).name, examples.summary_of(name))


def _project_in(event: QDropEvent) -> Path | None:
    files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
    found = [Path(each) for each in files if each.endswith(EXTENSION)]
    return found[0] if len(found) == 1 else None
