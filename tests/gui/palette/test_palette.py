import json

import pytest
from PySide6.QtCore import Qt

from conex_app.palette.panel import Palette
from conex_core.catalog import load


@pytest.fixture
def palette(qtbot):
    widget = Palette(load(), [("minimal", "One group with noise."), "balanced"])
    qtbot.addWidget(widget)
    widget.resize(260, 800)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def test_behaviors_of_one_host_are_listed_by_priority(palette):
    names = palette.visible_names()

    assert names.index("LIF") < names.index("InherentNoise") < names.index("NeuronAxon")
    assert names.index("NeuronGroup") < names.index("LIF") < names.index("InputLayer")
    assert names[-2:] == ["minimal", "balanced"]


def test_typing_filters_by_name_and_by_meaning(palette, qtbot):
    qtbot.keyClicks(palette.search, "winner take")

    assert palette.visible_names() == ["KWTA"]


def test_an_empty_result_says_how_to_clear_the_search(palette, qtbot):
    qtbot.keyClicks(palette.search, "zzz")

    assert palette.empty.isVisible()
    assert "zzz" in palette.empty.text()
    assert "Escape" in palette.empty.text()

    qtbot.keyClick(palette.search, Qt.Key.Key_Escape)

    assert palette.tree.isVisible()
    assert "LIF" in palette.visible_names()


def test_enter_in_the_search_adds_the_best_match(palette, qtbot):
    qtbot.keyClicks(palette.search, "lif")

    with qtbot.waitSignal(palette.activated) as added:
        qtbot.keyClick(palette.search, Qt.Key.Key_Return)

    assert added.args == ["behavior", "LIF"]


def test_a_double_click_adds_the_entry(palette, qtbot):
    tree, item = palette.tree, palette.item("NeuronGroup")
    place = tree.visualItemRect(item).center()

    with qtbot.waitSignal(palette.activated) as added:
        qtbot.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
        qtbot.mouseDClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=place)

    assert added.args == ["node", "NeuronGroup"]


@pytest.mark.parametrize(
    ("name", "entry"), [("NeuronGroup", "node"), ("LIF", "behavior"), ("minimal", "example")]
)
def test_a_drag_carries_what_the_canvas_understands(palette, name, entry):
    data = palette.tree.mimeData([palette.item(name)])

    text = bytes(data.data("application/x-conex-palette").data())
    assert json.loads(text) == {"entry": entry, "name": name}


def test_control_f_gives_the_keyboard_to_the_search(palette, qtbot):
    palette.tree.setFocus()

    qtbot.keyClick(palette.tree, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)

    assert palette.search.hasFocus()


def test_a_behavior_explains_itself_on_hover(palette):
    tip = palette.item("LIF").toolTip(0)

    assert "leak towards rest" in tip
    assert "τ dv / dt" in tip
    assert "Gerstner" in tip
    assert "needs" in palette.item("Fire").toolTip(0)


def test_a_click_on_a_section_folds_it(palette, qtbot):
    tree = palette.tree
    head = tree.topLevelItem(0)

    qtbot.mouseClick(
        tree.viewport(), Qt.MouseButton.LeftButton, pos=tree.visualItemRect(head).center()
    )

    assert not head.isExpanded()
