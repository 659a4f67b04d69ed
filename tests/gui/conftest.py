"""What GUI tests share: a small catalog, a canvas, and a hand that moves the mouse."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import (
    QCursor,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from conex_app.canvas import Canvas, PaletteDrag, mime_for
from conex_app.project.document import ProjectDocument
from conex_app.shell.learned_questions import DROP, GO_ON
from conex_core.catalog import BehaviorSpec, Catalog
from conex_core.graph import edits
from conex_core.graph.model.document import Document, Link

_LEFT, _NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture(autouse=True)
def no_timer_left(qapp: QApplication) -> Iterator[None]:
    """Fail a test that leaves a timer of ours running; threads and windows fail elsewhere."""
    before = {id(timer) for timer in _running_timers()}

    yield

    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    left = [timer for timer in _running_timers() if id(timer) not in before]
    owners = [type(timer.parent()).__name__ for timer in left]
    for timer in left:
        timer.stop()
    assert not left, f"timers left running, owned by {owners}"


@pytest.fixture(autouse=True)
def mouse_is_elsewhere(qapp: QApplication) -> None:
    """Take the mouse from where the last test left it: a new window might lie under it."""
    QCursor.setPos(-500, -500)


@pytest.fixture(autouse=True)
def runs_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start no process for a run unless a test asks for one: that takes seconds."""
    monkeypatch.setattr("conex_app.project.settings.RUN_IN", ("window", "process"))


