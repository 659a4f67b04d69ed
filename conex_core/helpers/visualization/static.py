"""Static figures for papers: raster, voltage and rate, without a screen.

Uses matplotlib's objects only (no pyplot, no global figure), so that nothing
needs closing and threads do not meet. The same data give the same bytes.

Spikes are (t, i): iterations, counted from 1, and neuron indices.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import ArrayLike, NDArray

from conex_core.errors import FileError, ParameterError
from conex_core.helpers.visualization.palette import group_colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["NARROW", "WIDE", "raster", "rate", "save", "voltage"]

NARROW, WIDE = 3.5, 7.0  # inch, one and two columns of a journal
_MANY = 20_000  # points from which they are stored as an image inside the vector file
_STYLE: Any = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 8,
    "axes.labelsize": 8,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 3,
    "ytick.major.size": 3,
    "lines.linewidth": 0.8,
    "legend.frameon": False,
    "legend.fontsize": 7,
    "svg.fonttype": "none",
    "svg.hashsalt": "conex",
    "pdf.fonttype": 42,
}
Spikes = tuple[ArrayLike, ArrayLike]


def raster(
    spikes: Mapping[str, Spikes],
    *,
    dt: float = 1.0,
    sizes: Mapping[str, int] | None = None,
    colours: Mapping[str, str] | None = None,
    span_ms: tuple[float, float] | None = None,
    width: float = WIDE,
    height: float | None = None,
) -> Figure:
    """Return a raster: one band per group, the first on top.

    Parameters
    ----------
    spikes : mapping of group name to (t, i)
    dt : float, ms
    sizes : mapping of group name to number of neurons, optional
        The largest index seen if not given.
    colours : mapping of group name to ``#RRGGBB``, optional
    span_ms : (float, float), ms, optional
        What to show; all if not given.
    width, height : float, inch
    """
    groups = {name: _arrays(name, *pair) for name, pair in spikes.items()}
    counts = [_size(name, i, sizes) for name, (_, i) in groups.items()]
    shares = [max(count / max(sum(counts), 1), 0.12) for count in counts] or [1.0]
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(width, height or _height(width)), layout=_close_layout())
        axes: Any = figure.subplots(
            len(shares), 1, sharex=True, height_ratios=shares, squeeze=False
        )
        crowded = sum(len(t) for t, _ in groups.values()) > _MANY
        for k, (name, (t, i)) in enumerate(groups.items()):
            colour = _colour(name, k, colours)
            _draw_band(axes[k, 0], t * dt, i, counts[k], colour, crowded)
            _name_band(axes[k, 0], name, colour)
        _finish_time(list(axes[:, 0]), span_ms or _span([t for t, _ in groups.values()], dt))
        figure.supylabel("neuron", fontsize=8)
    return figure


def voltage(
    traces: Mapping[str, tuple[ArrayLike, ArrayLike]],
    *,
    dt: float = 1.0,
    colours: Mapping[str, str] | None = None,
    lines: Iterable[float] = (),
    span_ms: tuple[float, float] | None = None,
    width: float = WIDE,
    height: float | None = None,
) -> Figure:
    """Return membrane potentials over time.

    Parameters
    ----------
    traces : mapping of name to (t, v)
        Iterations and potentials in mV.
    lines : floats, mV
        Values to mark, such as threshold and reset.
    """
    with mpl.rc_context(_STYLE):
        figure, axes = _single(width, height)
        for k, (name, (t, v)) in enumerate(traces.items()):
            x, y = _arrays(name, t, v)
            axes.plot(x * dt, y, color=_colour(name, k, colours), label=name)
        for value in lines:
            axes.axhline(value, color="#9AA3AD", linewidth=0.6, dashes=(4, 4), zorder=0)
        axes.set_ylabel("membrane potential (mV)")
        times = [np.asarray(t) for t, _ in traces.values()]
        _finish_time([axes], span_ms or _span(times, dt))
        _legend(figure, len(traces))
    return figure


def rate(
    spikes: Mapping[str, Spikes],
    *,
    dt: float = 1.0,
    sizes: Mapping[str, int] | None = None,
    bin_ms: float = 10.0,
    colours: Mapping[str, str] | None = None,
    span_ms: tuple[float, float] | None = None,
    width: float = WIDE,
    height: float | None = None,
) -> Figure:
    """Return the mean rate of each group, in Hz per neuron, over bins of ``bin_ms``."""
    if not math.isfinite(bin_ms) or bin_ms < dt:
        raise ParameterError("bin_ms", f"must be at least one step, {dt} ms", bin_ms)
    groups = {name: _arrays(name, *pair) for name, pair in spikes.items()}
    begin, end = span_ms or _span([t for t, _ in groups.values()], dt)
    edges = begin + bin_ms * np.arange(max(math.ceil((end - begin) / bin_ms), 1) + 1)
    with mpl.rc_context(_STYLE):
        figure, axes = _single(width, height)
        for k, (name, (t, i)) in enumerate(groups.items()):
            # Half a step earlier: an iteration's spikes lie inside its bin, not on an edge.
            counted, _ = np.histogram((t - 0.5) * dt, edges)
            hz = counted / _size(name, i, sizes) / bin_ms * 1000
            axes.stairs(hz, edges, color=_colour(name, k, colours), label=name, baseline=None)
        axes.set_ylabel("rate (Hz)")
        axes.set_ylim(bottom=0)
        _finish_time([axes], (begin, end))
        _legend(figure, len(groups))
    return figure


def save(figure: Any, path: str | Path, *, dpi: float = 300) -> Path:
    """Write ``figure`` as PNG, SVG or PDF, chosen by the ending of ``path``.

    Raises
    ------
    FileError
        If the ending is another one or the file cannot be written.
    """
    path = Path(path)
    metadata = _NO_DATES.get(path.suffix.lower())
    if metadata is None:
        hint = "Use .png, .svg or .pdf"
        raise FileError(path, f"no figure can be written as {path.suffix or 'this'!r}", hint=hint)
    try:
        with mpl.rc_context(_STYLE):
            figure.savefig(path, dpi=dpi, metadata=metadata, facecolor="white")
    except OSError as error:
        raise FileError(path, f"cannot be written: {error.strerror}") from error
    return path


_NO_DATES: dict[str, dict[str, None]] = {
    ".png": {"Software": None},
    ".svg": {"Date": None, "Creator": None},
    ".pdf": {"CreationDate": None, "ModDate": None, "Creator": None, "Producer": None},
}


def _close_layout() -> ConstrainedLayoutEngine:
    return ConstrainedLayoutEngine(h_pad=0.02, w_pad=0.03, hspace=0.02)


def _single(width: float, height: float | None) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width, height or _height(width)), layout="constrained")
    return figure, figure.subplots()


def _height(width: float) -> float:
    return min(0.42 * width + 0.6, 5.0)


def _draw_band(
    axes: Axes,
    time: NDArray[np.float64],
    neuron: NDArray[np.float64],
    size: int,
    colour: str,
    crowded: bool,
) -> None:
    mark = 1.0 if size > 200 else 1.6
    axes.plot(
        time,
        neuron,
        linestyle="none",
        marker="s",
        markersize=mark,
        markeredgewidth=0,
        color=colour,
        alpha=0.5 if crowded else 1.0,
        rasterized=crowded,
        clip_on=True,
    )
    axes.set_ylim(-0.5, size - 0.5)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(_thin))


def _name_band(axes: Axes, name: str, colour: str) -> None:
    axes.annotate(
        name,
        (1.0, 0.5),
        xycoords="axes fraction",
        xytext=(6, 0),
        textcoords="offset points",
        va="center",
        ha="left",
        color=colour,
    )


def _finish_time(axes: Sequence[Axes], span: tuple[float, float]) -> None:
    for one in axes:
        one.set_xlim(*span)
    for one in axes[:-1]:
        one.spines["bottom"].set_visible(False)
        one.tick_params(bottom=False, labelbottom=False)
    axes[-1].set_xlabel("time (ms)")
    axes[-1].xaxis.set_major_formatter(FuncFormatter(_thin))


def _legend(figure: Figure, count: int) -> None:
    if count > 1:
        figure.legend(loc="outside right upper", handlelength=1.2)


def _thin(value: float, _: object = None) -> str:
    return f"{value:,.6g}".replace(",", "\N{THIN SPACE}").replace("-", "\N{MINUS SIGN}")


def _arrays(
    name: str, t: ArrayLike, values: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    x, y = np.asarray(t, dtype=np.float64).ravel(), np.asarray(values, dtype=np.float64).ravel()
    if len(x) != len(y):
        raise ParameterError(name, "needs as many times as values", (len(x), len(y)))
    return x, y


def _size(name: str, i: NDArray[np.float64], sizes: Mapping[str, int] | None) -> int:
    if sizes is not None and name in sizes:
        return max(sizes[name], 1)
    return int(i.max()) + 1 if len(i) else 1


def _span(times: Sequence[NDArray[Any]], dt: float) -> tuple[float, float]:
    last = max((float(t.max()) for t in times if len(t)), default=1.0)
    return 0.0, max(last * dt, dt)


def _colour(name: str, index: int, colours: Mapping[str, str] | None) -> str:
    return (colours or {}).get(name) or group_colour(index)
