"""Buffers for delays: rows that stay where they are while an index moves.

``History`` answers "what was it d iterations ago", ``Arrivals`` "what is due in
d iterations". Reading ``buffer[d]`` gives row d counted from now; ``ordered()``
gives a copy with row 0 = now.
"""

from __future__ import annotations

import torch

__all__ = ["Arrivals", "Delay", "History", "delay_of"]

Delay = int | torch.Tensor


def delay_of(delays: torch.Tensor) -> Delay:
    """Return ``delays`` as one number where all are equal, else as they are.

    Reads the values once, at initialisation, so that no step has to.
    """
    if delays.numel() and bool((delays == delays.reshape(-1)[0]).all()):
        return int(delays.reshape(-1)[0])
    return delays


class _RowBuffer:
    """Keep ``depth`` rows of ``size`` values; row 0 is at ``_now``."""

    def __init__(
        self, depth: int, size: int, dtype: torch.dtype, device: torch.device | str
    ) -> None:
        self.rows = torch.zeros(depth, size, dtype=dtype, device=device)  # (depth, N)
        self._views = self.rows.unbind(0)  # indexing a tensor costs more than adding to it
        self._column = torch.arange(size, device=device)  # (N,)
        self._now = 0

    @property
    def depth(self) -> int:
        """Return the number of rows."""
        return len(self._views)

    @property
    def shape(self) -> torch.Size:
        """Return (depth, N)."""
        return self.rows.shape

    def __len__(self) -> int:
        return self.depth

    def __getitem__(self, delay: int) -> torch.Tensor:
        if not -self.depth <= delay < self.depth:
            raise IndexError(f"row {delay} of {self.depth}")
        return self._views[(self._now + delay) % self.depth]

    def ordered(self) -> torch.Tensor:
        """Return a copy of the rows with row 0 = now."""
        return self.rows.roll(-self._now, dims=0)

    def restore(self, ordered: torch.Tensor) -> None:
        """Take back what :meth:`ordered` gave, in place where the depth is the same."""
        if len(ordered) != self.depth:
            self.rows = torch.empty_like(ordered, device=self.rows.device)
            self._views, self._now = self.rows.unbind(0), 0
        self.rows.copy_(ordered.roll(self._now, dims=0))

    def _cells(self, delays: torch.Tensor) -> torch.Tensor:
        """Return where (delay of each column, column) lies; from the end on where negative.

        So every place in the ring is within one turn, and nothing has to be divided.
        """
        size = self.rows.shape[1]
        return self._column.add(delays, alpha=size).add_((self._now - self.depth) * size)


class History(_RowBuffer):
    """Keep the last ``depth`` vectors; ``history[d]`` is that of d iterations ago."""

    def push(self, values: torch.Tensor) -> None:
        """Make ``values`` row 0; the oldest row is forgotten."""
        self._now = (self._now - 1) % self.depth
        self._views[self._now].copy_(values)

    def at(self, delay: Delay) -> torch.Tensor:
        """Return row ``delay``, or per column the value of its own delay."""
        if isinstance(delay, int):
            return self[delay]
        return self.rows.view(-1).take(self._cells(delay))


class Arrivals(_RowBuffer):
    """Keep what arrives now (row 0) and in the next iterations."""

    def advance(self) -> None:
        """Drop row 0 and let the next one be now."""
        self._views[self._now].zero_()
        self._now = (self._now + 1) % self.depth

    def add(self, values: torch.Tensor, delay: Delay) -> None:
        """Add ``values`` (N) to row ``delay``, or each to the row of its own delay."""
        if isinstance(delay, int):
            self[delay].add_(values)
        else:
            self.rows.view(-1).put_(self._cells(delay), values, accumulate=True)
