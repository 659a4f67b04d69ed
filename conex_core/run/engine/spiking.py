"""Spikes as kernels see them: a vector of bytes, the neurons that spiked, their weights."""

from __future__ import annotations

from typing import Any

import numpy as np

from conex_core.run.engine.kernel import njit, octets_at

__all__ = ["found", "source_of"]


@njit
def found(flags: Any, listed: Any) -> Any:
    """Write the places of the set bytes into ``listed``, ascending; return how many."""
    eights, n = octets_at(flags), flags.size
    count = 0
    for k in range(n >> 3):
        if eights[k] != np.uint64(0):
            for j in range(k << 3, (k << 3) + 8):
                if flags[j]:
                    listed[count] = j
                    count += 1
    for j in range((n >> 3) << 3, n):
        if flags[j]:
            listed[count] = j
            count += 1
    return count


@njit
def source_of(starts: Any, place: Any) -> Any:
    """Return the source whose row holds a stored value."""
    low, high = np.int64(0), np.int64(starts.size - 1)
    while high - low > 1:
        middle = (low + high) >> 1
        if np.int64(starts[middle]) <= place:
            low = middle
        else:
            high = middle
    return low
