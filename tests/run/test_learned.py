"""A trained block takes its weights along, and refuses those that are not its own."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from conex_core import catalog
from conex_core.errors import FileError, StructureError
from conex_core.graph import edits
from conex_core.graph.blockfile import Block, load_block
from conex_core.graph.inserting import insert_block
from conex_core.graph.state import Document
from conex_core.run.learned import restore_learned, save_learned
from conex_core.run.session import Session
from tests.blocks.driving import driven
from tests.blocks.recipes import poisson_input, stdp_layer


@pytest.fixture
def trained() -> Session:
    session = Session.of(driven(stdp_layer()), catalog.load())
    session.run(50)
    return session


@pytest.fixture
def saved(trained: Session, tmp_path: Path) -> Block:
    doc, target = driven(stdp_layer()), tmp_path / "layer.conexblock"
    save_learned(trained, doc, ["n_block"], stdp_layer(), target)
    return load_block(target)


def test_weights_travel_into_another_network(trained: Session, saved: Block) -> None:
    doc = edits.set_settings(driven(saved), seed=99)
    other = Session.of(doc, catalog.load())
    learned = trained.objects["n_block/n_learn"].weights

    before = torch.equal(other.objects["n_block/n_learn"].weights, learned)
    count = restore_learned(other, doc, ["n_block"], saved)

    assert not before
    assert count == 1
    assert torch.equal(other.objects["n_block/n_learn"].weights, learned)


def test_weights_of_another_size_are_refused(saved: Block) -> None:
    doc = edits.set_param(driven(saved), "n_block", "p_size", 7)
    other = Session.of(doc, catalog.load())

    with pytest.raises(StructureError, match="Set the sizes that it had"):
        restore_learned(other, doc, ["n_block"], saved)


def test_a_file_of_weights_that_was_changed_or_lost_is_refused(saved: Block) -> None:
    doc = driven(saved)
    other = Session.of(doc, catalog.load())
    assert saved.path is not None
    weights = saved.path.with_suffix(".safetensors")

    weights.write_bytes(b"other")
    with pytest.raises(FileError, match="is not the file that was saved"):
        restore_learned(other, doc, ["n_block"], saved)
    weights.unlink()
    with pytest.raises(FileError, match="Keep the weights beside the block"):
        restore_learned(other, doc, ["n_block"], saved)


def test_a_block_without_learned_weights_changes_nothing() -> None:
    doc, node_id = insert_block(Document(), poisson_input())
    session = Session.of(doc, catalog.load())

    assert restore_learned(session, doc, [node_id], poisson_input()) == 0
