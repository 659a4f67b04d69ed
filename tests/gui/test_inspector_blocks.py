import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu

from conex_app.document import ProjectDocument
from conex_app.panels import Inspector
from conex_app.panels.block_slots import KINDS_OF_BLOCKS
from conex_core.catalog import load
from conex_core.graph import edits
from conex_core.graph.blocks import BLOCK_KINDS, instances_of, port_nodes, signal_of
from conex_core.graph.flatten import flatten
from conex_core.graph.problems import Problem
from conex_core.graph.state import BlockStamp, Document, Link, Target

LEFT = Qt.MouseButton.LeftButton
TAU = Target("exc", "excLIF", "tau")


def project():
    """Return a layer of two groups in three copies, two of them inside a column."""
    catalog, document = load(), Document()
    for node_id, name in (("exc", "Exc"), ("inh", "Inh"), ("out", "Readout")):
        document = edits.add_node(document, "NeuronGroup", name=name, node_id=node_id)
        for kind in ("LIF", "InherentNoise"):
            document = edits.add_behavior(
                document, node_id, kind, catalog=catalog, item_id=f"{node_id}{kind}"
            )
    document = edits.add_node(document, "SynapseGroup", name="Syn", node_id="syn")
    document = edits.add_link(document, Link("exc", "spikes", "syn", "source"))
    document = edits.add_link(document, Link("syn", "target", "out", "synapses"))
    document = edits.group(
        document, ["exc", "inh"], name="Layer", node_id="L1", definition_id="layer"
    )
    document = edits.promote(document, ["layer"], TAU, catalog=catalog, promoted_id="p")
    document = edits.add_instance(document, "layer", node_id="L2")
    document = edits.add_instance(document, "layer", node_id="L3")
    return edits.group(document, ["L2", "L3"], name="Column", node_id="C", definition_id="column")


@pytest.fixture
def document():
    return ProjectDocument(project())


@pytest.fixture
def inspector(qtbot, document):
    widget = Inspector(document, load())
    document.setParent(widget)
    qtbot.addWidget(widget)
    widget.resize(320, 900)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


@pytest.fixture
def copy(inspector):
    inspector.set_selection(["L1"])
    return inspector.page


@pytest.fixture
def block(inspector, document):
    document.go(("L1",))
    return inspector.page


@pytest.fixture
def deep(inspector, document):
    document.go(("C", "L2"))
    inspector.set_selection(["exc"])
    return inspector.page


def type_over(qtbot, edit, text, key=Qt.Key.Key_Return):
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClicks(edit, text)
    qtbot.keyClick(edit, key)


def type_into(qtbot, row, text):
    type_over(qtbot, row.field.focus_target(), text)


def words(menu):
    return [action.text() for action in menu.actions() if not action.isSeparator()]


def pick(menu, text):
    next(action for action in menu.actions() if action.text() == text).trigger()


def values(document, node_id="L1"):
    return document.whole.network.node(node_id).params


def face(document, definition_id="layer"):
    return document.whole.definition(definition_id).promoted


def texts(page):
    return [label.text() for label in page.findChildren(type(page.title.kind))]


# ---- a copy of a block


def test_a_copy_says_what_it_is_of_and_how_many_there_are(copy):
    assert copy.title.name.edit.text() == "Layer"
    assert copy.title.kind.text() == "Layer · Container"
    assert copy.about.text() == "One of 3 copies: a change inside changes all of them."


def test_a_copy_is_renamed_and_its_block_keeps_its_name(copy, document, qtbot):
    type_over(qtbot, copy.title.name.edit, "Front")

    assert document.whole.network.node("L1").name == "Front"
    assert document.whole.definition("layer").name == "Layer"


def test_typing_a_value_sets_it_in_this_copy_only_and_undo_takes_it_back(copy, document, qtbot):
    row = copy.row(None, "p")

    type_into(qtbot, row, "25")

    assert values(document) == {"p": 25}
    assert document.whole.definition("layer").node("exc").item("excLIF").params == {}
    assert row.is_changed
    assert document.stack.undoText() == "Change tau of Layer"

    document.stack.undo()

    assert values(document) == {}
    assert not row.is_changed
    assert row.field.focus_target().text() == "10"


def test_the_reset_arrow_brings_back_the_value_in_the_block(copy, document, qtbot):
    row = copy.row(None, "p")
    type_into(qtbot, row, "25")

    qtbot.mouseClick(row.reset, LEFT)

    assert values(document) == {}
    assert row.field.focus_target().text() == "10"
    assert row.reset.toolTip() == "Reset tau to the value in the block"


