"""From a structure to its dict: what it consists of, in the order it was made, and its values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from conex_core.errors import StructureError, UnknownName
from conex_core.structures.base import stack_of
from conex_core.structures.replication.kind import HOLDER
from conex_core.structures.replication.kinds import kind_of
from conex_core.structures.replication.parsing import Carried, is_given_anew
from conex_core.structures.replication.registry import is_registered
from conex_core.structures.replication.values import OBJECT, NotData, arguments_of, as_data

__all__ = ["Writer", "required_structures"]


def required_structures(structure: Any) -> list[Any]:
    """Return everything inside ``structure`` to any depth, in the order it is made again.

    Neuron groups first and then synapse groups, then the structures that hold
    or join them, each after what it is made from; among equals as they joined
    the network.
    """
    inside = {id(part): part for part in _within(structure) if part is not structure}
    joined = {id(item): place for place, item in enumerate(structure.network.Structures)}
    heights: dict[int, int] = {}
    for part in inside.values():
        _climb(part, inside, heights)
    return sorted(inside.values(), key=lambda part: (heights[id(part)], joined.get(id(part), 0)))


def _within(structure: Any) -> Iterator[Any]:
    for part in kind_of(type(structure)).parts(structure):
        yield part
        yield from _within(part)


def _climb(part: Any, inside: Mapping[int, Any], heights: dict[int, int]) -> int:
    """Return a number above those of everything that ``part`` is made from."""
    if id(part) not in heights:
        kind = kind_of(type(part))
        heights[id(part)] = kind.rank  # seen by one that holds itself
        if kind.rank == HOLDER:
            below = [item for item in kind.made_from(part) if id(item) in inside]
            top = max((_climb(item, inside, heights) for item in below), default=0)
            heights[id(part)] = max(HOLDER, top + 1)
    return heights[id(part)]


class Writer:
    """Write one structure; ``carried`` collects what is not data, or None refuses it."""

    def __init__(self, structure: Any, *, state: bool, carried: Carried | None) -> None:
        if hasattr(structure, "SynapseGroups"):
            hint = "save its structures one by one, or put them into a Container"
            raise StructureError(structure.name, "is a whole network", hint=hint)
        self.structure, self.state, self.carried = structure, state, carried
        self.parts = required_structures(structure)
        self._indices = {id(part): index for index, part in enumerate(self.parts)}
        self._owner = structure

    def whole(self) -> dict[str, Any]:
        """Return the dict of the structure, with its parts in ``built_structures``."""
        inner = {index: self._entry(part) for index, part in enumerate(self.parts)}
        entry = self._entry(self.structure)
        if not inner:
            return entry
        head = {name: entry.pop(name) for name in ("tag", "class", "behavior", "device")}
        return {**head, "built_structures": inner, **entry}

    def reference(self, structure: Any) -> int | dict[str, str] | None:
        """Return the index of a part, or the name of a structure outside."""
        if structure is None:
            return None
        if id(structure) in self._indices:
            return self._indices[id(structure)]
        name = outside_name(structure)
        if self.carried is not None:
            self.carried.outside[name] = structure
        return {"outside": name}

    def behaviors(self, stack: Mapping[float, Any]) -> list[dict[str, Any]]:
        """Return a stack as a list of classes with their arguments."""
        return [self._behavior(key, stack[key]) for key in sorted(stack)]

    def ports(self, structure: Any, ports: Mapping[str, Any]) -> dict[str, Any]:
        """Return ports as name to [value, [[structure, label, behaviors], ...]]."""
        return {
            name: [
                self._value(structure, name, value),
                [self._target(structure, target) for target in targets],
            ]
            for name, (value, targets) in ports.items()
        }

    def _target(self, structure: Any, target: Any) -> list[Any]:
        """Return one target, which input and output layers give as (population, behaviors)."""
        inner, label, behaviors = target if len(target) == 3 else (target[0], None, target[1])
        if isinstance(inner, str):
            inner = getattr(structure, inner)
        stack = None if behaviors is None else self.behaviors(stack_of(behaviors, structure.name))
        return [self.reference(inner), label, stack]

    def _entry(self, part: Any) -> dict[str, Any]:
        self._owner = part
        self._know("structure", type(part))
        kind, tags = kind_of(type(part)), given_tags(part)
        entry = {
            "tag": ",".join(tags),
            "class": type(part).__name__,
            "behavior": self.behaviors(part.behavior),
            "device": str(part.device),
            **kind.write(part, self),
        }
        if part.key != tags[0]:
            entry["key"] = part.key
        if self.state:
            from conex_core.state import capture

            entry["state"] = capture(part)
        return entry

    def _behavior(self, key: float, behavior: Any) -> dict[str, Any]:
        self._know("behavior", type(behavior))
        arguments, keywords = arguments_of(behavior)
        positions = {f"argument {index + 1}": value for index, value in enumerate(arguments)}
        return {
            "key": key,
            "class": type(behavior).__name__,
            "parameters_args": [self._value(behavior, *item) for item in positions.items()],
            "parameters_kwargs": {
                name: self._value(behavior, name, value) for name, value in keywords.items()
            },
        }

    def _value(self, behavior: Any, name: str, value: Any) -> Any:
        anew = is_given_anew(type(behavior), name) and value is not None
        if not anew:
            try:
                return as_data(value)
            except NotData:
                pass
        if self.carried is not None:
            self.carried.objects.append(value)
            return {**OBJECT, "id": len(self.carried.objects) - 1}
        if anew:
            return dict(OBJECT)
        kind = type(behavior).__name__
        raise StructureError(
            self._owner.name,
            f"cannot be saved: the parameter {name} of {kind} is {value!r}, which is not data",
            hint=f"give {name} a number, text, distribution or array; or copy it with replicate()",
        )

    def _know(self, kind: str, cls: type) -> None:
        """Make sure that ``cls`` can be found again by its name."""
        if self.carried is None:
            if not is_registered(kind, cls):
                hint = f"call register_{kind}({cls.__name__}) first"
                raise UnknownName(f"{kind} class", cls.__name__, hint=hint)
            return
        classes = self.carried.classes
        if any(other.__name__ == cls.__name__ and other is not cls for other in classes):
            problem = f"holds two different classes called {cls.__name__}"
            raise StructureError(self._owner.name, problem, hint="rename one of them")
        if cls not in classes:
            classes.append(cls)


def given_tags(structure: Any) -> list[str]:
    """Return the tags of a structure, the name first that it was given.

    A network that is initialised renames groups of equal names ("e" to "eb")
    and keeps the given name as their last tag.
    """
    tags = [str(tag) for tag in structure.tags]
    renamed = "ng" in tags[:-1] and tags[0][:-1] == tags[-1]
    return [tags[-1], *tags[1:-1]] if renamed else tags


def outside_name(structure: Any) -> str:
    """Return the name by which a structure is found in its network."""
    network, name = structure.network, str(structure.tags[0])
    same: Iterable[Any] = (other for other in network.all_objects() if other.tags[0] == name)
    return name if sum(1 for _ in same) == 1 else str(network.key_of(structure))
