"""What is said of unsaved work, in the user's words and as plain text. No widgets."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from conex_app.look.counts import count
from conex_app.look.times import on
from conex_app.recovery.folder import FoundJournal, RefusedJournal

__all__ = ["Row", "facts_of", "name_of", "summary_of"]

ORIGINALS = {
    "none": "never saved",
    "same": "unchanged since then",
    "changed": "changed since then; it stays as it is until you save",
    "gone": "no longer there",
}

Row = FoundJournal | RefusedJournal


def name_of(one: Row) -> str:
    """Return what the work is called: by its file, or as it was named."""
    if isinstance(one, RefusedJournal):
        return one.file.name
    return one.path.stem if one.path else one.journal.history.now.name or "Untitled"


def summary_of(one: Row) -> str:
    """Return the line under the name: the file, the edits, when the last one was."""
    if isinstance(one, RefusedJournal):
        return "cannot be read"
    saved = "never saved" if one.path is None else one.path.name
    when = on(one.journal.moment)
    if not one.journal.edits:
        return f"{saved}  ·  a text being typed {when}"
    return f"{saved}  ·  {count(one.journal.edits, 'edit')}, the last one {when}"


def facts_of(one: Row) -> list[tuple[str, str]]:
    """Return what is told of a chosen one, as names with values."""
    if isinstance(one, RefusedJournal):
        return [("Reason", one.reason), ("It stays at", str(one.file))]
    journal = one.journal
    facts = [("Comes back", _content(one))]
    if one.path is not None:
        facts.append(("File", str(one.path)))
    facts.append(("The file is" if one.path else "File", ORIGINALS[one.original]))
    if journal.labels:
        facts.append(("Last edits", _last_edits(journal.labels)))
    if journal.typed is not None:
        facts.append(("Being typed", f"{journal.typed.label}: {journal.typed.text}"))
    if journal.damage:
        facts.append(("Damaged", journal.damage))
    return facts


def _content(one: FoundJournal) -> str:
    network = one.journal.history.now.network
    words = [count(len(network.nodes), "node")]
    if network.links:
        words.append(count(len(network.links), "wire"))
    return ", ".join(words)


def _last_edits(labels: Sequence[str]) -> str:
    """Return the last edits, the newest first; equal ones after each other once, with a count."""
    runs = [(label, len(list(same))) for label, same in groupby(reversed(labels))]
    words = [label if times == 1 else f"{label}  ×{times}" for label, times in runs]
    return "\n".join(words[:3])
