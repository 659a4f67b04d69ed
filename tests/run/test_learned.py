"""A trained block takes its weights along: every copy of it starts from them, anywhere."""

from __future__ import annotations

import json
import runpy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from conex_core import catalog
from conex_core.cli import main
from conex_core.errors import FileError, StructureError
from conex_core.export.script import to_script
from conex_core.graph import edits
from conex_core.graph.edits.grouping import group
from conex_core.graph.files import project_file
from conex_core.graph.files.block_file import Block, block_of, load_block, save_block
from conex_core.graph.files.learned_weights import as_opened
from conex_core.graph.files.weight_files import FOLDER, carry, store
from conex_core.graph.library.inserting import insert_block
from conex_core.graph.library.library import Library
from conex_core.graph.model.document import Document
from conex_core.run.learned import save_learned
from conex_core.run.planning import plan
from conex_core.run.session import Session
from tests.resources.blocks.driving import driven
from tests.resources.blocks.recipes import cortical_layer, stdp_layer, winner_take_all

Trained = tuple[Block, torch.Tensor]


@pytest.fixture
def trained(tmp_path: Path) -> Trained:
    """Return a block that was trained with 30 cells in place of 50, and what it learned."""
    doc = edits.set_param(driven(stdp_layer()), "n_block", "p_size", 30)
    return learned_in(doc, ["n_block"], tmp_path / "library" / "layer.conexblock")


def learned_in(doc: Document, path: list[str], target: Path) -> Trained:
    session = running(doc)
    session.run(50)
    target.parent.mkdir(exist_ok=True)
    as_it_is, definition_id = as_opened(doc, path)
    block = save_learned(session, doc, path, block_of(as_it_is, definition_id), target)
    return block, session.objects["/".join([*path, "n_learn"])].weights


def running(doc: Document, base: Path | None = None) -> Session:
    return Session.of(doc, catalog.load(), base=base)


def test_a_copy_in_another_project_starts_from_them(trained: Trained) -> None:
    block, learned = trained
    doc = edits.set_settings(driven(load_block(block.path)), seed=99)

    session = running(doc)

    assert torch.equal(session.objects["n_block/n_learn"].weights, learned)
    assert session.objects["n_block/n_cells"].size == 30


def test_two_copies_two_levels_deep_start_from_them_and_learn_apart(trained: Trained) -> None:
    block, learned = trained
    doc = driven(load_block(block.path))
    doc, second = insert_block(doc, load_block(block.path))
    (wire,) = doc.network.into("n_block")
    doc = edits.add_link(doc, replace(wire, target=second))
    doc = group(doc, ["n_block", second])
    inside = running(doc)
    ids = [key for key in inside.objects if key.endswith("n_learn")]

    assert len(ids) == 2
    assert all(torch.equal(inside.objects[key].weights, learned) for key in ids)
    inside.run(50)
    assert not torch.equal(inside.objects[ids[0]].weights, learned)


def test_an_outer_block_takes_along_what_each_inner_copy_has_learned(
    trained: Trained, tmp_path: Path
) -> None:
    block, _ = trained
    doc = driven(load_block(block.path))
    outer = "n_outer"
    doc = group(doc, ["n_block"], node_id=outer)
    session = running(doc)
    session.run(80)
    later = next(v for k, v in session.objects.items() if k.endswith("n_learn")).weights.clone()
    held = block_of(doc, doc.network.node(outer).of)
    target = tmp_path / "elsewhere" / "outer.conexblock"
    target.parent.mkdir()
    saved = save_learned(session, doc, [outer], held, target)

    found = running(driven(load_block(saved.path))).objects

    mine = [found[key].weights for key in found if key.endswith("n_learn")]
    assert [torch.equal(one, later) for one in mine] == [True]


def test_saving_an_outer_block_takes_what_inner_ones_learned_from_beside_the_project(
    trained: Trained, tmp_path: Path
) -> None:
    block, _ = trained
    doc = group(driven(load_block(block.path)), ["n_block"], node_id="n_outer")
    project = tmp_path / "project"
    carry(doc.definitions.values(), [], project)
    (store() / FOLDER / block.learned.file).unlink()
    held = block_of(doc, doc.network.node("n_outer").of)
    target = tmp_path / "out" / "outer.conexblock"
    target.parent.mkdir()

    save_learned(running(doc, project), doc, ["n_outer"], held, target)

    assert (target.parent / FOLDER / block.learned.file).is_file()


