"""The shipped blocks are what their recipes draw, and do what they promise."""

from __future__ import annotations

import pytest

from conex_core import catalog
from conex_core.graph import edits
from conex_core.graph.blocks.definitions import parameter_of
from conex_core.graph.checks.check import check
from conex_core.graph.files.block_file import load_block
from conex_core.graph.library.inserting import insert_block
from conex_core.graph.library.library import Library, shipped_folder
from conex_core.graph.model.document import Document
from conex_core.run.session import Session
from tests.resources.blocks.driving import driven
from tests.resources.blocks.recipes import RECIPES, text_of

NEEDS_A_WIRE = ("stdp-layer", "convolution-stage")  # plastic or shared synapses are inside
STANDING_ALONE = [name for name in RECIPES if name not in (*NEEDS_A_WIRE, "rstdp-pair")]


@pytest.mark.parametrize("name", RECIPES)
def test_the_shipped_file_is_what_its_recipe_draws(name: str) -> None:
    path = shipped_folder() / f"{name}.conexblock"

    assert path.read_text(encoding="utf-8") == text_of(name)


def test_the_library_ships_these_blocks_and_no_others(tmp_path) -> None:
    library = Library(user=tmp_path / "none")

    library.scan()

    assert {entry.path.stem for entry in library.entries} == set(RECIPES)
    assert [entry.message for entry in library.entries if entry.message] == []


@pytest.mark.parametrize("name", RECIPES)
def test_every_block_explains_itself_and_all_that_it_shows(name: str) -> None:
    block = RECIPES[name]()

    summary, _, rest = block.description.partition("\n")
    assert 20 < len(summary) < 100
    assert rest
    assert len(block.tags) >= 3
    doc = Document(definitions={**Document().definitions, **block.definitions})
    for promoted in block.definition.promoted:
        assert promoted.help
        assert parameter_of(doc, block.definition_id, promoted, catalog.load()) is not None


@pytest.mark.parametrize("name", STANDING_ALONE)
def test_a_block_that_is_inserted_alone_has_no_problems(name: str) -> None:
    doc, _ = insert_block(Document(), RECIPES[name]())

    assert check(doc, catalog.load()) == []


@pytest.mark.parametrize("name", NEEDS_A_WIRE)
def test_a_block_with_synapses_at_its_port_asks_for_a_wire_and_no_more(name: str) -> None:
    doc, _ = insert_block(Document(), RECIPES[name]())

    assert {problem.code for problem in check(doc, catalog.load())} == {"no-source"}


def test_the_rstdp_pair_says_what_the_network_needs_and_mends_it() -> None:
    doc, _ = insert_block(Document(), RECIPES["rstdp-pair"]())

    (problem,) = check(doc, catalog.load())
    doc = problem.fixes[0].apply(doc)
    (next_problem,) = check(doc, catalog.load())
    doc = next_problem.fixes[0].apply(doc)

    assert "Dopamine" in problem.message
    assert "Payoff" in next_problem.message
    assert check(doc, catalog.load()) == []


@pytest.mark.parametrize("name", RECIPES)
def test_a_driven_block_spikes_at_plausible_rates(name: str) -> None:
    doc = driven(RECIPES[name]())

    assert check(doc, catalog.load()) == []
    session = Session.of(doc, catalog.load())
    session.run(300)

    for group in session.result().groups:
        assert 5 < group.mean_rate_hz < 100, group.name


def test_the_memory_goes_on_without_input_and_starts_only_with_it() -> None:
    loaded = Session.of(driven(RECIPES["memory-loop"]()), catalog.load())
    loaded.run(100)
    loaded.enable_behavior("n_feed", "b_feed_simpledendriticinput", False)
    before = spikes_of(loaded, "Memory")
    empty = Session.of(insert_block(Document(), RECIPES["memory-loop"]())[0], catalog.load())

    loaded.run(400)
    empty.run(400)

    assert spikes_of(loaded, "Memory") - before > 80 * 10
    assert spikes_of(empty, "Memory") == 0


def test_the_winners_are_as_many_as_k_allows() -> None:
    doc = driven(RECIPES["winner-take-all-layer"]())
    one, five = Session.of(doc, catalog.load()), Session.of(k_of(doc, 5), catalog.load())

    one.run(300)
    five.run(300)

    assert spikes_of(one, "Cells") <= 300
    assert spikes_of(five, "Cells") > 1.5 * spikes_of(one, "Cells")


def test_a_value_on_the_face_reaches_all_layers_of_a_column() -> None:
    doc = driven(RECIPES["cortical-column"]())
    doc = edits.set_param(doc, "n_block", "p_tau", 31.0)

    session = Session.of(doc, catalog.load())
    session.run(1)

    inside = [group for name, group in session.groups.items() if "column" in name]
    assert len(inside) == 6
    assert {float(group.tau.mean()) for group in inside} == {31.0}


def test_reading_a_shipped_block_gives_it_back() -> None:
    for name in RECIPES:
        block = load_block(shipped_folder() / f"{name}.conexblock", source="shipped")

        assert block.definitions == RECIPES[name]().definitions
        assert block.hash == RECIPES[name]().hash


def spikes_of(session: Session, name: str) -> float:
    (group,) = (one for one in session.result().groups if one.name.endswith(name))
    return group.mean_rate_hz * group.size * session.iteration / 1000


def k_of(doc: Document, k: int) -> Document:
    return edits.set_param(doc, "n_block", "p_k", k)
