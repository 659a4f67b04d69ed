"""The display mirrors the document, whatever happens to it; themes, marks and loading."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
import shiboken6
from PySide6.QtCore import QPoint, Qt

from conex_app.canvas import Canvas
from conex_app.look import theme
from conex_app.project.document import ProjectDocument
from conex_core.graph import edits
from conex_core.graph.checks.problems import Problem
from conex_core.graph.model.document import Document, Link, Node

STEPS = 120


def add(rng: random.Random, state: Document, catalog) -> Document:
    kind = rng.choice(("NeuronGroup", "SynapseGroup", "BehaviorStack", "InputLayer", "Note"))
    place = (float(rng.randint(-500, 500)), float(rng.randint(-500, 500)))
    return edits.add_node(state, kind, at=place)


def move(rng: random.Random, state: Document, catalog) -> Document:
    ids = rng.sample(sorted(state.network.nodes), min(2, len(state.network.nodes)))
    return edits.move(state, {key: (rng.uniform(-900, 900), rng.uniform(-9, 9)) for key in ids})


def connect(rng: random.Random, state: Document, catalog) -> Document:
    groups = [key for key, node in state.network.nodes.items() if node.kind == "NeuronGroup"]
    if not groups:
        return state
    source, target = rng.choice(groups), rng.choice(groups)
    return edits.connect_groups(state, source, target, catalog=catalog)


def remove(rng: random.Random, state: Document, catalog) -> Document:
    return edits.remove(state, rng.sample(sorted(state.network.nodes), 1))


def cut(rng: random.Random, state: Document, catalog) -> Document:
    return edits.remove_links(state, rng.sample(sorted(state.network.links), 1))


def change(rng: random.Random, state: Document, catalog) -> Document:
    key = rng.choice(sorted(state.network.nodes))
    return edits.rename(state, key, f"N{rng.randint(0, 99)}")


def duplicate(rng: random.Random, state: Document, catalog) -> Document:
    ids = rng.sample(sorted(state.network.nodes), min(3, len(state.network.nodes)))
    return edits.duplicate(state, ids)[0]


def one_edit(rng: random.Random, state: Document, catalog) -> Document:
    choices = [add, add, connect]
    choices += [move, move, remove, change, duplicate, connect] if state.network.nodes else []
    choices += [cut] if state.network.links else []
    return rng.choice(choices)(rng, state, catalog)


def assert_mirrors(canvas: Canvas) -> None:
    network = canvas.document.state.network
    places, model, scene = canvas.display.shown()
    assert places == {key: node.position for key, node in network.nodes.items()}
    assert model == network.links
    assert scene == network.links
    names = {key: card.face.title for key, card in canvas.display.cards().items()}
    assert names == {key: node.name for key, node in network.nodes.items()}


@pytest.mark.parametrize("seed", range(4))
def test_any_history_of_edits_undo_and_redo_is_mirrored(canvas_of, catalog, monkeypatch, seed):
    canvas, rng = canvas_of(Document()), random.Random(seed)
    stack = canvas.document.stack
    monkeypatch.setattr("secrets.choice", random.Random(seed).choice)

    for _ in range(STEPS):
        step = rng.random()
        if step < 0.2:
            stack.undo()
        elif step < 0.3:
            stack.redo()
        else:
            canvas.document.edit("Edit", one_edit(rng, canvas.document.state, catalog))
        assert_mirrors(canvas)
    while stack.canRedo():
        stack.redo()
    final = canvas.document.state
    while stack.canUndo():
        stack.undo()
    assert_mirrors(canvas)
    assert canvas.document.state == Document()
    while stack.canRedo():
        stack.redo()

    assert_mirrors(canvas)
    assert canvas.document.state is final


def test_a_removed_node_frees_its_item(canvas_of, wired):
    canvas = canvas_of(wired)

    canvas.document.edit("Remove", edits.remove(wired, ["exc", "syn", "inh"]))

    assert canvas.display.model.nodes == {}
    assert canvas.display.shown() == ({}, frozenset(), frozenset())


def test_nodes_of_unknown_kinds_are_drawn_with_the_ports_that_wires_use(canvas_of, two_groups):
    network = two_groups.network
    column = Node("col", "CorticalColumn", "Column A", position=(200.0, 300.0))
    links = {Link("exc", "spikes", "col", "afferents"), Link("col", "out", "inh", "synapses")}
    network = replace(network, nodes={**network.nodes, "col": column}, links=frozenset(links))

    canvas = canvas_of(two_groups.with_network(network))

    card = canvas.display.card("col")
    assert card.face.shape == "unknown"
    assert {port.name for port in card.ports} == {"afferents", "out"}
    assert canvas.display.shown()[2] == links


def test_a_wire_to_a_port_that_a_kind_does_not_have_is_still_drawn(canvas_of, two_groups):
    link = Link("exc", "tomorrow", "inh", "synapses")
    network = replace(two_groups.network, links=frozenset({link}))

    canvas = canvas_of(two_groups.with_network(network))

    assert canvas.display.shown()[2] == {link}


def test_synapses_turn_around_when_their_source_is_moved_to_the_right(canvas_of, wired):
    canvas = canvas_of(wired)
    assert canvas.display.card("syn").port("source").face.facing == (-1, 0)

    canvas.document.edit("Move", edits.move(wired, {"exc": (900.0, 0.0)}))

    assert canvas.display.card("syn").port("source").face.facing == (1, 0)


def test_problems_failures_rates_and_monitors_mark_their_nodes(canvas_of, wired):
    canvas = canvas_of(edits.add_monitor(wired, "raster", targets=("exc",)))

    canvas.show_problems(
        [Problem("error", "a", "exc"), Problem("error", "b", "exc"), Problem("warning", "c", "inh")]
    )
    canvas.set_error("inh")
    canvas.set_activity({"exc": 40.0})

    states = {key: card.state for key, card in canvas.display.cards().items()}
    assert (states["exc"].errors, states["exc"].warnings, states["exc"].glow) == (2, 0, 1.0)
    assert (states["inh"].warnings, states["inh"].failed, states["inh"].glow) == (1, True, 0.0)
    assert states["exc"].monitors == ("raster",)
    assert states["inh"].monitors == ()


def test_marks_survive_a_later_edit_and_can_be_taken_away(canvas_of, wired):
    canvas = canvas_of(wired)
    canvas.set_error("exc")

    canvas.document.edit("Rename", edits.rename(wired, "exc", "Excited"))
    assert canvas.display.card("exc").state.failed

    canvas.set_error(None)
    assert not canvas.display.card("exc").state.failed


def test_the_theme_changes_every_item_at_once(canvas_of, wired):
    canvas = canvas_of(wired)
    canvas.set_theme(theme.light_theme())
    light = canvas.grab().toImage().pixelColor(5, 5)

    canvas.set_theme(theme.dark_theme())

    assert light.name().upper() == theme.light_theme().canvas
    assert canvas.grab().toImage().pixelColor(5, 5).name().upper() == theme.dark_theme().canvas
    assert all(card.style.theme is theme.dark_theme() for card in canvas.display.cards().values())


@pytest.mark.parametrize("zoom", [0.05, 0.1, 0.3, 0.5, 1.0, 4.0])
def test_every_node_paints_at_every_zoom(canvas_of, wired, zoom):
    state = wired
    for kind in ("BehaviorStack", "InputLayer", "Note"):
        state = edits.add_node(state, kind, at=(0, 200))
    canvas = canvas_of(state)
    canvas.show_problems([Problem("warning", "c", "inh")])
    canvas.set_activity({"exc": 12.0})
    canvas.select_all()

    canvas.view.zoom_to(zoom)

    assert not canvas.grab().isNull()


def test_the_hint_shows_only_while_the_canvas_is_empty(canvas_of):
    canvas = canvas_of(Document())
    assert canvas.hint.isVisible()

    canvas.hint.button.click()
    assert not canvas.hint.isVisible()

    canvas.document.stack.undo()
    assert canvas.hint.isVisible()


def test_a_canvas_loads_itself_after_its_first_paint(qtbot, catalog, wired):
    canvas = Canvas(ProjectDocument(wired), catalog)
    qtbot.addWidget(canvas)
    canvas.set_error("exc")
    assert not canvas.is_loaded
    assert canvas.hint.isHidden()

    with qtbot.waitSignal(canvas.loaded, timeout=10_000):
        canvas.show()

    assert_mirrors(canvas)
    assert canvas.display.card("exc").state.failed


def test_opening_another_document_shows_all_of_it(canvas_of, wired):
    canvas = canvas_of(Document())

    canvas.document.new(edits.move(wired, {"inh": (5000.0, 0.0)}))

    seen = canvas.view.mapToScene(canvas.view.viewport().rect()).boundingRect()
    assert all(seen.contains(card.area()) for card in canvas.display.cards().values())


def test_resting_on_a_node_tells_its_problems_first(canvas_of, wired):
    canvas = canvas_of(wired)
    canvas.show_problems([Problem("error", "Exc has no axon.", "exc")])
    card = canvas.display.card("exc")

    words = canvas.view.tip_at(card.area().center())

    assert words.splitlines() == ["• Exc has no axon.", "Exc (Neuron group)"]
    assert canvas.view.tip_at(card.port("spikes").point()) == "Spikes of Exc. Drag to connect."


def test_the_minimap_shows_only_while_something_is_out_of_sight(canvas_of, wired, qtbot):
    canvas = canvas_of(wired)
    assert not canvas.minimap.isVisible()

    canvas.view.zoom_to(3.0)
    qtbot.waitUntil(canvas.minimap.isVisible)

    canvas.fit()
    assert not canvas.minimap.isVisible()


def test_a_click_on_the_minimap_goes_there(canvas_of, wired, qtbot):
    canvas = canvas_of(edits.move(wired, {"inh": (6000.0, 0.0)}))
    canvas.view.zoom_to(1.0)
    canvas.centre_on("exc")
    qtbot.waitUntil(canvas.minimap.isVisible)

    qtbot.mouseClick(
        canvas.minimap, Qt.MouseButton.LeftButton, pos=QPoint(canvas.minimap.width() - 12, 56)
    )

    seen = canvas.view.mapToScene(canvas.view.viewport().rect()).boundingRect()
    assert seen.intersects(canvas.display.card("inh").area())


def test_a_canvas_takes_its_scene_along(qtbot, catalog, wired):
    canvas = Canvas(ProjectDocument(wired), catalog)
    canvas.ensure_loaded()
    view, scene = canvas.view, canvas.view.scene()

    canvas.deleteLater()
    qtbot.waitUntil(lambda: not shiboken6.isValid(canvas))

    assert not shiboken6.isValid(view)
    assert not shiboken6.isValid(scene)
