"""The strip under a plot over time: what the axis is, and a slider to look back."""

from __future__ import annotations

import math

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollBar, QWidget

__all__ = ["TimeStrip"]

_LEFT = 8  # px before the words
_MOST_STEPS = 1e9


class TimeStrip(QWidget):
    """Show where the visible time lies in all that is still known.

    ``right`` px are left free, as beside the plot above.
    """

    scrolled = Signal(float)  # the time, in ms, that is wanted at the right edge

    def __init__(self, right: int) -> None:
        super().__init__()
        self._name = QLabel("time (ms)")
        self.slider = QScrollBar(Qt.Orientation.Horizontal)
        self.slider.setToolTip("Look back in time")
        self.slider.setAccessibleName("Time")
        self.slider.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._unit = 1.0  # ms in one step of the slider, which counts in 32 bits
        self.slider.valueChanged.connect(lambda value: self.scrolled.emit(value * self._unit))
        row = QHBoxLayout(self)
        row.setContentsMargins(_LEFT, 0, right, 6)
        row.setSpacing(0)
        row.addWidget(self._name)
        row.addWidget(self.slider, 1)

    def show_time(self, oldest: float, now: float, end: float, window: float) -> None:
        """Place the slider; ``oldest`` is the earliest right edge, all in ms."""
        self._unit = max(1.0, max(now, end, window) / _MOST_STEPS)
        low = math.ceil(oldest / self._unit)
        with QSignalBlocker(self.slider):
            self.slider.setRange(low, math.ceil(now / self._unit))
            self.slider.setPageStep(max(int(window / self._unit), 1))
            self.slider.setSingleStep(max(int(window / self._unit / 8), 1))
            self.slider.setValue(math.ceil(end / self._unit))
        self.slider.setEnabled(now > low)

    def leave_room(self, gutter: float) -> None:
        """Begin the slider where the plot above begins, ``gutter`` px from the left."""
        self._name.setFixedWidth(max(int(gutter) - _LEFT, 60))
