"""How many neurons a node has, and how they are laid out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeAlias

from conex_core.errors import ParameterError
from conex_core.graph.model.kinds import kind_of

if TYPE_CHECKING:
    from conex_core.graph.model.document import Node

__all__ = ["Extent", "count_of", "neuron_count", "size_of"]

Extent: TypeAlias = "int | tuple[int, int, int]"  # a number, or depth, height and width


def size_of(node: Node) -> Extent | None:
    """Return the size that a node has or gets by default; None where it breaks its rule."""
    kind = kind_of(node.kind)
    for parameter in () if kind is None else kind.parameters:
        if parameter.name == "size":
            try:
                size: Extent = parameter.check(node.params.get("size", parameter.default))
            except ParameterError:
                return None
            return size
    return None


def neuron_count(node: Node) -> int:
    """Return how many neurons a node has; 0 where its size breaks its rule."""
    size = size_of(node)
    return 0 if size is None else count_of(size)


def count_of(size: int | tuple[int, ...]) -> int:
    """Return the number of neurons of a size."""
    return size if isinstance(size, int) else math.prod(size)
