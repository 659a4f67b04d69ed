"""Which connections of a random sparse group exist: so many cells of (S, D), none preferred.

Few cells are shuffled. Of many, each source first gets its number of targets,
then the targets of some thousand sources at a time are drawn, and drawn again
where one came twice.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch.nn.functional import pad

__all__ = ["FEW_CELLS", "Tell", "distinct", "drawn_connections", "shuffled_cells"]

FEW_CELLS = 1 << 24  # shuffling more would cost more memory than their weights

_BLOCK = 1 << 22  # connections that are drawn at a time
_LARGEST = (1 << 31) - 1

Tell = Callable[[int], object]  # called with how many connections there are so far


def shuffled_cells(
    count: int, total: int, generator: torch.Generator | None, device: torch.device | str
) -> torch.Tensor:
    """Return ``count`` different numbers below ``total``, ascending; for few cells."""
    drawn = torch.randperm(total, generator=generator, device=device)[:count]
    return drawn.sort().values


def drawn_connections(
    count: int,
    shape: tuple[int, int],
    generator: torch.Generator | None,
    device: torch.device | str,
    tell: Tell = lambda _: None,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return where each source starts (S + 1), and the targets of all sources (``count``).

    Every choice of ``count`` cells of ``shape`` is as likely as any other; the
    targets of a source are in ascending order.
    """
    sources, width = shape
    counts = _counts(count, shape, generator, device)
    starts = pad(counts.cumsum(0), (1, 0))
    targets = torch.empty(count, dtype=_index_type(width), device=device)
    step = max(1, min(_LARGEST // width, _BLOCK * sources // max(count, 1)))
    edges = [*range(0, sources, step), sources]
    ends = starts[edges].tolist()
    for first, last, begin, end in zip(edges, edges[1:], ends, ends[1:], strict=False):
        targets[begin:end] = _targets(counts[first:last], width, generator)
        tell(end)
    return starts, targets


def distinct(
    count: int, total: int, generator: torch.Generator | None, device: torch.device | str
) -> torch.Tensor:
    """Return ``count`` different numbers below ``total``, ascending; for few out of many."""
    found = torch.randint(total, (count,), generator=generator, device=device)
    return _made_different(
        found, lambda again: torch.randint(total, again.shape, generator=generator, device=device)
    )


def _counts(
    count: int,
    shape: tuple[int, int],
    generator: torch.Generator | None,
    device: torch.device | str,
) -> torch.Tensor:
    """Return how many of ``count`` cells lie in each row.

    Every cell exists by itself with a chance that gives a few too many; those
    are taken away again, wherever they are.
    """
    rows, width = shape
    many = count + 4 * math.sqrt(count) + 8
    each = torch.full((rows,), float(width), dtype=torch.float64, device=device)
    chance = torch.full_like(each, min(1.0, many / (rows * width)))
    found = torch.binomial(each, chance, generator=generator).long()
    while (surplus := int(found.sum()) - count) < 0:
        found = torch.binomial(each, chance, generator=generator).long()
    last = found.cumsum(0)
    removed = distinct(surplus, count + surplus, generator, device)
    rows_of = torch.searchsorted(last, removed, right=True)
    return found.sub_(torch.bincount(rows_of, minlength=rows))


def _targets(counts: torch.Tensor, width: int, generator: torch.Generator | None) -> torch.Tensor:
    """Return ``counts[r]`` different targets below ``width`` for each row, row after row."""
    cells = len(counts) * width
    if 2 * int(counts.sum()) <= cells:
        return _cells(counts, width, generator).remainder_(width)
    there = torch.ones(cells, dtype=torch.bool, device=counts.device)
    there[_cells(width - counts, width, generator).long()] = False
    return there.nonzero().view(-1).remainder_(width)


def _cells(counts: torch.Tensor, width: int, generator: torch.Generator | None) -> torch.Tensor:
    """Return ``counts[r]`` different cells of each row of ``width`` cells, ascending."""
    device = counts.device
    kind = _index_type(len(counts) * width)
    first = torch.arange(len(counts), dtype=kind, device=device) * width
    cells = first.repeat_interleave(counts)
    cells += torch.randint(width, cells.shape, generator=generator, dtype=kind, device=device)

    def drawn_again(twice: torch.Tensor) -> torch.Tensor:
        drawn = torch.randint(width, twice.shape, generator=generator, dtype=kind, device=device)
        return drawn.add_(twice).sub_(twice % width)

    return _made_different(cells, drawn_again)


def _made_different(
    cells: torch.Tensor, drawn_again: Callable[[torch.Tensor], torch.Tensor]
) -> torch.Tensor:
    """Return ``cells`` in ascending order, those that come twice drawn again until none does."""
    while True:
        cells = _sorted(cells)
        twice = (cells[1:] == cells[:-1]).nonzero().view(-1)
        if not twice.numel():
            return cells
        cells[twice] = drawn_again(cells[twice])


def _sorted(cells: torch.Tensor) -> torch.Tensor:
    if cells.device.type != "cpu":
        return cells.sort().values
    cells.numpy().sort()  # in place, and several times as fast as torch's
    return cells


def _index_type(count: int) -> torch.dtype:
    return torch.int32 if count <= _LARGEST else torch.int64
