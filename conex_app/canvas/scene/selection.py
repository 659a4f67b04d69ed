"""What is selected on the canvas: nodes in order, wires, and the node that keys act on."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, Signal

from conex_app.canvas.scene.items import NodeCard, Wire
from conex_core.graph.model.document import Link

__all__ = ["Selection"]

ROW = 80.0


class Selection(QObject):
    """Hold the selection and mark it on the items.

    ``cards`` and ``wires`` give what is drawn at the moment; what is no longer
    drawn drops out at the next change.
    """

    changed = Signal(tuple)  # ids of the selected nodes, in the order of selection

    def __init__(
        self,
        cards: Callable[[], dict[str, NodeCard]],
        wires: dict[Link, Wire],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._cards, self._wires = cards, wires
        self.nodes: tuple[str, ...] = ()
        self.links: frozenset[Link] = frozenset()
        self.current: str | None = None
        self._ringed: str | None = None

    def __contains__(self, node_id: str) -> bool:
        return node_id in self.nodes

    def set(self, ids: Iterable[str], links: Iterable[Link] = ()) -> None:
        """Select exactly these nodes and wires."""
        cards, before, cut = self._cards(), self.nodes, self.links
        self.nodes = tuple(dict.fromkeys(key for key in ids if key in cards))
        self.links = frozenset(links) & self._wires.keys()
        if self.current not in self.nodes:
            self.current = next(iter(self.nodes), None)
        chosen = set(self.nodes)
        for key in {*before, *chosen} & cards.keys():
            cards[key].select(key in chosen)
        for link in (cut ^ self.links) & self._wires.keys():
            self._wires[link].select(link in self.links)
        if self.nodes != before:
            self.changed.emit(self.nodes)

    def toggle(self, node_id: str) -> None:
        """Add a node, or take it out."""
        kept = [key for key in self.nodes if key != node_id]
        self.set(kept if node_id in self else [*kept, node_id], self.links)

    def refresh(self) -> None:
        """Drop what is no longer drawn."""
        self.set(self.nodes, self.links)

    def step(self, forward: bool) -> NodeCard | None:
        """Select the next node in reading order and return it; None past the last."""
        order = sorted(self._cards().values(), key=lambda card: (card.y() // ROW, card.x()))
        ids = [card.id for card in order]
        place = ids.index(self.current) if self.current in ids else (-1 if forward else len(ids))
        place += 1 if forward else -1
        if not 0 <= place < len(ids):
            self.current = None
            return None
        self.current = ids[place]
        self.set((self.current,))
        return order[place]

    def ring(self, focused: bool) -> None:
        """Show which of several nodes the keys act on, while the canvas has the focus."""
        cards = self._cards()
        seen = self.current if focused and len(self.nodes) != 1 else None
        for key in (self._ringed, seen):
            if key in cards:
                cards[key].change(current=key == seen)
        self._ringed = seen
