"""What the static figures share: page, style, axes of time, colours, saving.

Uses matplotlib's objects only (no pyplot, no global figure), so that nothing
needs closing and threads do not meet. The same data give the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FuncFormatter, MaxNLocator

from conex_core.atomic_files import replacing
from conex_core.errors import FileError, ParameterError
from conex_core.helpers.visualization.palette import group_colour
from conex_core.shown_names import shown_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike, NDArray

__all__ = [
    "NARROW",
    "WIDE",
    "arrays_of",
    "colour_of",
    "finish_time",
    "legend",
    "name_beside",
    "number_neurons",
    "save",
    "single",
    "size_of",
    "span_of",
    "stacked",
    "style",
    "thin",
]

_NAME = 32  # signs of a name beside a plot; none that the font library refuses
NARROW, WIDE = 3.5, 7.0  # inch, one and two columns of a journal
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


def style() -> Any:
    """Return the context in which a figure is made."""
    return mpl.rc_context(_STYLE)


def single(width: float = WIDE, height: float | None = None) -> tuple[Figure, Axes]:
    """Return a figure with one pair of axes."""
    figure = Figure(figsize=(width, height or _height(width)), layout="constrained")
    return figure, figure.subplots()


def stacked(shares: Sequence[float], width: float, height: float | None) -> tuple[Figure, Any]:
    """Return a figure with axes below each other, as high as their shares, and these (n, 1)."""
    layout = ConstrainedLayoutEngine(h_pad=0.02, w_pad=0.03, hspace=0.02)
    figure = Figure(figsize=(width, height or _height(width)), layout=layout)
    axes = figure.subplots(len(shares), 1, sharex=True, height_ratios=shares, squeeze=False)
    return figure, axes


def finish_time(axes: Sequence[Axes], span: tuple[float, float]) -> None:
    """Show the span in ms on axes below each other; only the last has numbers."""
    for one in axes:
        one.set_xlim(*span)
    for one in axes[:-1]:
        one.spines["bottom"].set_visible(False)
        one.tick_params(bottom=False, labelbottom=False)
    axes[-1].set_xlabel("time (ms)")
    axes[-1].xaxis.set_major_formatter(FuncFormatter(thin))


def number_neurons(axes: Axes, size: int) -> None:
    """Let the upright axis count ``size`` neurons."""
    axes.set_ylim(-0.5, size - 0.5)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(thin))


def name_beside(axes: Axes, name: str, colour: str) -> None:
    """Write the name of what axes show at their right."""
    axes.annotate(
        shown_name(name, _NAME),
        (1.0, 0.5),
        xycoords="axes fraction",
        xytext=(6, 0),
        textcoords="offset points",
        va="center",
        ha="left",
        color=colour,
        parse_math=False,
    )


def legend(figure: Figure, names: Sequence[str]) -> None:
    """Name the curves where there are several, by names that are plain text whatever is in them."""
    if len(names) > 1:
        axes = figure.axes[0]
        curves = [*axes.lines, *axes.patches][: len(names)]  # marks are drawn after them
        shown = [shown_name(name, _NAME) for name in names]
        made = figure.legend(curves, shown, loc="outside right upper", handlelength=1.2)
        for text, name in zip(made.get_texts(), shown, strict=True):
            text.set_parse_math(False)
            text.set_text(name)


def thin(value: float, _: object = None) -> str:
    """Return a number with thin spaces between thousands and a real minus."""
    return f"{value:,.6g}".replace(",", "\N{THIN SPACE}").replace("-", "\N{MINUS SIGN}")


def arrays_of(
    name: str, t: ArrayLike, values: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return times and values as flat arrays of the same length, or raise ParameterError."""
    x, y = np.asarray(t, dtype=np.float64).ravel(), np.asarray(values, dtype=np.float64).ravel()
    if len(x) != len(y):
        raise ParameterError(name, "needs as many times as values", (len(x), len(y)))
    return x, y


def size_of(name: str, i: NDArray[np.float64], sizes: Mapping[str, int] | None) -> int:
    """Return the number of neurons of a group: as given, else by the largest index."""
    if sizes is not None and name in sizes:
        return max(sizes[name], 1)
    return int(i.max()) + 1 if len(i) else 1


def span_of(times: Sequence[NDArray[Any]], dt: float) -> tuple[float, float]:
    """Return the span in ms that holds all iterations, from 0."""
    last = max((float(t.max()) for t in times if len(t)), default=1.0)
    return 0.0, max(last * dt, dt)


def colour_of(name: str, index: int, colours: Mapping[str, str] | None) -> str:
    """Return the colour of a curve or group: as given, else by its place."""
    return (colours or {}).get(name) or group_colour(index)


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
    kind = path.suffix.lower().removeprefix(".")
    with replacing(path, done="written") as temporary, style():
        figure.savefig(temporary, format=kind, dpi=dpi, metadata=metadata, facecolor="white")
    return path


_NO_DATES: dict[str, dict[str, None]] = {
    ".png": {"Software": None},
    ".svg": {"Date": None, "Creator": None},
    ".pdf": {"CreationDate": None, "ModDate": None, "Creator": None, "Producer": None},
}


def _height(width: float) -> float:
    return min(0.42 * width + 0.6, 5.0)
