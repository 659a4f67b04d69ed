"""What the library panel lists, as data: shelves, entries, their help and search words. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from conex_app.look.counts import count
from conex_app.look.plain_text import escaped
from conex_core.graph.library.folders import LibraryFile
from conex_core.graph.library.outlines import Outline

__all__ = [
    "ListedBlock",
    "ListedShelf",
    "ShelfKind",
    "matches",
    "meaning",
    "reason",
    "tip",
    "titled",
]

ShelfKind = Literal["shipped", "user", "folder", "project"]

_KINDS = {
    "Container": "Container",
    "Layer": "Layer",
    "CorticalLayer": "Cortical layer",
    "CorticalColumn": "Cortical column",
}


@dataclass(frozen=True)
class ListedBlock:
    """Describe one block, or a file that should be one and says in ``problem`` why it is not.

    Exactly one of ``path`` and ``definition`` says where it is: in a file, or
    in the open project. ``warning`` is for a block that can be used all the same.
    """

    title: str
    shelf: ShelfKind
    path: Path | None = None
    definition: str = ""
    kind: str = ""
    version: int = 0
    tags: tuple[str, ...] = ()
    description: str = ""
    ins: tuple[str, ...] = ()
    outs: tuple[str, ...] = ()
    copies: int = 0
    picture: Outline = field(default_factory=Outline)
    problem: str = ""
    warning: str = ""
    file: LibraryFile | None = None

    @property
    def key(self) -> tuple[str, str]:
        """Return what stays the same while its content changes."""
        return (self.shelf, str(self.path) if self.path else self.definition)

    @property
    def is_ours(self) -> bool:
        """Tell whether the user may rename it and throw it away."""
        return self.shelf != "shipped"


@dataclass(frozen=True)
class ListedShelf:
    """Hold the entries of one place; ``hint`` says how to fill it, ``problem`` what it lacks."""

    title: str
    kind: ShelfKind
    entries: tuple[ListedBlock, ...] = ()
    folder: Path | None = None
    hint: str = ""
    problem: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Return what stays the same while its content changes."""
        return (self.kind, str(self.folder or ""))


def titled(kind: str) -> str:
    """Return the kind of a block in words."""
    return _KINDS.get(kind, kind)


def meaning(entry: ListedBlock) -> str:
    """Return the second line of a card: what it is and how old, or that it is broken."""
    if entry.problem:
        return "Cannot be used"
    words = [titled(entry.kind)]
    if entry.shelf == "project":
        words.append("not used" if not entry.copies else count(entry.copies, "copy", "copies"))
    elif entry.version:
        words.append(f"v{entry.version}")
    return " · ".join(words)


def reason(entry: ListedBlock) -> str:
    """Return why a file cannot be used, without its path, which the card need not say."""
    return entry.problem.removeprefix(f"{entry.path}").lstrip(": ")


def matches(entry: ListedBlock, text: str) -> bool:
    """Tell whether every word of a search is in the name, the kind, the tags or the help."""
    told = " ".join((entry.title, titled(entry.kind), *entry.tags, entry.description)).lower()
    return all(word in told for word in text.lower().split())


def tip(entry: ListedBlock) -> str:
    """Return the hover help as rich text."""
    lines = [f"<b>{escaped(entry.title)}</b>", escaped(entry.warning)]
    if entry.problem:
        lines.append(escaped(reason(entry)))
    else:
        lines += [escaped(entry.description), f"<small>{escaped(meaning(entry))}</small>"]
        lines.append(_ports("in", entry.ins) + _ports("out", entry.outs))
        lines.append(f"<small>{escaped(', '.join(entry.tags))}</small>" if entry.tags else "")
    if entry.path and entry.shelf != "shipped":
        lines.append(f"<small>{escaped(str(entry.path))}</small>")
    return "<br>".join(line for line in lines if line)


def _ports(direction: str, names: tuple[str, ...]) -> str:
    if not names:
        return ""
    return f"<small>{direction}: {escaped(', '.join(names))}&nbsp;&nbsp;</small>"
