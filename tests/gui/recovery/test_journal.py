"""What a journal brings back: the document byte for byte, and the way that led there."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conex_app.look.typing import Typed
from conex_app.recovery.difference import applied, compact, difference
from conex_app.recovery.history import EditHistory, JournalEdit
from conex_app.recovery.journal import JournalHead, edit_line, lines_of, read, typed_line
from conex_core.errors import FileError
from conex_core.graph import edits
from conex_core.graph.files.json_places import JsonPlace
from conex_core.graph.files.project_file import to_text
from conex_core.graph.model.document import MAIN, Definition, Document, Learned
from tests.graph.edits.test_histories import HISTORIES, replay

HEAD = JournalHead("Untitled", "", "", 1, "", "here", 1000.0)
ALL = 10**9
DOINGS = st.lists(st.sampled_from(["edit", "edit", "merge", "undo", "undo", "redo", "drop"]))


def carried(old: Document | None, new: Document) -> Document:
    """Return ``new`` as the difference to ``old``, written and read, makes it."""
    written = json.loads(f"[{','.join(map(compact, difference(old, new)))}]")
    return applied(old, JsonPlace(written, "journal"))


@given(HISTORIES)
@settings(max_examples=30)
def test_a_difference_makes_the_new_document_out_of_the_old_one(history: Any) -> None:
    documents = replay(history)
    first, last = documents[0], documents[-1]

    assert to_text(carried(None, last)) == to_text(last)
    assert to_text(carried(first, last)) == to_text(last)
    assert to_text(carried(last, first)) == to_text(first)
    assert not list(difference(last, last))


def test_a_difference_carries_every_field_of_every_part() -> None:
    main = Definition(MAIN, "Network", extra={"frames": (1, {"a": float("inf")})})
    block = Definition(
        "b", "B", kind="Layer", description="d", tags=("x",), learned=Learned("w", "0" * 64)
    )
    old = Document(definitions={MAIN: main, "gone": Definition("gone", "Gone")})
    new = replace(old, name="N", extra={"author": "A"}, definitions={MAIN: main, "b": block})

    assert to_text(carried(old, new)) == to_text(new)
    assert to_text(carried(new, old)) == to_text(old)


def test_a_number_that_becomes_another_kind_of_number_is_a_difference() -> None:
    old = replace(Document(), extra={"one": 1, "zero": 0.0, "yes": True})
    new = replace(Document(), extra={"one": 1.0, "zero": -0.0, "yes": 1})

    assert to_text(carried(old, new)) == to_text(new)


def test_an_edit_of_one_node_among_many_writes_that_node_only() -> None:
    doc = Document()
    for number in range(30):
        doc = edits.add_node(doc, "NeuronGroup", node_id=f"n{number}")

    changes = list(difference(doc, edits.rename(doc, "n7", "Other")))

    assert [change[0] for change in changes] == [("definitions", "main", "nodes", "n7")]


def test_what_did_not_change_is_the_same_object_afterwards() -> None:
    old = edits.add_node(Document(), "NeuronGroup", node_id="a")
    old = edits.add_node(old, "NeuronGroup", node_id="b")

    made = carried(old, edits.rename(old, "a", "Other"))

    assert made.network.node("b") is old.network.node("b")


@pytest.mark.parametrize(
    "changes",
    [
        *(3, [3], [[]], [[["name"], 1, 2]], [[[1], "x"]], [[["name"], 7]], [[[], 1]]),
        *([[["definitions"], {}]], [[["definitions", "main"]]], [[["definitions", "x"], {}]]),
        *([[["definitions", "main", "nodes"], {}]], [[["definitions", "main", "nodes", "a"], 1]]),
        *([[["definitions", "main", "links", "a"], True]], [[["definitions", "m", "a", "b"], 1]]),
        [[["settings"], {"dt": "x"}]],
    ],
)
def test_what_is_no_change_is_refused_in_words(changes: Any) -> None:
    with pytest.raises(FileError):
        applied(Document(), JsonPlace(changes, "j.journal"))


def story(doings: list[str], documents: list[Document]) -> tuple[str, list[EditHistory]]:
    """Return the text of a journal and the history after each of its edits."""
    history = EditHistory(documents[0])
    lines = list(lines_of(HEAD, history, ALL))
    after = [history.copy()]
    for number, do in enumerate(doings):
        new = documents[(number + 1) % len(documents)] if do in ("edit", "merge") else None
        edit = JournalEdit(do, 1000.0 + number, f"Edit {number}", new)
        if history.can(edit):
            lines.append(edit_line(edit, history.now))
            history.take(edit)
            after.append(history.copy())
    return "".join(lines), after


def as_text(history: EditHistory) -> Any:
    """Return everything that a history holds, with documents as their text."""
    steps = [(step.label, to_text(step.before), to_text(step.after)) for step in history.steps]
    return to_text(history.now), steps, history.position, history.clean


@given(HISTORIES, DOINGS)
@settings(max_examples=30)
def test_a_journal_brings_back_the_document_and_the_undo_history(
    tmp_path: Path, history: Any, doings: list[str]
) -> None:
    text, after = story(doings, replay(history))
    file = tmp_path / "a.journal"
    file.write_text(text, encoding="ascii")

    assert as_text(read(file).history) == as_text(after[-1])


@given(HISTORIES, DOINGS, st.integers(0, 40_000))
@settings(max_examples=30)
def test_a_journal_written_anew_brings_back_the_same_document_in_any_room(
    tmp_path: Path, history: Any, doings: list[str], room: int
) -> None:
    _, after = story(doings, replay(history))
    file = tmp_path / "a.journal"
    file.write_text("".join(lines_of(HEAD, after[-1], room)), encoding="ascii")
    whole = tmp_path / "b.journal"
    whole.write_text("".join(lines_of(HEAD, after[-1], ALL)), encoding="ascii")

    assert to_text(read(file).history.now) == to_text(after[-1].now)
    assert read(file).history.is_clean == after[-1].is_clean
    assert as_text(read(whole).history) == as_text(after[-1])


def test_a_journal_cut_at_any_byte_brings_back_all_edits_that_are_whole(tmp_path: Path) -> None:
    documents = [Document()]
    for name in ("A", "B"):
        documents.append(edits.add_node(documents[-1], "NeuronGroup", name=name))
    text, after = story(["edit", "edit", "undo"], documents)
    start = sum(map(len, text.splitlines(keepends=True)[:2]))
    ends = [place for place, sign in enumerate(text) if sign == "\n"]
    file = tmp_path / "a.journal"

    for cut in range(start, len(text) + 1):
        file.write_text(text[:cut], encoding="ascii")
        found = read(file)
        whole = sum(end < cut for end in ends) - 2
        assert as_text(found.history) == as_text(after[whole])
        assert not found.damage


def test_a_journal_cut_in_its_beginning_is_refused_in_words(tmp_path: Path) -> None:
    text, _ = story([], [Document()])
    file = tmp_path / "a.journal"

    for cut in range(len(text)):
        file.write_text(text[:cut], encoding="ascii")
        with pytest.raises(FileError):
            read(file)


def brought_back(file: Path) -> Any:
    """Return everything that a journal brings back; None where it is refused in words."""
    try:
        return as_text(read(file).history)
    except FileError:
        return None


@given(st.data())
@settings(max_examples=150)
def test_a_damaged_journal_brings_back_what_was_before_or_is_refused(
    tmp_path: Path, data: Any
) -> None:
    documents = [Document(), edits.add_node(Document(), "NeuronGroup"), Document(name="x")]
    text, after = story(["edit", "edit", "undo"], documents)
    place = data.draw(st.integers(0, len(text) - 2))
    put = data.draw(st.binary(max_size=6))
    file = tmp_path / "a.journal"
    raw = text.encode("ascii")
    file.write_bytes(raw[:place] + put + raw[place + 1 :])

    assert brought_back(file) in [None, *(as_text(each) for each in after)]


def test_a_journal_that_is_damaged_in_the_middle_says_so(tmp_path: Path) -> None:
    documents = [Document(), Document(name="A"), Document(name="B")]
    text, _ = story(["edit", "edit"], documents)
    lines = text.splitlines(keepends=True)
    file = tmp_path / "a.journal"
    file.write_text("".join([*lines[:-1], "\0\0\0\n", lines[-1]]), encoding="ascii")

    found = read(file)

    assert found.history.now.name == "A"
    assert found.damage.startswith("What came after line 4")


def test_another_version_is_refused_by_its_number(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("conex_app.recovery.journal.VERSION", 7)
    file = tmp_path / "a.journal"
    file.write_text("".join(lines_of(HEAD, EditHistory(Document()), ALL)), encoding="ascii")
    monkeypatch.undo()

    with pytest.raises(FileError, match="format 7; this one reads 1"):
        read(file)


def test_undo_behind_the_beginning_of_a_journal_is_kept_with_its_label(tmp_path: Path) -> None:
    saved, older = Document(name="saved"), Document(name="older")
    edit = JournalEdit("undo", 1.0, "Rename", older)
    file = tmp_path / "a.journal"
    text = [*lines_of(HEAD, EditHistory(saved), ALL), edit_line(edit, saved)]
    file.write_text("".join(text), encoding="ascii")

    found = read(file).history

    assert (found.now.name, found.position, found.clean) == ("older", 0, 1)
    assert [step.label for step in found.steps] == ["Rename"]
    assert found.steps[0].after.name == "saved"


def test_the_last_text_being_typed_is_told_until_it_is_typed_no_more(tmp_path: Path) -> None:
    typed = Typed("tau of Exc › LIF", "12.5\ud800", ("exc", "tau"))
    file = tmp_path / "a.journal"
    lines = [*lines_of(HEAD, EditHistory(Document()), ALL), typed_line(typed, 5.0)]
    file.write_text("".join(lines), encoding="ascii")
    before = read(file)
    file.write_text("".join([*lines, typed_line(None, 6.0)]), encoding="ascii")

    assert before.typed == typed
    assert before.is_needed
    assert read(file).typed is None
    assert not read(file).is_needed


def test_edits_are_counted_and_the_last_ones_are_named(tmp_path: Path) -> None:
    documents = [Document(name=str(number)) for number in range(8)]
    text, _ = story(["edit"] * 6 + ["merge", "undo", "redo"], documents)
    file = tmp_path / "a.journal"
    file.write_text(text, encoding="ascii")

    found = read(file)

    assert found.edits == 8
    assert found.labels == ["Edit 3", "Edit 4", "Edit 5", "Undo Edit 5", "Redo Edit 5"]
    assert found.at == 1008.0
