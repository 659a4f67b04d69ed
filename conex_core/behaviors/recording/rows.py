"""Rows of recorded values, in chunks: one row costs the same however many there are.

``Rows`` keeps them in memory, all of them or the last ones; ``FileRows`` writes
them to an ``.npy`` file and holds one chunk. Room is reserved before it is
needed, so that a step only copies its values into place.
"""

from __future__ import annotations

import io
import math
from pathlib import Path
from typing import Any

import numpy as np
import torch

from conex_core.errors import FileError

__all__ = ["FileRows", "Rows"]

_FIRST_BYTES = 1 << 18
_DOUBLINGS = 6  # up to 16 MiB
_FILE_BYTES = 1 << 20


class Rows:
    """Keep rows of one shape in memory.

    Parameters
    ----------
    shape, dtype, device
        Of one row.
    keep : int, optional
        Keep the last ``keep`` rows only; their memory is used again in a ring.
    """

    def __init__(
        self,
        shape: tuple[int, ...],
        dtype: torch.dtype,
        device: torch.device | str = "cpu",
        keep: int | None = None,
    ) -> None:
        self.shape, self.dtype, self.keep = tuple(shape), dtype, keep
        self.device = torch.device(device)
        self._row_bytes = max(1, math.prod(shape) * dtype.itemsize)
        self.clear()

    def __len__(self) -> int:
        if self._is_full:
            return self._reserved
        return sum(len(chunk) for chunk in self._chunks[: self._index]) + self._at

    def clear(self) -> None:
        """Forget every row."""
        self._chunks: list[torch.Tensor] = []  # (rows, *shape) each
        self._memories: list[Any] = []  # the same memory in the form of :meth:`form`
        self._memory: Any = None  # of the current chunk
        self._index = -1  # of the current chunk
        self._at = self._size = 0  # next row, and rows, of the current chunk
        self._reserved = 0  # rows of all chunks
        self._is_full = False  # the ring has begun to overwrite

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "_memories": None, "_memory": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._memories = [self.form(chunk) for chunk in self._chunks]
        self._memory = self._memories[self._index] if self._index >= 0 else None

    def form(self, values: torch.Tensor) -> Any:
        """Return ``values`` as :meth:`put` takes them, in the same memory if that can be.

        On the CPU that is an array: copying one costs a quarter of what copying
        a tensor does.
        """
        if self.device.type != "cpu":
            return values
        return values.detach().cpu().numpy()

    def make_room(self, count: int = 1) -> None:
        """Do what can fail, such as writing to a disk, so that adding rows cannot."""
        if self._at == self._size:
            self._turn()

    def put(self, row: Any) -> None:
        """Append one row, in the form that :meth:`form` gives."""
        at = self._at
        if at == self._size:
            self._turn()
            at = 0
        self._memory[at] = row
        self._at = at + 1

    def extend(self, block: Any) -> None:
        """Append the rows of ``block`` (k, *shape), in the form that :meth:`form` gives."""
        while len(block):
            if self._at == self._size:
                self._turn()
            fitting = min(len(block), self._size - self._at)
            self._memory[self._at : self._at + fitting] = block[:fitting]
            self._at += fitting
            block = block[fitting:]

    def read(self) -> torch.Tensor:
        """Return a copy of all rows, oldest first, (T, *shape)."""
        if self._index < 0:
            return torch.empty((0, *self.shape), dtype=self.dtype, device=self.device)
        current, before = self._chunks[self._index], self._chunks[: self._index]
        parts = [*before, current[: self._at]]
        if self._is_full:
            parts = [current[self._at :], *self._chunks[self._index + 1 :], *parts]
        return torch.cat(parts)

    def flush(self) -> None:
        """Bring every row to where it is kept."""

    def _turn(self) -> None:
        """Make another chunk the current one: a new one, or in a full ring the oldest."""
        if self.keep is not None and self._reserved == self.keep:
            self._is_full = True
            self._index = (self._index + 1) % len(self._chunks)
        else:
            self._reserve()
        self._memory = self._memories[self._index]
        self._at, self._size = 0, len(self._chunks[self._index])

    def _reserve(self) -> None:
        rows = max(1, self._chunk_bytes() // self._row_bytes)
        if self.keep is not None:
            rows = min(rows, self.keep - self._reserved)
        chunk = self._empty(rows)
        self._chunks.append(chunk)
        self._memories.append(self.form(chunk))
        self._index = len(self._chunks) - 1
        self._reserved += rows

    def _chunk_bytes(self) -> int:
        return _FIRST_BYTES << min(len(self._chunks), _DOUBLINGS)

    def _empty(self, rows: int) -> torch.Tensor:
        shape = (rows, *self.shape)
        if self.device.type != "cpu":
            return torch.empty(shape, dtype=self.dtype, device=self.device)
        # numpy asks for huge pages: the first touch of a small one costs more than a row.
        return torch.from_numpy(np.empty(shape, dtype=self._kind()))

    def _kind(self) -> np.dtype[Any]:
        return torch.empty(0, dtype=self.dtype).numpy().dtype


class FileRows(Rows):
    """Keep rows in an ``.npy`` file, which is complete after each :meth:`flush`.

    The file is open while a chunk is written and at no other time. One that is
    there already is replaced.

    Raises
    ------
    FileError
        If the file cannot be written, such as on a full disk.
    """

    def __init__(self, shape: tuple[int, ...], dtype: torch.dtype, path: Path) -> None:
        self.path = path
        super().__init__(shape, dtype)

    def __len__(self) -> int:
        return self._written + self._at - self._flushed

    def __getstate__(self) -> dict[str, Any]:
        """Refuse: two recorders would write to one file."""
        hint = "Copy before initialize, or remove the recorder that writes there first"
        raise FileError(self.path, "is being recorded to; a copy would write there too", hint=hint)

    def clear(self) -> None:
        """Forget every row and empty the file."""
        super().clear()
        self._written = 0  # rows in the file
        self._flushed = 0  # of them, those that are in the chunk as well
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("wb") as file:
                file.write(self._head(0))
        except OSError as error:
            raise self._failed(error) from error

    def make_room(self, count: int = 1) -> None:
        """Write the chunk to the file where it has too little room."""
        if self._at + count > self._size:
            self._turn()

    def read(self) -> torch.Tensor:
        """Return all rows (T, *shape), read from the file as they are looked at.

        Writing to the result does not change the file.
        """
        self.flush()
        if not self._written:
            return torch.empty((0, *self.shape), dtype=self.dtype)
        try:
            return torch.from_numpy(np.load(self.path, mmap_mode="c"))
        except (OSError, ValueError) as error:
            raise FileError(self.path, f"cannot be read again ({error})") from error

    def flush(self) -> None:
        """Write the rows that only memory holds."""
        if self._at == self._flushed:
            return
        block = self._memory[self._flushed : self._at]
        try:
            with self.path.open("r+b") as file:
                file.seek(len(self._head(0)) + self._written * block[0].nbytes)
                file.write(block.data)
                file.seek(0)
                file.write(self._head(self._written + len(block)))
        except OSError as error:
            raise self._failed(error) from error
        self._written += len(block)
        self._flushed = self._at

    def _turn(self) -> None:
        if self._chunks:
            self.flush()
        else:
            self._reserve()
            self._memory = self._memories[0]
        self._at, self._size, self._flushed = 0, len(self._memory), 0

    def _chunk_bytes(self) -> int:
        return _FILE_BYTES

    def _head(self, rows: int) -> bytes:
        """Return the header of the file; its length is the same for any number of rows."""
        about = {"descr": self._kind().str, "fortran_order": False, "shape": (rows, *self.shape)}
        head = io.BytesIO()
        np.lib.format.write_array_header_1_0(head, about)
        return head.getvalue()

    def _failed(self, error: OSError) -> FileError:
        problem = f"cannot be written ({error.strerror or error})"
        hint = "Make room, choose another path, or record less: gap_width, neurons"
        return FileError(self.path, problem, hint=hint)
