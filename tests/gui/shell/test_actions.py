from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLabel, QMainWindow, QMenu, QMenuBar

from conex_app.actions import ACTIONS, INSERT, MENUS, Action, Facts, Menu
from conex_app.actions.plots import plot_actions
from conex_app.project.document import ProjectDocument
from conex_app.shell.menus import ActionSet
from conex_app.shell.run_bar import RunBar
from conex_app.shell.view_commands import shortcuts_dialog
from conex_core.catalog_reader import read_plots

SPECS, _ = read_plots()
PLOTS = plot_actions(SPECS, ACTIONS)
ALL = {**ACTIONS, **{plot.id: plot for plot in PLOTS}}


class Desk:
    """Note which command was given."""

    def __init__(self) -> None:
        self.said: list[tuple[str, str, tuple]] = []

    def __getattr__(self, part: str):
        desk = self

        class Part:
            def __getattr__(self, command: str):
                return lambda *args: desk.said.append((part, command, args))

        return Part()


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def actions(qtbot, desk) -> Iterator[ActionSet]:
    window = QMainWindow()
    qtbot.addWidget(window)
    made = ActionSet(window, lambda: desk)
    made.fill(window.menuBar())
    yield made
    window.close()


def test_every_action_is_in_a_menu_and_no_two_have_the_same_id(actions):
    ids = [item.id for menu in actions.menus for item in menu.actions()]

    assert sorted(ids) == sorted(ACTIONS)
    assert ids_under(actions.parent().menuBar()) == set(ACTIONS)


def test_one_entry_makes_menu_shortcut_and_button(qtbot, desk):
    greet = Action("hello", "Greet", lambda targets: targets.view.greet(), "F9", run_bar="text")
    window = QMainWindow()
    qtbot.addWidget(window)

    made = ActionSet(window, lambda: desk, [*MENUS, Menu("Greetings", ((greet,),))])
    made.fill(window.menuBar())
    made.show_facts(Facts(open=True))
    RunBar(made, ProjectDocument(parent=window), window).buttons["hello"].click()

    assert "hello" in ids_under(window.menuBar())
    assert made["hello"].shortcut() == QKeySequence("F9")
    assert desk.said == [("view", "greet", ())]


def test_the_list_of_shortcuts_names_every_action_and_plot(qtbot, actions):
    actions.append(INSERT.title, PLOTS)
    dialog = shortcuts_dialog(None, actions.menus)
    qtbot.addWidget(dialog)

    shown = {label.text() for label in dialog.findChildren(QLabel)}

    assert {action.shortcut for action in ALL.values()} <= shown


def test_every_plot_stands_in_the_insert_menu(actions):
    actions.append(INSERT.title, PLOTS)

    texts = [made.text() for made in actions["insert.Note"].associatedObjects()[-1].actions()]
    assert texts[-len(SPECS) :] == [f"{spec.title} plot" for spec in SPECS.values()]


def test_a_plot_whose_keys_are_taken_is_there_without_keys():
    taken = {"insert.Note": replace(ACTIONS["insert.Note"], shortcut=SPECS["rate"].shortcut)}

    made = {action.id: action for action in plot_actions(SPECS, taken)}

    assert made["insert.rate"].shortcut == ""
    assert made["insert.raster"].shortcut


def test_no_two_actions_share_a_shortcut():
    counted = Counter(
        QKeySequence(action.shortcut).toString() for action in ALL.values() if action.shortcut
    )

    assert [keys for keys, count in counted.items() if count > 1] == []


@pytest.mark.parametrize("action", ALL.values(), ids=lambda action: action.id)
def test_every_shortcut_is_a_key_that_qt_knows(action):
    assert not action.shortcut or QKeySequence(action.shortcut).toString()


@pytest.mark.parametrize("action", ALL.values(), ids=lambda action: action.id)
def test_a_tooltip_names_the_shortcut(action):
    assert action.shortcut in action.hint()
    assert action.hint().strip()


@pytest.mark.parametrize("action", ALL.values(), ids=lambda action: action.id)
def test_every_action_gives_one_command(action, desk):
    action.run(desk)

    assert len(desk.said) == 1


def test_without_a_project_only_what_makes_sense_is_possible():
    possible = {action.id for action in ALL.values() if action.enabled_when(Facts())}

    assert {"file.new", "file.open", "file.quit"} <= possible
    assert not {"file.save", "edit.paste", "run.toggle", "insert.NeuronGroup"} & possible


def test_undo_says_what_it_undoes(actions):
    actions.show_facts(Facts(open=True, undo="Add LIF group"))

    assert actions["edit.undo"].text() == "Undo Add LIF group"
    assert actions["edit.undo"].isEnabled()
    assert not actions["edit.redo"].isEnabled()


def test_run_becomes_pause_while_running(actions):
    actions.show_facts(Facts(open=True, run="running"))

    assert actions["run.toggle"].text() == "Pause"
    assert actions["run.stop"].isEnabled()


def test_a_build_can_be_stopped_but_not_paused(actions):
    actions.show_facts(Facts(open=True, run="building"))

    assert not actions["run.toggle"].isEnabled()
    assert actions["run.stop"].isEnabled()


def test_a_triggered_action_reaches_the_desk(actions, desk):
    actions.show_facts(Facts(open=True))

    actions["file.save"].trigger()

    assert desk.said == [("files", "save", ())]


def test_connecting_needs_two_groups(actions):
    actions.show_facts(Facts(open=True, selected=2, selected_groups=1))
    assert not actions["insert.connect"].isEnabled()

    actions.show_facts(Facts(open=True, selected=2, selected_groups=2))
    assert actions["insert.connect"].isEnabled()


@pytest.mark.parametrize("action", ALL.values(), ids=lambda action: action.id)
def test_every_action_has_keys_and_a_tooltip_that_names_them(action):
    assert action.shortcut
    assert action.hint().endswith(f"({action.shortcut})")


def test_blocks_are_opened_one_at_a_time_and_left_only_from_inside(actions):
    actions.show_facts(Facts(open=True, selected=2, selected_blocks=2))
    assert not actions["block.enter"].isEnabled()
    assert not actions["block.leave"].isEnabled()

    actions.show_facts(Facts(open=True, selected=1, selected_blocks=1, inside=True))
    assert actions["block.enter"].isEnabled()
    assert actions["block.leave"].isEnabled()
    assert not actions["block.save"].isEnabled()


def ids_under(menu: QMenuBar | QMenu) -> set[str]:
    """Return the names of all entries, at any depth, that are actions of ours."""
    below = [ids_under(entry.menu()) for entry in menu.actions() if entry.menu() is not None]
    return {entry.objectName() for entry in menu.actions() if entry.objectName()}.union(*below)