@pytest.fixture(autouse=True)
def learned_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask nobody what becomes of learned weights, unless a test wants to be asked."""
    state = "conex_app.shell.learned_state"
    monkeypatch.setattr(f"{state}.ask_about_learned", lambda *_: DROP)
    monkeypatch.setattr(f"{state}.ask_about_silence", lambda _: GO_ON)


@pytest.fixture
def catalog() -> Catalog:
    """Return the few behaviors that drawing a network needs, without importing torch."""
    rows = (
        ("SimpleDendriteStructure", "neurons", 220, ()),
        ("SimpleDendriteComputation", "neurons", 240, ("own.I",)),
        ("LIF", "neurons", 260, ("own.v",)),
        ("Fire", "neurons", 340, ("own.spikes",)),
        ("NeuronAxon", "neurons", 380, ("own.axon",)),
        ("SynapseInit", "synapses", 2, ()),
        ("WeightInitializer", "synapses", 10, ("own.weights",)),
        ("SimpleDendriticInput", "synapses", 180, ("own.I",)),
        ("PreSpikeCatcher", "synapses", 100, ("own.pre_spike",)),
        ("SimpleSTDP", "synapses", 400, ()),
        ("Payoff", "network", 100, ()),
    )
    specs = [
        BehaviorSpec(name, "tests", host, priority, provides=provides)
        for name, host, priority, provides in rows
    ]
    return Catalog({spec.name: spec for spec in specs})


@pytest.fixture
def two_groups() -> Document:
    """Return a network of two groups, ``exc`` left of ``inh``, without wires."""
    document = edits.add_node(Document(), "NeuronGroup", name="Exc", node_id="exc", at=(0, 0))
    return edits.add_node(
        document,
        "NeuronGroup",
        name="Inh",
        node_id="inh",
        at=(480, 40),
        params={"polarity": "inhibitory"},
    )


@pytest.fixture
def wired(two_groups: Document) -> Document:
    """Return two groups and the synapses from ``exc`` to ``inh``."""
    document = edits.add_node(two_groups, "SynapseGroup", name="E to I", node_id="syn", at=(264, 8))
    document = edits.add_link(document, Link("exc", "spikes", "syn", "source"))
    return edits.add_link(document, Link("syn", "target", "inh", "synapses"))


@pytest.fixture
def canvas_of(qtbot, catalog: Catalog) -> Callable[[Document], Canvas]:
    """Return a function that shows a document on a canvas, loaded and life-size."""

    def show(state: Document) -> Canvas:
        canvas = Canvas(ProjectDocument(state), catalog)
        canvas.document.setParent(canvas)
        qtbot.addWidget(canvas)
        canvas.resize(1000, 640)
        canvas.show()
        qtbot.waitExposed(canvas)
        canvas.ensure_loaded()
        canvas.view.setFocus()
        QApplication.processEvents()
        return canvas

    return show


class Hand:
    """Move the mouse over a widget as a person does: hover, press, many moves, release."""

    def __init__(self, qtbot, canvas: Canvas) -> None:
        self.qtbot, self.canvas = qtbot, canvas
        self.surface: QWidget = canvas.view.viewport()

    def at(self, x: float, y: float) -> QPoint:
        """Return a place of the scene as a point of the widget."""
        return self.canvas.view.mapFromScene(QPointF(x, y))

    def node(self, node_id: str) -> QPoint:
        """Return the middle of a node."""
        return self.canvas.view.mapFromScene(self.canvas.display.card(node_id).area().center())

    def port(self, node_id: str, name: str) -> QPoint:
        """Return where a port is."""
        return self.canvas.view.mapFromScene(self.canvas.display.card(node_id).port(name).point())

    def click(self, at: QPoint, modifiers: Qt.KeyboardModifier = _NONE) -> None:
        """Click once."""
        self.qtbot.mouseClick(self.surface, _LEFT, modifiers, at)

    def hold(self, start: QPoint, end: QPoint, button: Qt.MouseButton = _LEFT) -> None:
        """Press at one place and move to another."""
        self.qtbot.mouseMove(self.surface, start)
        self.qtbot.mousePress(self.surface, button, pos=start)
        for part in range(1, 7):
            self._move(start + (end - start) * part / 6, button)
            QApplication.processEvents()

    def _move(self, at: QPoint, button: Qt.MouseButton) -> None:
        """Move with a button down, whatever lies above: a tooltip would take a cursor's move."""
        here, there = QPointF(at), QPointF(self.surface.mapToGlobal(at))
        kind, none = QEvent.Type.MouseMove, Qt.MouseButton.NoButton
        QApplication.sendEvent(self.surface, QMouseEvent(kind, here, there, none, button, _NONE))

    def let_go(self, at: QPoint, button: Qt.MouseButton = _LEFT) -> None:
        """Release the button."""
        self.qtbot.mouseRelease(self.surface, button, pos=at)

    def drag(self, start: QPoint, end: QPoint, button: Qt.MouseButton = _LEFT) -> None:
        """Press, move and release."""
        self.hold(start, end, button)
        self.let_go(end, button)

    def wheel(self, at: QPoint, clicks: int) -> None:
        """Turn the wheel, away from oneself for positive numbers."""
        where = QPointF(at)
        event = QWheelEvent(
            where,
            QPointF(self.surface.mapToGlobal(at)),
            QPoint(),
            QPoint(0, 120 * clicks),
            Qt.MouseButton.NoButton,
            _NONE,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(self.surface, event)

    def drop(self, entry: str, name: str, at: QPoint) -> bool:
        """Drop a palette entry; tell whether it was taken."""
        return self.drop_data(mime_for(PaletteDrag(entry, name)), at)

    def drop_data(self, data: QMimeData, at: QPoint) -> bool:
        """Drop any data; tell whether it was taken."""
        return drop(self.surface, data, at)


@pytest.fixture
def hand(qtbot) -> Callable[[Canvas], Hand]:
    """Return a function that lends a hand over a canvas."""
    return lambda canvas: Hand(qtbot, canvas)


def drop(widget: QWidget, data: QMimeData, at: QPoint) -> bool:
    """Send a widget what Qt sends when something is dragged over it and dropped."""
    enter = QDragEnterEvent(at, Qt.DropAction.CopyAction, data, _LEFT, _NONE)
    QApplication.sendEvent(widget, enter)
    if not enter.isAccepted():
        return False
    move = QDragMoveEvent(at, Qt.DropAction.CopyAction, data, _LEFT, _NONE)
    QApplication.sendEvent(widget, move)
    event = QDropEvent(QPointF(at), Qt.DropAction.CopyAction, data, _LEFT, _NONE)
    QApplication.sendEvent(widget, event)
    return event.isAccepted()


def _running_timers() -> list[QTimer]:
    timers = [item for item in gc.get_objects() if type(item) is QTimer]
    return [timer for timer in timers if shiboken6.isValid(timer) and timer.isActive()]
