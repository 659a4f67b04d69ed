"""Networks of blocks run as a whole, from any level, and are watched and changed while they run."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from conex_app.project.settings import AppSettings
from conex_app.shell.main_window import MainWindow
from conex_core import catalog as catalogs
from conex_core.catalog import Catalog
from conex_core.graph import edits
from conex_core.graph.edits.templates import add_template
from conex_core.graph.model.document import Document, Node


@pytest.fixture
def catalog() -> Catalog:
    return catalogs.load()


@pytest.fixture
def window(qtbot, tmp_path: Path, catalog: Catalog) -> MainWindow:
    """Return a window with two copies of a layer."""
    settings = AppSettings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    made = MainWindow(settings)
    qtbot.addWidget(made, before_close_func=lambda _: made.document.stack.setClean())
    made.show()
    made.furnish(catalog)
    made.workspace.files.new()
    made.workspace.canvas.ensure_loaded()
    doc = add_template(Document(), "Layer", catalog=catalog, node_id="one")
    doc = edits.add_instance(doc, doc.network.nodes["one"].of, name="Other", node_id="two")
    made.document.new(doc)
    return made


def run(window: MainWindow, qtbot, until: int) -> None:
    window.actions_of["run.toggle"].trigger()
    running = window.workspace.run
    qtbot.waitUntil(lambda: running.status.iteration >= until, timeout=30_000)


def cells_of(document: Document) -> Node:
    nodes = document.network.nodes.values()
    return next(node for node in nodes if node.kind == "NeuronGroup")


def leaks_of(window: MainWindow) -> dict[str, float]:
    """Return the time constant of each group that runs, by its built id."""
    objects = window.runner._host.loop.session.objects
    return {key: float(item.tau[0]) for key, item in objects.items() if hasattr(item, "tau")}


def test_a_raster_shows_the_groups_inside_all_blocks(window, qtbot):
    run(window, qtbot, 100)

    raster = next(iter(window.workspace.monitors.docks.values())).plot

    assert sorted(source.name for source in raster.sources) == ["Layer / Cells", "Other / Cells"]
    qtbot.waitUntil(lambda: all(source.ring.total > 0 for source in raster.sources))


def test_running_from_inside_a_block_runs_the_whole_network(window, qtbot):
    window.document.enter("one")

    run(window, qtbot, 50)

    assert sorted(window.runner.status().spikes) == ["Layer / Cells", "Other / Cells"]


def test_blocks_glow_by_what_is_inside(window, qtbot):
    seen: list[dict[str, float]] = []
    window.workspace.run.activity.connect(seen.append)

    run(window, qtbot, 100)
    qtbot.waitUntil(lambda: any(seen), timeout=30_000)

    assert set(next(rates for rates in seen if rates)) == {"one", "two"}


def test_a_change_inside_reaches_every_copy_that_runs(window, qtbot):
    run(window, qtbot, 20)
    window.document.enter("one")
    state = window.document.state
    lif = next(item for item in cells_of(state).stack if item.kind == "LIF")

    new = edits.set_behavior_param(state, cells_of(state).id, lif.id, "tau", 33.0)
    window.document.edit("Change tau", new)

    qtbot.waitUntil(lambda: set(leaks_of(window).values()) == {33.0}, timeout=30_000)
    assert len(leaks_of(window)) == 2
