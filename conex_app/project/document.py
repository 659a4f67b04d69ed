"""The open project: the current document, its undo history and its file.

Knows no widget. Every change is one edit that swaps two immutable documents,
so undo works for all of them alike; views listen to ``changed`` and draw the
difference. Opening and starting anew replace the document and forget history.

Inside a block, ``state`` is the document with that block's definition in the
place of the main network, so that views show and edit it as they do the main
network; ``whole`` is what is run, checked and saved.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QSignalBlocker, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from conex_app.project.disk import GONE, SeenFile, looked_at, written
from conex_app.project.steps import PastStep
from conex_core.atomic_files import write
from conex_core.errors import ConexError, FileError
from conex_core.graph.blocks.definitions import focus, unfocus
from conex_core.graph.blocks.flatten import Flat, flatten
from conex_core.graph.edits.lost_monitors import without_lost
from conex_core.graph.files import project_file
from conex_core.graph.files.weight_files import carry, keep
from conex_core.graph.model.document import MAIN, Document

__all__ = ["ProjectDocument", "ReadProject", "read_project"]

MERGE_SECONDS = 1.0
_MERGEABLE, _ALONE = 1, -1


@dataclass(frozen=True)
class ReadProject:
    """Hold a project that was read from a file and found sound, before it is shown."""

    path: Path
    document: Document
    flat: Flat
    on_disk: SeenFile


def read_project(path: str | Path) -> ReadProject:
    """Return the project in a file, with every block opened once to see that it can be.

    Raises
    ------
    FileError
        If it cannot be read or shown.
    """
    target = Path(path)
    on_disk = looked_at(target)  # before the reading: a change in between is then noticed
    document = project_file.load(target)
    return ReadProject(target, document, _flattened(document, target), on_disk)


class ProjectDocument(QObject):
    """Hold the document that the window shows, with undo and its file.

    Parameters
    ----------
    state : Document, optional
        The first document; an empty one when left out.
    clock : callable, optional
        Seconds that only go forward; decides which edits are close enough in
        time to become one undo step.
    """

    changed = Signal(object, object)  # old and new Document, after edit, undo, redo, open and new
    replaced = Signal()  # another project is about to be shown; ``changed`` follows
    entered = Signal(object)  # the level, a tuple of instance ids, after it became another

    def __init__(
        self,
        state: Document | None = None,
        parent: QObject | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self.clock = clock
        self.path: Path | None = None
        self.on_disk = GONE  # how the file stood when it was opened or saved last
        self.version_of = ""  # the time of the earlier version that is shown, until it is saved
        self.unsaved_since: datetime | None = None
        self.project = object()  # another one for each project that is opened or begun
        self.left_behind = ""  # why learned weights could not go along with the last save
        self.stack = QUndoStack(self)
        # A dying QUndoStack clears itself and says so; by then nobody may ask it anything.
        self.destroyed.connect(partial(self.stack.blockSignals, True))
        self.stack.cleanChanged.connect(self._note_clean)
        self._whole = state if state is not None else Document()
        self._level: tuple[str, ...] = ()
        self._flat: tuple[Document, Flat] | None = None
        self._state = self._whole

    @property
    def state(self) -> Document:
        """Return the current document as it is seen from inside the current block."""
        return self._state

    @property
    def whole(self) -> Document:
        """Return the current document."""
        return self._whole

    @property
    def flat(self) -> Flat:
        """Return the current document with every block opened."""
        if self._flat is None or self._flat[0] is not self._whole:
            self._flat = (self._whole, flatten(self._whole))
        return self._flat[1]

    @property
    def level(self) -> tuple[str, ...]:
        """Return the ids of the instances that were entered, the outermost first."""
        return self._level

    @property
    def definition_id(self) -> str:
        """Return the id of the definition that is seen."""
        return _definition_at(self._whole, self._level)

    def enter(self, node_id: str) -> None:
        """Go into a block that is seen."""
        self.go((*self._level, node_id))

    def leave(self) -> None:
        """Go out of the current block; nothing happens in the main network."""
        self.go(self._level[:-1])

    def go(self, level: tuple[str, ...]) -> None:
        """Go to a level, or as far towards it as there are blocks."""
        self._show(self._whole, _existing(self._whole, level))

    def undo(self) -> None:
        """Take the last edit back."""
        self.stack.undo()

    def redo(self) -> None:
        """Make the edit again that was taken back last."""
        self.stack.redo()

    @property
    def is_clean(self) -> bool:
        """Tell whether the document is as it was last saved, opened or begun."""
        return self.stack.isClean()

    @property
    def title(self) -> str:
        """Return what the project is called: its file, or its own name while it has none."""
        if self.path is None:
            return self._whole.name
        return self.path.name.removesuffix(project_file.EXTENSION)

    @property
    def unsaved_edits(self) -> int | None:
        """Return how many steps away the last saved state is; None if none leads there."""
        clean = self.stack.cleanIndex()
        return None if clean < 0 else abs(self.stack.index() - clean)

    def edit(self, label: str, new: Document, *, merge_key: Hashable | None = None) -> None:
        """Make ``new`` the current document as one undoable step called ``label``.

        Edits with the same ``merge_key`` within a second of each other become
        one step. An equal document makes no step.
        """
        if new is not self._state and new != self._state:
            whole = unfocus(self._whole, self.definition_id, new)
            self.edit_whole(label, whole, merge_key=merge_key)

    def edit_whole(self, label: str, new: Document, *, merge_key: Hashable | None = None) -> None:
        """Make ``new``, as it is seen from outside all blocks, the current document.

        Monitors let go of what it takes away.
        """
        new = without_lost(self._whole, new)
        if new is not self._whole and new != self._whole:
            self.stack.push(_Swap(self, label, new, merge_key))

    def new(self, state: Document | None = None) -> None:
        """Start with ``state``, or with an empty document, that has no file."""
        self._replace(state if state is not None else Document(), None)

    def open(self, path: str | Path) -> None:
        """Read the project at ``path``.

        Raises
        ------
        FileError
            If it cannot be read; the current document then stays.
        """
        self.show_read(read_project(path))

    def show_read(self, read: ReadProject) -> None:
        """Show a project that was read."""
        _keep_weights(read.document, read.path.parent)
        self._replace(read.document, read.path, read.on_disk, read.flat)

    def show_version(self, read: ReadProject, path: Path, saved: str) -> None:
        """Show an earlier version, ``saved`` then, as the unsaved state of the file ``path``."""
        _keep_weights(read.document, path.parent)
        self._replace(read.document, path, looked_at(path), read.flat)
        self.version_of = saved
        self.stack.resetClean()

    def reload(self, read: ReadProject) -> None:
        """Show what the file of this project holds by now, as a step that can be undone."""
        _keep_weights(read.document, read.path.parent)
        if read.document != self._whole:
            self.stack.push(_Swap(self, "Reload from disk", read.document, None))
        self.on_disk, self.version_of = read.on_disk, ""
        self.stack.setClean()

    def save(self, path: str | Path | None = None) -> Path:
        """Write the project to ``path``, or to the file it came from; return the file.

        Raises
        ------
        FileError
            If there is no file yet, or it cannot be written.
        """
        target = Path(path) if path is not None else self.path
        if target is None:
            raise FileError(self._whole.name, "has no file yet", hint="Choose a file name")
        sources = [] if self.path is None else [self.path.parent]
        self.left_behind = ""
        try:  # a lost file of weights must not keep the project from a save
            carry(self._whole.definitions.values(), sources, target.parent)
        except FileError as error:
            self.left_behind = str(error)
        data = project_file.to_bytes(self._whole, target)
        write(target, data)
        self.path, self.on_disk, self.version_of = target, written(target, data), ""
        self.stack.setClean()
        return target

    def step(self, index: int) -> PastStep:
        """Return one step of the undo history, the oldest for 0."""
        command = self.stack.command(index)
        assert isinstance(command, _Swap)
        return PastStep(command.text(), command.before, command.after, command.level)

    def bring_back(
        self,
        first: Document,
        steps: Iterable[PastStep],
        position: int,
        clean: int | None,
        path: Path | None,
        on_disk: SeenFile = GONE,
    ) -> None:
        """Start with ``first`` and the steps that were made from there, at ``position`` of them.

        ``clean`` is the place where the document is as in the file at ``path``,
        if there is one, and ``on_disk`` how that file stood then. Views are told once, at the end.

        Raises
        ------
        FileError
            If it cannot be shown; the current document then stays.
        """
        flat, kept = _flattened(first, first.name), tuple(steps)
        now = kept[position - 1].after if position else first
        _flattened(now, now.name)
        if path is not None:
            _keep_weights(first, path.parent)
        shown = self._state
        with QSignalBlocker(self), QSignalBlocker(self.stack):
            self._replace(first, path, on_disk, flat)
            self._remake(kept, clean)
            self.stack.setIndex(position)
            self._note_clean(position == clean)
            self._show(self._whole, ())
        self.replaced.emit()
        self.changed.emit(shown, self._state)
        self.entered.emit(())

    def _remake(self, steps: Sequence[PastStep], clean: int | None) -> None:
        if clean is None:
            self.stack.resetClean()
        for place, step in enumerate(steps, 1):
            self._whole, self._level = step.before, step.level
            self.stack.push(_Swap(self, step.label, step.after, None))
            if place == clean:
                self.stack.setClean()

    def _replace(
        self,
        state: Document,
        path: Path | None,
        on_disk: SeenFile = GONE,
        flat: Flat | None = None,
    ) -> None:
        """Show another project; what may fail of it was done before."""
        flat = flat if flat is not None else _flattened(state, state.name)
        self.path, self.on_disk, self.version_of = path, on_disk, ""
        self.project = object()
        self._flat = (state, flat)
        self.stack.clear()
        self._note_clean(True)
        self.replaced.emit()
        self._show(state, ())

    def _note_clean(self, clean: bool) -> None:
        self.unsaved_since = None if clean else datetime.now()

    def _show(self, whole: Document, level: tuple[str, ...]) -> None:
        """Show a document from a level; an edit shows the level that it was made in."""
        level = _existing(whole, level)
        moved, self._level, self._whole = level != self._level, level, whole
        old, self._state = self._state, focus(whole, _definition_at(whole, level))
        if self._state is not old:
            self.changed.emit(old, self._state)
        if moved:
            self.entered.emit(level)


def _keep_weights(document: Document, folder: Path) -> None:
    with suppress(FileError):  # those that are missing are told when the network is run
        keep(document.definitions.values(), folder)


def _flattened(document: Document, path: object) -> Flat:
    """Return a document with every block opened, or raise FileError where it cannot be."""
    try:
        return flatten(document)
    except FileError:
        raise
    except ConexError as error:
        hint = "The file seems to be damaged; take an older copy of it"
        raise FileError(path, f"cannot be shown: {error}", hint=hint) from error


def _definition_at(doc: Document, level: tuple[str, ...]) -> str:
    found = MAIN
    for node_id in level:
        found = doc.definitions[found].nodes[node_id].of
    return found


def _existing(doc: Document, level: tuple[str, ...]) -> tuple[str, ...]:
    """Return as much of ``level`` as leads through blocks that are there."""
    found = MAIN
    for depth, node_id in enumerate(level):
        node = doc.definitions[found].nodes.get(node_id)
        if node is None or not node.is_instance or node.of not in doc.definitions:
            return level[:depth]
        found = node.of
    return level


class _Swap(QUndoCommand):
    """Swap two documents. The only command there is."""

    def __init__(
        self, project: ProjectDocument, label: str, after: Document, merge_key: Hashable | None
    ) -> None:
        super().__init__(label)
        self.project, self.before, self.after = project, project.whole, after
        self.level = project.level
        self.merge_key, self.made = merge_key, project.clock()

    def id(self) -> int:
        return _ALONE if self.merge_key is None else _MERGEABLE

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _Swap) or not self._continues(other):
            return False
        self.after, self.made = other.after, other.made
        self.setObsolete(self.before == self.after)
        return True

    def redo(self) -> None:
        self.project._show(self.after, self.level)

    def undo(self) -> None:
        self.project._show(self.before, self.level)

    def _continues(self, other: _Swap) -> bool:
        soon = other.made - self.made <= MERGE_SECONDS
        return soon and other.merge_key == self.merge_key and other.before is self.after
