"""New, open, save, export: files of the project and the questions around them.

A file that cannot be opened leaves the open project as it is; a project with
unsaved changes is never dropped without asking.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from conex_app.look.counts import count
from conex_app.look.labels import MessageBox
from conex_app.look.plain_text import elided
from conex_app.look.times import clock, when
from conex_app.project.disk import looked_at
from conex_app.project.document import read_project
from conex_app.project.file_dialogs import FileKind, ask_save
from conex_app.project.overwriting import is_expected, may_replace
from conex_app.project.versions import Before, EarlierVersions, before_save
from conex_core.atomic_files import write
from conex_core.errors import ConexError, FileError
from conex_core.graph.files.file_names import stem_for
from conex_core.graph.files.project_file import EXTENSION

if TYPE_CHECKING:
    from conex_app.project.backups import SavedVersion
    from conex_app.project.document import ProjectDocument
    from conex_app.project.settings import AppSettings
    from conex_core.catalog import Catalog

__all__ = ["ProjectFiles"]

PROJECTS = FileKind("CoNeX projects", EXTENSION)
SCRIPTS = FileKind("Python programs", ".py")
FILTER = f"{PROJECTS.pattern};;All files (*)"


class ProjectFiles(QObject):
    """Carry out the commands of the File menu."""

    opened = Signal()  # another project is open now, from a file or new
    closed = Signal()  # no project is open now
    saved = Signal(object)  # the Path that was written
    reloaded = Signal()  # the project shows what its file holds by now
    failed = Signal(str)  # what went wrong, for the message bar
    warned = Signal(str, object)  # words for the message bar; a label and a deed, or None

    def __init__(
        self,
        document: ProjectDocument,
        settings: AppSettings,
        catalog: Catalog,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._document, self._settings = document, settings
        self._catalog, self._window = catalog, window
        self.is_open = False
        self.versions = EarlierVersions(document, self)
        self.versions.failed.connect(self.failed)
        self._questions_open = 0  # more than none while a dialog about files is open
        self._questions: list[Callable[[], bool]] = []
        self.may_act: Callable[[], bool] = lambda: True  # has what is being typed committed first

    def ask_before_leaving(self, question: Callable[[], bool]) -> None:
        """Have ``question`` say, before that about changes, whether the project may be dropped.

        Its answer may change the project, which is then to be saved like any other change.
        """
        self._questions.append(question)

    @property
    def is_asking(self) -> bool:
        """Tell whether a question about files is open; what happens on disk waits for it."""
        return self._questions_open > 0

    @property
    def folder(self) -> Path:
        """Return where dialogs about files of this project begin."""
        path = self._document.path
        return path.parent if path else self._settings.folder

    def new(self) -> bool:
        """Start an empty project."""
        if not self.may_leave():
            return False
        self._document.new()
        self._now_open()
        return True

    def open(self, path: str | Path | None = None) -> bool:
        """Open a project file; without a path, ask for one."""
        chosen = Path(path) if path is not None else self._ask_open()
        if chosen is None:
            return False
        try:
            read = read_project(chosen)
            if not self.may_leave():
                return False
            if looked_at(chosen).sha256 != read.on_disk.sha256:  # saved when asked
                read = read_project(chosen)
        except FileError as error:
            self._tell_unreadable(chosen, error)
            return False
        self._document.show_read(read)
        self._remember(chosen)
        self._now_open()
        return True

    def open_version(self, version: SavedVersion, project: Path) -> bool:
        """Open an earlier version of a project, as unsaved changes of its file."""
        try:
            read = read_project(version.path)
        except FileError as error:
            self.failed.emit(str(error))
            return False
        if not self.may_leave():
            return False
        saved = when(version.saved)
        self._document.show_version(read, project, saved)
        self._now_open()
        self.warned.emit(
            f"This is {elided(self._document.title)} as it was saved: {saved}. Its file is as it "
            "was before; Save asks before it replaces it.",
            None,
        )
        return True

    def reload(self) -> bool:
        """Show what the project's file holds by now, as a step that can be undone."""
        path = self._document.path
        if path is None or not self.may_act() or not self._document.is_clean:
            return False
        try:
            self._document.reload(read_project(path))
        except FileError as error:
            self.failed.emit(str(error))
            return False
        self.reloaded.emit()
        return True

    def open_example(self, name: str) -> bool:
        """Open a copy of a shipped example, which has no file of its own."""
        from conex_core import examples

        try:
            state = examples.load(name)
            if not self.may_leave():
                return False
            self._document.new(state)
        except ConexError as error:
            self.failed.emit(str(error))
            return False
        self._now_open()
        return True

    def take(self, put: Callable[[], object]) -> bool:
        """Let ``put`` bring another project into the document, if this one may be dropped."""
        if not self.may_leave():
            return False
        put()
        self._now_open()
        return True

    def close(self) -> bool:
        """Close the project and show the start page."""
        if not self.may_leave():
            return False
        self._document.new()
        self.is_open = False
        self.closed.emit()
        return True

    def save(self) -> bool:
        """Save to the project's file; ask for a name when it has none, or when it is another."""
        if not self.may_act():  # buttons of messages save, too, and no action stands before them
            return False
        path = self._document.path
        if path is None:
            return self.save_as()
        before = before_save(path)
        with self._asking():
            answer = may_replace(
                self._document, path, self._window, before.seen if before is not None else None
            )
        if answer == "another":
            return self.save_as()
        return answer == "write" and self._write(path, before)

    def save_as(self) -> bool:
        """Save under a name that the user chooses."""
        path = self._document.path
        own = path if path is not None and is_expected(self._document, looked_at(path)) else None
        chosen = self.ask_save("Save project", [PROJECTS], own)
        return chosen is not None and self._write(chosen)

    def export_script(self) -> bool:
        """Write a Python program that reproduces the run."""
        from conex_core.export.script import to_script
        from conex_core.run.planning import plan

        target = self.ask_save("Export script", [SCRIPTS])
        if target is None:
            return False
        try:
            planned = plan(self._document.whole, self._catalog)
            path = self._document.path
            text = to_script(planned, base=path.parent if path else None, beside=target.parent)
            write(target, text.encode())
        except ConexError as error:
            self.failed.emit(str(error))
            return False
        self.saved.emit(target)
        return True

    def ask_save(
        self, title: str, kinds: Sequence[FileKind], own: Path | None = None
    ) -> Path | None:
        """Return the file to write, by the project's name at first, complete and agreed to.

        ``own`` is a file that may be replaced unasked.
        """
        name = self._document.title
        stem = name if self._document.path else stem_for(name, "project")
        first = self.folder / f"{stem}{kinds[0].suffix}"
        with self._asking():
            return ask_save(self._window, title, first, kinds, own)

    def may_leave(self) -> bool:
        """Tell whether the open project may be dropped; ask when it has changes."""
        if not self.is_open:
            return True
        questions = (self.may_act, *self._questions, self._may_drop_changes)
        with self._asking():
            return all(question() for question in questions)

    def _may_drop_changes(self) -> bool:
        if self._document.is_clean:
            return True
        answer = self._ask_about_changes()
        if answer == QMessageBox.StandardButton.Save:
            return self.save()
        return answer == QMessageBox.StandardButton.Discard

    def _now_open(self) -> None:
        self.is_open = True
        self.opened.emit()

    def _write(self, path: Path, seen: Before | None = None) -> bool:
        """Write the project; what it replaces is read again if it is not as it was ``seen``."""
        before = before_save(path, seen)
        try:
            self._document.save(path)
        except FileError as error:
            self.failed.emit(str(error))
            return False
        self._remember(path)
        self.versions.keep(path, before)
        self.saved.emit(path)
        if self._document.left_behind:
            reason = self._document.left_behind
            self.failed.emit(f"{path.name} is saved, but not all learned weights are: {reason}.")
        return True

    def _remember(self, path: Path) -> None:
        self._settings.remember(path)
        self._settings.folder = path.resolve().parent

    def _tell_unreadable(self, path: Path, error: FileError) -> None:
        """Say why a project cannot be opened, and offer its last version if there is one."""
        found = self.versions.of(path)
        if not found:
            self.failed.emit(str(error))
            return
        words = f"Open the version of {when(found[0].saved)}"
        self.warned.emit(str(error), (words, lambda: self.open_version(found[0], path)))

    @contextmanager
    def _asking(self) -> Iterator[None]:
        self._questions_open += 1
        try:
            yield
        finally:
            self._questions_open -= 1

    def _ask_open(self) -> Path | None:
        folder = str(self._settings.folder)
        text, _ = QFileDialog.getOpenFileName(self._window, "Open project", folder, FILTER)
        return Path(text) if text else None

    def _ask_about_changes(self) -> QMessageBox.StandardButton:
        buttons = QMessageBox.StandardButton
        box = MessageBox(self._window)
        box.setWindowTitle("Unsaved changes")
        box.setText(f"Save the changes to {elided(self._document.title)}?")
        box.setInformativeText(loss_text(self._document))
        box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
        box.setDefaultButton(buttons.Save)
        with self._asking():
            return QMessageBox.StandardButton(box.exec())


def loss_text(document: ProjectDocument) -> str:
    """Say what is lost if the project is dropped as it is."""
    since = f" since {clock(document.unsaved_since)}" if document.unsaved_since else ""
    edits = document.unsaved_edits
    if not edits:
        return f"Without saving, what changed{since} is lost."
    return f"Without saving, {count(edits, 'edit')}{since} {'is' if edits == 1 else 'are'} lost."