def test_a_value_like_the_one_inside_still_counts_as_set(copy, document, qtbot):
    row = copy.row(None, "p")
    type_into(qtbot, row, "25")

    type_into(qtbot, row, "10")

    assert values(document) == {"p": 10}
    assert row.is_changed


def test_arrow_keys_on_a_copy_make_one_undo_step(copy, document, qtbot):
    edit = copy.row(None, "p").field.focus_target()
    edit.setFocus()

    for _ in range(3):
        qtbot.keyClick(edit, Qt.Key.Key_Up)

    assert values(document) == {"p": 13}
    assert document.stack.count() == 1


def test_what_is_shown_follows_a_change_inside(copy, inspector, document):
    new = edits.within(
        document.whole,
        "layer",
        lambda doc: edits.set_behavior_param(doc, "exc", "excLIF", "tau", 30.0),
    )

    document.edit_whole("tau", new)

    assert inspector.page.row(None, "p").field.focus_target().text() == "30"
    assert not inspector.page.row(None, "p").is_changed


def test_the_bounds_of_the_face_hold_in_a_copy(document, inspector, qtbot):
    new = edits.set_promoted(document.whole, "layer", "p", high=20.0, help="Decay.")
    document.edit_whole("bound", new)
    inspector.set_selection(["L1"])
    row = inspector.page.row(None, "p")

    type_into(qtbot, row, "25")

    assert values(document) == {}
    assert "at most 20 ms" in row.reason.text()
    assert "Decay." in row.toolTip()


def test_readers_hear_the_names_of_the_face(copy):
    target = copy.row(None, "p").field.focus_target()

    assert target.accessibleName() == "tau, ms"


def test_a_live_parameter_on_the_face_carries_the_bolt(copy, inspector):
    inspector.set_running(True)

    assert copy.row(None, "p").is_live


def test_enter_shows_the_block(copy, inspector, document, qtbot):
    qtbot.mouseClick(copy.enter_button, LEFT)

    assert document.level == ("L1",)
    assert inspector.title() == "Layer"
    assert inspector.page.face is not None


def test_make_unique_leaves_the_others_and_undo_joins_them_again(copy, inspector, document, qtbot):
    qtbot.mouseClick(copy.unique_button, LEFT)

    assert len(instances_of(document.whole, "layer")) == 2
    assert inspector.page.title.kind.text() == "Layer 2 · Container"
    assert inspector.page.about.text() == "The only copy of this block."
    assert not inspector.page.unique_button.isEnabled()

    document.stack.undo()

    assert inspector.page.about.text().startswith("One of 3 copies")


def test_several_copies_take_one_edit(inspector, document, qtbot):
    document.go(("C",))
    inspector.set_selection(["L2", "L3"])
    row = inspector.page.row(None, "p")

    type_into(qtbot, row, "15")

    column = document.whole.definition("column")
    assert [column.node(key).params for key in ("L2", "L3")] == [{"p": 15}, {"p": 15}]
    assert document.stack.count() == 1


def test_a_missing_block_is_told_with_a_way_to_mend_it(inspector, document):
    from dataclasses import replace

    kept = {key: item for key, item in document.whole.definitions.items() if key != "layer"}
    document.edit_whole("lose", replace(document.whole, definitions=kept))
    inspector.set_selection(["L1"])

    assert any("Insert the block from the library again" in text for text in texts(inspector.page))

    document.stack.undo()

    assert inspector.page.row(None, "p") is not None


# ---- the face of a block, from inside


def test_the_menu_of_a_row_puts_its_parameter_on_the_face(block, inspector, document):
    inspector.set_selection(["inh"])
    row = inspector.page.row(None, "size")
    assert row.mark is None

    pick(inspector.page.face_menu(row), "Show on the face of Layer")

    assert [one.name for one in face(document)] == ["tau", "size"]
    assert row.mark.isVisible()
    assert row.mark.toolTip() == "Shown on the face of Layer as size"
    assert document.stack.undoText() == "Show size on Layer"

    document.stack.undo()

    assert [one.name for one in face(document)] == ["tau"]
    assert not row.mark.isVisible()


@pytest.mark.parametrize(("item", "name"), [(None, "size"), ("inhLIF", "v_rest")])
def test_a_right_click_on_a_field_opens_that_menu_and_that_of_the_text(
    block, inspector, item, name
):
    inspector.set_selection(["inh"])
    edit = inspector.page.row(item, name).field.focus_target()
    place = QPoint(4, 4)

    reason = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(edit, QContextMenuEvent(reason, place, edit.mapToGlobal(place)))

    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert words(menu)[0] == "Show on the face of Layer"
    assert len(words(menu)) > 3
    menu.close()


