"""Visualization: live plots (Qt, pyqtgraph) and static figures (matplotlib).

Names are looked up on first use; nothing here loads Qt or matplotlib before.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conex_core.helpers.visualization.live import LiveWindow, RasterPlot, VoltagePlot, show
    from conex_core.helpers.visualization.source import PlotSource
    from conex_core.helpers.visualization.static import raster, rate, save, voltage

__all__ = [
    "LiveWindow",
    "PlotSource",
    "RasterPlot",
    "VoltagePlot",
    "raster",
    "rate",
    "save",
    "show",
    "voltage",
]

_HOME_OF = {
    "LiveWindow": "live",
    "PlotSource": "source",
    "RasterPlot": "live",
    "VoltagePlot": "live",
    "raster": "static",
    "rate": "static",
    "save": "static",
    "show": "live",
    "voltage": "static",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
