"""Static figures for papers: raster, voltage, rate, and how to save them.

Each is defined with its plot; this is where scripts find them. Spikes are
(t, i): iterations, counted from 1, and neuron indices.
"""

from conex_core.helpers.visualization.figures import NARROW as NARROW
from conex_core.helpers.visualization.figures import WIDE as WIDE
from conex_core.helpers.visualization.figures import save as save
from conex_core.helpers.visualization.plots.raster import raster as raster
from conex_core.helpers.visualization.plots.rate import rate as rate
from conex_core.helpers.visualization.plots.voltage import voltage as voltage