def test_the_mark_appears_under_the_mouse_and_opens_the_menu(block, inspector, qtbot):
    inspector.set_selection(["inh"])
    row = inspector.page.row(None, "size")

    qtbot.mouseMove(row, QPoint(40, 12))
    row.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    row.refresh(inspector.desk.document.state)

    assert row.mark.isVisible()
    assert row.mark.toolTip() == "Show on the face of Layer…"

    qtbot.mouseClick(row.mark, LEFT)

    menu = QApplication.activePopupWidget()
    assert words(menu)[0] == "Show on the face of Layer"
    menu.close()


def test_outside_of_blocks_no_face_is_offered(inspector):
    inspector.set_selection(["out"])
    row = inspector.page.row("outLIF", "tau")

    assert not row.can_be_shown


def test_the_user_chooses_how_far_up(deep, document):
    row = deep.row("excLIF", "R")

    assert words(deep.face_menu(row))[:2] == [
        "Show on the face of Layer",
        "Show on the faces of Layer and Column",
    ]

    pick(deep.face_menu(row), "Show on the faces of Layer and Column")

    shown = face(document)[-1]
    assert shown.targets == (Target("exc", "excLIF", "R"),)
    assert face(document, "column")[-1].targets == (Target("L2", None, shown.id),)


def test_what_is_on_one_face_can_go_on_the_next(deep, document):
    row = deep.row("excLIF", "tau")

    assert words(deep.face_menu(row))[0] == "Show on the face of Column"

    pick(deep.face_menu(row), "Show on the face of Column")

    assert face(document, "column")[0].targets == (Target("L2", None, "p"),)
    assert [one.id for one in face(document)] == ["p"]


def test_several_parameters_follow_one_value_and_stay_in_step(deep, inspector, document, qtbot):
    type_into(qtbot, deep.row("excLIF", "tau"), "12")
    inspector.set_selection(["inh"])
    row = inspector.page.row("inhLIF", "tau")

    pick(inspector.page.face_menu(row), "Follow “tau” of Layer")

    layer = document.whole.definition("layer")
    assert layer.promoted[0].targets == (TAU, Target("inh", "inhLIF", "tau"))
    assert layer.node("inh").item("inhLIF").params == {"tau": 12}

    type_into(qtbot, row, "14")

    layer = document.whole.definition("layer")
    assert layer.node("exc").item("excLIF").params == {"tau": 14}

    document.stack.undo()
    document.stack.undo()

    layer = document.whole.definition("layer")
    assert layer.promoted[0].targets == (TAU,)
    assert layer.node("inh").item("inhLIF").params == {}


def test_only_like_parameters_may_follow(deep):
    menu = deep.face_menu(deep.row("excLIF", "R"))

    assert "Follow “tau” of Layer" not in words(menu)


def test_a_parameter_stops_following(deep, inspector, document):
    inspector.set_selection(["inh"])
    row = inspector.page.row("inhLIF", "tau")
    pick(inspector.page.face_menu(row), "Follow “tau” of Layer")

    pick(inspector.page.face_menu(row), "Stop following “tau” of Layer")

    assert face(document)[0].targets == (TAU,)


def test_taking_a_parameter_off_the_face_says_which_values_go(deep, document):
    new = edits.set_param(document.whole, "L1", "p", 25.0)
    document.edit_whole("set", new)
    row = deep.row("excLIF", "tau")

    pick(deep.face_menu(row), "Take off the face of Layer (1 value set by copies goes too)")

    assert face(document) == ()
    assert values(document) == {}

    document.stack.undo()

    assert values(document) == {"p": 25}


def test_what_goes_off_a_face_goes_off_the_faces_around_it(deep, document):
    row = deep.row("excLIF", "tau")
    pick(deep.face_menu(row), "Show on the face of Column")
    outer = face(document, "column")[0].id
    document.edit_whole("set", edits.set_param(document.whole, "C", outer, 25.0))

    pick(deep.face_menu(row), "Take off the face of Layer")

    assert face(document, "column") == ()
    assert values(document, "C") == {}


# ---- the page of a block


def test_without_a_selection_the_block_is_shown(block):
    assert block.title.name.edit.text() == "Layer"
    assert block.title.kind.text() == "Block · 3 copies"
    assert block.about.text() == "What you change here changes all 3 copies."
    assert block.row(None, "dt") is None


def test_the_block_says_where_it_came_from(document, inspector):
    stamp = BlockStamp("conex.layer", 4)
    new = edits.set_definition(document.whole, "layer", block=stamp)
    document.edit_whole("stamp", new)

    document.go(("L1",))

    assert "From the library, version 4." in inspector.page.about.text()


