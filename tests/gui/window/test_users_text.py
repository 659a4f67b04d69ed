"""What users wrote is shown as text everywhere, and never makes the window wider."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QHelpEvent, QTextDocument
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QMenu,
    QToolTip,
    QTreeWidget,
    QTreeWidgetItemIterator,
    QWidget,
)

from conex_app.inspector.stacks.row import StackRow
from conex_app.look.labels import MessageBox
from tests.gui.nasty import nasty_file

ROOM, NARROWEST = 1440, 1000


@pytest.fixture
def pictures(monkeypatch):
    """Return the names of the pictures that some text asked for."""
    asked = []

    def load(self, kind, name):
        asked.append(name.toString())

    monkeypatch.setattr(QTextDocument, "loadResource", load)
    return asked


@pytest.fixture
def nasty(window, tmp_path, catalog, qtbot):
    window.resize(ROOM, 900)
    window.open(nasty_file(tmp_path, catalog))
    window.workspace.canvas.ensure_loaded()
    QApplication.processEvents()
    return window


def levels_of(window):
    yield ()
    document, level = window.document, ()
    for _ in range(2):
        block = next(n.id for n in document.state.network.nodes.values() if n.is_instance)
        level = (*level, block)
        document.go(level)
        yield level


def walk(window):
    """Select everything in every level, open every behavior, and bring up every panel."""
    for level in levels_of(window):
        window.workspace.inspector.set_selection(())
        QApplication.processEvents()
        yield f"block {level}"
        for node_id in list(window.document.state.network.nodes):
            window.workspace.canvas.select([node_id])
            for row in window.workspace.inspector.page.findChildren(StackRow):
                row.set_open(True)
            QApplication.processEvents()
            yield f"node {node_id}"
    for name, dock in window.workspace.bench.docks.items():
        dock.bring_up()
        QApplication.processEvents()
        yield f"panel {name}"


def labels_that_guess(root: QWidget) -> list[str]:
    plain = Qt.TextFormat.PlainText
    labels = [label for label in root.findChildren(QLabel) if label.textFormat() != plain]
    return [label.text()[:60] for label in labels if "<" in label.text()]


def tips_of(root: QWidget) -> list[str]:
    tips = [widget.toolTip() for widget in root.findChildren(QWidget)]
    for tree in root.findChildren(QTreeWidget):
        lines = QTreeWidgetItemIterator(tree)
        while lines.value() is not None:
            tips += [lines.value().toolTip(column) for column in range(tree.columnCount())]
            lines += 1
    return [tip for tip in tips if tip]


def is_kind(tip: str) -> bool:
    """Tell whether a tooltip loads nothing, lays out no table and fits a screen."""
    wild = any(tag in tip for tag in ("<table", "<img", "<td", "<a href"))
    return not wild and len(tip) < 6000


def test_no_panel_reads_mark_up_in_what_users_wrote(nasty, pictures):
    for place in walk(nasty):
        assert labels_that_guess(nasty) == [], place
        assert [tip[:80] for tip in tips_of(nasty) if not is_kind(tip)] == [], place
    assert pictures == []


def test_no_text_makes_the_window_or_a_panel_wider(nasty):
    before = nasty.width()
    for place in walk(nasty):
        inspector = nasty.workspace.inspector
        room = inspector.area.viewport().width()
        assert nasty.minimumSizeHint().width() <= NARROWEST, place
        assert inspector.page.minimumSizeHint().width() <= room, place
    assert nasty.width() == before


def test_each_tooltip_under_the_mouse_is_the_text_itself(nasty, pictures):
    for place in walk(nasty):
        for widget in nasty.workspace.inspector.page.findChildren(QWidget):
            middle = widget.rect().center()
            at = QHelpEvent(QEvent.Type.ToolTip, middle, widget.mapToGlobal(middle))
            QApplication.sendEvent(widget, at)
            assert is_kind(QToolTip.text()), place
    QToolTip.hideText()
    assert pictures == []


def test_the_canvas_tells_of_nodes_in_plain_words(nasty, pictures):
    view, canvas = nasty.workspace.canvas.view, nasty.workspace.canvas
    canvas.fit()
    for node_id in nasty.document.state.network.nodes:
        place = view.mapFromScene(canvas.display.card(node_id).area().center())
        event = QHelpEvent(QEvent.Type.ToolTip, place, view.viewport().mapToGlobal(place))
        QApplication.sendEvent(view.viewport(), event)
        assert is_kind(QToolTip.text())
    QToolTip.hideText()
    assert pictures == []


def test_names_stand_in_menus_and_titles_as_they_are(nasty):
    recent = nasty.actions_of.submenus["Open recent"]
    recent.aboutToShow.emit()
    shown = [action.text() for action in recent.actions()]

    assert shown[0].startswith("A&&B")
    assert "[*][*]" in nasty.windowTitle()
    assert len(nasty.windowTitle()) < 200


def test_every_message_takes_users_text_as_text(nasty, pictures, qtbot):
    text = nasty.document.state.name
    nasty.message.show_error(text, (text, lambda: None))
    nasty.status.notice(text)
    box = MessageBox(nasty)
    qtbot.addWidget(box)
    box.setText(text)
    box.setInformativeText(text)
    box.show()
    QApplication.processEvents()

    formats = {label.textFormat() for label in box.findChildren(QLabel) if label.text()}
    assert formats == {Qt.TextFormat.PlainText}
    assert nasty.minimumSizeHint().width() <= NARROWEST
    assert box.minimumSizeHint().width() < NARROWEST
    assert pictures == []


def test_menus_and_buttons_keep_their_size(nasty):
    for place in walk(nasty):
        for button in nasty.findChildren(QAbstractButton):
            assert len(button.text()) <= 170, (place, button.text()[:40])
        for menu in nasty.findChildren(QMenu):
            assert all(len(action.text()) <= 140 for action in menu.actions()), place
