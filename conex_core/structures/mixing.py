"""Parts of pymonntorch and of conex_core in one network: refused where they are joined.

Two star imports in a script leave the names of the later one, so that a group may come
from the other package than its network. Each would run without the checks of ours.
"""

from __future__ import annotations

from typing import Any

from conex_core.errors import StructureError
from conex_core.structures.base import StructureMixin
from conex_core.upstream import Network, NeuronGroup, SynapseGroup

__all__ = ["Members", "checked_network", "refuse_foreign"]

_AFTER = "after every import of pymonntorch"


class Members(list[Any]):
    """The structures of a network of ours."""

    def append(self, structure: Any) -> None:
        """Take a structure.

        Raises
        ------
        StructureError
            If it is a group of pymonntorch.
        """
        refuse_foreign(structure)
        super().append(structure)


def refuse_foreign(owner: Any) -> None:
    """Raise StructureError if ``owner`` is a group of pymonntorch."""
    if isinstance(owner, NeuronGroup | SynapseGroup) and not isinstance(owner, StructureMixin):
        kind = "NeuronGroup" if isinstance(owner, NeuronGroup) else "SynapseGroup"
        hint = f"write: from conex_core import {kind}, {_AFTER}"
        raise StructureError(owner.tags[0], f"is a {kind} of pymonntorch", hint=hint)


def checked_network(net: Any, kind: str) -> Any:
    """Return ``net``, in which a structure called ``kind`` is to be made.

    Raises
    ------
    StructureError
        If it is no network, or one of pymonntorch.
    """
    if not isinstance(net, Network):
        hint = "pass a Network() or Neocortex()"
        raise StructureError(kind, f"needs a network, got {net!r}", hint=hint)
    if not isinstance(net, StructureMixin):
        problem = "cannot be in a Network of pymonntorch"
        hint = f"write: from conex_core import Network, {_AFTER}; or make a Neocortex()"
        raise StructureError(kind, problem, hint=hint)
    return net
