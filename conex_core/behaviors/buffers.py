"""Buffers for delays: rows that stay where they are while an index moves.

``History`` answers "what was it d iterations ago", ``Arrivals`` "what is due in
d iterations", ``Delays`` says what d is now. Reading ``buffer[d]`` gives row d
counted from now; ``ordered()`` gives a copy with row 0 = now.
"""

from __future__ import annotations

from typing import Any

import torch

from conex_core.behavior import name_of
from conex_core.errors import StructureError

__all__ = ["Arrivals", "Delay", "Delays", "History"]

Delay = int | torch.Tensor


class Delays:
    """Read the delays of one end ("src" or "dst") of a synapse group, as they are now.

    Their values are looked at once, and again after they were changed or
    exchanged, so that no step has to. ``readings`` counts how often that was.
    """

    def __init__(self, synapse: Any, end: str, depth: int | None, buffer: str) -> None:
        self.synapse, self.end, self.depth, self.buffer = synapse, end, depth, buffer
        self._name = f"{end}_delay"
        self._seen: Any = None
        self._version = -1
        self._delay: Delay = 0
        self.readings = 0
        self.now()

    def now(self) -> Delay:
        """Return one number where all delays are equal, else a tensor, a copy of them.

        Raises
        ------
        StructureError
            If they are not whole numbers, one per neuron, that the buffer reaches.
        """
        delays = getattr(self.synapse, self._name, None)
        try:  # asked in every step: what is usual comes first
            if delays is self._seen and delays._version == self._version:
                return self._delay
        except (AttributeError, RuntimeError):
            pass  # no tensor, or one of inference, which does not tell
        self._delay = self._checked(delays)
        self._seen, self._version = delays, version_of(delays)
        self.readings += 1
        return self._delay

    def _checked(self, delays: Any) -> Delay:
        if delays is None:
            return 0
        size = getattr(self.synapse, self.end).size
        if not isinstance(delays, torch.Tensor) or tuple(delays.shape) != (size,):
            raise self._refused(f"must be one per neuron, a tensor of shape {(size,)}")
        if delays.dtype is not torch.int64:
            kind = str(delays.dtype).removeprefix("torch.")
            raise self._refused(f"must be whole numbers of iterations (int64), not {kind}")
        if not size:
            return 0
        low, high = (int(end) for end in delays.aminmax())
        if low < 0:
            raise self._refused(f"must be at least 0, got {low}")
        if self.depth is not None and high >= self.depth:
            problem = f"a delay of {high} does not fit {self.buffer}"
            name = self.buffer.partition(" ")[0]
            name = "its max_delay" if name == "NeuronAxon" else name
            hint = f"set {name} to {high + 1} or more"
            raise StructureError(name_of(self.synapse), problem, hint=hint)
        return low if low == high else delays.clone()

    def _refused(self, rule: str) -> StructureError:
        hint = "change them in place, such as src_delay[:] = 3"
        return StructureError(name_of(self.synapse), f"{self._name} {rule}", hint=hint)


def version_of(tensor: Any) -> int:
    """Return how often ``tensor`` was changed in place; tensors of inference do not tell."""
    try:
        return int(tensor._version)
    except (AttributeError, RuntimeError):
        return -1


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
