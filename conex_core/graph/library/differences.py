"""Differences between two definitions, in the words of their user."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from conex_core.graph.blocks.definitions import port_nodes, signal_of
from conex_core.graph.files.content_hash import content_hashes
from conex_core.graph.model.document import Definition, Node, Promoted
from conex_core.graph.model.kinds import INPUT_PORT, OUTPUT_PORT

__all__ = ["Change", "changes_between"]

What = Literal["input port", "output port", "parameter", "node", "wires", "block"]
How = Literal["added", "removed", "renamed", "changed"]


@dataclass(frozen=True)
class Change:
    """Say what became of one port, parameter or inner node; ``detail`` may be empty."""

    what: What
    how: How
    name: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.what} {self.name} {self.told}"

    @property
    def told(self) -> str:
        """Return what became of it, such as ``removed`` or ``renamed to Layer 4``."""
        between = " " if self.how == "renamed" else ": "
        return f"{self.how}{between}{self.detail}" if self.detail else self.how


def changes_between(
    old: Definition,
    old_others: Mapping[str, Definition],
    new: Definition,
    new_others: Mapping[str, Definition],
) -> tuple[Change, ...]:
    """Return what leads from ``old`` to ``new``: ports, parameters, nodes, wires, help.

    The others are the definitions that each of the two looks for its inner blocks in.
    """
    hashes = (_inner_hashes(old, old_others), _inner_hashes(new, new_others))
    return (
        *_of_ports(old, new),
        *_of_parameters(old, new),
        *_of_nodes(old, new, *hashes),
        *_of_wires(old, new),
        *_of_itself(old, new),
    )


def _of_ports(old: Definition, new: Definition) -> Iterator[Change]:
    sides: tuple[tuple[str, What], ...] = (
        (INPUT_PORT.name, "input port"),
        (OUTPUT_PORT.name, "output port"),
    )
    for kind, side in sides:
        before = {node.id: node for node in port_nodes(old, kind)}
        after = {node.id: node for node in port_nodes(new, kind)}
        yield from _pairs(side, before, after, _of_port)


def _of_port(old: Node, new: Node) -> str:
    before, after = signal_of(old), signal_of(new)
    return "" if before == after else f"carries {after}, not {before}"


def _of_parameters(old: Definition, new: Definition) -> Iterator[Change]:
    before = {one.id: one for one in old.promoted}
    after = {one.id: one for one in new.promoted}
    yield from _pairs("parameter", before, after, _of_parameter)


def _of_parameter(old: Promoted, new: Promoted) -> str:
    told = []
    if (old.low, old.high) != (new.low, new.high):
        told.append(f"bounds {_bounds(old)} become {_bounds(new)}")
    if old.targets != new.targets:
        told.append("sets other values inside")
    if old.help != new.help:
        told.append("another help")
    return ", ".join(told)


def _bounds(one: Promoted) -> str:
    low, high = (("…" if end is None else f"{end:g}") for end in (one.low, one.high))
    return f"{low} to {high}"


def _of_nodes(
    old: Definition, new: Definition, before: Mapping[str, str], after: Mapping[str, str]
) -> Iterator[Change]:
    def difference(mine: Node, theirs: Node) -> str:
        return _of_node(mine, theirs, before.get(mine.id, "") != after.get(theirs.id, ""))

    inside = [
        {node.id: node for node in item.nodes.values() if not node.is_port} for item in (old, new)
    ]
    yield from _pairs("node", inside[0], inside[1], difference)


def _of_node(old: Node, new: Node, has_other_content: bool) -> str:
    told = []
    if old.kind != new.kind:
        told.append(f"is a {new.kind}, not a {old.kind}")
    if has_other_content:
        told.append("its block changes")
    told += _of_values(old.params, new.params)
    before = {item.id: item for item in old.stack}
    after = {item.id: item for item in new.stack}
    told += [f"{item.kind} added" for key, item in after.items() if key not in before]
    told += [f"{item.kind} removed" for key, item in before.items() if key not in after]
    for key, item in after.items():
        if key in before and before[key] != item:
            values = _of_values(before[key].params, item.params) or ["changed"]
            told += [f"{item.kind} {value}" for value in values]
    if not told and (old.stack != new.stack or old.scope != new.scope or old.extra != new.extra):
        told.append("changed")
    if not told and old.position != new.position:
        told.append("moved")
    return ", ".join(told)


def _of_values(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    names = [name for name in sorted({*old, *new}) if old.get(name) != new.get(name)]
    return [f"{name} {_shown(old, name)} becomes {_shown(new, name)}" for name in names]


def _shown(values: Mapping[str, Any], name: str) -> str:
    text = str(values[name]) if name in values else "default"
    return text if len(text) <= 40 else f"{text[:37]}..."


def _of_wires(old: Definition, new: Definition) -> Iterator[Change]:
    added, removed = len(new.links - old.links), len(old.links - new.links)
    if added or removed:
        told = [f"{added} added"] * bool(added) + [f"{removed} removed"] * bool(removed)
        yield Change("wires", "changed", "inside", ", ".join(told))


def _of_itself(old: Definition, new: Definition) -> Iterator[Change]:
    if old.kind != new.kind:
        yield Change("block", "changed", new.name, f"is a {new.kind}, not a {old.kind}")
    if (old.description, old.tags) != (new.description, new.tags):
        yield Change("block", "changed", new.name, "another description")
    if old.learned != new.learned:
        detail = "draws its weights anew" if new.learned is None else "starts from learned weights"
        yield Change("block", "changed", new.name, detail)


def _pairs(
    what: What, old: Mapping[str, Any], new: Mapping[str, Any], difference: Any
) -> Iterator[Change]:
    """Yield what became of each thing; what lost its id is looked for by its name."""
    named = {one.name: key for key, one in new.items() if key not in old}
    met = {key: key if key in new else named.get(one.name) for key, one in old.items()}
    for key, other in met.items():
        mine = old[key]
        if other is None:
            yield Change(what, "removed", mine.name)
            continue
        theirs = new[other]
        if mine.name != theirs.name:
            yield Change(what, "renamed", mine.name, f"to {theirs.name}")
        told = difference(mine, theirs)
        if told:
            yield Change(what, "changed", theirs.name, told)
    for key, one in new.items():
        if key not in met.values():
            yield Change(what, "added", one.name)


def _inner_hashes(definition: Definition, others: Mapping[str, Definition]) -> dict[str, str]:
    known = content_hashes(others)
    inner = (node for node in definition.nodes.values() if node.is_instance)
    return {node.id: known.get(node.of, node.of) for node in inner}
