"""A run tells exactly what it has learned, and the next one starts from what was kept."""

from __future__ import annotations

import json
import runpy
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from conex_core import catalog
from conex_core.cli import main
from conex_core.errors import FileError, StructureError
from conex_core.export.script import to_script
from conex_core.graph import edits
from conex_core.graph.edits.grouping import group
from conex_core.graph.files import project_file
from conex_core.graph.files.block_file import block_of, load_block
from conex_core.graph.files.weight_files import FOLDER, carry, store
from conex_core.graph.model.document import Document, Learned
from conex_core.run.host.questions import QUESTIONS
from conex_core.run.learned import keep_learned, save_learned
from conex_core.run.planning import plan
from conex_core.run.session import Session
from conex_core.state import State
from tests.run.learning_nets import learner


def running(doc: Document, base: Path | None = None, **options: object) -> Session:
    session = Session.of(doc, catalog.load(), base=base, **options)
    session.watch_learning()
    return session


def unsaved(session: Session) -> list[list[str]]:
    return QUESTIONS["learned"](session)["variables"]


def kept(session: Session, folder: Path) -> Document:
    assert session.document is not None
    learned = keep_learned(session, "Net", folder)
    return edits.set_definition(session.document, "main", learned=learned)


LEARNED = [["out", "exhaustion"], ["out", "threshold"], ["syn", "weights"]]


@pytest.mark.parametrize("engine", ["auto", "reference"])
def test_weights_and_thresholds_that_changed_are_told_and_nothing_else(engine: str) -> None:
    session = running(learner(), engine=engine)
    before = unsaved(session)

    session.run(120)

    assert before == []
    assert unsaved(session) == LEARNED
    assert QUESTIONS["learned"](session)["ms"] == 120.0


def test_nothing_is_learned_where_potentials_alone_change() -> None:
    session = running(learner(learns=False))

    session.run(120)

    assert unsaved(session) == []


def test_a_rule_that_changed_nothing_has_learned_nothing() -> None:
    session = running(learner(rate=0.0, adapts=False))

    session.run(120)

    assert unsaved(session) == []


def test_a_threshold_that_the_user_sets_is_not_learned() -> None:
    session = running(learner(learns=False))
    item = next(key for key, value in session.behaviors.items() if hasattr(value, "init_v"))
    session.run(5)

    session.set_parameter(*item, "threshold", -48.0)
    session.run(5)

    assert unsaved(session) == []


def test_what_is_saved_is_not_asked_for_until_it_changes_again(tmp_path: Path) -> None:
    session = running(learner())
    session.run(120)

    QUESTIONS["save_state"](session, str(tmp_path / "a.safetensors"))
    saved = unsaved(session)
    session.run(100)

    assert saved == []
    assert ["syn", "weights"] in unsaved(session)
    assert QUESTIONS["learned"](session)["ms"] == 100.0


def test_a_loaded_state_is_saved_already_and_counts_from_there(tmp_path: Path) -> None:
    first = running(learner())
    first.run(120)
    first.network.state().save(tmp_path / "a.safetensors")
    session = running(learner())

    reached = QUESTIONS["load_state"](session, str(tmp_path / "a.safetensors"))

    assert (reached, unsaved(session), session.result().steps) == (120, [], 0)
    assert session.run(50).spike_hash == tail_of(first)


def tail_of(first: Session) -> str:
    again = running(learner())
    again.restore(first.network.state())
    return again.run(50).spike_hash


def test_a_state_that_does_not_fit_is_refused_by_name_and_changes_nothing(tmp_path: Path) -> None:
    other = running(edits.set_param(learner(), "out", "size", 7))
    other.network.state().save(tmp_path / "a.safetensors")
    session = running(learner())
    session.run(30)
    before = session.network.state().entries()

    with pytest.raises(StructureError, match="Out: cannot take this state"):
        QUESTIONS["load_state"](session, str(tmp_path / "a.safetensors"))

    assert all(torch.equal(value, before[key]) for key, value in entries(session).items())
    assert session.iteration == 30


def entries(session: Session) -> dict[str, torch.Tensor]:
    return session.network.state().entries()


def assert_starts_from(session: Session, first: Session) -> None:
    for node, name in LEARNED:
        mine, theirs = getattr(session.objects[node], name), getattr(first.objects[node], name)
        assert torch.equal(mine, theirs), (node, name)


