"""The drags of the mouse, one class each: they follow it, then finish or put all back."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QGraphicsPathItem, QRubberBand

from conex_app.canvas.gestures.gestures import Gestures, PortAt
from conex_app.canvas.scene.items import NodeCard, PortDot, Wire
from conex_app.canvas.scene.routes import WireEnd, route
from conex_app.canvas.scene.view import SceneView
from conex_app.look.theme import GRID

__all__ = ["BandDrag", "Drag", "MoveDrag", "PanDrag", "WireDrag"]

CLICK = 4
_LEFT, _MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton


class Drag(Protocol):
    """Follow the mouse between press and release."""

    button: Qt.MouseButton

    def move(self, to: QPoint) -> None:
        """Follow the mouse."""

    def release(self, at: QPoint) -> None:
        """Finish."""

    def cancel(self) -> None:
        """Put everything back."""


class PanDrag:
    """Move the paper under the view."""

    def __init__(self, view: SceneView, at: QPoint, *, by_key: bool) -> None:
        self.view, self._last = view, at
        self.button = _LEFT if by_key else _MIDDLE
        view.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)

    def move(self, to: QPoint) -> None:
        """Follow the mouse."""
        self.view.pan(to - self._last)
        self._last = to

    def release(self, at: QPoint) -> None:
        """Stay here."""

    def cancel(self) -> None:
        """Stay here too: panning changes nothing."""


class BandDrag:
    """Select what a rectangle touches."""

    button = _LEFT

    def __init__(self, view: SceneView, at: QPoint, adding: bool) -> None:
        self.view, self._from = view, at
        self._before = list(view.selection.nodes) if adding else []
        self._band = QRubberBand(QRubberBand.Shape.Rectangle, view.viewport())

    def move(self, to: QPoint) -> None:
        """Follow the mouse."""
        area = QRect(self._from, to).normalized()
        self._band.setGeometry(area)
        self._band.setVisible(area.width() + area.height() > CLICK)
        touched = self.view.scene().items(self.view.mapToScene(area).boundingRect())
        ids = [item.id for item in reversed(touched) if isinstance(item, NodeCard)]
        self.view.selection.set([*self._before, *(key for key in ids if key not in self._before)])

    def release(self, at: QPoint) -> None:
        """Keep the selection; a mere click on the paper clears it."""
        if (at - self._from).manhattanLength() <= CLICK:
            self.view.selection.set(self._before)
        self._remove()

    def cancel(self) -> None:
        """Go back to the selection from before."""
        self.view.selection.set(self._before)
        self._remove()

    def _remove(self) -> None:
        self._band.hide()
        self._band.setParent(None)
        self._band.deleteLater()


class MoveDrag:
    """Move the selected nodes; the one under the mouse keeps to the grid."""

    button = _LEFT

    def __init__(self, view: SceneView, gestures: Gestures, card: NodeCard, at: QPoint) -> None:
        self.view, self._gestures, self._from = view, gestures, at
        cards = view.cards()
        self._starts = {key: cards[key].pos() for key in view.selection.nodes}
        self._anchor = self._starts[card.id]
        self._moved = False

    def move(self, to: QPoint) -> None:
        """Follow the mouse."""
        if not self._moved and (to - self._from).manhattanLength() < CLICK:
            return
        self._moved = True
        by = self.view.mapToScene(to) - self.view.mapToScene(self._from)
        goal = self._anchor + by
        snapped = QPointF(round(goal.x() / GRID) * GRID, round(goal.y() / GRID) * GRID)
        self._shift(snapped - self._anchor)

    def release(self, at: QPoint) -> None:
        """Make one edit of the whole drag."""
        self.move(at)
        cards = self.view.cards()
        places = {key: (cards[key].x(), cards[key].y()) for key in self._starts if key in cards}
        if self._moved:
            self._gestures.move(places)

    def cancel(self) -> None:
        """Put the nodes back."""
        self._shift(QPointF(0, 0))

    def _shift(self, by: QPointF) -> None:
        cards = self.view.cards()
        for key, start in self._starts.items():
            if key in cards:
                cards[key].setPos(start + by)
        self.view.nodes_dragged.emit(tuple(self._starts))


class WireDrag:
    """Draw a wire from a port, or pull the one off an input that holds only one.

    From an output that holds only one wire, the new wire takes the old one's
    place. Nothing changes before the button is released, nothing at all on Escape.
    """

    button = _LEFT

    def __init__(self, view: SceneView, gestures: Gestures, port: PortDot, at: QPoint) -> None:
        self.view, self._gestures = view, gestures
        self._pressed, self._from = port, at
        single = not port.face.many and port.connected_pipes
        self._old: Wire | None = port.connected_pipes[0] if single else None
        self._pulls = self._old is not None and port.face.direction == "in"
        self._start = self._old.other(port) if self._old and self._pulls else port
        self._link = self._old.link if self._old else None
        self._reasons: dict[PortDot, str | None] = {}
        self._line: QGraphicsPathItem | None = None

    def move(self, to: QPoint) -> None:
        """Follow the mouse; say why where the wire may not end."""
        if self._line is None:
            if (to - self._from).manhattanLength() < CLICK:
                return
            self._begin()
        place = self.view.mapToScene(to)
        port = self._goal(place)
        self._draw(port.end() if port else self._loose_end(place))
        reason = self._reason(port) if port and port is not self._pressed else None
        self._colour("error" if reason else "accent")
        self.view.bubble.say(reason, to) if reason else self.view.bubble.hide()

    def release(self, at: QPoint) -> None:
        """Make the wire, pull it off, or say why not."""
        if self._line is None:
            return
        port = self._goal(self.view.mapToScene(at))
        self.cancel()
        if port is self._pressed or port is self._start:
            return
        if port is None:
            if self._link and self._pulls:
                self._gestures.disconnect(self._link)
            return
        reason = self._gestures.wire(_at(self._start), _at(port), instead_of=self._link)
        if reason:
            self.view.refuse(reason, at)

    def cancel(self) -> None:
        """Take the loose wire away."""
        self.view.bubble.hide()
        if self._old:
            self._old.setVisible(True)
        for card in self.view.cards().values():
            card.change(legal=None)
        if self._line is not None:
            self.view.scene().removeItem(self._line)
            self._line = None

    def _begin(self) -> None:
        self._line = QGraphicsPathItem()
        self._line.setZValue(1000)
        self.view.scene().addItem(self._line)
        if self._old:
            self._old.setVisible(False)
        seen = self.view.mapToScene(self.view.viewport().rect()).boundingRect()
        for item in self.view.scene().items(seen):
            if isinstance(item, NodeCard):
                item.change(legal={p.name: self._may_end(p) for p in item.ports})

    def _goal(self, place: QPointF) -> PortDot | None:
        """Return the port meant: the one under the mouse, or the one that fits its node."""
        port = self.view.port_at(place)
        if port:
            return port
        card = self.view.node_at(place)
        if card is None or card is self._pressed.node:
            return None
        wanted = "in" if self._start.face.direction == "out" else "out"
        facing = [port for port in card.ports if port.face.direction == wanted]
        legal = [port for port in facing if self._reason(port) is None]
        return next(iter(legal or facing), None)

    def _may_end(self, port: PortDot) -> bool:
        return port is self._start or self._reason(port) is None

    def _reason(self, port: PortDot) -> str | None:
        if port not in self._reasons:
            self._reasons[port] = self._gestures.wire_refusal(
                _at(self._start), _at(port), instead_of=self._link
            )
        return self._reasons[port]

    def _colour(self, name: str) -> None:
        if self._line is not None:
            self._line.setPen(QPen(self.view.style.colour(name), 2.0, Qt.PenStyle.DashLine))

    def _draw(self, end: WireEnd) -> None:
        start = self._start.end()
        ends = (start, end) if self._start.face.direction == "out" else (end, start)
        if self._line is not None:
            self._line.setPath(route(*ends))

    def _loose_end(self, place: QPointF) -> WireEnd:
        side = -self._start.face.facing[0] or 1
        return WireEnd(place.x(), place.y(), (side, 0), place.y())


def _at(port: PortDot) -> PortAt:
    return PortAt(port.node.id, port.name, port.face.direction)
