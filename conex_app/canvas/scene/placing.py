"""Where nodes go: a free spot for a new one, synapses beside their groups, columns for all."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from PySide6.QtCore import QPointF, QRectF

from conex_app.canvas.painting.block_contents import Blocks
from conex_app.canvas.painting.node_face import face_of
from conex_app.canvas.scene.occupied import Occupied
from conex_app.look.theme import GRID
from conex_core.graph.model.document import Definition, Node
from conex_core.graph.model.layout import columns

__all__ = [
    "Place",
    "area_of",
    "arranged",
    "free_place",
    "free_places",
    "place_of_synapse",
    "united",
]

GAP = 24.0
COLUMN_GAP = 232.0
ROW_GAP = 120.0
_TRIES = 60

Place = tuple[float, float]
Definitions = Mapping[str, Definition]
NOTHING: Definitions = {}


def area_of(node: Node, definitions: Definitions = NOTHING) -> QRectF:
    """Return where the body of a node lies; blocks are as high as their ports ask for."""
    face = face_of(node, contents=Blocks(definitions).contents(node))
    return QRectF(*node.position, face.width, face.height)


def free_place(
    network: Definition, node_id: str, *, centre: Place, definitions: Definitions = NOTHING
) -> Place:
    """Return a place for a node around ``centre`` where it covers no other."""
    area = area_of(network.nodes[node_id], definitions)
    area.moveCenter(QPointF(*centre))
    return _corner(_slid(area, Occupied(_others(network, node_id, definitions)), GAP))


def free_places(
    network: Definition,
    node_ids: Collection[str],
    *,
    centre: QPointF,
    definitions: Definitions = NOTHING,
) -> dict[str, Place]:
    """Return places around ``centre`` for nodes that came together, as they stand to each other.

    Where one would cover another node, they all go further down.
    """
    areas = [area_of(network.nodes[key], definitions) for key in node_ids]
    whole = united(areas)
    across, down = _corner(QRectF(centre - whole.center(), whole.size()))
    whole.translate(across, down)
    came = set(node_ids)
    rest = [node for key, node in network.nodes.items() if key not in came]
    others = [area_of(node, definitions) for node in rest]
    near = [area for area in others if whole.intersects(area)]
    moved = [area.translated(across, down) for area in areas]
    if any(one.intersects(other) for other in near for one in moved):
        top = whole.top()
        whole.moveTop(max(area.bottom() for area in near) + GAP)
        down += _corner(QRectF(0, _slid(whole, Occupied(others), ROW_GAP).top() - top, 0, 0))[1]
    places = {key: network.nodes[key].position for key in node_ids}
    return {key: (x + across, y + down) for key, (x, y) in places.items()}


def united(areas: Iterable[QRectF]) -> QRectF:
    """Return the smallest area that holds all."""
    whole = QRectF()
    for area in areas:
        whole = whole.united(area)
    return whole


def place_of_synapse(
    network: Definition,
    node_id: str,
    source_id: str,
    target_id: str,
    definitions: Definitions = NOTHING,
) -> Place:
    """Return a place for new synapses: between their ends, or above or below a way back."""
    ends = (node_id, source_id, target_id)
    area, source, target = (area_of(network.nodes[key], definitions) for key in ends)
    others = Occupied(_others(network, node_id, definitions))
    return _corner(_beside(area, source, target, others))


def arranged(
    network: Definition, node_ids: Collection[str] = (), definitions: Definitions = NOTHING
) -> dict[str, Place]:
    """Return places in columns: inputs at the left, each group right of what feeds it.

    Synapses stand between their groups, those of a group with itself above it,
    those of a way back below. Notes move only out of the way.
    """
    chosen = set(node_ids) or set(network.nodes)
    notes = {key for key in chosen if network.nodes[key].is_note}
    ends = _ends_of_synapses(network, chosen)
    areas = _in_columns(network, chosen - notes - ends.keys(), ends.values(), definitions)
    left = [node for key, node in network.nodes.items() if key not in chosen]
    standing = Occupied([*(area_of(node, definitions) for node in left), *areas.values()])
    for key in sorted(ends, key=lambda key: (network.nodes[key].position, key)):
        source, target = (areas[end] for end in ends[key])
        areas[key] = _beside(area_of(network.nodes[key]), source, target, standing)
        standing.add(areas[key])
    for key in sorted(notes):
        areas[key] = _out_of_the_way(area_of(network.nodes[key]), standing)
        standing.add(areas[key])
    return {key: _corner(area) for key, area in areas.items()}


def _beside(area: QRectF, source: QRectF, target: QRectF, others: Occupied) -> QRectF:
    if source == target:
        area.moveCenter(source.center())
        area.moveBottom(source.top() - 2 * GAP)
        return _slid(area, others, -GAP)
    if source.center().x() <= target.center().x():
        area.moveCenter(QPointF((source.right() + target.left()) / 2, 0.0))
        area.moveTop((source.top() + target.top()) / 2 - GRID)
    else:
        area.moveCenter(QPointF((source.left() + target.right()) / 2, 0.0))
        area.moveTop(max(source.bottom(), target.bottom()) + GAP)
    return _slid(area, others, GAP)


def _in_columns(
    network: Definition,
    chosen: set[str],
    synapses: Iterable[tuple[str, str]],
    definitions: Definitions,
) -> dict[str, QRectF]:
    areas = {key: area_of(network.nodes[key], definitions) for key in chosen}
    left = min((area.left() for area in areas.values()), default=0.0)
    top = min((area.top() for area in areas.values()), default=0.0)
    order = sorted(chosen, key=lambda key: (network.nodes[key].position, key))
    wires = {(link.source, link.target) for link in network.links}
    for column in columns(order, {*wires, *synapses}):
        y, width = top, max(areas[key].width() for key in column)
        for key in sorted(column, key=lambda key: (areas[key].top(), areas[key].left(), key)):
            areas[key].moveTo(left + (width - areas[key].width()) / 2, y)
            y += areas[key].height() + ROW_GAP
        left += width + COLUMN_GAP
    return areas


def _ends_of_synapses(network: Definition, chosen: set[str]) -> dict[str, tuple[str, str]]:
    """Return source and target of the synapse groups that have both among ``chosen``."""
    nodes = network.nodes
    may = {key for key in chosen if not (nodes[key].is_synapse_group or nodes[key].is_note)}
    sources, targets = {}, {}
    for link in network.links:
        if {link.source, link.target} <= chosen:
            if link.target_port == "source" and link.source in may:
                sources[link.target] = link.source
            if link.source_port == "target" and link.target in may:
                targets[link.source] = link.target
    both = sources.keys() & targets.keys()
    return {k: (sources[k], targets[k]) for k in both if nodes[k].is_synapse_group}


def _out_of_the_way(area: QRectF, others: Occupied) -> QRectF:
    if not others.is_free(area.adjusted(-3 * GAP, -GAP, 3 * GAP, GAP)):
        area.moveTop(others.bottom + 3 * GAP)
    return area


def _slid(area: QRectF, others: Occupied, step: float) -> QRectF:
    for _ in range(_TRIES):
        if others.is_free(area.adjusted(-GRID, -GRID, GRID, GRID)):
            return area
        area.translate(0, step)
    if step > 0:  # too much stands here: below all of it
        area.moveTop(max(area.top(), others.bottom + step))
    return area


def _others(network: Definition, node_id: str, definitions: Definitions) -> list[QRectF]:
    others = [node for key, node in network.nodes.items() if key != node_id]
    return [area_of(node, definitions) for node in others]


def _corner(area: QRectF) -> Place:
    return (round(area.x() / GRID) * float(GRID), round(area.y() / GRID) * float(GRID))
