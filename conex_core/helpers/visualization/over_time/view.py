"""Which stretch of time a plot shows; plots that share one TimeView move together."""

from __future__ import annotations

import math

from PySide6.QtCore import QObject, Signal

from conex_core.errors import ParameterError
from conex_core.plot_specs import LONGEST_MS

__all__ = ["TimeView"]

_SHORTEST = 1.0


class TimeView(QObject):
    """Hold the window's length, its right edge and the time under the mouse, all in ms.

    ``end`` is None while the view follows the present.
    """

    changed = Signal()  # the window or its end moved
    cursor_moved = Signal()  # the time under the mouse changed
    paused_changed = Signal(bool)  # the view stopped or began to follow the present
    gutter_changed = Signal()  # the room kept at the left of the data changed

    def __init__(self, window_ms: float = 1000.0, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.window = min(_checked(window_ms), LONGEST_MS)
        self.end: float | None = None
        self.cursor: float | None = None
        self._gutters: dict[int, int] = {}

    @property
    def paused(self) -> bool:
        """Tell whether the view stands still."""
        return self.end is not None

    @property
    def gutter(self) -> int:
        """Return the room in px that the widest of the plots needs at its left."""
        return max(self._gutters.values(), default=0)

    def restart(self, window_ms: float) -> None:
        """Show ``window_ms`` up to the present, whatever was shown before."""
        self.stand_at(None)
        self.point_at(None)
        self.set_window(window_ms)

    def set_window(self, window_ms: float) -> None:
        """Show ``window_ms`` at once."""
        window = min(max(_checked(window_ms), _SHORTEST), LONGEST_MS)
        if window != self.window:
            self.window = window
            self.changed.emit()

    def zoom(self, factor: float, x: float) -> None:
        """Scale the window by ``factor``; the time at ``x`` (0 left, 1 right) stays in place."""
        window = min(max(self.window * factor, _SHORTEST), LONGEST_MS)
        if self.end is not None:
            self.end += (window - self.window) * (1 - x)
        self.set_window(window)

    def stand_at(self, end: float | None) -> None:
        """Stop with ``end`` at the right edge; None follows the present again."""
        if end == self.end:
            return
        turned = (end is None) != (self.end is None)
        self.end = end
        self.changed.emit()
        if turned:
            self.paused_changed.emit(self.paused)

    def point_at(self, time: float | None) -> None:
        """Mark the time under the mouse; None for nowhere."""
        if time != self.cursor:
            self.cursor = time
            self.cursor_moved.emit()

    def need_gutter(self, owner: int, width: int | None) -> None:
        """Ask for room at the left; None gives it up."""
        before = self.gutter
        self._gutters.pop(owner, None)
        if width is not None:
            self._gutters[owner] = width
        if self.gutter != before:
            self.gutter_changed.emit()


def _checked(window_ms: float) -> float:
    if not math.isfinite(window_ms) or window_ms <= 0:
        raise ParameterError("window_ms", "must be above 0 ms", window_ms)
    return float(window_ms)
