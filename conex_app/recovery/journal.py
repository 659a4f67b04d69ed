"""A journal as text: what stands in its lines, and how a history comes back out of it.

Each line is one JSON object that ends in a check sum of itself. The first says
what the file is and whose work, the second holds the whole project, each
further one an edit or a text being typed. Reading makes data only. What a kill
or a power cut left of the last line is passed over; after any other damage, what
stood before it still counts, and ``damage`` says so.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from conex_app.look.typing import Typed
from conex_app.project.steps import PastStep
from conex_app.recovery.difference import applied, compact, difference
from conex_app.recovery.history import DOINGS, EditHistory, JournalEdit
from conex_core.errors import FileError
from conex_core.graph.files.json_places import JsonPlace, Record
from conex_core.graph.files.json_text import loads
from conex_core.graph.model.document import Document

__all__ = [
    "Journal",
    "JournalHead",
    "edit_line",
    "head_of",
    "lines_of",
    "moment_of",
    "read",
    "typed_line",
]

FORMAT, VERSION = "conex-journal", 1
WHAT = "Edits of a CoNeX Studio project that are not saved. File > Recover unsaved work opens it."
KIND = "a journal of CoNeX Studio"
LARGEST = 512 * 1024 * 1024  # bytes
LATEST = 2.0**34  # seconds; later than the year 3000 is no time on Windows
LAST = 5  # labels that are shown
_LONGEST_HEAD = 64 * 1024
_DAMAGED = "The journal seems to be damaged"
_SUM = re.compile(rb'^(.*),"sum":"([0-9a-f]{8})"\}$', re.DOTALL)


@dataclass(frozen=True)
class JournalHead:
    """Say whose work a journal holds, and in which window it was done.

    ``sha256`` is of the content of the file at ``path`` when it was opened or
    saved; ``clean`` the place in the history where the project was as in that
    file; ``earlier`` the number of edits that are no longer told one by one.
    """

    project: str
    path: str
    sha256: str
    pid: int
    started: str
    host: str
    since: float
    clean: int | None = 0
    earlier: int = 0


@dataclass
class Journal:
    """Hold what a journal brings back."""

    head: JournalHead
    history: EditHistory
    edits: int = 0
    labels: list[str] = field(default_factory=list)  # of the last edits, the last one last
    at: float = 0.0  # seconds since 1970, of the last edit or text
    typed: Typed | None = None
    damage: str = ""

    @property
    def moment(self) -> datetime:
        """Return the local time of the last edit or text."""
        return moment_of(self.at)

    @property
    def is_needed(self) -> bool:
        """Tell whether there is anything that is not in the file."""
        return self.typed is not None or not self.history.is_clean


def moment_of(at: float) -> datetime:
    """Return a time that was read, as local time; a file may hold any number."""
    return datetime.fromtimestamp(max(min(at, LATEST), 0.0))


def lines_of(
    head: JournalHead, history: EditHistory, most: int, edits: int = 0, at: float = 0.0
) -> Iterator[str]:
    """Yield a journal from its first line; of the steps, the newest that fit into ``most`` signs.

    Steps that can be made again after an undo come only where all of them have
    room. ``edits`` were made until now, the last one at ``at``.
    """
    first, last = _fitting(history, most)
    done, undone = history.steps[first : history.position], history.steps[history.position : last]
    clean = history.clean
    clean = None if clean is None or not first <= clean <= last else clean - first
    told = len(done) + 2 * len(undone)
    facts = asdict(replace(head, clean=clean, earlier=max(edits - told, 0)))
    yield _line(compact({"what": WHAT, "format": FORMAT, "version": VERSION, **facts}))
    base = done[0].before if done else history.now
    yield _line(f'{{"base":[{",".join(map(compact, difference(None, base)))}]}}')
    for step in (*done, *undone):
        edit = JournalEdit("edit", at, step.label, step.after, step.level)
        yield edit_line(edit, step.before)
    yield from (edit_line(JournalEdit("undo", at), history.now) for _ in undone)


def _fitting(history: EditHistory, most: int) -> tuple[int, int]:
    """Return the first step that is kept, and the one behind the last."""
    room, here = most, history.position
    first, last = here, len(history.steps)
    while first > 0 and (room := room - _size_of(history.steps[first - 1])) >= 0:
        first -= 1
    ahead = sum(map(_size_of, history.steps[here:])) if first == 0 else most + 1
    return first, last if ahead <= room else here


def _size_of(step: PastStep) -> int:
    return sum(len(compact(change)) for change in difference(step.before, step.after)) + 100


def edit_line(edit: JournalEdit, old: Document) -> str:
    """Return the line of an edit of ``old``."""
    facts: dict[str, Any] = {"do": edit.do, "at": edit.at, "label": edit.label}
    if edit.level:
        facts["level"] = list(edit.level)
    text = compact(facts)
    if edit.new is not None:
        changes = ",".join(map(compact, difference(old, edit.new)))
        text = f'{text[:-1]},"changes":[{changes}]}}'
    return _line(text)


def typed_line(typed: Typed | None, at: float) -> str:
    """Return the line of a text being typed; None says that nothing is any more."""
    return _line(compact({"typed": None if typed is None else asdict(typed), "at": at}))


def head_of(path: Path) -> JournalHead:
    """Return the first line of a journal.

    Raises
    ------
    FileError
        If it is none.
    """
    try:
        with path.open("rb") as file:
            line = file.readline(_LONGEST_HEAD)
    except OSError as error:
        raise FileError(path, f"cannot be read: {error.strerror or error}") from error
    return _head_from(_record(line.rstrip(b"\n"), path), path)


def read(path: Path) -> Journal:
    """Return what a journal brings back.

    Raises
    ------
    FileError
        If it is none, of another version, or damaged from the beginning.
    """
    head, base, *lines = _lines(path)
    record = _record(base, path)
    start = applied(None, _need(record, "base"))
    first = _head_from(_record(head, path), path)
    found = Journal(first, EditHistory(start, clean=first.clean), edits=first.earlier)
    for number, line in enumerate(lines, 3):
        try:
            _take(found, _record(line, path))
        except FileError as error:
            found.damage = f"What came after line {number} cannot be read: {error.problem}"
            break
    return found


def _lines(path: Path) -> list[bytes]:
    """Return the whole lines; what is left of a torn last one is passed over."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise FileError(path, f"cannot be read: {error.strerror or error}") from error
    if len(data) > LARGEST:
        raise FileError(path, f"is larger than {LARGEST // 2**20} MB", hint=f"Is this {KIND}?")
    lines = data.split(b"\n")[:-1]
    if lines:
        _head_from(_record(lines[0], path), path)  # other versions may look otherwise below
    if len(lines) < 2:
        raise FileError(path, "ends too early", hint=_DAMAGED)
    return lines


