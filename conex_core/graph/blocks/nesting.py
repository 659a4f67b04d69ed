"""Blocks inside blocks: what a definition needs, how deep it goes, how much it comes to.

All of it is counted without opening anything, in a time that depends on the
size of the drawings alone: ten blocks in each of ten levels come to ten thousand
million nodes, and must be refused before the first of them is made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conex_core.errors import StructureError
from conex_core.graph.model.document import MAIN, Definition, Document

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = [
    "DEEPEST",
    "MOST_BLOCKS",
    "MOST_NODES",
    "Extent",
    "cycle",
    "depends_on",
    "extent_of",
    "inner_first",
    "path_to",
    "refusal_to_open",
    "refuse_cycle",
    "used_definitions",
]

DEEPEST = 32  # blocks inside blocks
MOST_NODES = 1_000_000  # of a network with every block opened
MOST_BLOCKS = 100_000  # of the same; empty ones take their time too
_UNCOUNTED = 10**15  # no need to know larger numbers exactly


@dataclass(frozen=True)
class Extent:
    """Say what a definition comes to with every inner block opened."""

    nodes: int
    depth: int  # 0 if it holds no block
    blocks: int = 0  # instances, those inside of others too


def used_definitions(
    definitions: Mapping[str, Definition], start: str = MAIN
) -> dict[str, Definition]:
    """Return the definitions that ``start`` needs, itself first; missing ones are left out."""
    found: dict[str, Definition] = {}
    waiting = [start]
    while waiting:
        name = waiting.pop()
        if name in found or name not in definitions:
            continue
        found[name] = definitions[name]
        waiting += reversed(definitions[name].inner)
    return found


def depends_on(definitions: Mapping[str, Definition], outer: str, inner: str) -> bool:
    """Tell whether ``outer`` is ``inner`` or holds it, at any depth."""
    return inner in used_definitions(definitions, outer)


def inner_first(definitions: Mapping[str, Definition], start: str = MAIN) -> list[str]:
    """Return what ``start`` needs, inner definitions before those that hold them.

    One that holds itself comes before the first of those that lead back to it.
    """
    return [name for name, trail in _walk(definitions, start) if not trail]


def cycle(definitions: Mapping[str, Definition], start: str = MAIN) -> list[str]:
    """Return the names along which a definition would hold itself; empty if none does."""
    for name, trail in _walk(definitions, start):
        if trail:
            circle = [*trail[trail.index(name) :], name]
            return [definitions[key].name for key in circle]
    return []


def refuse_cycle(doc: Document, outer: str, inner: str) -> None:
    """Raise StructureError if an instance of ``inner`` in ``outer`` would close a circle."""
    way = _way(doc.definitions, inner, outer)
    if not way:
        return
    names = [doc.definitions[key].name for key in (outer, *way)]
    path = " › ".join([*names[:4], "...", *names[-3:]] if len(names) > 8 else names)
    raise StructureError(
        doc.definition(inner).name,
        f"cannot be put inside itself ({path})",
        hint="Make it unique first, or use another block",
    )


def extent_of(definitions: Mapping[str, Definition], start: str = MAIN) -> Extent:
    """Return how many nodes ``start`` comes to, blocks not counted, and how deep it goes."""
    known: dict[str, Extent] = {}
    for name in inner_first(definitions, start):
        nodes, depth, blocks = 0, 0, 0
        for node in definitions[name].nodes.values():
            if not node.is_instance:
                nodes += 1
            elif node.of in known:
                nodes += known[node.of].nodes
                depth = max(depth, 1 + known[node.of].depth)
                blocks += 1 + known[node.of].blocks
        known[name] = Extent(min(nodes, _UNCOUNTED), depth, min(blocks, _UNCOUNTED))
    return known.get(start, Extent(0, 0))


def refusal_to_open(definitions: Mapping[str, Definition], start: str = MAIN) -> str:
    """Return why a network is too deep or too large to be opened; empty if it is not."""
    extent = extent_of(definitions, start)
    if extent.depth > DEEPEST:
        return (
            f"Blocks are nested {extent.depth} deep; {DEEPEST} is the most. "
            "Unpack some of those in the middle."
        )
    if extent.nodes > MOST_NODES:
        return (
            f"With all blocks opened this network has {_about(extent.nodes)} nodes; "
            f"{MOST_NODES:,} is the most. Remove some blocks."
        )
    if extent.blocks > MOST_BLOCKS:
        return (
            f"With all blocks opened this network has {_about(extent.blocks)} blocks; "
            f"{MOST_BLOCKS:,} is the most. Remove some of them."
        )
    return ""


def _walk(
    definitions: Mapping[str, Definition], start: str
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each needed definition when it is left, and with its trail where it holds itself.

    Without recursion: a file may nest thousands of blocks.
    """
    done: set[str] = set()
    trail: dict[str, None] = {}  # an ordered set
    waiting = [(start, False)] if start in definitions else []
    while waiting:
        name, is_left = waiting.pop()
        if is_left:
            del trail[name]
            done.add(name)
            yield name, ()
        elif name in trail:
            yield name, tuple(trail)
        elif name not in done:
            trail[name] = None
            waiting.append((name, True))
            inner = [key for key in definitions[name].inner if key in definitions]
            waiting += [(key, False) for key in reversed(inner)]


def _way(definitions: Mapping[str, Definition], start: str, end: str) -> list[str]:
    """Return a shortest way from ``start`` down to ``end``; empty if there is none."""
    came_from: dict[str, str | None] = {start: None}
    for name in (waiting := [start]):
        if name == end:
            break
        for inner in definitions[name].inner if name in definitions else ():
            if inner not in came_from:
                came_from[inner] = name
                waiting.append(inner)
    way: list[str] = []
    step = end if end in came_from else None
    while step is not None:
        way.append(step)
        step = came_from[step]
    return way[::-1]


def _about(count: int) -> str:
    return f"{count:,}" if count < _UNCOUNTED else f"more than {_UNCOUNTED:,}"


def path_to(
    definitions: Mapping[str, Definition], wanted: str, start: str = MAIN
) -> tuple[str, ...] | None:
    """Return the ids of instances that lead from one definition to another; None if none do."""
    ways: dict[str, tuple[str, ...]] = {start: ()}
    waiting = [start]
    while waiting:
        name = waiting.pop(0)
        if name == wanted:
            return ways[name]
        for node in definitions[name].nodes.values():
            if node.is_instance and node.of in definitions and node.of not in ways:
                ways[node.of] = (*ways[name], node.id)
                waiting.append(node.of)
    return None
