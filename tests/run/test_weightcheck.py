"""Lost, altered and misfitting weights are told by the check, with a mend at hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from conex_core import catalog
from conex_core.cli import main
from conex_core.errors import StructureError
from conex_core.graph import edits
from conex_core.graph.checks.problems import Problem
from conex_core.graph.files import project_file
from conex_core.graph.files.block_file import Block, block_of
from conex_core.graph.files.learned_weights import as_opened
from conex_core.graph.files.weight_files import FOLDER, StoredWeights, carry, sha256_of, store
from conex_core.graph.files.weight_shapes import misfit
from conex_core.graph.library.inserting import insert_block
from conex_core.graph.model.document import Document
from conex_core.run.learned import save_learned
from conex_core.run.planning import plan
from conex_core.run.session import Session
from tests.resources.blocks.driving import driven
from tests.resources.blocks.recipes import convolution_stage, stdp_layer


def trained(untrained: Block, folder: Path) -> Block:
    doc = driven(untrained)
    session = Session.of(doc, catalog.load())
    folder.mkdir()
    inside, used = as_opened(doc, ["n_block"])
    return save_learned(session, doc, ["n_block"], block_of(inside, used), folder / "b.conexblock")


@pytest.fixture
def block(tmp_path: Path) -> Block:
    return trained(stdp_layer(), tmp_path / "library")


def told(doc: Document, base: Path) -> list[Problem]:
    found = plan(doc, catalog.load(), base).errors
    return [problem for problem in found if problem.code.startswith("weights-")]


def kept() -> Path:
    (path,) = (store() / FOLDER).iterdir()
    return path


def test_weights_that_are_there_and_fit_are_no_problem(block: Block, tmp_path: Path) -> None:
    assert told(driven(block), tmp_path) == []


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (Path.unlink, "is missing"),
        (lambda path: path.write_bytes(b"other"), "is not what"),
    ],
    ids=["lost", "altered"],
)
def test_a_file_that_cannot_be_used_is_one_problem_of_all_copies(
    change: Callable[[Path], object], text: str, block: Block, tmp_path: Path
) -> None:
    doc, _ = insert_block(driven(block), block)
    change(kept())

    (problem,) = told(doc, tmp_path)

    assert text in problem.message
    assert kept_name(block) in problem.message
    assert problem.definition == doc.network.node("n_block").of
    assert told(problem.fixes[0].apply(doc), tmp_path) == []


def kept_name(block: Block) -> str:
    assert block.learned is not None
    return block.learned.file


def test_a_size_that_no_longer_fits_is_told_where_it_is_drawn(block: Block, tmp_path: Path) -> None:
    doc = edits.set_param(driven(block), "n_block", "p_size", 7)

    (problem,) = told(doc, tmp_path)

    assert "learned for 64 to 50 neurons, but joins 64 to 7" in problem.message
    assert (problem.node, problem.path) == ("n_learn", ("n_block",))
    assert told(problem.fixes[0].apply(doc), tmp_path) == []


def test_kernels_for_other_planes_are_refused_in_the_users_words(tmp_path: Path) -> None:
    block = trained(convolution_stage(), tmp_path / "library")
    doc = edits.set_param(driven(block), "n_input", "size", (2, 8, 8))
    kernels = next(node for node in block.definition.nodes.values() if node.kind == "SynapseGroup")
    item = next(item for item in kernels.stack if item.kind == "WeightInitializer")
    used = doc.network.node("n_block").of
    doc = edits.within(
        doc,
        used,
        lambda inner: edits.set_behavior_param(
            inner, kernels.id, item.id, "weight_shape", (4, 2, 3, 3)
        ),
    )

    (problem,) = told(doc, tmp_path)

    assert "learned for 1 to 4 planes, but joins 2 to 4 planes" in problem.message
    with pytest.raises(StructureError, match="1 to 4 planes, but joins 2 to 4 planes"):
        Session.of(doc, catalog.load())


@pytest.mark.parametrize(
    ("had", "ends", "asked", "text"),
    [
        ((30,), (30, 50), None, "for 30 to 30 neurons, but joins 30 to 50 neurons"),
        ((64, 30), ((1, 8, 8), 30), None, ""),
        ((4, 1, 3, 3), ((1, 8, 8), (4, 6, 6)), (4, 1, 5, 5), "its weight_shape is 4 × 1 × 5 × 5"),
        ((4, 36, 9), ((1, 8, 8), (4, 5, 5)), None, "4 planes of 36 positions, but joins 4 planes"),
        ((1, 1, 1, 3, 3), ((1, 8, 8), (1, 8, 8)), None, ""),
        ((), (3, 3), None, ""),
    ],
)
def test_misfits_have_words_for_every_number_of_dimensions(
    had: tuple[int, ...], ends: tuple, asked: tuple | None, text: str, block: Block
) -> None:
    assert block.learned is not None
    stored = StoredWeights(block.learned, "n_learn", "Layer")

    found = misfit(stored, had, ends, asked)

    assert text in found
    assert bool(found) == bool(text)


def test_check_of_a_project_tells_of_lost_weights(
    block: Block, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    doc = driven(block)
    project_file.save(doc, tmp_path / "p.conex")
    kept().unlink()

    code = main(["check", str(tmp_path / "p.conex")])
    lost = capsys.readouterr().err
    carry(doc.definitions.values(), [tmp_path / "library"], tmp_path)

    assert code == 2
    assert "is missing" in lost
    assert "Drop the learned weights of" in lost
    assert main(["check", str(tmp_path / "p.conex")]) == 0


def test_check_of_a_block_tells_of_lost_weights_and_show_shows_it(
    block: Block, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert block.path is not None
    (block.path.parent / FOLDER / kept_name(block)).unlink()

    code = main(["block", "check", str(block.path)])

    assert code == 2
    assert "is missing" in capsys.readouterr().err
    assert main(["block", "show", str(block.path)]) == 0


def test_a_file_that_lacks_the_weights_of_a_group_is_told(block: Block, tmp_path: Path) -> None:
    doc = driven(block)
    used = doc.definition(doc.network.node("n_block").of)
    assert used.learned is not None
    groups = ("n_learn",)
    path = store() / FOLDER / "other.safetensors"
    path.write_bytes(kept().read_bytes().replace(b"n_learn", b"n_gone_"))
    learned = replace(used.learned, file=path.name, sha256=sha256_of(path), groups=groups)

    (problem,) = told(doc.with_definition(replace(used, learned=learned)), tmp_path)

    assert "holds no weights of n_learn" in problem.message
