"""WeightInitializer: the weights a synapse group starts with, dense or sparse.

Sparse weights are stored by source (CSR); ``src_idx`` and ``dst_idx`` of the
synapse group give the ends of each stored value in that order.
"""

from __future__ import annotations

import math
from typing import Any

import torch

from conex_core.behavior import Behavior, name_of
from conex_core.behaviors.synapses.drawing import (
    FEW_CELLS,
    Tell,
    drawn_connections,
    shuffled_cells,
)
from conex_core.behaviors.synapses.storage import by_source, stored, turned
from conex_core.counting import part_of
from conex_core.errors import ParameterError, ShapeError
from conex_core.parameters import Flag, Hook, Initializer, Integers, Number, Table

__all__ = ["WeightInitializer"]


class WeightInitializer(Behavior):
    """Give a synapse group its weights.

    Either ``weights`` are given, or values are drawn by ``mode``, passed
    through ``function``, scaled and offset. With a density below 1 a random
    part of the connections exists: stored sparse, or dense with zeros when
    ``true_sparsity`` is off.
    """

    host = "synapses"
    priority = 3
    provides = ("own.weights", "own.kernel_shape")
    equation = r"w = \mathrm{mask}\,(\mathrm{scale}\,f(\xi) + \mathrm{offset})"
    source = "CoNeX, behaviors.synapses"
    remembers = ()

    mode = Initializer(default=None, optional=True, help="Values to draw, one per connection.")
    scale = Number(default=1.0, unit="nA", help="Factor of the drawn values.")
    offset = Number(default=0.0, unit="nA", help="Added to the drawn values.")
    function = Hook(default=None, optional=True, help="Applied to the drawn values first.")
    density = Number(default=1.0, low=0.0, high=1.0, help="Part of the connections that exist.")
    true_sparsity = Flag(default=True, help="Store only what exists, when the density is below 1.")
    weight_shape = Integers(
        default=None,
        optional=True,
        low=1,
        help="Shape of the weights; empty for what the kind of connection needs.",
    )
    kernel_shape = Integers(
        default=None,
        optional=True,
        low=1,
        help="Local connections: (out depth, height, width, in depth, kernel height, width).",
    )
    weights = Table(default=None, optional=True, unit="nA", help="Given weights.")

    def check_together(self) -> None:
        """Refuse weights that are both given and drawn, or neither."""
        if (self.mode is None) == (self.weights is None):
            raise self._refused("or mode must be given, and not both", self.weights)
        drawing = ("scale", "offset", "function", "density")
        used = [name for name in drawing if getattr(self, name) != self.declared[name].default]
        if self.weights is not None and used:
            raise self._refused(f"cannot be combined with {', '.join(used)}", self.weights)

    def initialize(self, owner: Any) -> None:
        """Set ``owner.weights``."""
        super().initialize(owner)
        owner.kernel_shape = self.kernel_shape
        if self.weights is not None:
            owner.weights = self._given(owner)
        elif self.density < 1 and self.true_sparsity:
            owner.weights = self._sparse(owner)
        else:
            owner.weights = self._dense(owner)

    def _given(self, owner: Any) -> torch.Tensor:
        weights = self.weights
        dtype = owner.network.def_dtype
        if isinstance(weights, torch.Tensor) and weights.layout is not torch.strided:
            matrix = (owner.src.size, owner.dst.size)
            if tuple(weights.shape) != matrix:
                problem = f"sparse weights are {tuple(weights.shape)}, needed are {matrix}"
                raise ShapeError(name_of(owner), problem)
            return by_source(weights.to(owner.device, dtype))
        shape = _shape_of(weights, self._shape(owner))
        return self.values(owner, weights, shape, name="weights")

    def _dense(self, owner: Any) -> torch.Tensor:
        shape = self._shape(owner)
        weights = self._transformed(self.values(owner, self.mode, shape, name="mode"))
        # Drawn even for density 1, in CoNeX's order: values, then mask.
        drawn = torch.rand(shape, generator=self.generator, device=owner.device)
        return weights.mul_(drawn <= self.density)

    def _sparse(self, owner: Any) -> torch.Tensor:
        shape = (owner.src.size, owner.dst.size)
        count = part_of(math.prod(shape), self.density)
        if math.prod(shape) <= FEW_CELLS:
            return self._shuffled(owner, count, shape)
        tell = _told(owner, count)
        starts, targets = drawn_connections(count, shape, self.generator, owner.device, tell)
        return stored(starts, targets, self._drawn(owner, count), shape)

    def _shuffled(self, owner: Any, count: int, shape: tuple[int, int]) -> torch.Tensor:
        sources, targets = shape
        # Cells are counted by target, and values drawn in that order.
        cells = shuffled_cells(count, sources * targets, self.generator, owner.device)
        return turned(cells % sources, cells // sources, self._drawn(owner, count), shape)

    def _drawn(self, owner: Any, count: int) -> torch.Tensor:
        return self._transformed(self.values(owner, self.mode, (count,), name="mode"))

    def _transformed(self, values: torch.Tensor) -> torch.Tensor:
        if self.function is not None:
            values = self._mapped(values)
        return values.mul_(self.scale).add_(self.offset)

    def _mapped(self, values: torch.Tensor) -> torch.Tensor:
        changed = self.function(values.clone())
        if not isinstance(changed, torch.Tensor) or changed.shape != values.shape:
            raise ParameterError("function", "must return a tensor of the same shape", changed)
        if changed.is_complex() or not bool(torch.isfinite(changed).all()):
            raise ParameterError("function", "must return finite real numbers", changed)
        return changed.to(values)

    def _shape(self, owner: Any) -> tuple[int, ...]:
        if self.weight_shape is not None:
            return tuple(self.weight_shape)
        if self.kernel_shape is not None and len(self.kernel_shape) == 6:
            out, height, width, depth, rows, columns = self.kernel_shape
            return (out, height * width, depth * rows * columns)
        for behavior in owner.behavior.values():
            default = getattr(behavior, "default_weight_shape", None)
            if default is not None:
                return tuple(default(owner))
        return (owner.src.size, owner.dst.size)

    def _refused(self, rule: str, got: Any) -> ParameterError:
        return ParameterError("weights", rule, got, behavior=type(self).__name__)


def _told(owner: Any, count: int) -> Tell:
    """Return what takes the number of drawn connections to whoever builds the network."""
    progress = getattr(owner.network, "progress", None)
    if progress is None:
        return lambda _: None
    return lambda done: progress(done, count, f"{name_of(owner)}: drawing {count:,} connections")


def _shape_of(weights: Any, default: tuple[int, ...]) -> tuple[int, ...]:
    shape = torch.as_tensor(weights).shape
    return tuple(shape) if shape else default
