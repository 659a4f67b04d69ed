"""What is occupied: many areas, asked for those near one place without a look at the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF

__all__ = ["Occupied"]

_CELL = 512.0  # pixels; a node lies in a few cells

Cell = tuple[int, int]


class Occupied:
    """Hold areas by the cells of a grid that they lie in."""

    def __init__(self, areas: Iterable[QRectF] = ()) -> None:
        self._cells: dict[Cell, list[QRectF]] = defaultdict(list)
        self.bottom = float("-inf")  # of the lowest area
        for area in areas:
            self.add(area)

    def add(self, area: QRectF) -> None:
        """Occupy one more area, which must not be moved afterwards."""
        self.bottom = max(self.bottom, area.bottom())
        for cell in _cells(area):
            self._cells[cell].append(area)

    def is_free(self, room: QRectF) -> bool:
        """Tell whether nothing lies in ``room``."""
        return not any(room.intersects(area) for area in self._near(room))

    def _near(self, room: QRectF) -> Iterator[QRectF]:
        wide, high = room.width() / _CELL + 2, room.height() / _CELL + 2
        few = wide * high < len(self._cells)
        for cell in _cells(room) if few else self._cells:
            yield from self._cells.get(cell, ())


def _cells(area: QRectF) -> Iterator[Cell]:
    """Yield the cells that an area lies in."""
    rows = range(int(area.top() // _CELL), int(area.bottom() // _CELL) + 1)
    for column in range(int(area.left() // _CELL), int(area.right() // _CELL) + 1):
        for row in rows:
            yield column, row
