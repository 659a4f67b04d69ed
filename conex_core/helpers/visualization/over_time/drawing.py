"""What is drawn over time, seen from the widget that it is drawn in. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from conex_core.helpers.visualization.source import PlotData

__all__ = ["DrawnOverTime"]


class DrawnOverTime(Protocol):
    """Name what the widget around a plot over time asks of it.

    ``view`` is that widget, a TimePlot; its name would close a circle of imports.
    """

    @property
    def title(self) -> str:
        """Return its name, without the word plot."""

    @property
    def empty(self) -> str:
        """Return what stands there before there are data."""

    @property
    def window(self) -> float:
        """Return the visible time that its settings ask for, in ms."""

    def set(self, settings: dict[str, Any]) -> None:
        """Take other values of some settings."""

    def axis_name(self) -> str:
        """Return what stands beside the vertical axis."""

    def begin(self, view: Any) -> None:
        """Get ready to draw ``view.sources``, which are new, or have other colours."""

    def forget(self) -> None:
        """Forget the data that were read: a new run has begun."""

    def resized(self) -> None:
        """Take note that another stretch of time is shown."""

    def draw(self, view: Any, begin: float, end: float) -> None:
        """Draw the time from ``begin`` to ``end``, in ms."""

    def readout(self, view: Any, time: float, y: float | None) -> str:
        """Return what is under the mouse, in words."""

    def figure(
        self, data: Sequence[PlotData], *, dt: float, span_ms: tuple[float, float], **page: Any
    ) -> Figure:
        """Return what is visible as a figure for a paper."""
