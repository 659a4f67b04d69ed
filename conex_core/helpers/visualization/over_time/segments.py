"""Curves as many short lines: what is painted for samples and for columns. Plain numpy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["Segments", "join_columns", "join_samples", "join_steps"]

Segments = NDArray[np.float64]  # (lines, 4): x, y, x, y


def join_samples(
    x: NDArray[np.float64], y: NDArray[np.float32], _: NDArray[np.float32]
) -> Segments:
    """Return the lines from each sample to the next; none where one is missing."""
    v = y.astype(np.float64)
    both = np.stack((x[:-1], v[:-1], x[1:], v[1:]), axis=1)
    return _whole(both)


def join_columns(
    x: NDArray[np.float64], low: NDArray[np.float32], high: NDArray[np.float32]
) -> Segments:
    """Return one upright line per column, long enough to touch the column before."""
    bottom, top = low.astype(np.float64), high.astype(np.float64)
    bottom[1:] = np.fmin(bottom[1:], np.where(np.isnan(low[1:]), np.nan, high[:-1]))
    top[1:] = np.fmax(top[1:], np.where(np.isnan(high[1:]), np.nan, low[:-1]))
    lines = np.stack((x, bottom, x, top), axis=1)
    return _whole(lines)


def join_steps(edges: NDArray[np.float64], values: NDArray[np.float64]) -> Segments:
    """Return a level line for each bin and an upright one between two; none around a gap."""
    flat = np.stack((edges[:-1], values, edges[1:], values), axis=1)
    inner = edges[1:-1]
    upright = np.stack((inner, values[:-1], inner, values[1:]), axis=1)
    return np.concatenate((_whole(flat), _whole(upright)))


def _whole(lines: Segments) -> Segments:
    kept: Segments = lines[~np.isnan(lines).any(axis=1)]
    return kept