def test_renaming_the_block_is_one_step(block, document, qtbot):
    type_over(qtbot, block.title.name.edit, "Sheet")

    assert document.whole.definition("layer").name == "Sheet"

    document.stack.undo()

    assert block.title.name.edit.text() == "Layer"


def test_a_block_may_not_have_the_name_of_another(block, document, qtbot):
    type_over(qtbot, block.title.name.edit, "Column")

    assert document.whole.definition("layer").name == "Layer"
    assert block.title.reason.isVisible()


def test_every_kind_of_block_is_offered_and_explained(block, document):
    row = block.row(None, "kind")
    assert set(KINDS_OF_BLOCKS) == set(BLOCK_KINDS)

    row.field.combo.activated.emit(row.field.options.index("Cortical layer"))

    assert document.whole.definition("layer").kind == "CorticalLayer"
    assert block.meaning.text() == KINDS_OF_BLOCKS["CorticalLayer"][1]

    document.stack.undo()

    assert row.field.combo.currentText() == "Container"


def test_what_a_kind_misses_stands_beside_it(block, inspector):
    problem = Problem("error", "Layer is a layer, but ...", code="kind", definition="layer")

    inspector.set_problems([problem])

    assert block.row(None, "kind").reason.text() == problem.message

    inspector.set_problems([])

    assert not block.row(None, "kind").reason.isVisible()


def test_tags_are_typed_with_commas(block, document, qtbot):
    type_into(qtbot, block.row(None, "tags"), "cortex,  two words, cortex,")

    assert document.whole.definition("layer").tags == ("cortex", "two words")


def test_a_parameter_of_the_face_is_renamed_and_values_stay(block, document, qtbot):
    document.edit_whole("set", edits.set_param(document.whole, "L1", "p", 25.0))

    type_over(qtbot, block.face.lines["p"].name.edit, "decay")

    assert face(document)[0].name == "decay"
    assert values(document) == {"p": 25}

    document.stack.undo()

    assert block.face.lines["p"].name.edit.text() == "tau"


def test_help_and_bounds_of_the_face_are_typed(block, document, qtbot):
    line = block.face.lines["p"]
    qtbot.mouseClick(line.arrow, LEFT)

    type_into(qtbot, line.rows.rows["help"], "How fast the cells forget")
    type_into(qtbot, line.rows.rows["low"], "5")
    type_into(qtbot, line.rows.rows["high"], "30")

    one = face(document)[0]
    assert (one.help, one.low, one.high) == ("How fast the cells forget", 5, 30)
    assert document.stack.count() == 3

    qtbot.mouseClick(line.rows.rows["low"].reset, LEFT)

    assert face(document)[0].low is None


def test_tab_goes_through_the_face_in_the_order_that_is_seen(block, document, qtbot):
    target = Target("inh", None, "size")
    new = edits.promote(document.whole, ["layer"], target, catalog=load(), promoted_id="q")
    document.edit_whole("promote", new)
    line, below = block.face.lines["p"], block.face.lines["q"]
    qtbot.mouseClick(line.arrow, LEFT)
    qtbot.waitUntil(below.isVisible)
    line.remove.setFocus()

    seen = []
    for _ in range(4):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        seen.append(QApplication.focusWidget().accessibleName())

    assert seen == ["help", "low, ms", "high, ms", "Show help and bounds"]


def test_bounds_that_cross_are_refused(block, document, qtbot):
    line = block.face.lines["p"]
    qtbot.mouseClick(line.arrow, LEFT)
    type_into(qtbot, line.rows.rows["low"], "5")

    type_into(qtbot, line.rows.rows["high"], "3")

    assert face(document)[0].high is None
    assert "at least 5" in line.rows.rows["high"].reason.text()


def test_the_face_is_reordered_by_button_and_by_key(block, document, qtbot):
    target = Target("inh", None, "size")
    new = edits.promote(document.whole, ["layer"], target, catalog=load(), promoted_id="q")
    document.edit_whole("promote", new)

    qtbot.mouseClick(block.face.lines["q"].up, LEFT)

    assert [one.id for one in face(document)] == ["q", "p"]

    edit = block.face.lines["q"].name.edit
    edit.setFocus()
    qtbot.keyClick(edit, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)

    assert [one.id for one in face(document)] == ["p", "q"]


def test_a_parameter_is_taken_off_and_undo_brings_it_back(block, document, qtbot):
    qtbot.mouseClick(block.face.lines["p"].remove, LEFT)

    assert face(document) == ()
    assert block.face.empty.isVisible()

    document.stack.undo()

    assert list(block.face.lines) == ["p"]


