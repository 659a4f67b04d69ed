"""The open project: edits, undo, merging and its file."""

from __future__ import annotations

import pytest
import shiboken6

from conex_app.project.document import ProjectDocument
from conex_core.errors import FileError
from conex_core.graph import edits
from conex_core.graph.files import project_file
from conex_core.graph.model.document import Document


class Clock:
    """Tell the time that a test sets."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def project(qapp, clock) -> ProjectDocument:
    return ProjectDocument(clock=clock)


def with_group(state: Document, name: str = "Exc") -> Document:
    return edits.add_node(state, "NeuronGroup", name=name)


def test_an_edit_changes_the_state_and_says_so_once(project):
    seen = []
    project.changed.connect(lambda old, new: seen.append((old, new)))
    before, after = project.state, with_group(project.state)

    project.edit("Add neuron group", after)

    assert project.state is after
    assert seen == [(before, after)]
    assert project.stack.undoText() == "Add neuron group"
    assert not project.is_clean


def test_undo_and_redo_swap_whole_documents(project):
    states = [project.state]
    for name in ("A", "B", "C"):
        project.edit("Add", with_group(project.state, name))
        states.append(project.state)

    for state in reversed(states[:-1]):
        project.stack.undo()
        assert project.state is state
    for state in states[1:]:
        project.stack.redo()
        assert project.state is state


def test_an_edit_that_changes_nothing_leaves_no_step(project):
    project.edit("Nothing", project.state)
    project.edit("Equal", Document())

    assert project.stack.count() == 0
    assert project.is_clean


def test_quick_edits_of_one_field_become_one_step(project, clock):
    for name in ("a", "ab", "abc"):
        clock.now += 0.3
        project.edit("Rename", edits.set_document(project.state, name=name), merge_key="name")

    assert project.stack.count() == 1
    assert project.state.name == "abc"
    project.stack.undo()
    assert project.state.name == "Untitled"


@pytest.mark.parametrize(("pause", "key"), [(5.0, "name"), (0.1, "other")])
def test_slow_edits_and_other_fields_stay_apart(project, clock, pause, key):
    project.edit("Rename", edits.set_document(project.state, name="a"), merge_key="name")
    clock.now += pause

    project.edit("Rename", edits.set_document(project.state, name="b"), merge_key=key)

    assert project.stack.count() == 2


def test_edits_without_a_key_never_merge(project):
    project.edit("Add", with_group(project.state))
    project.edit("Add", with_group(project.state))

    assert project.stack.count() == 2


def test_merging_back_to_the_start_leaves_no_step(project):
    first = project.state
    project.edit("Rename", edits.set_document(first, name="a"), merge_key="name")
    project.edit("Rename", edits.set_document(project.state, name="Untitled"), merge_key="name")

    assert project.state == first
    assert not project.stack.canUndo()


def test_an_edit_after_saving_does_not_merge_into_the_saved_step(project, tmp_path):
    project.edit("Rename", edits.set_document(project.state, name="a"), merge_key="name")
    project.save(tmp_path / "a.conex")

    project.edit("Rename", edits.set_document(project.state, name="ab"), merge_key="name")

    project.stack.undo()
    assert project.is_clean
    assert project.state.name == "a"


def test_saving_writes_the_file_and_makes_clean(project, tmp_path):
    project.edit("Add", with_group(project.state))

    path = project.save(tmp_path / "net.conex")

    assert project.is_clean
    assert project.path == path
    assert project_file.load(path) == project.state


def test_saving_again_uses_the_same_file(project, tmp_path):
    path = project.save(tmp_path / "net.conex")
    project.edit("Add", with_group(project.state))

    assert project.save() == path
    assert project_file.load(path) == project.state


def test_saving_without_a_file_says_what_to_do(project):
    with pytest.raises(FileError, match="Choose a file name"):
        project.save()


def test_opening_replaces_the_document_and_forgets_history(project, tmp_path):
    state = with_group(Document())
    project_file.save(state, tmp_path / "net.conex")
    project.edit("Rename", edits.set_document(project.state, name="other"))

    project.open(tmp_path / "net.conex")

    assert project.state == state
    assert project.path == tmp_path / "net.conex"
    assert project.is_clean
    assert not project.stack.canUndo()


def test_a_file_that_cannot_be_read_changes_nothing(project, tmp_path):
    (tmp_path / "bad.conex").write_text("{")
    project.edit("Add", with_group(project.state))
    before = project.state

    with pytest.raises(FileError):
        project.open(tmp_path / "bad.conex")

    assert project.state is before
    assert project.stack.canUndo()
    assert project.path is None


def test_new_starts_empty_without_a_file(project, tmp_path):
    project.save(tmp_path / "net.conex")
    project.edit("Add", with_group(project.state))

    project.new()

    assert project.state == Document()
    assert project.path is None
    assert project.is_clean


def test_a_project_goes_without_a_last_word(project):
    project.edit("Add", with_group(project.state))
    heard = []
    project.stack.indexChanged.connect(heard.append)

    shiboken6.delete(project)

    assert heard == []


def test_undo_everything_redo_everything_saves_the_same_bytes(project, tmp_path):
    for name in ("A", "B"):
        project.edit("Add", with_group(project.state, name))
    first = project.save(tmp_path / "first.conex").read_bytes()

    while project.stack.canUndo():
        project.stack.undo()
    assert project.state == Document()
    while project.stack.canRedo():
        project.stack.redo()

    assert project.save(tmp_path / "second.conex").read_bytes() == first
