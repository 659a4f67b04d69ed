"""Container: a structure that holds others and joins them to the rest through ports."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from conex_core.errors import StructureError
from conex_core.structures.base import StructureMixin, stack_of
from conex_core.structures.groups import publish
from conex_core.structures.mixing import checked_network, refuse_foreign
from conex_core.structures.older import takes_older
from conex_core.structures.ports import checked_ports
from conex_core.structures.settings import checked_tag
from conex_core.upstream import NetworkObject

__all__ = ["Container", "Holder", "listed", "structure_in"]


class Holder(StructureMixin, NetworkObject):  # pymonntorch's base has no types
    """Be a part of a network that holds other parts, and may have behaviors."""

    def __init__(
        self, net: Any, behavior: Any = None, tag: str | None = None, key: str | None = None
    ) -> None:
        kind = type(self).__name__
        structures = checked_network(net, kind).Structures
        count = sum(type(other) is type(self) for other in structures)
        unnamed, tag = not tag, checked_tag(tag, f"{kind}_{count + 1}")
        name = tag.partition(",")[0].strip()
        self.key, self.is_keyed = key or name, bool(key)
        self.given_name, self.is_unnamed = name, unnamed
        super().__init__(net, tag, stack_of(behavior, name), net.device)
        publish(net, self)

    def add_sub_structures(self, structures: Iterable[Any]) -> None:
        """Put structures of the same network into this one."""
        for structure in listed(self.name, structures):
            self.add_sub_structure(structure)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r})"


class Container(Holder):
    """Hold any structures.

    Parameters
    ----------
    net : Neocortex
    sub_structures : list of structures, or of their tags
    input_ports, output_ports : dict
        Name to (anything, list of Port); see :class:`Port`.
    behavior : dict or list of behaviors
    tag : str
    device : str
        The network's, whatever is given.
    key : str, optional
        What the seeds of its behaviors derive from; its place in the network by default,
        "column/L4/exc".
    """

    own_ports: ClassVar[dict[str, dict[str, str]]] = {}

    @takes_older
    def __init__(
        self,
        net: Any,
        sub_structures: Iterable[Any] | None = None,
        input_ports: Any = None,
        output_ports: Any = None,
        behavior: Any = None,
        tag: str | None = None,
        device: Any = None,
        *,
        key: str | None = None,
    ) -> None:
        super().__init__(net, behavior, tag, key)
        items = listed(self.name, sub_structures)
        self.add_sub_structures([structure_in(self, item) for item in items])
        self.input_ports = checked_ports(self.name, input_ports)
        self.output_ports = checked_ports(self.name, output_ports)

    def required_helper(self) -> list[Any]:
        """Return the structures inside."""
        return list(self.sub_structures)


def listed(owner: str, items: Any) -> list[Any]:
    """Return what a structure was given as a list; None is an empty one.

    Raises
    ------
    StructureError
        If it is one thing instead of a list of them.
    """
    # pymonntorch's objects can be indexed, so Python would walk along their tags.
    if isinstance(items, str | NetworkObject) or not isinstance(items or (), Iterable):
        raise StructureError(owner, f"needs a list, got {items!r}", hint="put it in [ ]")
    return list(items or ())


def structure_in(owner: Any, item: Any, kind: type | None = None) -> Any:
    """Return a structure of the network of ``owner``, given as an object or by its tag.

    Raises
    ------
    StructureError
        If it is none, of another kind, or of another network.
    """
    wanted = "structure" if kind is None else kind.__name__
    found: Any = item
    if isinstance(item, str):
        found = next((s for s in owner.network.Structures if item in s.tags), None)
        if found is None:
            known = ", ".join(str(s.tags[0]) for s in owner.network.Structures if s is not owner)
            hint = f"there are {known}" if known else "make it first"
            raise StructureError(owner.name, f"finds no {wanted} {item!r}", hint=hint)
    refuse_foreign(found)
    fits = isinstance(found, kind or NetworkObject)
    if not fits or isinstance(found, type):
        hint = f"pass a {wanted} object or its tag"
        raise StructureError(owner.name, f"cannot hold {item!r}", hint=hint)
    if found.network is not owner.network:
        hint = "make both in one network"
        raise StructureError(owner.name, f"cannot take {found.name}, of another network", hint=hint)
    return found
