"""New, open, save, export: files of the project and the questions around them.

A file that cannot be opened leaves the open project as it is; a project with
unsaved changes is never dropped without asking.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from conex_app.look.labels import MessageBox
from conex_core.errors import ConexError, FileError
from conex_core.graph.files.project_file import EXTENSION

if TYPE_CHECKING:
    from conex_app.project.document import ProjectDocument
    from conex_app.project.settings import AppSettings
    from conex_core.catalog import Catalog

__all__ = ["ProjectFiles"]

FILTER = f"CoNeX projects (*{EXTENSION});;All files (*)"


class ProjectFiles(QObject):
    """Carry out the commands of the File menu."""

    opened = Signal()  # another project is open now, from a file or new
    closed = Signal()  # no project is open now
    saved = Signal(object)  # the Path that was written
    failed = Signal(str)  # what went wrong, for the message bar

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
        self._questions: list[Callable[[], bool]] = []
        self.may_act: Callable[[], bool] = lambda: True  # has what is being typed committed first

    def ask_before_leaving(self, question: Callable[[], bool]) -> None:
        """Have ``question`` say, after that about changes, whether the project may be dropped."""
        self._questions.append(question)

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
        if chosen is None or not self.may_leave():
            return False
        try:
            self._document.open(chosen)
        except FileError as error:
            self.failed.emit(str(error))
            return False
        self._settings.remember(chosen)
        self._settings.folder = chosen.resolve().parent
        self._now_open()
        return True

    def open_example(self, name: str) -> bool:
        """Open a copy of a shipped example, which has no file of its own."""
        if not self.may_leave():
            return False
        from conex_core import examples

        try:
            state = examples.load(name)
        except ConexError as error:
            self.failed.emit(str(error))
            return False
        self._document.new(state)
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
        """Save to the project's file; ask for a name when it has none."""
        return self._write(self._document.path) if self._document.path else self.save_as()

    def save_as(self) -> bool:
        """Save under a name that the user chooses."""
        chosen = self._ask_save("Save project", self._document.state.name + EXTENSION, FILTER)
        return chosen is not None and self._write(_with_suffix(chosen, EXTENSION))

    def export_script(self) -> bool:
        """Write a Python program that reproduces the run."""
        from conex_core.export.script import to_script
        from conex_core.run.planning import plan

        name = f"{self._document.state.name}.py"
        chosen = self._ask_save("Export script", name, "Python programs (*.py)")
        if chosen is None:
            return False
        target = _with_suffix(chosen, ".py")
        try:
            planned = plan(self._document.whole, self._catalog)
            path = self._document.path
            text = to_script(planned, base=path.parent if path else None, beside=target.parent)
            target.write_text(text, encoding="utf-8")
        except ConexError as error:
            self.failed.emit(str(error))
            return False
        except OSError as error:
            self.failed.emit(f"{target} cannot be written: {error.strerror}")
            return False
        self.saved.emit(target)
        return True

    def may_leave(self) -> bool:
        """Tell whether the open project may be dropped; ask when it has changes."""
        if not self.is_open:
            return True
        first = (self.may_act, self._may_drop_changes)
        return all(question() for question in (*first, *self._questions))

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

    def _write(self, path: Path) -> bool:
        try:
            self._document.save(path)
        except FileError as error:
            self.failed.emit(str(error))
            return False
        self._settings.remember(path)
        self._settings.folder = path.resolve().parent
        self.saved.emit(path)
        if self._document.left_behind:
            reason = self._document.left_behind
            self.failed.emit(f"{path.name} is saved, but not all learned weights are: {reason}.")
        return True

    def _ask_open(self) -> Path | None:
        folder = str(self._settings.folder)
        text, _ = QFileDialog.getOpenFileName(self._window, "Open project", folder, FILTER)
        return Path(text) if text else None

    def _ask_save(self, title: str, name: str, pattern: str) -> Path | None:
        at = self._document.path.parent if self._document.path else self._settings.folder
        text, _ = QFileDialog.getSaveFileName(self._window, title, str(at / name), pattern)
        return Path(text) if text else None

    def _ask_about_changes(self) -> QMessageBox.StandardButton:
        buttons = QMessageBox.StandardButton
        box = MessageBox(self._window)
        box.setWindowTitle("Unsaved changes")
        box.setText(f"Save the changes to {self._document.state.name}?")
        box.setInformativeText("Without saving, they are lost.")
        box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
        box.setDefaultButton(buttons.Save)
        return QMessageBox.StandardButton(box.exec())


def _with_suffix(path: Path, suffix: str) -> Path:
    return path if path.suffix else path.with_name(path.name + suffix)
