import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from conex_app.document import ProjectDocument
from conex_app.panels import Inspector
from conex_core.catalog import load
from conex_core.distributions import Choice, Normal, Uniform
from conex_core.graph import edits
from conex_core.graph.problems import Problem
from conex_core.graph.state import Document, Link

LEFT = Qt.MouseButton.LeftButton


def project():
    catalog, document = load(), Document()
    for node_id, name in (("exc", "Exc"), ("inh", "Inh")):
        document = edits.add_node(document, "NeuronGroup", name=name, node_id=node_id)
        for kind in ("LIF", "InherentNoise", "Fire"):
            document = edits.add_behavior(
                document, node_id, kind, catalog=catalog, item_id=f"{node_id}{kind}"
            )
    return document


@pytest.fixture
def document():
    return ProjectDocument(project())


@pytest.fixture
def inspector(qtbot, document):
    widget = Inspector(document, load())
    document.setParent(widget)
    qtbot.addWidget(widget)
    widget.resize(320, 800)
    widget.show()
    qtbot.waitExposed(widget)
    widget.set_selection(["exc"])
    return widget


@pytest.fixture
def tau(inspector):
    return inspector.page.row("excLIF", "tau")


def params(document, node_id="exc", item_id="excLIF"):
    return document.state.network.node(node_id).item(item_id).params


def kinds(document, node_id="exc"):
    return [item.kind for item in document.state.network.node(node_id).stack]


def type_into(qtbot, row, text, key=Qt.Key.Key_Return):
    row.focus_field()
    edit = row.field.focus_target()
    qtbot.keyClicks(edit, text)
    qtbot.keyClick(edit, key)
    return edit


def test_typing_a_value_changes_the_document_and_undo_is_shown(inspector, document, tau, qtbot):
    edit = type_into(qtbot, tau, "25")

    assert params(document)["tau"] == 25
    assert tau.is_changed
    assert document.stack.undoText() == "Change tau of LIF"

    document.stack.undo()

    assert "tau" not in params(document)
    assert edit.text() == "10"
    assert not tau.is_changed


def test_a_wrong_value_keeps_the_text_says_why_and_changes_nothing(document, tau, qtbot):
    before = document.state

    edit = type_into(qtbot, tau, "-5")

    assert document.state is before
    assert edit.text() == "-5"
    assert edit.property("invalid") is True
    assert tau.reason.text() == "Must be above 0 ms. 10 ms is usual."


def test_the_reason_goes_as_soon_as_the_text_is_good(tau, qtbot):
    edit = type_into(qtbot, tau, "-5")

    edit.selectAll()
    qtbot.keyClicks(edit, "5")

    assert not tau.reason.isVisible()
    assert edit.property("invalid") is False


def test_escape_restores_the_value(document, tau, qtbot):
    edit = type_into(qtbot, tau, "abc")

    qtbot.keyClick(edit, Qt.Key.Key_Escape)

    assert edit.text() == "10"
    assert not tau.field.is_invalid


def test_leaving_a_field_commits_it(inspector, document, tau, qtbot):
    type_into(qtbot, tau, "30", key=Qt.Key.Key_Tab)

    assert params(document)["tau"] == 30


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-3", 0.001),
        ("1 000", 1000),
        ("1,000", 1000),
        ("0,5", 0.5),
        ("12.5 ms", 12.5),
        ("2e3", 2000),
    ],
)
def test_numbers_are_read_as_people_write_them(document, tau, qtbot, text, value):
    type_into(qtbot, tau, text)

    assert params(document)["tau"] == value


@pytest.mark.parametrize("text", ["nan", "inf", "1.2.3", "", "__import__('os')", "1/0"])
def test_what_is_no_number_is_refused(document, tau, qtbot, text):
    before = document.state
    tau.focus_field()
    qtbot.keyClick(tau.field.focus_target(), Qt.Key.Key_Backspace)

    qtbot.keyClicks(tau.field.focus_target(), text)
    qtbot.keyClick(tau.field.focus_target(), Qt.Key.Key_Return)

    assert document.state is before
    assert tau.field.focus_target().text() == text
    assert tau.reason.isVisible()


def test_arrow_keys_step_and_make_one_undo_step(document, tau, qtbot):
    tau.focus_field()

    for _ in range(3):
        qtbot.keyClick(tau.field.focus_target(), Qt.Key.Key_Up)

    assert params(document)["tau"] == 13
    assert document.stack.count() == 1


def test_the_reset_arrow_brings_the_default_back(document, tau, qtbot):
    type_into(qtbot, tau, "25")

    qtbot.mouseClick(tau.reset, LEFT)

    assert "tau" not in params(document)
    assert not tau.reset.isVisible()


