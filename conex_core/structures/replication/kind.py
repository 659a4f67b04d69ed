"""What a kind of structure must say to be saved and made again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from conex_core.structures.replication.entries import SavedStructure
from conex_core.structures.replication.field_readers import Reader
from conex_core.structures.replication.making import Maker
from conex_core.structures.replication.writing import Writer

__all__ = ["HOLDER", "Kind"]

HOLDER = 2  # the rank of what holds other structures


class Kind:
    """Take apart and make one kind of structure; ``rank`` orders the making."""

    rank: ClassVar[int] = HOLDER
    schema: ClassVar[Mapping[str, Reader]] = {}
    required: ClassVar[tuple[str, ...]] = ()  # fields that a dict must have

    def parts(self, structure: Any) -> list[Any]:
        """Return the structures inside, direct ones only."""
        return []

    def made_from(self, structure: Any) -> list[Any]:
        """Return the structures that must be there first."""
        return self.parts(structure)

    def write(self, structure: Any, writer: Writer) -> dict[str, Any]:
        """Return the fields of ``schema``."""
        return {}

    def make(self, entry: SavedStructure, maker: Maker) -> Any:
        """Return the structure that an entry describes."""
        return entry.cls(maker.net, **maker.common(entry))
