"""The main window: its frame, its pages, what it remembers and how it closes.

It comes in two steps. The frame with the start page is there at once; ``furnish``
adds the workspace as soon as the first paint is done and the catalog is read.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from conex_app.actions import INSERT, Facts
from conex_app.actions.plots import plot_actions
from conex_app.look.plain_text import title_words
from conex_app.look.typing import PressGate, held_back
from conex_app.look.window_style import window_sheet
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
from conex_app.shell.view_commands import chosen_theme, use_everywhere
from conex_core import examples
from conex_core.graph.files.project_file import EXTENSION

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent

    from conex_app.look.theme import Theme
    from conex_app.shell.workspace import Workspace
    from conex_core.catalog import Catalog

__all__ = ["MainWindow"]

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

    furnished = Signal()  # the workspace is there; every action works now

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
        self.workspace: Workspace | None = None
        self._theme: Theme | None = None
        self._leaves = False
        self._wishes: list[Callable[[], object]] = []
        self._build_frame()
        self._connect_welcome()
        self.set_theme(chosen_theme(self.settings.theme))
        self._restore_size()

    def furnish(self, catalog: Catalog) -> None:
        """Add the workspace and everything that needs the catalog."""
        from conex_app.shell.workspace import Frame, furnished  # heavy; after the first paint

        self.actions_of.append(INSERT.title, plot_actions(catalog.plots, self.actions_of.known))
        files = ProjectFiles(self.document, self.settings, catalog, self)
        files.opened.connect(self.show_page)
        files.closed.connect(self.show_page)
        frame = Frame(
            window=self,
            settings=self.settings,
            runner=self.runner,
            document=self.document,
            log_queue=self.log_queue,
            actions=self.actions_of,
            run_bar=self.run_bar,
            message=self.message,
            status=self.status,
            set_theme=self.set_theme,
        )
        self.workspace = furnished(frame, files, catalog)
        self.workspace.facts.changed.connect(self.show_facts)
        self.actions_of.may_act = files.may_act = self.may_act
        PressGate(self, self.workspace.bench, self.may_act)
        self.pages.addWidget(self.workspace.bench)
        self.set_theme(self.workspace.view.theme)
        self.workspace.bench.restore(self.settings.layout("bench"))
        self.show_page()
        self.furnished.emit()
        wishes, self._wishes = self._wishes, []
        for wish in wishes:
            wish()
        self.workspace.recovery.offer()

    def when_furnished(self, wish: Callable[[], object]) -> None:
        """Do ``wish`` as soon as every action works."""
        if self.workspace is not None:
            wish()
        else:
            self._wishes.append(wish)

    @property
    def files(self) -> ProjectFiles:
        """Return the commands of the File menu."""
        return self._workspace().files

    def open(self, path: str | Path) -> None:
        """Open a project file as soon as that is possible."""
        self.when_furnished(lambda: self._workspace().files.open(path))

    def open_example(self, name: str) -> None:
        """Open a shipped example as soon as that is possible."""
        self.when_furnished(lambda: self._workspace().files.open_example(name))

    def may_act(self) -> bool:
        """Commit what is being typed; False, and told why, if a command has to wait for it."""
        words = held_back(self)
        if words:
            self.status.notice(words)
        return not words

    def show_error(self, text: str, act: tuple[str, Callable[[], object]] | None = None) -> None:
        """Show an error until the user has read it."""
        self.message.show_error(text, act)

    def show_page(self) -> None:
        """Show the project, or the start page where there is none."""
        is_open = self.workspace is not None and self.workspace.files.is_open
        self.pages.setCurrentIndex(1 if is_open else 0)
        self.welcome.show_recent(self.settings.recent)

    def show_facts(self, facts: Facts) -> None:
        """Bring title and actions up to date with what is true now."""
        self.actions_of.show_facts(facts)
        name = title_words(self.document.title)
        self.setWindowTitle(f"{name}[*] – {TITLE}" if facts.open else f"{TITLE}[*]")
        self.setWindowModified(facts.open and not facts.clean)

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of ``theme`` everywhere."""
        if theme != self._theme:
            self._theme = theme
            use_everywhere(theme)
            self.setStyleSheet(window_sheet(theme))
        if self.workspace is not None:  # before, no icon may cost time
            self.workspace.bench.set_theme(theme)
            self.workspace.monitors.set_theme(theme)
            self.actions_of.set_theme(theme)
            for part in (self.run_bar, self.welcome, self.message):
                part.set_theme(theme)
            self.workspace.facts.tell()

    def leave(self) -> None:
        """Close without asking anything; what is not saved can be recovered at the next start."""
        if self.workspace is not None:
            self.workspace.recovery.keep()
        self.close_now()

    def changeEvent(self, event: QEvent) -> None:
        """Look at the project's file when one comes back to the window."""
        super().changeEvent(event)
        active = event.type() == QEvent.Type.ActivationChange and self.isActiveWindow()
        if active and self.workspace is not None:
            self.workspace.disk.look()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about unsaved changes, end the run, remember the layout."""
        work = self.workspace
        if work is not None and not self._leaves and not self._may_close(work.files):
            event.ignore()
            return
        if work is not None:
            work.tick.stop()
            work.run.rest()
        self.runner.close()
        self.settings.keep_layout("window", self.saveGeometry())
        if work is not None:
            work.library.stop()
            work.recovery.stop()
            self.settings.keep_layout("bench", work.bench.remember())
        event.accept()

    def close_now(self) -> None:
        """Close without asking anything; what is not saved is lost, unless it was kept before."""
        self._leaves = True
        self.close()

    def _may_close(self, files: ProjectFiles) -> bool:
        return self.may_act() and files.may_leave()

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

    def _workspace(self) -> Workspace:
        assert self.workspace is not None, "the workspace is not there yet"
        return self.workspace

    def _build_frame(self) -> None:
        self.setObjectName("main-window")
        self.setAcceptDrops(True)
        self.actions_of = ActionSet(self, self._workspace)
        self.actions_of.fill(self.menuBar())
        self.run_bar = RunBar(self.actions_of, self.document, self)
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
        self.run_bar.hide()
        self.show_page()
        self.show_facts(Facts())

    def _connect_welcome(self) -> None:
        page = self.welcome
        page.new_wanted.connect(lambda: self.when_furnished(lambda: self._workspace().files.new()))
        page.open_wanted.connect(
            lambda: self.when_furnished(lambda: self._workspace().files.open())
        )
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


def _example(name: str) -> Example:
    return Example(name, examples.load(name).name, examples.summary_of(name))


def _project_in(event: QDropEvent) -> Path | None:
    files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
    found = [Path(each) for each in files if each.endswith(EXTENSION)]
    return found[0] if len(found) == 1 else None