def test_the_wheel_changes_nothing(inspector, document, qtbot):
    before = document.state
    combo = inspector.page.row(None, "polarity").field.combo

    for target in (combo, inspector.page.row("excLIF", "tau").field.focus_target()):
        turn_wheel(target)

    assert document.state is before


def turn_wheel(target):
    place, down = QPointF(4, 4), QPoint(0, -120)
    none = Qt.KeyboardModifier.NoModifier
    event = QWheelEvent(
        place, place, down, down, Qt.MouseButton.NoButton, none, Qt.ScrollPhase.NoScrollPhase, False
    )
    QApplication.sendEvent(target, event)


def test_typing_survives_changes_elsewhere(inspector, document, tau, qtbot):
    tau.focus_field()
    edit = tau.field.focus_target()
    qtbot.keyClicks(edit, "77")

    document.edit("Rename", edits.rename(document.state, "inh", "Other"))
    document.edit("R", edits.set_behavior_param(document.state, "exc", "excLIF", "R", 2.0))

    assert edit.text() == "77"
    assert edit.hasFocus()
    assert inspector.page.row("excLIF", "R").field.focus_target().text() == "2"


def test_a_node_can_be_renamed_but_not_to_a_taken_name(inspector, document, qtbot):
    title = inspector.page.title
    title.name.edit.selectAll()
    qtbot.keyClicks(title.name.edit, "Inh")
    qtbot.keyClick(title.name.edit, Qt.Key.Key_Return)

    assert document.state.network.node("exc").name == "Exc"
    assert "“Inh”" in title.reason.text()
    assert title.reason.isVisible()

    title.name.edit.selectAll()
    qtbot.keyClicks(title.name.edit, "Pyramidal")
    qtbot.keyClick(title.name.edit, Qt.Key.Key_Return)

    assert document.state.network.node("exc").name == "Pyramidal"
    assert inspector.title() == "Pyramidal"
    assert not title.reason.isVisible()


def test_a_choice_is_one_edit(inspector, document, qtbot):
    row = inspector.page.row(None, "polarity")
    row.field.combo.setFocus()

    qtbot.keyClick(row.field.combo, Qt.Key.Key_Down)
    row.field.combo.activated.emit(1)

    assert document.state.network.node("exc").params["polarity"] == "inhibitory"


@pytest.mark.parametrize(
    ("text", "value"), [("250", 250), ("1 x 8 x 8", (1, 8, 8)), ("2×4×4", (2, 4, 4))]
)
def test_a_size_is_a_number_or_three(inspector, document, qtbot, text, value):
    type_into(qtbot, inspector.page.row(None, "size"), text)

    assert document.state.network.node("exc").params["size"] == value


def test_a_distribution_is_picked_and_its_numbers_edited(inspector, document, tau, qtbot):
    qtbot.mouseClick(tau.field.picker, LEFT)
    menu = tau.field.menu
    names = [action.text() for action in menu.actions()]
    menu.close()

    menu.actions()[names.index("Normal")].trigger()

    assert params(document)["tau"] == Normal(10.0, 1.0)
    assert max(tau.field.histogram.heights) == 1

    std = tau.field.parts["std"].edit
    std.setFocus()
    std.selectAll()
    qtbot.keyClicks(std, "2")
    qtbot.keyClick(std, Qt.Key.Key_Return)

    assert params(document)["tau"] == Normal(10.0, 2.0)


def test_a_distribution_beyond_the_bounds_is_refused(inspector, document, tau, qtbot):
    tau.field.choose(Uniform)
    low = tau.field.parts["low"].edit
    low.setFocus()
    low.selectAll()

    qtbot.keyClicks(low, "-1")
    qtbot.keyClick(low, Qt.Key.Key_Return)

    assert params(document)["tau"] == Uniform(9.0, 11.0)
    assert low.text() == "-1"
    assert "above 0 ms" in tau.reason.text()


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("8, 12, 20", Choice((8.0, 12.0, 20.0))),
        ("8: 0.9, 12: 0.1", Choice((8.0, 12.0), (0.9, 0.1))),
    ],
)
def test_a_choice_of_values_is_typed(document, tau, qtbot, text, choice):
    tau.field.choose(Choice)
    values = tau.field.parts["values"].edit
    values.setFocus()
    values.selectAll()

    qtbot.keyClicks(values, text)
    qtbot.keyClick(values, Qt.Key.Key_Return)

    assert params(document)["tau"] == choice
    assert tau.field.parts["values"].edit.text() == text


