"""Plot: what every kind of plot declares, and how it is asked to draw.

A plot is one file in ``plots``: a class that says what it is called, what it
watches and which settings it has, and that draws. Menus, docks, data feeds,
files and figures follow from the declaration. Nothing here, and nothing at the
top of a plot's file, loads Qt, torch or matplotlib.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, get_args

from conex_core.errors import ConexError, UnknownName
from conex_core.graph.model.kinds import INPUT_LAYER, NEURON_GROUP, SYNAPSE_GROUP
from conex_core.parameters import Number, Parameter
from conex_core.plot_specs import LONGEST_MS, NETWORK_KIND, Form, PlotSpec, Sign, Watch

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from conex_core.helpers.visualization.over_time.widget import TimePlot
    from conex_core.helpers.visualization.source import PlotData, PlotSource

__all__ = ["LivePlot", "Plot", "PlotOverTime", "Watch", "load_plot", "spec_of"]

_OBJECTS = (NEURON_GROUP.name, INPUT_LAYER.name, SYNAPSE_GROUP.name, NETWORK_KIND)


class LivePlot(Protocol):
    """Name what a widget that shows a plot can do."""

    sources: tuple[PlotSource, ...]
    dt: float

    def set_sources(self, sources: Sequence[PlotSource], *, dt: float | None = None) -> None:
        """Show other sources."""

    def set_settings(self, settings: dict[str, Any]) -> None:
        """Draw with other values of the plot's settings."""

    def set_theme(self, dark: bool) -> None:
        """Change between light and dark."""

    def refresh(self) -> None:
        """Draw what is new; return at once while hidden."""

    def export(self, path: Any) -> None:
        """Write what is visible as a figure."""


class Plot:
    """Stand for one kind of plot; the first line of the docstring says what it shows.

    Parameters of the class are its settings; they are stored with the plot in a
    project file and take effect while it is shown.

    Attributes
    ----------
    kind : str
        Its name in files and commands; never changes.
    title : str
        Its name in the window, without the word plot.
    icon : str
        A Phosphor icon by its qtawesome name, such as ``ph.activity``.
    shortcut : str
        Keys that add one, such as ``Ctrl+Shift+R``.
    sign : strokes on a grid of 13 x 12
        Drawn small under every node that it shows.
    empty : str
        What stands there before there are data.
    watches : tuple of Watch
        What it reads; the first is what its objects must have.
    levels : tuple of str
        Values that behaviors of the object declare and the plot marks.
    order : int
        Its place in menus.
    usual : bool
        Whether ``show(session)`` has it unless told otherwise.

    Raises
    ------
    UnknownName
        If a keyword is not a setting.
    ParameterError
        If a value breaks its rule.
    """

    kind: ClassVar[str] = ""
    title: ClassVar[str] = ""
    icon: ClassVar[str] = ""
    shortcut: ClassVar[str] = ""
    sign: ClassVar[Sign] = ()
    empty: ClassVar[str] = ""
    watches: ClassVar[tuple[Watch, ...]] = ()
    levels: ClassVar[tuple[str, ...]] = ()
    order: ClassVar[int] = 100
    usual: ClassVar[bool] = False
    declared: ClassVar[dict[str, Parameter]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        found: dict[str, Parameter] = {}
        for base in reversed(cls.__mro__):
            found |= {k: value for k, value in vars(base).items() if isinstance(value, Parameter)}
        cls.declared = found

    def __init__(self, **settings: Any) -> None:
        self.set(settings)

    def set(self, settings: dict[str, Any]) -> None:
        """Take other values of some settings."""
        for name, value in settings.items():
            if name not in self.declared:
                raise UnknownName(f"setting of a {self.kind} plot", name, self.declared)
            setattr(self, name, value)

    def live(self, sources: Sequence[PlotSource] = (), **look: Any) -> Any:
        """Return a widget that shows this plot (a LivePlot); loads Qt.

        ``look`` is ``dt`` (ms), ``dark`` and ``parent``.
        """
        raise NotImplementedError

    def figure(
        self, data: Sequence[PlotData], *, dt: float, span_ms: tuple[float, float], **page: Any
    ) -> Figure:
        """Return the same as a figure for a paper; loads matplotlib.

        ``page`` is ``width`` and ``height`` in inch.
        """
        raise NotImplementedError


class PlotOverTime(Plot):
    """A plot whose horizontal axis is time; :class:`TimePlot` is the widget around it.

    Subclasses write ``draw`` and, as they need, what stands around it here.
    Whatever is drawn is given to ``view``.
    """

    unit: ClassVar[str] = ""  # of the vertical axis

    window = Number(
        default=1000.0,
        above=0.0,
        high=LONGEST_MS,
        unit="ms",
        live=True,
        help="Visible stretch of time.",
    )

    def live(self, sources: Sequence[PlotSource] = (), **look: Any) -> TimePlot:
        """Return a widget that shows this plot."""
        from conex_core.helpers.visualization.over_time.widget import TimePlot

        return TimePlot(self, sources, **look)

    def axis_name(self) -> str:
        """Return what stands beside the vertical axis."""
        return self.unit

    def begin(self, view: TimePlot) -> None:
        """Get ready to draw ``view.sources``, which are new, or have other colours."""

    def forget(self) -> None:
        """Forget the data that were read: a new run has begun."""

    def resized(self) -> None:
        """Take note that another stretch of time is shown."""

    def draw(self, view: TimePlot, begin: float, end: float) -> None:
        """Draw the time from ``begin`` to ``end``, in ms."""
        raise NotImplementedError

    def readout(self, view: TimePlot, time: float, y: float | None) -> str:
        """Return what is under the mouse, in words."""
        return ""


def spec_of(cls: type[Plot]) -> PlotSpec:
    """Return the declaration of a plot as data, or raise ConexError where it is not complete."""
    summary = (inspect.getdoc(cls) or "").partition("\n")[0]
    words = {"kind": cls.kind, "title": cls.title, "icon": cls.icon, "empty": cls.empty}
    missing = [name for name, value in words.items() if not value]
    missing += [] if vars(cls).get("__doc__") else ["docstring"]
    missing += [] if cls.watches else ["watches"]
    if cls.kind and not cls.kind.isidentifier():
        raise ConexError(f"{cls.__name__}.kind must be a word such as rate, got {cls.kind!r}")
    if missing:
        raise ConexError(f"{cls.__name__} declares no {', no '.join(missing)}")
    for watch in cls.watches:
        _refuse_unknown(f"form of {cls.__name__}.{watch.variable}", [watch.form], get_args(Form))
        _refuse_unknown(f"object of {cls.__name__}.{watch.variable}", watch.of, _OBJECTS)
    return PlotSpec(
        kind=cls.kind,
        module=cls.__module__,
        name=cls.__name__,
        title=cls.title,
        icon=cls.icon,
        shortcut=cls.shortcut,
        summary=summary,
        empty=cls.empty,
        watches=cls.watches,
        sign=cls.sign,
        levels=cls.levels,
        parameters=tuple(cls.declared.values()),
        order=cls.order,
        usual=cls.usual,
    )


def _refuse_unknown(what: str, given: Iterable[str], known: Collection[str]) -> None:
    for name in given:
        if name not in known:
            raise UnknownName(what, name, known)


def load_plot(spec: PlotSpec, settings: dict[str, Any] | None = None) -> Plot:
    """Return a plot of this kind, with settings; those that are not valid are as usual."""
    cls: type[Plot] = getattr(importlib.import_module(spec.module), spec.name)
    return cls(**spec.settings(settings or {}))
