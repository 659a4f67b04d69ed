"""Masks: choose parts of an image, freely (MaskBuilder) or cell by cell (grids).

Coordinates are (row, column) from the upper left corner. The grid masks take
one image (channels, height, width) and return one image for every cell.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import torch
from torch import Generator, Tensor

from conex_core.errors import ParameterError, ShapeError
from conex_core.helpers.encoders import random_source
from conex_core.parameters import Integer, Integers, Number

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["GridCropMask", "GridEraseMask", "GridKeepMask", "Mask", "MaskBuilder"]

_MOST = 1 << 14  # rows or columns; images are no larger
_MOST_CELLS = 1 << 14
_HEIGHT, _WIDTH, _ROWS, _COLUMNS, _M, _N = (
    Integer(name=name, low=1, high=_MOST)
    for name in ("height", "width", "rows", "columns", "m", "n")
)
_RADIUS = Number(name="radius", low=0.0)
_CENTRE = Number(name="centre")
_CELL = Integers(name="cell", length=2)
_GAP = Integers(name="gap", length=4, low=0)
_DENSITY = Number(name="density", low=0.0, high=1.0)


class Mask(Tensor):
    """Be a bool tensor that can be laid on an image.

    ``&``, ``|``, ``^`` and ``~`` of masks are masks; all other operations are
    those of a tensor.
    """

    @classmethod
    def __torch_function__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result: Any = super().__torch_function__(  # type: ignore[no-untyped-call] # torch's
            func, types, args, kwargs or {}
        )
        if isinstance(result, cls) and result.dtype is not torch.bool:
            return result.as_subclass(Tensor)
        return result

    def apply(self, x: Any, fill: float = 0) -> Tensor:
        """Return ``x`` where the mask is true and ``fill`` elsewhere.

        The mask covers the last dimensions of ``x``.
        """
        values = torch.as_tensor(x)
        if values.shape[values.dim() - self.dim() :] != self.shape:
            size, covered = tuple(values.shape), tuple(self.shape)
            raise ShapeError("mask", f"covers {covered}, the tensor is {size}")
        outside = (~self).as_subclass(Tensor)
        return values.masked_fill(outside.to(values.device), fill)


class MaskBuilder:
    """Make masks of one size: ``MaskBuilder(height, width)`` or ``MaskBuilder((height, width))``.

    Examples
    --------
    >>> make = MaskBuilder(8, 8)
    >>> mask = make.circle((3.5, 3.5), 3) & ~make.rectangle(0, 0, 8, 4)
    >>> mask.apply(torch.rand(1, 8, 8)).shape
    torch.Size([1, 8, 8])
    """

    def __init__(self, height: int | tuple[int, int], width: int | None = None) -> None:
        if isinstance(height, Sequence) and len(height) == 2:
            height, width = height
        self.height: int = _HEIGHT.check(height)
        self.width: int = self.height if width is None else _WIDTH.check(width)

    def full(self) -> Mask:
        """Return the mask that chooses everything."""
        return _mask(torch.ones(self.height, self.width, dtype=torch.bool))

    def empty(self) -> Mask:
        """Return the mask that chooses nothing."""
        return _mask(torch.zeros(self.height, self.width, dtype=torch.bool))

    def rectangle(self, top: int, left: int, height: int, width: int) -> Mask:
        """Return a rectangle; what lies outside of the image is cut off."""
        given = {"top": top, "left": left, "height": height, "width": width}
        top, left, height, width = (Integer(name=n).check(v) for n, v in given.items())
        values = torch.zeros(self.height, self.width, dtype=torch.bool)
        values[max(top, 0) : max(top + height, 0), max(left, 0) : max(left + width, 0)] = True
        return _mask(values)

    def circle(self, centre: tuple[float, float] | None = None, radius: float = 1) -> Mask:
        """Return a disc: all points no further than ``radius`` from ``centre``.

        ``centre`` is (row, column), the middle of the image if not given.
        """
        radius = _RADIUS.check(radius)
        row, column = self._centre(centre)
        rows, columns = torch.arange(self.height), torch.arange(self.width)
        distance = (rows[:, None] - row) ** 2 + (columns[None, :] - column) ** 2
        return _mask(distance <= radius**2)

    def _centre(self, centre: Any) -> tuple[float, float]:
        if centre is None:
            return (self.height - 1) / 2, (self.width - 1) / 2
        if not isinstance(centre, Sequence) or len(centre) != 2:
            raise ParameterError("centre", "must be (row, column)", centre)
        row, column = (_CENTRE.check(part) for part in centre)
        return row, column

    def grid(self, rows: int, columns: int, cell: tuple[int, int] | None = None) -> Mask:
        """Return one cell (row, column) of a grid, or a chequerboard of all of them."""
        rows, columns = _ROWS.check(rows), _COLUMNS.check(columns)
        high, wide = _cell_size(self.height, self.width, rows, columns)
        if cell is not None:
            cell = _CELL.check(cell)
            if not (0 <= cell[0] < rows and 0 <= cell[1] < columns):
                raise ParameterError("cell", f"must lie in the {rows} x {columns} grid", cell)
            return self.rectangle(cell[0] * high, cell[1] * wide, high, wide)
        row, column = torch.arange(self.height) // high, torch.arange(self.width) // wide
        return _mask((row[:, None] + column[None, :]) % 2 == 0)

    def random(
        self,
        density: float = 0.5,
        seed: int | None = None,
        generator: Generator | None = None,
    ) -> Mask:
        """Return a mask that chooses each point with probability ``density``."""
        density = _DENSITY.check(density)
        source = random_source(seed, generator)
        device = None if source is None else source.device
        drawn = torch.rand(self.height, self.width, generator=source, device=device)
        return _mask(drawn.cpu() < density)

    def __repr__(self) -> str:
        return f"MaskBuilder({self.height}, {self.width})"


class _GridMask:
    """Lay an m x n grid on an image and make one image for every cell.

    Parameters
    ----------
    m, n : int
        Rows and columns of the grid; cells are rounded up to whole pixels.
    random : bool
        Shuffle images and locations alike.
    gap : tuple of int
        Pixels taken off every cell at its (left, right, upper, lower) side.
    """

    _chosen = True  # what ``locations`` says of the cell that the image is about

    def __init__(
        self,
        m: int,
        n: int,
        random: bool = False,
        gap: tuple[int, int, int, int] = (0, 0, 0, 0),
        *,
        seed: int | None = None,
        generator: Generator | None = None,
    ) -> None:
        self.m: int = _M.check(m)
        self.n: int = _N.check(n)
        if self.m * self.n > _MOST_CELLS:
            raise ParameterError("m", f"and n must make at most {_MOST_CELLS:,} cells", (m, n))
        self.random, self.gap = random, _GAP.check(gap)
        self.generator = random_source(seed, generator)

    def __call__(self, image: Tensor) -> tuple[Tensor, Tensor]:
        """Return images (m * n, ...) and locations, bool (m * n, m, n)."""
        if not isinstance(image, Tensor) or image.dim() != 3:
            got = tuple(image.shape) if hasattr(image, "shape") else repr(image)
            raise ShapeError(type(self).__name__, f"needs (channels, height, width), got {got}")
        images = torch.stack([self._of_cell(image, *cell) for cell in self._cells(image)])
        count = self.m * self.n
        here = torch.eye(count, dtype=torch.bool, device=image.device)
        locations = (here if self._chosen else ~here).reshape(count, self.m, self.n)
        if not self.random:
            return images, locations
        order = torch.randperm(count, generator=self.generator).to(image.device)
        return images[order], locations[order]

    def _cells(self, image: Tensor) -> Iterator[tuple[int, int, int, int]]:
        high, wide = _cell_size(image.shape[1], image.shape[2], self.m, self.n)
        left, right, upper, lower = self.gap
        size = (max(high - upper - lower, 0), max(wide - left - right, 0))
        for row in range(self.m):
            for column in range(self.n):
                yield row * high + upper, column * wide + left, *size

    def _of_cell(self, image: Tensor, top: int, left: int, high: int, wide: int) -> Tensor:
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"{type(self).__name__}(m={self.m}, n={self.n}, random={self.random})"


class GridEraseMask(_GridMask):
    """Make one image for every cell of a grid, in which that cell is zero."""

    _chosen = False

    def _of_cell(self, image: Tensor, top: int, left: int, high: int, wide: int) -> Tensor:
        erased = image.clone()
        erased[:, top : top + high, left : left + wide] = 0
        return erased


class GridKeepMask(_GridMask):
    """Make one image for every cell of a grid, in which only that cell is left."""

    def _of_cell(self, image: Tensor, top: int, left: int, high: int, wide: int) -> Tensor:
        kept = torch.zeros_like(image)
        area = (slice(None), slice(top, top + high), slice(left, left + wide))
        kept[area] = image[area]
        return kept


class GridCropMask(_GridMask):
    """Cut every cell of a grid out; zeros stand in beyond the border."""

    def _of_cell(self, image: Tensor, top: int, left: int, high: int, wide: int) -> Tensor:
        part = image[:, top : top + high, left : left + wide]
        padding = (0, wide - part.shape[2], 0, high - part.shape[1])
        return torch.nn.functional.pad(part, padding)


def _mask(values: Tensor) -> Mask:
    return values.as_subclass(Mask)


def _cell_size(height: int, width: int, rows: int, columns: int) -> tuple[int, int]:
    return math.ceil(height / rows), math.ceil(width / columns)
