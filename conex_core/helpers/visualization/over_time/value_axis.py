"""ValueAxis: the upright axis of plots that show values, and the names beside it. No Qt.

It widens at once and narrows only when the view changes, or when far too wide,
so that nothing jumps while data come.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from conex_core.helpers.visualization.over_time.ticks import Label, nice_step, nice_ticks, thin

if TYPE_CHECKING:
    from conex_core.helpers.visualization.over_time.widget import TimePlot

__all__ = ["ValueAxis"]

_LINE = 17.0  # px between names at the left
_FREE = 0.04  # of the range, left free at both ends


class ValueAxis:
    """Hold the range of values that is shown.

    Parameters
    ----------
    usual : (float, float)
        What is shown before there are values.
    least : float
        The smallest range.
    loose : float
        Narrow the range when values take up less than this share of it; 0 for never.
    """

    def __init__(
        self, usual: tuple[float, float], *, least: float = 1.0, loose: float = 0.0
    ) -> None:
        self._usual, self._least, self._loose = usual, least, loose
        self.range: tuple[float, float] = (math.inf, -math.inf)
        self._geometry: tuple[Any, ...] = ()

    def forget(self) -> None:
        """Fit the next values anew."""
        self.range = (math.inf, -math.inf)

    def relabel(self) -> None:
        """Write names and numbers anew with the next values."""
        self._geometry = ()

    def fit(
        self,
        view: TimePlot,
        extent: tuple[float, float],
        names: Sequence[tuple[str, str]],
        room: float = _FREE,
    ) -> None:
        """Show at least the values of ``extent``; ``names`` are (text, colour).

        ``room`` is left free above, as a share of the range.
        """
        lowest, highest = extent if extent[0] <= extent[1] else self._usual
        low, high = self.range
        if highest - lowest < self._loose * (high - low):
            low, high = math.inf, -math.inf
        if lowest < low or highest > high:
            self.range = _round(min(low, lowest), max(high, highest), self._least)
        self._label(view, names, room)

    def _label(self, view: TimePlot, names: Sequence[tuple[str, str]], room: float) -> None:
        (low, high), height = self.range, max(view.pixels[1], 1)
        if self._geometry == (low, high, height):
            return
        self._geometry = (low, high, height)
        bottom, top = low - _FREE * (high - low), high + room * (high - low)
        view.show_range(bottom, top)
        step = nice_step(top - bottom, height / 40)
        levels = [value for value in nice_ticks(bottom, top, step) if low <= value <= high]
        digits = max(0, math.ceil(-math.log10(step) - 1e-9))
        ticks = [Label((top - value) / (top - bottom), thin(value, digits)) for value in levels]
        view.show_labels(_listed(names, height), ticks, levels=levels)


def _round(lowest: float, highest: float, least: float) -> tuple[float, float]:
    step = nice_step(max(highest - lowest, least), 20)
    low, high = math.floor(lowest / step) * step, math.ceil(highest / step) * step
    return low, max(high, low + step)


def _listed(names: Sequence[tuple[str, str]], height: float) -> list[Label]:
    """Return the names below each other, in the middle of the height."""
    line = min(_LINE, height / max(len(names), 1))
    start = (height - line * (len(names) - 1)) / 2
    return [Label((start + k * line) / height, text, c) for k, (text, c) in enumerate(names)]
