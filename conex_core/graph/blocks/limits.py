"""What a block may hold: measured before anything opens it.

A few lines of a file can stand for more nodes than fit into any computer: a
block that holds ten of a block that holds ten of another. All of it is counted
here without opening anything, in a time that depends on the file's size alone.
"""

from __future__ import annotations

from collections.abc import Mapping

from conex_core.errors import FileError
from conex_core.graph.model.document import MAIN, Definition

__all__ = ["DEEPEST", "MOST_NODES", "refuse_unsound"]

MOST_NODES = 20_000  # with every inner block opened
DEEPEST = 32  # blocks inside blocks
_LONGEST_NAME = 200  # characters

_DAMAGED = "The file seems to be damaged; take an older copy of it"


def refuse_unsound(definitions: Mapping[str, Definition], start: str, path: object) -> None:
    """Raise FileError where a block lacks a part, holds itself or is too large."""
    if start not in definitions or MAIN in definitions:
        problem = "lacks the block itself" if start not in definitions else "holds a whole network"
        raise FileError(path, problem, place="definitions", hint=_DAMAGED)
    for definition in definitions.values():
        _refuse_names(definition, path)
    counts: dict[str, tuple[int, int]] = {}  # nodes and depth, with every inner block opened
    for name in _inner_first(definitions, start, path):
        counts[name] = _measured(definitions[name], counts)
        nodes, depth = counts[name]
        called = definitions[name].name
        if nodes > MOST_NODES:
            hint = "Build a network of that size from several blocks"
            problem = f"{called} comes to more than {MOST_NODES:,} nodes when it is opened"
            raise FileError(path, problem, place="definitions", hint=hint)
        if depth > DEEPEST:
            hint = "Nest fewer blocks inside each other"
            problem = f"{called} is nested deeper than {DEEPEST} blocks"
            raise FileError(path, problem, place="definitions", hint=hint)


def _refuse_names(definition: Definition, path: object) -> None:
    if not definition.name.strip() or len(definition.name) > _LONGEST_NAME:
        problem = f"the name of a block must have 1 to {_LONGEST_NAME} characters"
        raise FileError(path, problem, place=f"definitions.{definition.id[:40]}", hint=_DAMAGED)


def _measured(definition: Definition, counts: Mapping[str, tuple[int, int]]) -> tuple[int, int]:
    inner = [counts[node.of] for node in definition.nodes.values() if node.is_instance]
    nodes = len(definition.nodes) + sum(count for count, _ in inner)
    return min(nodes, MOST_NODES + 1), 1 + max((depth for _, depth in inner), default=0)


def _inner_first(definitions: Mapping[str, Definition], start: str, path: object) -> list[str]:
    """Return what ``start`` needs, inner definitions before those that hold them."""
    order: list[str] = []
    done: set[str] = set()
    trail: list[str] = []  # from the block down to where the walk is
    waiting: list[tuple[str, bool]] = [(start, False)]
    while waiting:
        name, is_left = waiting.pop()
        if is_left:
            trail.pop()
            done.add(name)
            order.append(name)
        elif name in trail:
            raise _recursive(definitions, [*trail[trail.index(name) :], name], path)
        elif name not in done:
            trail.append(name)
            waiting.append((name, True))
            waiting += [(inner, False) for inner in _inside(definitions, name, path)]
    return order


def _inside(definitions: Mapping[str, Definition], name: str, path: object) -> list[str]:
    found = {node.of: node for node in definitions[name].nodes.values() if node.is_instance}
    for inner, node in found.items():
        if inner not in definitions:
            problem = f"lacks the block that {node.name} shows"
            place = f"definitions.{name[:40]}.nodes.{node.id[:40]}"
            raise FileError(path, problem, place=place, hint=_DAMAGED)
    return sorted(found)


def _recursive(definitions: Mapping[str, Definition], names: list[str], path: object) -> FileError:
    shown = [definitions[name].name for name in names]
    if len(shown) > 8:
        shown = [*shown[:4], "...", *shown[-3:]]
    hint = "A block cannot hold itself; take an older copy of the file"
    return FileError(path, f"holds itself ({' › '.join(shown)})", place="definitions", hint=hint)
