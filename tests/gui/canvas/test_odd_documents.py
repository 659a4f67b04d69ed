"""The canvas draws whatever the reader accepts, and goes on to the next document."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from conex_core.errors import ConexError
from conex_core.graph.files.project_file import from_text, load
from conex_core.graph.model.document import Document
from tests.trials.mutated_files import mutated_file
from tests.trials.window_uses import SeenOnCanvas

ODD = sorted((Path(__file__).parents[2] / "graph/files/odd").glob("*.conex"))


@pytest.fixture
def seen(qapp, catalog):
    made = SeenOnCanvas(catalog)
    yield made
    made.close()


@pytest.mark.parametrize("path", ODD, ids=lambda path: path.stem)
def test_odd_files_are_drawn_arranged_and_left_again(seen, path: Path) -> None:
    seen.open(path, Random(1))

    assert seen.canvas.display.cards().keys() == load(path).network.nodes.keys()


def test_mutated_files_are_drawn_one_after_the_other(seen, tmp_path: Path) -> None:
    path, drawn = tmp_path / "mutated.conex", 0
    for number in range(40):
        name, data = mutated_file(number, 7)
        if name.endswith(".conex") and _is_read(data):
            path.write_bytes(data)
            seen.open(path, Random(number))
            drawn += 1
            places, _, wires = seen.canvas.display.shown()
            assert places.keys() == seen.document.state.network.nodes.keys()
            assert wires <= seen.document.state.network.links

    assert drawn > 5


def test_a_wire_is_drawn_once_its_node_is_there_and_goes_with_it(canvas_of, wired) -> None:
    link = next(one for one in wired.network.links if one.target == "inh")
    lone = replace(
        wired.network, nodes={k: n for k, n in wired.network.nodes.items() if k != "inh"}
    )
    without = wired.with_network(lone)
    canvas = canvas_of(without)

    drawn = []
    for doc in (wired, without, wired, Document(), without, Document()):
        canvas.document.new(doc)
        drawn.append([link in part for part in canvas.display.shown()[1:]])

    assert drawn == [[True, True], [False, False], [True, True], *[[False, False]] * 3]


def _is_read(data: bytes) -> bool:
    try:
        from_text(data.decode("utf-8"))
    except (ConexError, UnicodeDecodeError):
        return False
    return True