def test_unpacked_blocks_start_from_them_in_window_and_script(
    trained: Trained, tmp_path: Path
) -> None:
    block, learned = trained
    doc = edits.set_settings(driven(load_block(block.path)), seed=99)
    doc, second = insert_block(doc, load_block(block.path))
    (wire,) = doc.network.into("n_block")
    doc = edits.add_link(doc, replace(wire, target=second))
    for node_id in ("n_block", second):
        doc, _ = edits.unpack(doc, node_id)
    carry(doc.definitions.values(), [], tmp_path)
    (tmp_path / "p.py").write_text(
        to_script(plan(doc, catalog.load()), base=tmp_path, beside=tmp_path)
    )

    session = running(doc, tmp_path)
    net = runpy.run_path(str(tmp_path / "p.py"))["build"]()

    assert torch.equal(session.objects["n_block/n_learn"].weights, learned)
    assert torch.equal(session.objects[f"{second}/n_learn"].weights, learned)
    assert Session(net).run(50).spike_hash == session.run(50).spike_hash


def test_reset_and_restored_states_know_them(trained: Trained) -> None:
    block, learned = trained
    session = running(driven(load_block(block.path)))
    session.run(20)

    session.network.reset()

    assert torch.equal(session.objects["n_block/n_learn"].weights, learned)


def test_window_script_and_command_line_give_the_same_spikes(
    trained: Trained, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    doc = driven(load_block(trained[0].path))
    carry(doc.definitions.values(), [], folder)
    project_file.save(doc, folder / "p.conex")
    expected = running(doc, folder).run(300).spike_hash
    (folder / "p.py").write_text(to_script(plan(doc, catalog.load()), base=folder, beside=folder))

    assert main(["run", str(folder / "p.conex"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["spike_hash"]
    net = runpy.run_path(str(folder / "p.py"))["build"]()

    assert told == expected
    assert Session(net).run(300).spike_hash == expected


def test_sparse_weights_travel(tmp_path: Path) -> None:
    doc, node = insert_block(Document(), cortical_layer())
    before = running(doc)
    sparse = {
        key: found.weights
        for key, found in before.objects.items()
        if isinstance(getattr(found, "weights", None), torch.Tensor)
    }
    block = save_learned(
        before, doc, [node], block_of(doc, doc.network.node(node).of), tmp_path / "l.conexblock"
    )

    after = running(edits.set_settings(insert_block(Document(), block, node_id=node)[0], seed=77))

    assert sparse
    for key, weights in sparse.items():
        assert torch.equal(after.objects[key].weights.to_dense(), weights.to_dense())


def test_weights_of_another_size_are_refused(trained: Trained) -> None:
    doc = edits.set_param(driven(load_block(trained[0].path)), "n_block", "p_size", 7)

    with pytest.raises(StructureError, match="64 to 30 neurons, but joins 64 to 7"):
        running(doc)


@pytest.mark.parametrize("change", [Path.unlink, lambda path: path.write_bytes(b"other")])
def test_a_file_that_was_lost_or_changed_is_told(trained: Trained, change: Any) -> None:
    doc = driven(load_block(trained[0].path))
    (kept,) = (store() / FOLDER).iterdir()

    change(kept)

    with pytest.raises(FileError, match=r"starts from|has learned") as caught:
        running(doc)
    assert "drop" in str(caught.value)


def test_a_block_without_weights_is_not_saved_with_them(tmp_path: Path) -> None:
    doc, node = insert_block(Document(), winner_take_all())
    block = block_of(doc, doc.network.node(node).of)

    with pytest.raises(StructureError, match="no weights to save"):
        save_learned(running(doc), doc, [node], block, tmp_path / "x.conexblock")


def test_the_library_takes_the_file_along(trained: Trained, tmp_path: Path) -> None:
    user = tmp_path / "mine"
    library = Library([tmp_path / "library"], user=user, shipped=tmp_path / "none")
    library.scan()
    block = library.named(trained[0].name)

    saved = library.save(block)
    library.scan()
    copied = library.duplicate(next(entry for entry in library.entries if entry.path == saved.path))

    assert (user / FOLDER / block.learned.file).is_file()
    assert copied.learned == block.learned


def test_export_takes_the_file_along(trained: Trained, tmp_path: Path) -> None:
    project, target = tmp_path / "project", tmp_path / "out" / "layer.conexblock"
    project.mkdir(), target.parent.mkdir()
    doc = driven(load_block(trained[0].path))
    carry(doc.definitions.values(), [], project)
    project_file.save(doc, project / "p.conex")
    name = doc.definition(doc.network.node("n_block").of).name

    assert main(["block", "export", str(project / "p.conex"), name, "-o", str(target)]) == 0
    assert (target.parent / FOLDER / load_block(target).learned.file).is_file()


def test_dropping_them_draws_weights_again(trained: Trained) -> None:
    doc = driven(load_block(trained[0].path))
    definition_id = doc.network.node("n_block").of

    bare = edits.set_definition(doc, definition_id, learned=None)

    weights = running(bare).objects["n_block/n_learn"].weights
    assert not torch.equal(weights, trained[1])


def test_a_trained_block_is_another_one_than_the_untrained(trained: Trained) -> None:
    block = load_block(trained[0].path)
    untrained = block.with_definition(replace(block.definition, learned=None))

    assert block.hash != untrained.hash
    assert save_block(untrained, block.path).version == block.version + 1
