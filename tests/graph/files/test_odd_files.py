"""Files that mean little or nothing, and once broke something: told in words, or borne."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from conex_core.catalog import Catalog
from conex_core.graph.checks.check import check
from conex_core.graph.files.project_file import load
from conex_core.graph.model.places import FARTHEST
from tests.trials.document_uses import USES, Use

ODD = Path(__file__).with_name("odd")
FILES = sorted(path.stem for path in ODD.glob("*.conex"))


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("use", USES, ids=lambda use: use.__name__)
def test_every_use_of_a_document_bears_odd_files(name: str, use: Use, catalog: Catalog) -> None:
    doc = load(ODD / f"{name}.conex")

    use(doc, catalog, Random(1))

    assert doc == load(ODD / f"{name}.conex")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("synapses_in_a_loop", "Wire S to T"),
        ("wire_from_a_note", "Wire Note to Syn"),
        ("wires_to_nobody", "nobody"),
        ("blocks_in_circles", "too many blocks that hold each other"),
        ("many_empty_blocks", "blocks; 100,000 is the most"),
    ],
)
def test_the_check_tells_what_is_odd(name: str, words: str, catalog: Catalog) -> None:
    problems = check(load(ODD / f"{name}.conex"), catalog)

    assert any(words in problem.message for problem in problems)


def test_a_node_off_the_canvas_is_brought_to_its_edge() -> None:
    nodes = load(ODD / "far_off_the_canvas.conex").network.nodes

    assert nodes["a"].position == (FARTHEST, FARTHEST)
    assert nodes["b"].position == (-FARTHEST, 5e-324)
