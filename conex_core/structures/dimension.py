"""NeuronDimension: neurons on a depth × height × width grid."""

from __future__ import annotations

from typing import Any

import torch

from conex_core.behavior import Behavior, name_of
from conex_core.errors import ParameterError, StructureError
from conex_core.parameters import Flag, Hook, Integer

__all__ = ["NeuronDimension"]


class NeuronDimension(Behavior):
    """Give a group a grid of depth × height × width neurons.

    Passed as the size of a group. Neuron (z, y, x) has the index
    (z · height + y) · width + x. With an indexed network the group also gets
    coordinates ``x``, ``y``, ``z`` (centred around 0 unless told otherwise).
    """

    priority = 0
    catalogued = False
    initialize_on_init = True
    provides = ("own.size", "own.depth", "own.height", "own.width", "own.shape")
    source = "PymoNNtorch 0.1.4"

    neurons: Any = None  # the group, once it is made

    depth = Integer(default=1, low=1, help="Number of planes.")
    height = Integer(default=1, low=1, help="Number of rows.")
    width = Integer(default=1, low=1, help="Number of columns.")
    input_patterns = Hook(
        default=None,
        optional=True,
        callable_only=False,
        help="Arrays that the grid is widened to hold.",
    )
    centered = Flag(default=True, help="Put the origin of x, y and z in the middle.")

    def check_together(self) -> None:
        """Refuse patterns that are no list."""
        if self.input_patterns is not None and not hasattr(self.input_patterns, "__iter__"):
            raise ParameterError("input_patterns", "must be a list of arrays", self.input_patterns)

    def initialize(self, owner: Any) -> None:
        """Set the size, the shape and, if indexed, the coordinates of ``owner``."""
        super().initialize(owner)
        self._network = owner.network  # it is read here, and not when the network starts
        for pattern in self.input_patterns or ():
            self._widen(tuple(torch.as_tensor(pattern).shape))
        self.neurons = owner
        owner.size = self.size
        owner.depth, owner.height, owner.width = self.depth, self.height, self.width
        owner.shape = self
        if owner.network.index_neurons:
            self._place(owner)

    @property
    def size(self) -> int:
        """Return the number of neurons."""
        return int(self.depth * self.height * self.width)

    def get_area_mask(
        self,
        xmin: int = 0,
        xmax: int = -1,
        ymin: int = 0,
        ymax: int = -1,
        zmin: int = 0,
        zmax: int = -1,
    ) -> torch.Tensor:
        """Return which neurons lie in a box of the grid, (N,); an end below 1 is the last one."""
        counts = (self.depth, self.height, self.width)
        mask = torch.zeros(counts, dtype=torch.bool, device=self.neurons.device)
        ends = [
            count if end < 1 else end for end, count in zip((zmax, ymax, xmax), counts, strict=True)
        ]
        mask[zmin : ends[0], ymin : ends[1], xmin : ends[2]] = True
        return mask.flatten()

    def move(self, x: float = 0, y: float = 0, z: float = 0) -> NeuronDimension:
        """Move all neurons, in place; return this."""
        for axis, far in (("x", x), ("y", y), ("z", z)):
            self._axis(axis).add_(far)
        return self

    def scale(self, x: float = 1, y: float = 1, z: float = 1) -> NeuronDimension:
        """Stretch the grid around the origin, in place; return this."""
        for axis, factor in (("x", x), ("y", y), ("z", z)):
            self._axis(axis).mul_(factor)
        return self

    def stretch_to_equal_size(self, target_neurons: Any) -> None:
        """Stretch the grid until it is as wide, high and deep as that of another group."""
        sizes = (
            getattr(target_neurons, name, getattr(self, name)) / getattr(self, name)
            for name in ("width", "height", "depth")
        )
        self.scale(*sizes)

    def _axis(self, axis: str) -> torch.Tensor:
        if not hasattr(self.neurons, axis):
            hint = "make the network with index=True"
            raise StructureError(name_of(self.neurons), "has no coordinates", hint=hint)
        found: torch.Tensor = getattr(self.neurons, axis)
        return found

    def _widen(self, shape: tuple[int, ...]) -> None:
        sizes = (1, 1, 1, *shape)[-3:] if len(shape) != 1 else (1, shape[0], 1)
        self.depth = max(self.depth, sizes[0])
        self.height = max(self.height, sizes[1])
        self.width = max(self.width, sizes[2])

    def _place(self, owner: Any) -> None:
        index = torch.arange(owner.size, device=owner.device)
        grid = torch.unravel_index(index, (self.depth, self.height, self.width))
        counts = (self.depth, self.height, self.width)
        for axis, places, count in zip("zyx", grid, counts, strict=True):
            middle = (count - 1) / 2 if self.centered else 0.0
            setattr(owner, axis, places.to(owner.network.def_dtype) - middle)
