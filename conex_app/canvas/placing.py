"""Where nodes go: a free spot for a new one, and columns along the way of the spikes."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QPointF, QRectF

from conex_app.canvas.faces import face_of
from conex_app.theme import GRID
from conex_core.graph.state import Definition, Node

__all__ = ["area_of", "arranged", "free_place", "place_of_synapse"]

GAP = 24.0
COLUMN_GAP = 72.0
_TRIES = 40

Place = tuple[float, float]


def area_of(node: Node) -> QRectF:
    """Return where the body of a node lies."""
    face = face_of(node)
    return QRectF(*node.position, face.width, face.height)


def free_place(network: Definition, node_id: str, *, centre: Place) -> Place:
    """Return a place for a node around ``centre`` where it covers no other."""
    area = area_of(network.nodes[node_id])
    area.moveCenter(_point(centre))
    return _slid_free(network, node_id, area, step=GAP)


def place_of_synapse(network: Definition, node_id: str, source_id: str, target_id: str) -> Place:
    """Return a place for new synapses: between their ends, or above or below a way back."""
    area = area_of(network.nodes[node_id])
    source, target = area_of(network.nodes[source_id]), area_of(network.nodes[target_id])
    if source_id == target_id:
        area.moveCenter(source.center())
        area.moveBottom(source.top() - 2 * GAP)
        return _slid_free(network, node_id, area, step=-GAP)
    if source.center().x() <= target.center().x():
        area.moveCenter(_point(((source.right() + target.left()) / 2, 0.0)))
        area.moveTop((source.top() + target.top()) / 2 - 6)
    else:
        area.moveCenter(_point(((source.left() + target.right()) / 2, 0.0)))
        area.moveTop(max(source.bottom(), target.bottom()) + GAP)
    return _slid_free(network, node_id, area, step=GAP)


def arranged(network: Definition, node_ids: Collection[str] = ()) -> dict[str, Place]:
    """Return places in columns: inputs at the left, each node right of what feeds it.

    Wires that close a circle are passed over. Notes stay where they are.
    """
    chosen = set(node_ids) or set(network.nodes)
    chosen = {key for key in chosen if network.nodes[key].kind != "Note"}
    if not chosen:
        return {}
    columns = _columns(network, chosen)
    areas = {key: area_of(network.nodes[key]) for key in chosen}
    left = min(area.left() for area in areas.values())
    top = min(area.top() for area in areas.values())
    places: dict[str, Place] = {}
    for column in columns:
        y = top
        width = max(areas[key].width() for key in column)
        for key in sorted(column, key=lambda key: (areas[key].top(), areas[key].left(), key)):
            places[key] = _snapped(left + (width - areas[key].width()) / 2, y)
            y += areas[key].height() + GAP
        left += width + COLUMN_GAP
    return places


def _columns(network: Definition, chosen: set[str]) -> list[list[str]]:
    """Return nodes by the length of the longest way to them, circles cut open."""
    feeds: dict[str, list[str]] = {key: [] for key in chosen}
    for link in sorted(network.links):
        if link.source in chosen and link.target in chosen:
            feeds[link.source].append(link.target)
    first = sorted(chosen, key=lambda key: (network.nodes[key].position, key))
    fed = {target for targets in feeds.values() for target in targets}
    roots = [key for key in first if key not in fed] + first
    order: list[str] = []
    seen: set[str] = set()
    for root in roots:
        _visit(root, feeds, seen, order)
    rank = {key: place for place, key in enumerate(reversed(order))}
    depth = dict.fromkeys(chosen, 0)
    for key in reversed(order):
        for target in feeds[key]:
            if rank[target] > rank[key]:
                depth[target] = max(depth[target], depth[key] + 1)
    levels = sorted(set(depth.values()))
    return [[key for key in chosen if depth[key] == level] for level in levels]


def _visit(root: str, feeds: dict[str, list[str]], seen: set[str], order: list[str]) -> None:
    """Append what ``root`` reaches to ``order``, farthest first, without recursion."""
    if root in seen:
        return
    seen.add(root)
    way = [(root, iter(feeds[root]))]
    while way:
        key, rest = way[-1]
        step = next((target for target in rest if target not in seen), None)
        if step is None:
            order.append(key)
            way.pop()
        else:
            seen.add(step)
            way.append((step, iter(feeds[step])))


def _slid_free(network: Definition, node_id: str, area: QRectF, *, step: float) -> Place:
    others = [area_of(node) for key, node in network.nodes.items() if key != node_id]
    for _ in range(_TRIES):
        roomy = area.adjusted(-GRID, -GRID, GRID, GRID)
        if not any(roomy.intersects(other) for other in others):
            break
        area.translate(0, step)
    return _snapped(area.x(), area.y())


def _snapped(x: float, y: float) -> Place:
    return (round(x / GRID) * float(GRID), round(y / GRID) * float(GRID))


def _point(place: Place) -> QPointF:
    return QPointF(*place)