# ---- ports


def port_names(document, kind):
    return [node.name for node in port_nodes(document.whole.definition("layer"), kind)]


def the_port(document):
    return port_nodes(document.whole.definition("layer"), "OutputPort")[0]


def test_a_port_is_renamed_from_outside_and_its_wires_stay(copy, document, qtbot):
    before = document.whole.network.links

    type_over(qtbot, copy.ports.line(the_port(document).id).name.edit, "spikes out")

    assert port_names(document, "OutputPort") == ["spikes out"]
    assert document.whole.network.links == before


def test_a_port_is_added_for_a_signal_and_named_at_once(copy, document, qtbot):
    menu = copy.ports.menu_of("InputPort")

    pick(menu, "Synapses")
    edit = QApplication.focusWidget()
    qtbot.keyClicks(edit, "afferents")
    qtbot.keyClick(edit, Qt.Key.Key_Return)

    (port,) = port_nodes(document.whole.definition("layer"), "InputPort")
    assert (port.name, signal_of(port)) == ("afferents", "synapses")

    document.stack.undo()
    document.stack.undo()

    assert port_names(document, "InputPort") == []


def test_ports_are_reordered(block, document, qtbot):
    block.ports.add("OutputPort", "spikes")
    new = port_nodes(document.whole.definition("layer"), "OutputPort")[1]

    qtbot.mouseClick(block.ports.line(new.id).up, LEFT)

    assert port_names(document, "OutputPort") == ["out", "Exc"]
    order = [line.name.edit.text() for line in lines_in_order(block.ports.boxes["OutputPort"])]
    assert order == ["out", "Exc"]


def lines_in_order(box):
    return [box.itemAt(index).widget() for index in range(box.count())]


def test_removing_a_port_says_how_many_wires_outside_go(copy, inspector, document, qtbot):
    told, port = [], the_port(document)
    inspector.told.connect(told.append)
    remove = copy.ports.line(port.id).remove
    assert remove.toolTip() == "Remove port Exc and 1 wire outside"

    qtbot.mouseClick(remove, LEFT)

    assert port_names(document, "OutputPort") == []
    assert len(document.whole.network.links) == 1
    assert told == ["Removed port Exc and 1 wire outside."]

    document.stack.undo()

    assert len(document.whole.network.links) == 2


def test_a_port_node_tells_its_wires_and_keeps_its_signal_while_they_are_drawn(
    block, inspector, document
):
    inspector.set_selection([the_port(document).id])
    page = inspector.page

    assert page.wires.text() == "Inside: Exc\nOutside: Syn at Layer"
    assert not page.row(None, "signal").field.isEnabled()
    assert "2 wires are drawn" in page.reason.text()


def test_the_signal_of_a_port_without_wires_can_be_chosen(block, inspector, document):
    block.ports.add("InputPort", "spikes")
    (port,) = port_nodes(document.whole.definition("layer"), "InputPort")
    inspector.set_selection([port.id])
    row = inspector.page.row(None, "signal")

    row.field.combo.activated.emit(2)

    assert signal_of(document.whole.definition("layer").node(port.id)) == "behaviors"
    assert not row.can_be_shown or not row.slot.targets


# ---- levels


def test_a_plot_of_a_group_inside_shows_this_copy(deep, inspector, document, qtbot):
    qtbot.mouseClick(deep.monitors.buttons["raster"], LEFT)

    (monitor,) = document.whole.monitors
    built = flatten(document.whole).document.network
    assert [built.node(target).name for target in monitor.targets] == ["Layer 2 / Exc"]
    assert deep.monitors.list.count() == 1

    document.go(("L1",))
    inspector.set_selection(["exc"])

    assert inspector.page.monitors.list.count() == 0


def test_a_plot_of_a_block_shows_all_its_groups(copy, document, qtbot):
    qtbot.mouseClick(copy.monitors.buttons["raster"], LEFT)

    (monitor,) = flatten(document.whole).document.monitors
    assert len(monitor.targets) == 2


def test_leaving_a_block_shows_the_network_again(block, inspector, document):
    document.leave()

    assert inspector.title() == "Network"
    assert inspector.page.row(None, "dt") is not None


def test_problems_of_another_drawing_are_not_shown_here(deep, inspector):
    here = Problem("warning", "odd", "exc", "excLIF", "tau", definition="layer")
    elsewhere = Problem("warning", "even", "exc", "excLIF", "R", definition="column")

    inspector.set_problems([here, elsewhere])

    assert deep.row("excLIF", "tau").reason.text() == "odd"
    assert deep.row("excLIF", "R").reason is None
