"""What plots show of which group: order, colours, names as plain text."""

from __future__ import annotations

import numpy as np
import pytest

from conex_app.look.theme import light_theme
from conex_app.plots.feeds import colours
from conex_core import catalog as catalogs
from conex_core.graph import edits
from conex_core.graph.checks.recordable import watched_nodes
from conex_core.graph.files import project_file
from conex_core.graph.model.document import Document
from conex_core.helpers.visualization import figures
from conex_core.helpers.visualization.plots.raster import raster
from conex_core.helpers.visualization.plots.rate import rate

NASTY = ("$x_{$", "_hidden", "<b>bold</b>", "a & b", "$\\frac$")


@pytest.fixture(scope="module")
def specs():
    return catalogs.load().plots


def placed(*groups: tuple[str, tuple[float, float], str]) -> Document:
    doc = Document()
    for name, at, polarity in groups:
        params = {"polarity": polarity}
        doc = edits.add_node(doc, "NeuronGroup", name=name, node_id=name, at=at, params=params)
    return doc


def test_lanes_follow_the_canvas_from_top_to_bottom_and_left_to_right(specs):
    inh = "inhibitory"
    doc = placed(("low", (0, 300), inh), ("right", (400, 0), inh), ("left", (0, 30), inh))

    found = watched_nodes(doc, specs["raster"], ())

    assert [node.id for node in found] == ["left", "right", "low"]


@pytest.mark.parametrize("kind", ["raster", "rate"])
def test_all_groups_has_input_layers_too(specs, kind):
    doc = edits.add_node(placed(("exc", (0, 0), "excitatory")), "InputLayer", node_id="in")

    assert {node.id for node in watched_nodes(doc, specs[kind], ())} == {"exc", "in"}


def test_groups_of_one_polarity_are_told_apart_and_the_first_is_as_on_the_canvas():
    theme = light_theme()
    doc = placed(
        *(
            (f"{kind}{n}", (9 - n, n), kind)
            for kind in ("excitatory", "inhibitory")
            for n in range(4)
        )
    )

    tints = colours(doc, theme)

    assert len(set(tints.values())) == 8
    assert (tints["excitatory0"], tints["inhibitory0"]) == (theme.excitatory, theme.inhibitory)


def test_a_group_keeps_its_colour_when_another_is_moved():
    doc = placed(("a", (0, 0), "inhibitory"), ("b", (400, 0), "inhibitory"))
    moved = edits.move(doc, {"a": (900, 0)})

    assert colours(moved, light_theme()) == colours(doc, light_theme())


def test_colours_outlive_a_file_and_what_is_shown_is_as_on_the_canvas():
    theme = light_theme()
    doc = placed(("z", (0, 0), "excitatory"), ("a", (1, 0), "excitatory"))
    again = project_file.from_text(project_file.to_text(doc))

    assert colours(again, theme, {"z"}) == colours(doc, theme, {"z"})
    assert colours(doc, theme, {"z"})["z"] == theme.excitatory


@pytest.mark.parametrize("name", NASTY)
@pytest.mark.parametrize("draw", [raster, rate])
def test_names_are_plain_text_in_figures(draw, name, tmp_path):
    spikes = {name: (np.arange(1, 9), np.arange(8)), "other": (np.arange(1, 9), np.arange(8))}

    text = figures.save(draw(spikes), tmp_path / "figure.svg").read_text()

    plain = name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert f">{plain}</text>" in text
