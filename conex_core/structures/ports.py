"""Ports: the names by which structures are joined without knowing what is inside.

A port leads to neuron groups, or to ports of inner structures and so on to
groups. Behaviors on the way are given to the synapses that are made there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from conex_core.errors import StructureError, UnknownName
from conex_core.structures.base import stack_of

__all__ = ["Port", "PortEnd", "Side", "checked_ports", "offered_ports", "resolve"]

Side = Literal["input_ports", "output_ports"]

_WORDS = {"input_ports": "input port", "output_ports": "output port"}


class Port(NamedTuple):
    """Point to ``object``: a neuron group itself, or the port ``label`` of a structure.

    ``object`` may also be the name of an attribute of the structure that has
    the port, such as "sensory_pop". ``behavior`` holds behaviors for the
    synapses that are made here.
    """

    object: Any
    label: Any = None
    behavior: Any = None


@dataclass(frozen=True)
class PortEnd:
    """Hold a neuron group that a port leads to, and the behaviors found on the way."""

    group: Any
    behavior: Mapping[Any, Any]


def checked_ports(owner: str, ports: Any) -> dict[str, tuple[Any, list[Port]]]:
    """Return ports as name to (anything, list of Port).

    Raises
    ------
    StructureError
        If they are not; ``owner`` is the name of the structure.
    """
    if ports is None:
        return {}
    if not isinstance(ports, Mapping):
        raise StructureError(owner, f"cannot take {ports!r} as its ports", hint=_FORM)
    return {str(name): _checked_port(owner, str(name), value) for name, value in ports.items()}


def offered_ports(structure: Any, side: Side) -> Mapping[str, tuple[Any, list[Port]]]:
    """Return the ports of a structure; where it declares none, those it has by itself."""
    declared: Mapping[str, Any] = getattr(structure, side, None) or {}
    if declared:
        return declared
    own: Mapping[str, str] = getattr(structure, "own_ports", {}).get(side, {})
    return {
        name: (None, [Port(attribute)])
        for name, attribute in own.items()
        if getattr(structure, attribute, None) is not None
    }


def resolve(structure: Any, port: str | None, side: Side) -> list[PortEnd]:
    """Return the neuron groups behind a port, at any depth.

    A neuron group stands for itself. ``port`` may be None where the structure
    has only one. Behaviors of inner ports take the place of those of outer ones.

    Raises
    ------
    UnknownName
        If there is no such port; the message lists those there are.
    StructureError
        If ports lead in a circle, or to nothing that has ports.
    """
    return _resolved(structure, port, side, {}, ())


_FORM = 'ports are {"name": (None, [Port(group), Port(layer, label="name")])}'
_Step = tuple[Any, str]


def _resolved(
    structure: Any, label: str | None, side: Side, outer: Mapping[Any, Any], path: tuple[_Step, ...]
) -> list[PortEnd]:
    if hasattr(structure, "afferent_synapses"):
        return [PortEnd(structure, outer)]
    if not hasattr(structure, side):
        where = path[-1][0].name if path else _named(structure)
        problem = f"has no {_WORDS[side]}s"
        if path:
            problem = f"its port {path[-1][1]!r} leads to {_named(structure)}, which {problem}"
        raise StructureError(where, problem, hint="use a neuron group or a structure with ports")
    name = label if label is not None else _only_port(structure, side)
    ports = offered_ports(structure, side)
    if not isinstance(name, str) or name not in ports:
        raise UnknownName(f"{_WORDS[side]} of {structure.name}", str(name), ports)
    step = (structure, name)
    if any(before == step for before in path):
        shown = " › ".join(f"{other.name}.{port}" for other, port in [*path, step])
        raise StructureError(structure.name, f"its ports lead in a circle: {shown}")
    found = []
    for target in _checked_port(structure.name, name, ports[name])[1]:
        inner = {**outer, **stack_of(target.behavior, structure.name)}
        found += _resolved(_target(structure, target), target.label, side, inner, (*path, step))
    return found


def _only_port(structure: Any, side: Side) -> str:
    ports = offered_ports(structure, side)
    if len(ports) != 1:
        known = ", ".join(sorted(ports)) or "none"
        problem = f"has {len(ports)} {_WORDS[side]}s, so one must be named"
        raise StructureError(structure.name, problem, hint=f"{_WORDS[side]}s: {known}")
    return next(iter(ports))


def _target(structure: Any, port: Port) -> Any:
    if not isinstance(port.object, str):
        if getattr(port.object, "network", structure.network) is not structure.network:
            problem = f"its port leads to {_named(port.object)}, of another network"
            raise StructureError(structure.name, problem, hint="make both in one network")
        return port.object
    found = getattr(structure, port.object, None)
    if found is None:
        known = [k for k, v in vars(structure).items() if k.endswith("_pop") and v is not None]
        raise UnknownName(f"population of {structure.name}", port.object, known)
    return found


def _checked_port(owner: str, name: str, value: Any) -> tuple[Any, list[Port]]:
    place = f"its port {name!r}"
    targets = [value] if isinstance(value, Port) else value
    if isinstance(targets, list) and targets and all(isinstance(t, Port) for t in targets):
        value = (None, targets)  # as CoNeX's first version had them
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise StructureError(owner, f"{place} is {value!r}", hint=_FORM)
    anything, targets = value
    if isinstance(targets, Port):
        targets = [targets]
    if not isinstance(targets, Iterable) or isinstance(targets, str | Mapping):
        raise StructureError(owner, f"{place} leads to {targets!r}", hint=_FORM)
    return anything, [_checked_target(owner, place, target) for target in targets]


def _checked_target(owner: str, place: str, target: Any) -> Port:
    port = _as_port(owner, place, target)
    if isinstance(port.object, type) or port.object is None:
        raise StructureError(owner, f"{place} leads to {port.object!r}", hint=_FORM)
    if port.label is not None and not isinstance(port.label, str):
        problem = f"{place} names {port.label!r} as an inner port, which is no name"
        raise StructureError(owner, problem, hint=_FORM)
    stack_of(port.behavior, owner)
    return port


def _as_port(owner: str, place: str, target: Any) -> Port:
    if isinstance(target, Port):
        return target
    if not isinstance(target, list | tuple):
        return Port(target)
    if len(target) == 2 and isinstance(target[1], Mapping | list):
        return Port(target[0], None, target[1])  # the short form of input and output layers
    if not 1 <= len(target) <= 3:
        raise StructureError(owner, f"{place} leads to {target!r}", hint=_FORM)
    return Port(*target)


def _named(structure: Any) -> str:
    return str(getattr(structure, "name", structure))
