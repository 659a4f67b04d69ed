"""What structures that make synapses between two others have in common.

Either end may be set later, in any order; the synapses are made once both are
there.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from conex_core.errors import ConexError, StructureError
from conex_core.structures.base import copy_of
from conex_core.structures.container import Container, structure_in
from conex_core.structures.groups import SynapseGroup

__all__ = ["Joining", "is_joined"]


def is_joined(structure: Any) -> bool:
    """Tell whether both ends are known, so that the synapses are made."""
    return structure.src is not None and structure.dst is not None


class Joining(Container):
    """Make synapse groups as soon as both ends are known."""

    src: Any = None
    dst: Any = None
    joins: ClassVar[bool] = True

    @property
    def synapses(self) -> list[Any]:
        """Return the synapse groups that were made."""
        return list(self.sub_structures)

    def connect_src(self, src: Any) -> None:
        """Make ``src`` the end that spikes come from."""
        self._connect("src", src)

    def connect_dst(self, dst: Any) -> None:
        """Make ``dst`` the end that spikes go to."""
        self._connect("dst", dst)

    @abstractmethod
    def make_synapses(self) -> None:
        """Make the synapse groups; both ends are there."""

    def _connect(self, end: str, structure: Any) -> None:
        known = getattr(self, end)
        if known is not None:
            problem = f"has {known.name} as its {_WORDS[end]} already"
            raise StructureError(self.name, problem, hint="make another one")
        setattr(self, end, structure_in(self, structure))
        if self.src is None or self.dst is None:
            return
        try:
            self.make_synapses()
        except ConexError:
            setattr(self, end, None)  # so that the right one can follow
            raise

    def join(self, src: Any, dst: Any, tag: str | None, behavior: Mapping[Any, Any]) -> None:
        """Make one synapse group with behaviors of its own."""
        key = f"{self.key}/{src.key} to {dst.key}"
        taken = {other.key for other in self.sub_structures}
        while key in taken:
            key += "'"
        tag = tag or f"{src.name} to {dst.name}"
        synapse = SynapseGroup(self.network, src, dst, tag, copy_of(behavior), key=key)
        synapse.is_keyed = False
        self.add_sub_structure(synapse)

    def name_of_part(self, part: Any, place: Callable[[Any], str]) -> str:
        """Return the places of both ends of a synapse group."""
        ends = getattr(part, "src", None), getattr(part, "dst", None)
        if None in ends:
            return super().name_of_part(part, place)
        return f"/{place(ends[0])} to {place(ends[1])}"


_WORDS = {"src": "source", "dst": "target"}