def _take(found: Journal, record: Record) -> None:
    if found_at := record.take("at", JsonPlace.number, 0.0):
        found.at = found_at
    if (typed := record.take("typed", lambda place: place, None)) is not None:
        found.typed = _typed_from(typed)
        return
    do = _need(record, "do")
    doing = next((known for known in DOINGS if known == do.text()), None)
    changes = record.take("changes", lambda place: place, None)
    if doing is None:
        raise do.error("is no edit that is known", _DAMAGED)
    edit = JournalEdit(
        doing,
        found.at,
        record.take("label", JsonPlace.text, ""),
        None if changes is None else applied(found.history.now, changes),
        record.take("level", lambda place: tuple(item.text() for item in place.items()), ()),
    )
    if not found.history.can(edit):
        raise do.error("cannot be done there", _DAMAGED)
    _note(found, edit)
    found.history.take(edit)


def _note(found: Journal, edit: JournalEdit) -> None:
    """Count an edit, and remember what it is called."""
    if edit.do in ("merge", "drop"):
        return
    label, history = edit.label, found.history
    if edit.do == "undo" and history.position > 0:
        label = history.steps[history.position - 1].label
    elif edit.do == "redo":
        label = history.steps[history.position].label
    words = {"undo": f"Undo {label}", "redo": f"Redo {label}"}
    found.edits += 1
    found.labels = [*found.labels, words.get(edit.do, label)][-LAST:]


def _head_from(record: Record, path: Path) -> JournalHead:
    if record.take("format", JsonPlace.text, "") != FORMAT:
        raise FileError(path, f"is not {KIND}")
    version = record.need("version", JsonPlace.whole)
    if version != VERSION:
        problem = (
            f"is a journal of another CoNeX Studio (format {version}; this one reads {VERSION})"
        )
        raise FileError(path, problem, hint="Open it with the version that wrote it")
    return JournalHead(
        project=record.need("project", JsonPlace.text),
        path=record.need("path", JsonPlace.text),
        sha256=record.need("sha256", JsonPlace.text),
        pid=record.need("pid", JsonPlace.whole),
        started=record.need("started", JsonPlace.text),
        host=record.need("host", JsonPlace.text),
        since=record.need("since", JsonPlace.number),
        clean=record.take("clean", _whole_or_none, None),
        earlier=record.take("earlier", JsonPlace.whole, 0),
    )


def _whole_or_none(place: JsonPlace) -> int | None:
    return None if place.value is None else place.whole()


def _typed_from(place: JsonPlace) -> Typed | None:
    if place.value is None:
        return None
    record = place.record()
    return Typed(
        label=record.need("label", JsonPlace.text),
        text=record.need("text", JsonPlace.text),
        where=record.need("where", lambda inner: tuple(item.text() for item in inner.items())),
    )


def _need(record: Record, name: str) -> JsonPlace:
    return record.need(name, lambda place: place)


def _line(text: str) -> str:
    """Return an object of JSON as a line that ends in its check sum."""
    return f'{text[:-1]},"sum":"{zlib.crc32(text[:-1].encode("ascii")):08x}"}}\n'


def _record(line: bytes, path: Path) -> Record:
    found = _SUM.match(line)
    if found is None or int(found[2], 16) != zlib.crc32(found[1]):
        raise FileError(path, f"is not {KIND}, or is damaged", hint="It stays where it is")
    return JsonPlace(loads(line.decode("ascii", "replace"), path, KIND), str(path)).record()