@pytest.mark.parametrize(
    ("text", "reason"), [("8, many", "numbers"), ("8: 1, 9", "numbers"), ("-8, 8", "above 0 ms")]
)
def test_a_choice_that_cannot_be_is_refused(document, tau, qtbot, text, reason):
    tau.field.choose(Choice)
    values = tau.field.parts["values"].edit
    values.setFocus()
    values.selectAll()

    qtbot.keyClicks(values, text)
    qtbot.keyClick(values, Qt.Key.Key_Return)

    assert params(document)["tau"] == Choice((9.0, 11.0))
    assert values.text() == text
    assert reason in tau.reason.text()


def test_a_file_is_stored_by_name_and_hash(document, tau, tmp_path):
    file = tmp_path / "tau.npy"
    file.write_bytes(b"numbers")
    document.path = tmp_path / "project.conex"

    tau.field.take_file(file)

    stored = params(document)["tau"]
    assert stored.path == "tau.npy"
    assert len(stored.sha256) == 64


def test_live_parameters_carry_a_bolt_only_while_running(inspector, tau):
    inspector.set_running(True)

    assert tau.is_live
    assert not inspector.page.row("excLIF", "init_v").is_live

    inspector.set_running(False)

    assert not tau.is_live


def test_search_adds_a_behavior_with_what_is_missing_first(inspector, document, qtbot):
    catalog = load()
    state = edits.add_node(document.state, "SynapseGroup", name="Syn", node_id="syn")
    state = edits.add_behavior(state, "syn", "PreSpikeCatcher", catalog=catalog)
    document.edit("Wire", edits.add_link(state, Link("exc", "spikes", "syn", "source")))

    qtbot.mouseClick(inspector.page.stack.add_button, LEFT)
    popup = inspector.page.stack.popup

    assert popup.names()[0] == "NeuronAxon"
    assert popup.offers[0].reason == "PreSpikeCatcher of Syn needs an axon: add NeuronAxon"

    qtbot.keyClicks(popup.search, "kwta")
    qtbot.keyClick(popup.search, Qt.Key.Key_Return)

    assert kinds(document) == ["LIF", "InherentNoise", "KWTA", "Fire"]
    assert inspector.page.stack.popup is None


def test_delete_removes_a_behavior_and_undo_brings_it_back(inspector, document, qtbot):
    header = inspector.page.stack.rows["excInherentNoise"].header
    header.setFocus()

    qtbot.keyClick(header, Qt.Key.Key_Delete)

    assert kinds(document) == ["LIF", "Fire"]

    document.stack.undo()

    assert list(inspector.page.stack.rows) == ["excLIF", "excFire", "excInherentNoise"]
    order = [row.entry.item.kind for row in rows_in_order(inspector)]
    assert order == ["LIF", "InherentNoise", "Fire"]


def rows_in_order(inspector):
    column = inspector.page.stack.list
    return [column.itemAt(index).widget() for index in range(column.count())]


def test_a_click_on_the_box_switches_a_behavior_off(inspector, document, qtbot):
    header = inspector.page.stack.rows["excFire"].header

    qtbot.mouseClick(header.check, LEFT)

    assert not document.state.network.node("exc").item("excFire").enabled
    assert document.stack.undoText() == "Switch off Fire"


def test_a_click_opens_a_behavior_and_it_stays_open_for_the_next_visit(inspector, qtbot):
    header = inspector.page.stack.rows["excInherentNoise"].header
    qtbot.mouseClick(header, LEFT)
    assert inspector.page.stack.rows["excInherentNoise"].is_open

    inspector.set_selection(["inh"])
    inspector.set_selection(["exc"])

    assert inspector.page.stack.rows["excInherentNoise"].is_open


def test_the_menu_duplicates_a_behavior_right_after_it(inspector, document):
    menu = inspector.page.stack.menu_of("excInherentNoise")

    next(action for action in menu.actions() if action.text() == "Duplicate").trigger()

    assert kinds(document) == ["LIF", "InherentNoise", "InherentNoise", "Fire"]


def test_the_mouse_reorders_within_a_priority_only(inspector, document, qtbot):
    stack = inspector.page.stack
    stack.duplicate("excInherentNoise")
    QApplication.processEvents()
    copy = rows_in_order(inspector)[2]
    first, second = "excInherentNoise", copy.entry.item.id
    header = stack.rows[first].header

    drag(qtbot, header, QPoint(80, 20), QPoint(80, 400))

    ids = [item.id for item in document.state.network.node("exc").stack]
    assert ids == ["excLIF", second, first, "excFire"]
    assert [row.entry.item.id for row in rows_in_order(inspector)] == ids


