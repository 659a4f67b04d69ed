"""Where kernels that slide over planes lead: which cells meet which positions.

Tables, made once, for sums over spikes only: the sums run over spiking neurons
in ascending order, so that they are the same wherever they are computed.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import torch

__all__ = ["Sliding", "in_planes", "neighbours", "sliding_of"]

Pair = tuple[int, int]


class Sliding:
    """Tell cells of a source's plane and positions of a target's plane from each other's view.

    Both tables have a column per cell of the kernel, row by row. A number past
    the last one stands for a place outside the plane.
    """

    def __init__(self, source: Pair, target: Pair, kernel: Pair, stride: Pair, padding: Pair):
        self.source, self.target, self.kernel = source, target, kernel
        self.stride, self.padding = stride, padding
        self.cells, self.positions = source[0] * source[1], target[0] * target[1]
        self.length = kernel[0] * kernel[1]

    @cached_property
    def seen(self) -> torch.Tensor:
        """Return the cells that each position sees, (positions, length)."""
        rows, columns = (self._covered(axis) for axis in (0, 1))
        down, across = rows[:, None, :, None], columns[None, :, None, :]
        cells = down * self.source[1] + across
        outside = (down < 0) | (down >= self.source[0]) | (across < 0) | (across >= self.source[1])
        return cells.masked_fill_(outside, self.cells).view(self.positions, self.length)

    @cached_property
    def reached(self) -> torch.Tensor:
        """Return the positions that each cell reaches, (cells, length)."""
        table = torch.full((self.cells + 1, self.length), self.positions)
        places = torch.arange(self.positions)[:, None].expand_as(self.seen)
        return table.scatter_(0, self.seen, places)[:-1]

    def _covered(self, axis: int) -> torch.Tensor:
        """Return the coordinates under the kernel at each position, along one axis."""
        starts = torch.arange(self.target[axis]) * self.stride[axis] - self.padding[axis]
        return starts[:, None] + torch.arange(self.kernel[axis])


def sliding_of(owner: Any, kernel: Pair) -> Sliding:
    """Return how ``kernel`` slides from the source's to the target's planes of ``owner``."""
    source, target = ((end.height, end.width) for end in (owner.src, owner.dst))
    return Sliding(source, target, kernel, owner.stride, owner.padding)


def in_planes(neurons: torch.Tensor, size: int, planes: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the place of ``neurons`` in their plane of ``size``, and the plane, (k, 1) or (1, 1).

    Where there is one plane, nothing has to be divided.
    """
    if planes == 1:
        return neurons, neurons.new_zeros(1, 1)
    return neurons % size, (neurons // size)[:, None]


def neighbours(grid: tuple[int, ...], kernel: tuple[int, ...]) -> torch.Tensor:
    """Return whom each neuron of ``grid`` reaches by a centred ``kernel``, (N, kernel cells).

    Both are (depth, height, width). A number past the last neuron stands for
    nobody.
    """
    inside, reached = torch.ones((), dtype=torch.bool), torch.zeros((), dtype=torch.int64)
    for axis, (size, length) in enumerate(zip(grid, kernel, strict=True)):
        # Correlation: the cell after the centre brings the neuron before.
        places = torch.arange(size)[:, None] - (torch.arange(length) - length // 2)
        shape = [1] * 6
        shape[axis], shape[axis + 3] = size, length
        places = places.view(shape)
        inside = inside & (places >= 0) & (places < size)
        reached = reached * size + places
    count = torch.Size(grid).numel()
    return reached.masked_fill(~inside, count).reshape(count, -1)
