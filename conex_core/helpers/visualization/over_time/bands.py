"""Where the neurons of several groups lie on top of each other. Plain numbers, no Qt.

Heights run from 0 (top) to 1 (bottom). The first group is on top; within a
group the neuron index grows upwards, as in every raster.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Band", "lay_out"]

_SMALLEST_SHARE = 0.12  # of the height, however small the group


@dataclass(frozen=True)
class Band:
    """Give one group the heights from ``top`` to ``bottom``, cut into ``rows``.

    ``per_row`` neurons share a row, a whole number, so that no row is denser
    than its neighbours by rounding.
    """

    top: float
    bottom: float
    size: int
    per_row: int

    @property
    def rows(self) -> int:
        """Return the number of rows."""
        return -(-self.size // self.per_row)

    @property
    def image_top(self) -> float:
        """Return where the topmost row ends; it may reach past ``top`` a little."""
        return self.bottom - self.rows * self.per_row / self.size * (self.bottom - self.top)

    def row(self, neuron: NDArray[np.int32]) -> NDArray[np.int64]:
        """Return the row of each neuron, counted from the top."""
        bounded = np.clip(neuron, 0, self.size - 1).astype(np.int64)
        return self.rows - 1 - bounded // self.per_row

    def height(self, neuron: NDArray[np.int32] | float) -> NDArray[np.float64]:
        """Return the height of each neuron's middle."""
        share = (np.asarray(neuron, dtype=np.float64) + 0.5) / self.size
        return self.bottom - share * (self.bottom - self.top)

    def neuron_at(self, y: float) -> int | None:
        """Return the neuron at height ``y``; None beside the band."""
        if not self.top <= y < self.bottom:
            return None
        share = (self.bottom - y) / (self.bottom - self.top)
        return min(int(share * self.size), self.size - 1)


def lay_out(sizes: Sequence[int], height: float, gap: float = 8.0) -> list[Band]:
    """Share ``height`` px among groups by their size, with ``gap`` px between them."""
    gap_share = min(gap / max(height, 1.0), 0.2 / max(len(sizes), 1))
    room = 1 - gap_share * (len(sizes) - 1)
    total = max(sum(sizes), 1)
    wanted = [max(size / total, min(_SMALLEST_SHARE, 1 / len(sizes))) for size in sizes]
    bands, top = [], 0.0
    for size, weight in zip(sizes, wanted, strict=True):
        share = room * weight / sum(wanted)
        per_row = max(-(-size // max(int(share * height), 1)), 1)
        bands.append(Band(top, top + share, max(size, 1), per_row))
        top += share + gap_share
    return bands
