"""What a run has learned: asked about before it is dropped, saved and loaded as a state.

Nothing is stopped until the user has answered; meanwhile the run holds. The run
may be in another process and may hang, so no answer is waited for without an end.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEventLoop, QObject, QTimer, Signal
from PySide6.QtWidgets import QFileDialog

from conex_app.project.file_dialogs import FileKind
from conex_app.shell.learned_questions import (
    DROP,
    FILE,
    GO_ON,
    KEEP,
    WAIT,
    ask_about_learned,
    ask_about_silence,
    learned_text,
)
from conex_core.errors import ConexError
from conex_core.graph import edits
from conex_core.graph.blocks.flatten import flatten
from conex_core.graph.files.codec import learned_from, plain
from conex_core.graph.files.json_places import JsonPlace
from conex_core.graph.files.weight_files import store
from conex_core.graph.model.document import MAIN

if TYPE_CHECKING:
    from PySide6.QtCore import SignalInstance
    from PySide6.QtWidgets import QWidget

    from conex_app.plots.docks import MonitorDocks
    from conex_app.project.document import ProjectDocument
    from conex_app.project.files import ProjectFiles
    from conex_app.project.questions import Reply
    from conex_app.run.runner import Runner
    from conex_app.shell.run_control import RunControl

__all__ = ["LearnedState"]

STATES = FileKind("States", ".safetensors")
ANSWER_S = 2.0  # a step that takes longer is rare; the user can wait on
WRITE_S = 60.0
LOOK_MS = 10
TOLD_KEPT = "Kept what was learned. The next run starts from it."


class LearnedState(QObject):
    """Carry out what the Run menu does with states, and ask before one is lost."""

    failed = Signal(str)  # what went wrong, for the message bar
    noticed = Signal(str)  # what was done, for the status line
    _written = Signal(object, object)  # by the run: the answer, the file
    _restored = Signal(object, object, object)  # the answer, the file, what to do if refused

    def __init__(
        self,
        runner: Runner,
        document: ProjectDocument,
        run: RunControl,
        monitors: MonitorDocks,
        files: ProjectFiles,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._runner, self._document, self._run = runner, document, run
        self._monitors, self._files, self._window = monitors, files, window
        self._is_asking = False
        run.may_drop = self.may_drop
        files.ask_before_leaving(self.may_leave)
        self._written.connect(self._tell_written)
        self._restored.connect(self._show_restored)

    # Before a run is dropped

    def may_drop(self) -> bool:
        """Tell whether the run may end; ask where it has learned what is not saved.

        The run holds afterwards if it may end, and goes on if not.
        """
        return self._asked(lambda: False)

    def may_leave(self) -> bool:
        """Tell the same before the project is left, which may still be called off."""
        return self._asked(lambda: not self._document.is_clean)

    def _asked(self, goes_on: Callable[[], bool]) -> bool:
        if self._is_asking:
            return False
        status = self._runner.status()
        if status.state in ("idle", "building"):
            return True
        if status.stall is not None:  # it cannot be asked, and the window has said what is lost
            return True
        self._is_asking = True
        go_on = self._runner.hold()
        try:
            may = self._is_settled()
        finally:
            self._is_asking = False
        if not may or goes_on():
            go_on()
            self._run.tick()
        return may

    def _is_settled(self) -> bool:
        """Ask the run, then the user; tell whether nothing is left that may be lost."""
        while True:
            answer = self._runner.ask("learned")
            if awaited(answer, ANSWER_S):
                break
            reply = ask_about_silence(self._window)
            if reply is not WAIT:
                return reply is GO_ON
        if answer.cancelled() or answer.exception() is not None:
            return True  # the run is over, and what it knew with it
        found = answer.result()
        if not found["variables"]:
            return True
        words = self._words(found["variables"])
        return self._carried_out(ask_about_learned(self._window, words, found["ms"]))

    def _words(self, variables: list[tuple[str, str]]) -> str:
        ran = self._runner.document
        nodes = {} if ran is None else flatten(ran).document.network.nodes
        return learned_text((nodes[n].name if n in nodes else n, name) for n, name in variables)

    def _carried_out(self, reply: Reply | None) -> bool:
        if reply is KEEP:
            return self.keep()
        if reply is FILE:
            path = self._files.ask_save("Save state", [STATES])
            return path is not None and self._has("save_state", path=str(path)) is not _FAILED
        return reply is DROP

    def keep(self) -> bool:
        """Let the project start from what was learned; tell whether that was possible."""
        name, folder = self._document.whole.name, str(store())
        data = self._has("keep_learned", name=name, folder=folder)
        if data is _FAILED:
            return False
        learned = learned_from(JsonPlace(plain(data), "the run"))
        new = edits.set_definition(self._document.whole, MAIN, learned=learned)
        self._document.edit_whole("Keep learned weights", new)
        self.noticed.emit(TOLD_KEPT)
        return True

    def _has(self, question: str, **facts: Any) -> Any:
        """Return what the run answers, or _FAILED after saying why it did not."""
        answer = self._runner.ask(question, **facts)
        if not awaited(answer, WRITE_S):
            self.failed.emit("The run does not answer, so nothing was saved.")
        elif answer.cancelled():
            self.failed.emit("The run ended before anything was saved.")
        elif answer.exception() is not None:
            self.failed.emit(str(answer.exception()))
        else:
            return answer.result()
        return _FAILED

    # States

    def save_state(self) -> None:
        """Ask for a file and write there all that changes in a run."""
        path = self._files.ask_save("Save state", [STATES])
        if path is not None:
            answer = self._runner.ask("save_state", path=str(path))
            written = self._written
            answer.add_done_callback(lambda told: _told(written, told, path))

    def load_state(self) -> None:
        """Ask for a state file and go on from it; build the network where there is none."""
        path = self._ask_open()
        if path is None:
            return
        refused = self._made_ready()
        if refused is not None:
            answer = self._runner.ask("load_state", path=str(path))
            restored = self._restored
            answer.add_done_callback(lambda told: _told(restored, told, path, refused))

    def _made_ready(self) -> Callable[[], None] | None:
        """Return what to do if the state is refused; None where nothing can take one."""
        if self._runner.status().state in ("running", "paused"):
            go_on = self._runner.hold()
            if self.may_drop():
                return go_on
            go_on()
            return None
        if not self.may_drop():
            return None
        self._run.stop()
        self._run.prepare()
        return None if self._run.status.state == "idle" else self._run.stop

    def _tell_written(self, answer: Future[Any], path: Path) -> None:
        if answer.cancelled():
            self.failed.emit("The run ended before its state was saved. Run it again.")
        elif answer.exception() is not None:
            self.failed.emit(str(answer.exception()))
        else:
            self.noticed.emit(f"Saved the state as {path.name}")

    def _show_restored(self, answer: Future[Any], path: Path, refused: Callable[[], None]) -> None:
        if answer.cancelled():
            return  # the run is over or could not be built, which is told elsewhere
        error = answer.exception()
        if error is not None:
            refused()
            self.failed.emit(_refusal(path, error))
        else:
            self._monitors.begin_anew()
            self.noticed.emit(f"Goes on from {path.name}")
        self._run.tick()

    def _ask_open(self) -> Path | None:
        folder = str(self._files.folder)
        text, _ = QFileDialog.getOpenFileName(self._window, "Load state", folder, STATES.pattern)
        return Path(text) if text else None


_FAILED = object()


def _told(signal: SignalInstance, *facts: object) -> None:
    with suppress(RuntimeError):  # the window is gone
        signal.emit(*facts)


def awaited(answer: Future[Any], seconds: float) -> bool:
    """Let the window paint until ``answer`` is there; tell whether it came in time."""
    loop, end = QEventLoop(), time.monotonic() + seconds
    look = QTimer(interval=LOOK_MS)
    look.timeout.connect(lambda: loop.quit() if answer.done() or time.monotonic() > end else None)
    look.start()
    if not answer.done():
        loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
    look.stop()
    return answer.done()


def _refusal(path: Path, error: BaseException) -> str:
    text = str(error) if isinstance(error, ConexError) else f"{type(error).__name__}: {error}"
    return text if path.name in text else f"{path.name} cannot be loaded. {text}"
