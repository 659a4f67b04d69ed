"""Recovery for one window: keeps its journal, and offers what other windows have left.

The journal begins when a project opens, begins anew when it is saved, and goes
when the project is left in order. :meth:`Recovery.keep` lets it stay, for a
program that has to end without asking.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from conex_app.look.plain_text import elided
from conex_app.look.times import on
from conex_app.look.typing import Typed
from conex_app.project.disk import SeenFile
from conex_app.recovery.dialog import RecoveryDialog
from conex_app.recovery.folder import (
    FoundJournal,
    LeftWork,
    claim,
    default_folder,
    has_files,
    left_work,
    others_with,
    sweep,
    throw_away,
)
from conex_app.recovery.follower import StackFollower
from conex_app.recovery.history import EditHistory, JournalEdit
from conex_app.recovery.journal import JournalHead, moment_of
from conex_app.recovery.writer import JournalWriter
from conex_core.errors import FileError

if TYPE_CHECKING:
    from conex_app.project.document import ProjectDocument
    from conex_app.project.files import ProjectFiles
    from conex_app.project.settings import AppSettings

__all__ = ["Recovery"]

POLL_MS = 400
CHOOSE = "Choose another folder…"
UNWRITTEN = (
    "Edits are not kept in case of a crash: {folder} cannot be written ({reason}). "
    "Save often, or choose another folder; CoNeX Studio goes on trying."
)
UNREAD = "Unsaved work of an earlier start is there, but cannot be read."

Say = Callable[[str, tuple[str, Callable[[], object]] | None], None]


class Recovery(QObject):
    """Keep what is not saved where a crash does not reach it.

    Parameters
    ----------
    typed : callable
        Returns what is being typed in the window, or None; asked often.
    say : callable
        Shows a message with an optional button until it is read.
    """

    told = Signal(str)  # something that may be forgotten again
    retype_wanted = Signal(object)  # the Typed that stood in a field when the program ended
    _failed = Signal(str)  # the reason; from the thread
    _mended = Signal()  # from the thread
    _found = Signal(object, bool)  # LeftWork, and whether somebody asked for it; from a thread

    def __init__(
        self,
        document: ProjectDocument,
        files: ProjectFiles,
        settings: AppSettings,
        window: QWidget,
        typed: Callable[[], Typed | None],
        say: Say,
    ) -> None:
        super().__init__(window)
        self._document, self._files, self._settings = document, files, settings
        self._window, self._typed, self._say = window, typed, say
        self._writer: JournalWriter | None = None
        self._search: threading.Thread | None = None
        self._last: Typed | None = None
        self._is_over = self._is_bringing = False
        self.dialog: RecoveryDialog | None = None
        self._offered = LeftWork()
        self._follower = StackFollower(document, self._add, self)
        self._poll = QTimer(self, interval=POLL_MS)
        self._poll.timeout.connect(self._look_at_typing)
        files.opened.connect(self._begin)
        for kept in (files.saved, files.reloaded):
            kept.connect(self._begin_from_file)
        files.closed.connect(self._leave)
        self._failed.connect(self._say_failed)
        self._mended.connect(lambda: self.told.emit("Edits are kept for a crash again."))
        self._found.connect(self._show)

    @property
    def folder(self) -> Path:
        """Return the folder that the journal goes to."""
        return self._settings.recovery_folder or default_folder()

    @property
    def folders(self) -> tuple[Path, ...]:
        """Return the folders in which journals may lie."""
        return tuple(dict.fromkeys((self.folder, default_folder())))

    @property
    def journal(self) -> Path | None:
        """Return the journal of this window."""
        return None if self._writer is None else self._writer.journal

    def others_with(self, path: Path) -> list[JournalHead]:
        """Return the other windows in which a project file is open."""
        return others_with(path, self.folders, self.journal)

    def offer(self) -> None:
        """Offer the unsaved work there is, as soon as it is found."""
        self._search_for(asked=False)

    def recover(self) -> None:
        """Offer the unsaved work there is, and say so if there is none."""
        self._search_for(asked=True)

    def bring_back(self, found: FoundJournal) -> bool:
        """Open what a journal holds, not saved; tell whether that was possible."""
        lock = claim(found.file)
        if lock is None:
            self._say("This work was just brought back or deleted in another window.", None)
            return False
        journal = found.journal
        history = journal.history.copy()
        if found.original in ("changed", "gone"):
            history.clean = None
        self._is_bringing = True  # the journal goes on; what is opened now begins none
        try:
            is_taken = self._files.take(lambda: self._put(history, found))
        except FileError as error:
            self._say(str(error), None)
            is_taken = False
        finally:
            self._is_bringing = False
        if not is_taken:
            lock.release(remove=False)
            return False
        self._ready().take_over(lock, journal.head, history)
        self._watch(history)
        if journal.typed is not None:
            self.retype_wanted.emit(journal.typed)
        self._tell_of_more(found)
        return True

    def keep(self) -> bool:
        """Bring everything to the disk and let it stay there; tell whether that was possible."""
        self._look_at_typing()
        is_needed = not self._document.is_clean or self._last is not None
        return self._end(keep=is_needed and self._files.is_open)

    def stop(self) -> None:
        """Let go of the project, which was left in order: its journal goes."""
        self._end(keep=False)

    def choose_folder(self) -> None:
        """Ask for another folder for journals, and use it from now on."""
        text = QFileDialog.getExistingDirectory(self._window, "Keep unsaved work in")
        if text:
            self.use_folder(Path(text))

    def use_folder(self, folder: Path) -> None:
        """Keep journals in ``folder`` from now on."""
        self._settings.recovery_folder = folder
        if self._writer is not None:
            self._writer.move(folder)

    def flush(self) -> bool:
        """Wait until everything is on the disk; tell whether it is."""
        return self._writer is None or self._writer.flush()

    def _search_for(self, *, asked: bool) -> None:
        """Look into the folders in a thread: reading large projects takes a while."""
        if self.dialog is not None or (self._search is not None and self._search.is_alive()):
            return
        if not any(has_files(folder) for folder in self.folders):
            self._show(LeftWork(), asked)
            return
        self._search = threading.Thread(
            target=self._look, args=(self.folders, asked), name="conex-recovery", daemon=True
        )
        self._search.start()

    def _put(self, history: EditHistory, found: FoundJournal) -> None:
        first = history.steps[0].before if history.steps else history.now
        self._document.bring_back(
            first,
            history.steps,
            history.position,
            history.clean,
            found.path,
            SeenFile(found.journal.head.sha256 or None),
        )

    def _begin(self) -> None:
        """Begin with the project that is open now."""
        if not self._is_bringing:
            self._begin_journal()
            self._tell_of_others()

    def _begin_from_file(self, *_news: object) -> None:
        if self._document.is_clean and self._files.is_open:  # other things are saved as well
            self._begin_journal()

    def _begin_journal(self) -> None:
        document = self._document
        self._ready().begin(
            document.whole,
            document.path,
            time.time(),
            sha256=document.on_disk.sha256 or "",
            is_saved=document.is_clean,
        )
        self._watch(None)

    def _watch(self, history: EditHistory | None) -> None:
        self._last = None
        self._follower.begin(history.copy() if history is not None else None)
        self._poll.start()

    def _leave(self) -> None:
        self._poll.stop()
        self._follower.end()
        if self._writer is not None:
            self._writer.drop()

    def _end(self, *, keep: bool) -> bool:
        self._poll.stop()
        self._follower.end()
        is_kept = self.flush() if keep else True
        if self._writer is not None:
            self._writer.stop(keep=keep)
            self._writer = None
        if self._search is not None:
            self._search.join(2.0)
        self._is_over = True
        return is_kept

    def _ready(self) -> JournalWriter:
        if self._writer is None:
            self._writer = JournalWriter(self.folder, self._failed.emit, self._mended.emit)
            self._writer.start()
        return self._writer

    def _add(self, edit: JournalEdit) -> None:
        if self._writer is not None:
            self._writer.add(edit)

    def _look_at_typing(self) -> None:
        typed = self._typed() if self._files.is_open else None
        if typed != self._last and self._writer is not None:
            self._last = typed
            self._writer.type(typed)

    def _look(self, folders: tuple[Path, ...], asked: bool) -> None:
        sweep(folders)
        left = left_work(folders)
        with suppress(RuntimeError):  # the window is gone
            self._found.emit(left, asked)

    def _show(self, left: LeftWork, asked: bool) -> None:
        if self._is_over:
            return
        if not left:
            if asked:
                self.told.emit("There is no unsaved work to recover.")
        elif asked or left.found:
            self._open_dialog(left)
        else:
            self._say(UNREAD, ("Show…", lambda: self._open_dialog(left)))

    def _open_dialog(self, left: LeftWork) -> None:
        if self.dialog is None:
            self._offered = left
            self.dialog = RecoveryDialog(left, self._window)
            self.dialog.bring_back_wanted.connect(self.bring_back)
            self.dialog.throw_away_wanted.connect(self._throw_away)
            self.dialog.finished.connect(self._forget_dialog)
            self.dialog.open()

    def _tell_of_more(self, brought: FoundJournal) -> None:
        more = sum(one.file != brought.file for one in self._offered.found)
        if more:
            self.told.emit(f"{more} more can come back: File › Recover unsaved work…")

    def _forget_dialog(self, _result: int) -> None:
        self.dialog = None

    def _throw_away(self, file: Path) -> None:
        try:
            throw_away(file)
        except FileError as error:
            self._say(str(error), None)
        else:
            if self.dialog is not None:
                self.dialog.forget(file)

    def _tell_of_others(self) -> None:
        path = self._document.path
        others = self.others_with(path) if path is not None else []
        if path is not None and others:
            since = on(moment_of(min(head.since for head in others)))
            self._say(
                f"{elided(path.name)} is also open in another window, since {since}. Whoever saves "
                "last overwrites the other; save one of them under another name.",
                None,
            )

    def _say_failed(self, reason: str) -> None:
        text = UNWRITTEN.format(reason=reason, folder=self.folder)
        self._say(text, (CHOOSE, self.choose_folder))
