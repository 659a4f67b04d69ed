"""What happens while something is dragged over the canvas, and when it is dropped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Qt

from conex_app.canvas.gestures import drag_data
from conex_app.canvas.gestures.gestures import Gestures
from conex_app.canvas.painting.block_contents import Contents, Counts
from conex_app.canvas.painting.drag_picture import Ghost
from conex_app.canvas.painting.node_face import Face, face_of
from conex_app.canvas.scene.items import NodeCard
from conex_app.canvas.scene.view import SceneView
from conex_core.graph.edits.templates import TEMPLATES
from conex_core.graph.model.defaults import stack_for
from conex_core.graph.model.document import Node
from conex_core.graph.model.kinds import INSTANCE, NodePort, kind_of

if TYPE_CHECKING:
    from PySide6.QtGui import QDropEvent

__all__ = ["DropZone"]


class DropZone:
    """Follow what is dragged over a view: a ghost, a lit target or a reason against it."""

    def __init__(
        self, view: SceneView, gestures: Gestures, open_example: Callable[[str], object]
    ) -> None:
        self._view, self._gestures, self._open_example = view, gestures, open_example
        self._target: NodeCard | None = None
        self.ghost: Ghost | None = None

    def consider(self, event: QDropEvent) -> None:
        """Take what can be dropped and show where it would go."""
        entry, block = drag_data.palette_drag_of(event.mimeData()), self._block(event)
        if entry is None and block is None:
            event.ignore()
            return
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        place = event.position().toPoint()
        if block is not None:
            self._show_ghost(place, lambda: _face_of_block(block))
        elif entry is not None and entry.category == "behavior":
            self._consider_behavior(entry.name, place)
        elif entry is not None and entry.category == "node":
            self._show_ghost(place, lambda: _face_of_kind(entry.name))

    def leave(self) -> None:
        """Forget what was dragged."""
        self._mark(None)
        self._view.bubble.hide()
        if self.ghost is not None:
            self.ghost.vanish()
            self.ghost = None

    def drop(self, event: QDropEvent) -> None:
        """Turn it into an edit."""
        self.leave()
        entry, block = drag_data.palette_drag_of(event.mimeData()), self._block(event)
        if entry is None and block is None:
            event.ignore()
            return
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        place = event.position().toPoint()
        where = self._view.mapToScene(place)
        if block is not None:
            self._drop_block(block, where, place)
        elif entry is not None:
            self._drop_entry(entry, where, place)

    def _block(self, event: QDropEvent) -> drag_data.BlockDrag | None:
        """Return the block that is dragged, if anybody takes blocks."""
        return drag_data.block_of(event.mimeData()) if self._gestures.drop_block else None

    def _consider_behavior(self, kind: str, place: QPoint) -> None:
        card = self._view.node_at(self._view.mapToScene(place))
        reason = self._gestures.behavior_refusal(card.id if card else None, kind)
        self._mark(None if reason else card)
        self._view.bubble.say(reason, place) if reason else self._view.bubble.hide()

    def _drop_block(self, block: drag_data.BlockDrag, where: QPointF, place: QPoint) -> None:
        take = self._gestures.drop_block
        reason = take(block, (where.x(), where.y())) if take else None
        self._view.setFocus()
        if reason:
            self._view.refuse(reason, place)

    def _drop_entry(self, entry: drag_data.PaletteDrag, where: QPointF, place: QPoint) -> None:
        view = self._view
        if entry.category == "example":
            self._open_example(entry.name)
            return
        if entry.category == "node":
            reason = self._gestures.node_refusal(entry.name)
            made = self._gestures.add_node(entry.name, (where.x(), where.y()))
            view.selection.set([made] if made else ())
            view.setFocus()
        else:
            card = view.node_at(where)
            reason = self._gestures.add_behavior(card.id if card else None, entry.name)
            if card and not reason:
                view.selection.set([card.id])
        if reason:
            view.refuse(reason, place)

    def _show_ghost(self, place: QPoint, face: Callable[[], Face]) -> None:
        if self.ghost is None:
            self.ghost = Ghost(face(), self._view.style)
        self.ghost.follow(self._view.mapToScene(place), self._view.scene())

    def _mark(self, card: NodeCard | None) -> None:
        if self._target is not card:
            for one, on in ((self._target, False), (card, True)):
                if one and one.scene():
                    one.change(target=on)
            self._target = card


def _face_of_block(block: drag_data.BlockDrag) -> Face:
    ins = [NodePort(name, "in", "spikes", name) for name in block.ins]
    outs = [NodePort(name, "out", "spikes", name) for name in block.outs]
    contents = Contents(block.title, "Block", Counts(), (*ins, *outs))
    return replace(face_of(Node("", INSTANCE.name, block.title), contents=contents), lines=())


def _face_of_kind(name: str) -> Face:
    if name == INSTANCE.name or name in TEMPLATES:
        title = TEMPLATES[name].title if name in TEMPLATES else "Block"
        nothing = Contents(title, "Block", Counts(), ())
        return face_of(Node("", INSTANCE.name, title), contents=nothing)
    kind = kind_of(name)
    title = kind.first_name if kind else name
    return face_of(Node("", name, title, stack=tuple(stack_for(name))))
