"""The values of a structure as data: what it refers to, its behaviors and its ports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from conex_core.errors import StructureError, UnknownName
from conex_core.structures.base import stack_of
from conex_core.structures.replication.arguments import OBJECT, NotData, arguments_of, as_data
from conex_core.structures.replication.entries import Carried, is_given_anew
from conex_core.structures.replication.registry import is_registered

__all__ = ["Writer"]


class Writer:
    """Write the values of one dict, whose inner structures are ``parts``.

    ``owner`` is the structure whose values are written at the moment;
    ``carried`` collects what is not data, None refuses it.
    """

    def __init__(self, parts: list[Any], owner: Any, carried: Carried | None) -> None:
        self.owner, self.carried = owner, carried
        self._indices = {id(part): index for index, part in enumerate(parts)}

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

    def _behavior(self, key: float, behavior: Any) -> dict[str, Any]:
        self.know("behavior", type(behavior))
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
            self.owner.name,
            f"cannot be saved: the parameter {name} of {kind} is {value!r}, which is not data",
            hint=f"give {name} a number, text, distribution or array; or copy it with replicate()",
        )

    def know(self, kind: str, cls: type) -> None:
        """Make sure that ``cls`` can be found again by its name."""
        if self.carried is None:
            if not is_registered(kind, cls):
                hint = f"call register_{kind}({cls.__name__}) first"
                raise UnknownName(f"{kind} class", cls.__name__, hint=hint)
            return
        classes = self.carried.classes
        if any(other.__name__ == cls.__name__ and other is not cls for other in classes):
            problem = f"holds two different classes called {cls.__name__}"
            raise StructureError(self.owner.name, problem, hint="rename one of them")
        if cls not in classes:
            classes.append(cls)


def outside_name(structure: Any) -> str:
    """Return the name by which a structure is found in its network."""
    network, name = structure.network, str(structure.tags[0])
    same: Iterable[Any] = (other for other in network.all_objects() if other.tags[0] == name)
    return name if sum(1 for _ in same) == 1 else str(network.key_of(structure))
