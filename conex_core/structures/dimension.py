"""NeuronDimension: neurons on a depth × height × width grid."""

from __future__ import annotations

from typing import Any

import torch

from conex_core.behavior import Behavior
from conex_core.errors import ParameterError
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
        owner.size = self.size
        owner.depth, owner.height, owner.width = self.depth, self.height, self.width
        owner.shape = self
        if owner.network.index_neurons:
            self._place(owner)

    @property
    def size(self) -> int:
        """Return the number of neurons."""
        return int(self.depth * self.height * self.width)

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