def drag(qtbot, widget, start, end):
    qtbot.mousePress(widget, LEFT, pos=start)
    for step in range(1, 6):
        qtbot.mouseMove(widget, start + (end - start) * step / 5)
    qtbot.mouseRelease(widget, LEFT, pos=end)


def test_alt_and_an_arrow_reorder_by_keyboard(inspector, document, qtbot):
    inspector.page.stack.duplicate("excInherentNoise")
    header = inspector.page.stack.rows["excInherentNoise"].header
    header.setFocus()

    qtbot.keyClick(header, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)

    assert [item.id for item in document.state.network.node("exc").stack][2] == "excInherentNoise"


def test_behaviors_of_a_wired_stack_are_shown_but_not_changed_here(inspector, document, qtbot):
    state = edits.add_node(document.state, "BehaviorStack", name="Shared", node_id="st")
    state = edits.add_behavior(state, "st", "KWTA", catalog=load(), item_id="k")
    document.edit("Wire", edits.add_link(state, Link("st", "behaviors", "exc", "behaviors")))
    row = inspector.page.stack.rows["st/k"]

    row.header.setFocus()
    qtbot.keyClick(row.header, Qt.Key.Key_Delete)

    assert row.entry.summary.startswith("from Shared")
    assert not row.header.check.isVisible()
    assert document.state.network.node("st").item("k").kind == "KWTA"


def test_several_nodes_show_mixed_values_and_take_one_edit_for_all(inspector, document, qtbot):
    one = edits.set_behavior_param(document.state, "exc", "excLIF", "tau", 25.0)
    document.edit("tau", one)
    inspector.set_selection(["exc", "inh"])
    row = next(r for _, r in inspector.page.all_rows() if r.slot.parameter.name == "tau")
    edit = row.field.focus_target()

    assert edit.text() == ""
    assert edit.placeholderText() == "mixed"

    type_into(qtbot, row, "15")

    assert params(document)["tau"] == 15
    assert params(document, "inh", "inhLIF")["tau"] == 15
    assert document.stack.count() == 2
    assert edit.text() == "15"


def test_a_monitor_is_added_and_removed(inspector, document, qtbot):
    monitors = inspector.page.monitors

    qtbot.mouseClick(monitors.buttons["voltage"], LEFT)

    (monitor,) = document.state.monitors
    assert (monitor.kind, monitor.targets) == ("voltage", ("exc",))
    assert monitors.list.count() == 1

    document.stack.undo()

    assert monitors.list.count() == 0


def test_without_a_selection_the_network_is_shown(inspector, document, qtbot):
    inspector.set_selection([])

    type_into(qtbot, inspector.page.row(None, "dt"), "0.1")
    type_into(qtbot, inspector.page.row(None, "seed"), "7")

    assert document.state.settings.dt == 0.1
    assert document.state.settings.seed == 7
    assert inspector.title() == "Network"


def test_removing_the_selected_node_shows_the_network(inspector, document):
    document.edit("Remove", edits.remove(document.state, ["exc"]))

    assert inspector.page.row(None, "dt") is not None

    document.stack.undo()

    assert inspector.title() == "Exc"


def test_a_jump_opens_the_behavior_and_gives_the_keyboard_to_the_field(inspector):
    inspector.show_field("inh", "inhInherentNoise", "scale")

    row = inspector.page.row("inhInherentNoise", "scale")
    assert inspector.selection == ("inh",)
    assert row.field.focus_target().hasFocus()
    assert not row.visibleRegion().isEmpty()


def test_problems_stand_beside_their_field(inspector, tau):
    inspector.set_problems([Problem("warning", "tau is odd.", "exc", "excLIF", "tau")])

    assert tau.reason.text() == "tau is odd."

    inspector.set_problems([])

    assert not tau.reason.isVisible()


def test_every_field_has_a_name_for_screen_readers(inspector):
    names = [row.field.focus_target().accessibleName() for _, row in inspector.page.all_rows()]

    assert all(names)
    assert "tau, ms" in names


def test_an_unknown_behavior_is_shown_and_kept(inspector, document):
    from dataclasses import replace

    node = document.state.network.node("exc")
    strange = replace(node.stack[0], id="x", kind="Future", params={"p": 1})
    network = document.state.network
    nodes = {**network.nodes, "exc": replace(node, stack=(*node.stack, strange))}
    document.edit("x", document.state.with_network(replace(network, nodes=nodes)))

    row = inspector.page.stack.rows["x"]

    assert "Unknown" in row.entry.summary
    row.set_open(True)
    assert not row.is_open
