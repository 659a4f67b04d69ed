"""Updates of blocks in the window: the sign, the dialog, and one undo step."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt

from conex_app.library.update_dialog import UpdateDialog
from conex_app.project.settings import AppSettings
from conex_app.shell.main_window import MainWindow
from conex_core.graph import edits
from conex_core.graph.files.block_file import block_of
from conex_core.graph.library.comparison import Change, Comparison
from conex_core.graph.library.inserting import linked
from conex_core.graph.library.library import Library
from conex_core.graph.model.document import Document

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def project(wired: Document) -> Document:
    """Return a project with two copies of a block whose library file has become newer."""
    doc = edits.group(wired, ["exc", "inh", "syn"], node_id="pair")
    key = doc.network.nodes["pair"].of
    doc = edits.set_definition(doc, key, name="Pair")
    doc = edits.add_instance(doc, key, name="Pair 2", node_id="pair2", at=(300, 0))
    library = Library()
    doc = linked(doc, key, library.save(block_of(doc, key, block_id="block_pair")))
    better = edits.within(doc, key, lambda d: edits.rename(d, "exc", "Pyramidal"))
    library.save(block_of(better, key, block_id="block_pair"))
    return doc


@pytest.fixture
def window(qtbot, tmp_path: Path, catalog, project) -> MainWindow:
    settings = AppSettings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    made = MainWindow(settings)
    qtbot.addWidget(made, before_close_func=lambda _: made.document.stack.setClean())
    made.resize(1440, 900)
    made.show()
    made.furnish(catalog)
    made.workspace.files.new()
    made.workspace.canvas.ensure_loaded()
    made.document.new(project)
    qtbot.waitUntil(lambda: bool(made.workspace.updates.newer))
    return made


def dialog_of(window: MainWindow) -> UpdateDialog:
    window.workspace.canvas.select(("pair",))
    window.actions_of.actions["block.update"].trigger()
    (found,) = window.findChildren(UpdateDialog)
    return found


def signs(window: MainWindow) -> set[str]:
    cards = window.workspace.canvas.display.cards()
    return {key for key, card in cards.items() if card.state.newer}


def test_every_copy_of_an_older_version_wears_the_sign(window):
    assert signs(window) == {"pair", "pair2"}


def test_update_shows_the_changes_and_is_one_step(window, qtbot):
    before = window.document.whole
    dialog = dialog_of(window)

    assert ("Inside", "Exc", "renamed to Pyramidal") in dialog.rows()
    qtbot.mouseClick(dialog.update_button, LEFT)

    key = before.network.nodes["pair"].of
    assert "Pyramidal" in {n.name for n in window.document.whole.definition(key).nodes.values()}
    assert signs(window) == set()
    window.document.stack.undo()
    assert window.document.whole == before
    assert signs(window) == {"pair", "pair2"}


def test_the_dialog_says_which_port_goes(qtbot, project):
    key = project.network.nodes["pair"].of
    gone = Change("output port", "removed", "spikes")
    block = block_of(project, key, block_id="block_pair")
    dialog = UpdateDialog(project, Comparison("library newer", key, block, (gone,)))
    qtbot.addWidget(dialog)

    assert dialog.rows() == [("Outputs", "spikes", "removed")]


def test_enter_updates(window, qtbot):
    dialog = dialog_of(window)

    with qtbot.waitSignal(dialog.update_wanted):
        qtbot.keyClick(dialog, Qt.Key.Key_Return)

    assert signs(window) == set()


def test_keep_mine_changes_nothing_but_the_sign(window, qtbot):
    before = window.document.whole
    qtbot.mouseClick(dialog_of(window).keep_button, LEFT)

    key = before.network.nodes["pair"].of
    assert window.document.whole.definition(key).nodes == before.definition(key).nodes
    assert signs(window) == set()


def test_the_action_is_there_only_for_what_can_be_updated(window):
    canvas, action = window.workspace.canvas, window.actions_of.actions["block.update"]
    canvas.select(())
    assert not action.isEnabled()

    canvas.select(("pair2",))
    assert action.isEnabled()


def test_the_inspector_offers_the_update(window, qtbot):
    window.workspace.canvas.select(("pair",))
    page = window.workspace.inspector.page

    qtbot.mouseClick(page.update_button, LEFT)
    (dialog,) = window.findChildren(UpdateDialog)

    assert "version 2" in page.update_button.toolTip()
    dialog.update_wanted.emit()
    assert not window.workspace.inspector.page.update_button.isVisible()
    dialog.close()
