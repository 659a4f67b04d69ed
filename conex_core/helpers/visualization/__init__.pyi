"""What shows a network, and where."""

from .live import (
    LiveWindow as LiveWindow,
    RasterPlot as RasterPlot,
    VoltagePlot as VoltagePlot,
    show as show,
)
from .source import PlotSource as PlotSource
from .static import raster as raster, rate as rate, save as save, voltage as voltage
