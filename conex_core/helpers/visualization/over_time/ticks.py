"""Round numbers for axes, and the words beside them. Plain numbers, no Qt."""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = ["Label", "nice_step", "nice_ticks", "thin"]

THIN_SPACE = "\N{THIN SPACE}"


@dataclass(frozen=True)
class Label:
    """Place a text beside the data: ``y`` from 0 (top) to 1 (bottom)."""

    y: float
    text: str
    colour: str = ""
    bar: tuple[float, float] | None = None  # the stretch that a coloured bar marks


def nice_step(span: float, parts: float) -> float:
    """Return the round step (1, 2, 5 times a power of ten) for about ``parts`` parts."""
    raw = max(span / max(parts, 1), 1e-12)
    power = 10.0 ** math.floor(math.log10(raw))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= raw * 0.999)


def nice_ticks(low: float, high: float, step: float) -> list[float]:
    """Return the multiples of ``step`` between ``low`` and ``high``."""
    return [k * step for k in range(math.ceil(low / step), math.floor(high / step) + 1)]


def thin(value: float, digits: int = 0) -> str:
    """Return a number with thin spaces between thousands and a real minus."""
    return f"{value:,.{digits}f}".replace(",", THIN_SPACE).replace("-", "−")
