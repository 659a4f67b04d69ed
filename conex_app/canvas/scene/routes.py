"""The way of a wire between two ports: smooth, horizontal at the ends, around the nodes.

Only geometry. A forward wire is one S-curve; a wire that has to go back leaves,
turns above (or below) what lies between, runs level and turns in again.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath

__all__ = ["WireEnd", "route"]

NEAR = 24.0
LANE = 8.0  # wires that go back upwards keep below those that go back downwards
FAR = 72.0


@dataclass(frozen=True)
class WireEnd:
    """Say where a wire ends, in which direction it leaves, and how high its node is.

    ``top`` is the upper edge of the node in the scene; a wire that must go back
    keeps above it.
    """

    x: float
    y: float
    facing: tuple[int, int]
    top: float


def route(start: WireEnd, end: WireEnd) -> QPainterPath:
    """Return the path of a wire from an output to an input."""
    path = QPainterPath(QPointF(start.x, start.y))
    (ax, ay), (bx, by) = start.facing, end.facing
    if ay or by:
        _curve(path, start, end)
    elif ax == bx:
        _turn_back(path, start, end, ax)
    elif (end.x - start.x) * ax >= NEAR:
        _curve(path, start, end)
    else:
        _loop(path, start, end)
    return path


def _curve(path: QPainterPath, start: WireEnd, end: WireEnd) -> None:
    """Draw one cubic curve that leaves and enters straight."""
    reach = max(abs(end.x - start.x), abs(end.y - start.y)) / 2
    reach = min(max(reach, NEAR), 2 * FAR)
    path.cubicTo(
        start.x + start.facing[0] * reach,
        start.y + start.facing[1] * reach,
        end.x + end.facing[0] * reach,
        end.y + end.facing[1] * reach,
        end.x,
        end.y,
    )


def _turn_back(path: QPainterPath, start: WireEnd, end: WireEnd, side: int) -> None:
    """Draw a C between two ports that face the same side."""
    outer = max(start.x * side, end.x * side) * side
    path.lineTo(outer, start.y)
    _half_turn(path, outer, start.y, end.y, side)
    path.lineTo(end.x, end.y)


def _loop(path: QPainterPath, start: WireEnd, end: WireEnd) -> None:
    """Draw a loop that goes back above both nodes, or between them if they are apart."""
    side = start.facing[0]
    level = min(start.top, end.top) - NEAR
    lower, upper = max(start.top, end.top), min(start.y, end.y)
    if lower - upper > 2 * NEAR:
        level = (lower + upper) / 2 + (LANE if end.y < start.y else -LANE)
    _half_turn(path, start.x, start.y, level, side)
    path.lineTo(end.x, level)
    _half_turn(path, end.x, level, end.y, -side)


def _half_turn(path: QPainterPath, x: float, y: float, to_y: float, side: int) -> None:
    reach = side * min(max(abs(to_y - y) * 0.6, NEAR), FAR)
    path.cubicTo(x + reach, y, x + reach, to_y, x, to_y)