def test_the_next_run_starts_from_what_was_kept_in_window_script_and_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = running(learner())
    first.run(120)
    doc = kept(first, store())
    carry(doc.definitions.values(), [], tmp_path)
    project_file.save(doc, tmp_path / "p.conex")
    read = project_file.load(tmp_path / "p.conex")
    script = tmp_path / "p.py"
    script.write_text(to_script(plan(read, catalog.load()), base=tmp_path, beside=tmp_path))
    state = tmp_path / "after.safetensors"

    second = running(read, tmp_path)
    assert_starts_from(second, first)
    scripted = Session(runpy.run_path(str(script))["build"]())
    by_key = {scripted.network.key_of(each): each for each in scripted.network.all_objects()}
    for node, name in LEARNED:
        assert torch.equal(getattr(by_key[node], name), getattr(first.objects[node], name))
    code = main(
        ["run", str(tmp_path / "p.conex"), "--steps", "60", "--json", "--save-state", str(state)]
    )
    told = json.loads(capsys.readouterr().out)["spike_hash"]

    assert code == 0
    assert told == second.run(60).spike_hash == scripted.run(60).spike_hash
    assert torch.equal(State.load(state).values["syn"]["weights"], second.objects["syn"].weights)


def test_a_second_keep_holds_what_the_first_had_and_did_not_change(tmp_path: Path) -> None:
    first = running(learner())
    first.run(120)
    doc = kept(first, tmp_path)

    second = running(doc, tmp_path)
    before = unsaved(second)
    second.run(3)
    third = running(kept(second, tmp_path), tmp_path)

    assert before == []
    assert_starts_from(third, second)


def test_what_a_block_inside_learned_is_kept_for_the_network(tmp_path: Path) -> None:
    doc = group(learner(), ["out"], node_id="n_blk")
    first = running(doc)
    first.run(120)

    after = running(kept(first, tmp_path), tmp_path)

    assert_starts_from(after, first)


def test_a_block_takes_its_thresholds_along(tmp_path: Path) -> None:
    doc = group(learner(), ["out", "syn"], node_id="n_blk")
    first = running(doc)
    first.run(120)
    held = block_of(doc, doc.network.node("n_blk").of)

    block = save_learned(first, doc, ["n_blk"], held, tmp_path / "a.conexblock")

    learned = load_block(tmp_path / "a.conexblock").learned
    assert learned is not None
    assert (learned.groups, learned) == (("syn",), block.learned)
    assert learned.variables == (("out", "exhaustion"), ("out", "threshold"))
    trained = edits.set_definition(doc, held.definition_id, learned=learned)
    assert_starts_from(running(trained, tmp_path), first)


def test_what_was_kept_for_another_size_is_a_problem_that_can_be_mended(tmp_path: Path) -> None:
    first = running(learner())
    first.run(120)
    doc = edits.set_param(kept(first, tmp_path), "out", "size", 7)

    planned = plan(doc, catalog.load(), tmp_path)
    mended = doc
    while problems := plan(mended, catalog.load(), tmp_path).errors:
        mended = problems[0].fixes[0].apply(mended)

    assert any("has 7" in problem.message for problem in planned.errors)
    assert mended.network.learned is None


def test_lost_files_are_told_also_where_only_thresholds_are_kept(tmp_path: Path) -> None:
    first = running(learner(rate=0.0, adapts=True))
    first.run(120)
    doc = kept(first, tmp_path)
    learned = doc.network.learned
    assert learned is not None
    (tmp_path / FOLDER / learned.file).unlink()

    assert learned.groups == ()
    assert "is missing" in plan(doc, catalog.load(), tmp_path).errors[0].message
    with pytest.raises(FileError, match="is missing"):
        running(doc, tmp_path)


def test_a_threshold_for_a_group_that_has_none_any_more_is_refused_in_words(tmp_path: Path) -> None:
    first = running(learner())
    first.run(120)
    doc = kept(first, tmp_path)
    item = next(each for each in doc.network.node("out").stack if "Voltage" in each.kind)

    with pytest.raises(StructureError, match="has no exhaustion, but starts from"):
        running(edits.remove_behavior(doc, "out", item.id), tmp_path)


def test_reset_goes_back_to_what_was_kept(tmp_path: Path) -> None:
    first = running(learner())
    first.run(120)
    second = running(kept(first, tmp_path), tmp_path)
    second.run(20)

    second.network.reset()

    assert_starts_from(second, first)


def test_a_project_keeps_the_names_of_variables_through_its_file() -> None:
    learned = Learned("a.safetensors", "0" * 64, ("syn",), variables=(("out", "threshold"),))
    doc = edits.set_definition(learner(), "main", learned=replace(learned, more=(learned,)))

    again = project_file.from_text(project_file.to_text(doc))

    assert again == doc


def test_nothing_learned_is_nothing_to_keep(tmp_path: Path) -> None:
    with pytest.raises(StructureError, match="learned nothing"):
        keep_learned(running(learner()), "Net", tmp_path)
