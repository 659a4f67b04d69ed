"""The events of the monkey: each kind, how often it comes, what it does to the window."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QFileDialog,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QWidget,
)

from conex_app.canvas import PaletteDrag, mime_for
from conex_app.canvas.gestures.drag_data import BlockDrag, mime_for_block
from conex_app.palette.items import palette_items
from conex_app.shell.main_window import MainWindow
from conex_core.graph.model.sizes import neuron_count
from conex_core.resources import root
from tests.trials.answers import answer
from tests.trials.hand import Hand, drop

__all__ = ["Monkey"]

MOST_NEURONS = 3000  # of a network; a larger one is replaced, for the sake of speed
KEYS = (
    *("Tab", "Tab", "Tab", "Backtab", "Escape", "Return", "Return", "Space", "Delete"),
    *("Backspace", "Left", "Right", "Up", "Down", "Home", "End", "PageUp", "PageDown", "F2"),
    *("F4", "F6", "Menu", "Plus", "Minus", "F", "G"),
)
TEXTS = (
    *("1", "2", "7", "0", "-1", "0.5", "1e3", "1,5", "nan", "", "  ", "abc", "LIF", "Exc 2"),
    *("<b>x</b>", "&amp;", "a b c", "é–γ", "x*2", "uniform(0, 1)", "[1, 2]", "None", "%s {0}"),
)
_NONE = Qt.KeyboardModifier.NoModifier


class Monkey:
    """Do one random thing after another to a window."""

    def __init__(self, window: MainWindow, files: Path) -> None:
        self.window, self.files = window, files
        self.hand = Hand(window)
        self._drags = _all_drags(window)
        self._kinds: dict[Callable[[random.Random], str], float] = {
            self._move: 20,
            self._press: 4,
            self._release: 6,
            self._click: 18,
            self._double_click: 3,
            self._right_click: 3,
            self._drag: 5,
            self._wheel: 8,
            self._key: 12,
            self._type: 6,
            self._fill: 5,
            self._shortcut: 6,
            self._action: 9,
            self._open_menu: 1.5,
            self._wire: 6,
            self._move_node: 4,
            self._pick: 4,
            self._drop: 6,
            self._drop_file: 0.3,
            self._dock: 1,
            self._begin: 0.25,
            self._resize: 0.2,
            self._wait: 2,
        }

    def act(self, draw: random.Random) -> str:
        """Do one thing; return it in words."""
        modal = QApplication.activeModalWidget()
        if modal is not None and QApplication.activePopupWidget() is None:
            if isinstance(modal, QFileDialog) or draw.random() < 0.4:
                return f"answer {answer(modal, self.hand, draw, self.files)}"
            return draw.choice((self._click, self._key, self._type, self._move))(draw)
        if QApplication.activePopupWidget() is not None:
            kinds = (self._click, self._click, self._key, self._move, self._escape, self._type)
            return draw.choice(kinds)(draw)
        if _is_too_large(self.window):
            return self._begin(draw)
        kinds, weights = list(self._kinds), list(self._kinds.values())
        return draw.choices(kinds, weights)[0](draw)

    def give_up(self) -> None:
        """Leave whatever is asked, so that loops inside loops come to an end."""
        for widget in (QApplication.activePopupWidget(), QApplication.activeModalWidget()):
            if isinstance(widget, QMenu):
                widget.close()
            elif widget is not None:
                getattr(widget, "reject", widget.close)()
                return

    # Mouse

    def _somewhere(self, draw: random.Random) -> tuple[QWidget, QPoint]:
        top = self.hand.target(draw)
        return top, self.hand.somewhere(draw, top)

    def _move(self, draw: random.Random) -> str:
        top, at = self._somewhere(draw)
        self.hand.move(top, at)
        return f"move {_said(top, at)}"

    def _press(self, draw: random.Random) -> str:
        top, at = self._somewhere(draw)
        words = f"press {_said(top, at)}"
        self.hand.press(top, at, draw)
        return words

    def _release(self, draw: random.Random) -> str:
        top, at = self._somewhere(draw)
        words = f"release {_said(top, at)}"
        self.hand.release(top, at)
        return words

    def _click(self, draw: random.Random) -> str:
        top, at = self._somewhere(draw)
        words = f"click {_said(top, at)}"
        self.hand.click(top, at, draw)
        return words

    def _double_click(self, draw: random.Random) -> str:
        top, at = self._somewhere(draw)
        words = f"double click {_said(top, at)}"
        self.hand.double_click(top, at)
        return words

    def _right_click(self, draw: random.Random) -> str:
        top, at = self._somewhere(draw)
        words = f"right click {_said(top, at)}"
        self.hand.click(top, at, draw, Qt.MouseButton.RightButton)
        return words

    def _drag(self, draw: random.Random) -> str:
        top, start = self._somewhere(draw)
        end = self.hand.somewhere(draw, top)
        words = f"drag {_said(top, start)} to {_said(top, end)}"
        self.hand.drag(top, start, end)
        return words

    def _wheel(self, draw: random.Random) -> str:
        top, at = self._somewhere(draw)
        words = f"wheel {_said(top, at)}"
        self.hand.wheel(top, at, draw)
        return words

    # Keys

    def _key(self, draw: random.Random) -> str:
        key = Qt.Key[f"Key_{draw.choice(KEYS)}"]
        modifiers = draw.choice((_NONE, _NONE, _NONE, Qt.KeyboardModifier.ShiftModifier))
        words = f"key {key.name} in {_named(QApplication.focusWidget())}"
        self.hand.key(key, modifiers)
        return words

    def _escape(self, draw: random.Random) -> str:
        self.hand.key(Qt.Key.Key_Escape)
        return "key Escape"

    def _type(self, draw: random.Random) -> str:
        text = draw.choice(TEXTS)
        words = f"type {text!r} in {_named(QApplication.focusWidget())}"
        if draw.random() < 0.5:
            self.hand.key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        self.hand.type(text)
        if draw.random() < 0.4:
            self.hand.key(Qt.Key.Key_Return)
        return words

    def _fill(self, draw: random.Random) -> str:
        """Type into a field of the window; whatever comes next finds the text there."""
        fields = [*self.window.findChildren(QLineEdit), *self.window.findChildren(QPlainTextEdit)]
        fields = [each for each in fields if each.isEnabled() and _is_in_sight(each)]
        if not fields:
            return self._pick(draw)
        field = draw.choice(fields)
        words = f"fill {_named(field)}"
        self.hand.click(field.window(), field.mapTo(field.window(), field.rect().center()), draw)
        return f"{words}, {self._type(draw)}"

    def _shortcut(self, draw: random.Random) -> str:
        undo = [self.window.actions_of["edit.undo"], self.window.actions_of["edit.redo"]]
        action = draw.choice(undo if draw.random() < 0.4 else _offered(self.window, draw))
        words = f"keys of {action.objectName()} in {_named(QApplication.focusWidget())}"
        for press in action.shortcut():
            self.hand.key(press.key(), press.keyboardModifiers())
        return words

    # Menus

    def _action(self, draw: random.Random) -> str:
        actions = [each for each in _offered(self.window, draw) if each.isEnabled()]
        action = draw.choice(actions)
        words = f"action {action.objectName()}"
        action.trigger()
        return words

    def _open_menu(self, draw: random.Random) -> str:
        bar = self.window.menuBar()
        action = draw.choice(bar.actions())
        at = bar.mapTo(self.window, bar.actionGeometry(action).center())
        self.hand.click(self.window, at, draw)
        return f"menu {action.text()}"

    # The drawing

    def _wire(self, draw: random.Random) -> str:
        canvas = self.window.workspace.canvas
        cards = canvas.display.cards() if canvas.display else {}
        ports = [(key, port) for key in sorted(cards) for port in cards[key].ports]
        if len(ports) < 2:
            return self._drop(draw)
        (one, start), (other, end) = draw.sample(ports, 2)
        self._drag_on_canvas(canvas.view.mapFromScene(start.point()), end.point())
        return f"wire {one}.{start.name} to {other}.{end.name}"

    def _move_node(self, draw: random.Random) -> str:
        canvas = self.window.workspace.canvas
        cards = canvas.display.cards() if canvas.display else {}
        if not cards:
            return self._drop(draw)
        key = draw.choice(sorted(cards))
        start = cards[key].area().center()
        by = QPoint(draw.randrange(-200, 200), draw.randrange(-200, 200))
        self._drag_on_canvas(canvas.view.mapFromScene(start), start + by)
        return f"drag the node {key} by {by.x()}, {by.y()}"

    def _pick(self, draw: random.Random) -> str:
        canvas = self.window.workspace.canvas
        nodes = sorted(canvas.document.state.network.nodes)
        if not nodes:
            return self._drop(draw)
        chosen = draw.sample(nodes, min(len(nodes), draw.choice((1, 1, 1, 2, 2, 3))))
        canvas.select(chosen)
        canvas.setFocus()
        return f"select {chosen}"

    def _drag_on_canvas(self, start: QPoint, end) -> None:
        view = self.window.workspace.canvas.view
        surface, top = view.viewport(), view.window()
        goal = view.mapFromScene(end)
        if surface.rect().contains(start) and surface.isVisible():
            self.hand.drag(top, surface.mapTo(top, start), surface.mapTo(top, goal))

    # Drops

    def place_to_drop(self, draw: random.Random) -> tuple[QWidget, QPoint] | None:
        """Return where something is dropped: mostly the drawing, often on a node."""
        canvas = self.window.workspace.canvas
        if canvas.view is None or not canvas.view.isVisible():
            return None
        if draw.random() < 0.15:
            takers = [each for each in self.window.findChildren(QWidget) if each.acceptDrops()]
            widget = draw.choice(takers)
            return widget, widget.rect().center()
        surface = canvas.view.viewport()
        cards = canvas.display.cards()
        if cards and draw.random() < 0.5:
            card = cards[draw.choice(sorted(cards))]
            return surface, canvas.view.mapFromScene(card.area().center())
        at = QPoint(draw.randrange(surface.width() + 1), draw.randrange(surface.height() + 1))
        return surface, at

    def _drop(self, draw: random.Random) -> str:
        words, make = draw.choice(self._drags[draw.choice(list(self._drags))])
        place = self.place_to_drop(draw)
        if place is None:
            return self._begin(draw)
        taken = drop(place[0], make(), place[1])
        return f"drop {words} on {_named(place[0])}: {'taken' if taken else 'not taken'}"

    def _drop_file(self, draw: random.Random) -> str:
        data = QMimeData()
        names = ("one.conex", "two.conex", "broken.conex", "block.conexblock", "none.conex")
        name = draw.choice(names)
        data.setUrls([QUrl.fromLocalFile(str(self.files / name))])
        place = self.place_to_drop(draw)
        on = place if place and name.endswith("block") else (self.window, QPoint(500, 300))
        drop(on[0], data, on[1])
        return f"drop the file {name}"

    # The window

    def _dock(self, draw: random.Random) -> str:
        docks = [each for each in self.window.findChildren(QDockWidget) if each.isVisible()]
        if not docks:
            return self._action(draw)
        dock = draw.choice(docks)
        words = f"dock {dock.windowTitle()[:30]!r}"
        kind = draw.choice(("float", "close", "drag", "raise", "drag"))
        if kind == "float":
            dock.setFloating(not dock.isFloating())
        elif kind == "close":
            dock.close()
        elif kind == "raise":
            dock.raise_()
        else:
            top = dock.window()
            start = dock.mapTo(top, QPoint(30, 10)) if top is not dock else QPoint(30, 10)
            self.hand.drag(top, start, self.hand.somewhere(draw, top))
        return f"{kind} {words}"

    def _begin(self, draw: random.Random) -> str:
        name = draw.choice(("smallest", "smallest", "smallest", "balanced", "digits", "new"))
        if _is_too_large(self.window):
            name = "smallest"
        if name == "new":
            self.window.files.new()
        else:
            self.window.open_example(name)
        return f"begin {name}"

    def _resize(self, draw: random.Random) -> str:
        width, height = draw.choice(((1440, 900), (1000, 650), (1280, 720), (800, 600)))
        self.window.resize(width, height)
        return f"resize to {width} x {height}"

    def _wait(self, draw: random.Random) -> str:
        ms = draw.choice((1, 10, 40, 120))
        QTest.qWait(ms)
        return f"wait {ms} ms"


def _offered(window: MainWindow, draw: random.Random) -> list:
    """Return the actions to choose from; some are rare, or little else would happen."""
    rare = ("file.quit", "file.close", "file.new", "file.open", "view.theme")
    all_of_them = draw.random() < 0.1
    actions = window.actions_of.actions
    return [actions[key] for key in sorted(actions) if all_of_them or not key.startswith(rare)]


def _all_drags(window: MainWindow) -> dict[str, list]:
    found: dict[str, list] = {"node": [], "behavior": [], "block": []}
    for item in palette_items(window.workspace.canvas.gestures.catalog):
        drag = PaletteDrag(item.category, item.name)
        found[item.category].append((item.name, lambda drag=drag: mime_for(drag)))
    for path in sorted((root() / "blocks").glob("*.conexblock")):
        block = BlockDrag(path.stem, path)
        found["block"].append((path.name, lambda block=block: mime_for_block(block)))
    return found


def _is_in_sight(widget: QWidget) -> bool:
    return widget.isVisible() and not widget.visibleRegion().isEmpty()


def _is_too_large(window: MainWindow) -> bool:
    nodes = window.document.flat.document.network.nodes
    return len(nodes) > 60 or sum(map(neuron_count, nodes.values())) > MOST_NEURONS


def _said(top: QWidget, at: QPoint) -> str:
    return f"{_named(top.childAt(at) or top)} at {at.x()}, {at.y()}"


def _named(widget: QWidget | None) -> str:
    if widget is None:
        return "nothing"
    name = widget.objectName() or widget.accessibleName()
    return f"{type(widget).__name__}{f' {name[:30]!r}' if name else ''}"
