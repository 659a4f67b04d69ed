"""The population rate: how often the neurons of a group spike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from conex_core.counting import first_step, iterations_of, last_step
from conex_core.errors import ParameterError
from conex_core.helpers.visualization.curves import Curves
from conex_core.helpers.visualization.plot import Watch
from conex_core.parameters import Integer, Number

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike, NDArray

    from conex_core.helpers.visualization.source import PlotData

__all__ = ["Rate", "population_rate", "rate"]

_MOST_BINS = 2000  # of a figure
_SIZE = Integer(name="size", low=1)
_DT = Number(name="dt", above=0.0, unit="ms")
_BIN = Number(name="bin_ms", above=0.0, unit="ms")


def population_rate(
    t: ArrayLike, edges: ArrayLike, *, size: int, dt: float = 1.0
) -> NDArray[np.float64]:
    r"""Return the population rate in every bin, in Hz.

    .. math:: A(t; \Delta t) = \frac{1}{\Delta t}\,\frac{n(t;\,t + \Delta t)}{N}

    with ``n`` spikes of all ``N`` neurons between ``t`` and ``t + Δt``.

    Parameters
    ----------
    t : array of int
        Iteration of every spike, counted from 1; iteration ``k`` lies between
        ``(k - 1) dt`` and ``k dt``.
    edges : array, shape (bins + 1,), ms
    size : int
        Number of neurons, N.
    dt : float, ms

    References
    ----------
    Gerstner, Kistler, Naud & Paninski 2014, Neuronal Dynamics, section 7.2:
    rate as a population activity.
    """
    size, dt = _SIZE.check(size), _DT.check(dt)
    borders = np.asarray(edges, np.float64)
    # Half a step earlier: an iteration's spikes lie inside its bin, not on an edge.
    counted, _ = np.histogram((np.asarray(t, np.float64) - 0.5) * dt, borders)
    hz: NDArray[np.float64] = counted / size / np.diff(borders) * 1000
    return hz


class Rate(Curves):
    """Show how often the neurons of the selected groups spike, on average.

    The rate of a group is its number of spikes in a bin, per neuron and second
    (:func:`population_rate`). A bin is a whole number of iterations and is drawn
    when it is over, so that the last one is never too low.
    """

    kind = "rate"
    title = "Rate"
    icon = "ph.chart-line"
    shortcut = "Ctrl+Shift+H"
    sign = (((0, 11), (0, 7), (4, 7), (4, 2), (8, 2), (8, 5), (13, 5)),)
    empty = "How often each group fires appears here once the network runs"
    watches = (Watch("spikes", "events", of=("NeuronGroup", "InputLayer")),)
    order = 30
    unit = "Hz"
    axis = "rate (Hz)"
    usual_top = 10.0

    bin = Number(default=10.0, above=0.0, unit="ms", live=True, help="Width of a bin.")

    def curve(
        self, data: PlotData, begin: float, end: float, dt: float
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the whole bins between two times, and the rate in each."""
        width = self._whole_bin(dt)
        first, last = first_step(begin, width), last_step(end, width)
        edges = width * np.arange(first, max(last, first) + 1, dtype=np.float64)
        size = data.size or int(np.max(data.values, initial=0)) + 1
        return edges, population_rate(data.t, edges, size=size, dt=dt)

    def figure(
        self, data: Sequence[PlotData], *, dt: float, span_ms: tuple[float, float], **page: Any
    ) -> Figure:
        """Return the rates as a figure, in wider bins where there would be too many."""
        return rate(
            {one.name: (one.t, one.values) for one in data},
            dt=dt,
            sizes={one.name: one.size for one in data if one.size},
            bin_ms=max(self._whole_bin(dt), (span_ms[1] - span_ms[0]) / _MOST_BINS),
            colours={one.name: one.colour for one in data},
            span_ms=span_ms,
            **page,
        )

    def _whole_bin(self, dt: float) -> float:
        return iterations_of(self.bin, dt) * dt


def rate(
    spikes: Mapping[str, tuple[ArrayLike, ArrayLike]],
    *,
    dt: float = 1.0,
    sizes: Mapping[str, int] | None = None,
    bin_ms: float = 10.0,
    colours: Mapping[str, str] | None = None,
    span_ms: tuple[float, float] | None = None,
    width: float = 7.0,
    height: float | None = None,
) -> Figure:
    """Return the mean rate of each group, in Hz per neuron, over bins of ``bin_ms``."""
    from conex_core.helpers.visualization import figures

    dt, bin_ms = _DT.check(dt), _BIN.check(bin_ms)
    if bin_ms < dt:
        raise ParameterError("bin_ms", f"must be at least one step, {dt} ms", bin_ms)
    groups = {name: figures.arrays_of(name, *pair) for name, pair in spikes.items()}
    begin, end = span_ms or figures.span_of([t for t, _ in groups.values()], dt)
    first, last = last_step(begin, bin_ms), first_step(end, bin_ms)
    edges = bin_ms * np.arange(first, max(last, first + 1) + 1)
    with figures.style():
        figure, axes = figures.single(width, height)
        for k, (name, (t, i)) in enumerate(groups.items()):
            hz = population_rate(t, edges, size=figures.size_of(name, i, sizes), dt=dt)
            colour = figures.colour_of(name, k, colours)
            axes.stairs(hz, edges, color=colour, label=name, baseline=None)
        axes.set_ylabel("rate (Hz)")
        axes.set_ylim(bottom=0)
        figures.finish_time([axes], (begin, end))
        figures.legend(figure, list(groups))
    return figure
