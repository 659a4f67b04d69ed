"""Places on the canvas: how far out a node may be."""

from __future__ import annotations

__all__ = ["FARTHEST", "on_canvas"]

FARTHEST = 90_000.0  # pixels from the middle; farther out nothing can be seen or reached


def on_canvas(x: float, y: float) -> tuple[float, float]:
    """Return a place, brought to the edge of the canvas if it is off it."""
    return (min(max(x, -FARTHEST), FARTHEST), min(max(y, -FARTHEST), FARTHEST))
