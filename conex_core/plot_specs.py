"""What the program may know of plots: plain data, without Qt, torch or matplotlib.

A plot's class (``conex_core.helpers.visualization.plot``) declares it; the
catalog reads it off the class once and keeps it with the behaviors.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from conex_core.errors import ParameterError
from conex_core.parameter_data import parameter_from_data, parameter_to_data
from conex_core.parameters import Parameter

__all__ = [
    "LONGEST_MS",
    "MOST_UNITS",
    "NETWORK_KIND",
    "BrokenPlot",
    "Form",
    "PlotSpec",
    "Sign",
    "Watch",
    "spec_from_data",
    "spec_to_data",
]

Form = Literal["events", "trace", "snapshot"]
Sign = tuple[tuple[tuple[float, float], ...], ...]  # strokes on a grid of 13 x 12

MOST_UNITS = 100  # whose values are kept for one plot; each takes a row of a ring
LONGEST_MS = 3_600_000.0  # of the time that a plot shows at once; rings end long before
NETWORK_KIND = "Network"  # stands in ``Watch.of`` for the network itself


@dataclass(frozen=True)
class Watch:
    """Name one variable that a plot reads of every object that it shows.

    Parameters
    ----------
    variable : str
        An attribute that a behavior of the object provides, such as ``spikes``.
    form : str
        ``events`` (when which unit was not 0), ``trace`` (the values of chosen
        units in every iteration) or ``snapshot`` (all values, now and then).
    of : tuple of str
        Kinds of nodes that have it: ``NeuronGroup``, ``InputLayer``,
        ``SynapseGroup``; ``Network`` for the network itself.
    named_by, units : str
        Names of settings of the plot that hold another variable to read, and
        the units of a trace; empty for none.
    needed : bool
        False for what is shown where it is there and not missed elsewhere.
    """

    variable: str
    form: Form = "events"
    of: tuple[str, ...] = ("NeuronGroup",)
    named_by: str = ""
    units: str = ""
    needed: bool = True

    def asked(self, settings: Mapping[str, Any]) -> str:
        """Return the variable to read under these settings."""
        return str(settings.get(self.named_by) or self.variable)

    def chosen(self, settings: Mapping[str, Any]) -> tuple[int, ...]:
        """Return the units to read under these settings, each once, and not too many."""
        if self.form != "trace":
            return ()
        return tuple(dict.fromkeys(settings.get(self.units) or ()))[:MOST_UNITS]


@dataclass(frozen=True)
class PlotSpec:
    """Describe one kind of plot; ``name`` is its class in ``module``.

    ``levels`` are values of behaviors that it marks, ``order`` is its place in
    menus, and ``usual`` plots are what scripts show unless told otherwise.
    """

    kind: str
    module: str
    name: str
    title: str
    icon: str
    shortcut: str
    summary: str
    empty: str
    watches: tuple[Watch, ...]
    sign: Sign = ()
    levels: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    order: int = 100
    usual: bool = False

    def settings(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the value of every setting; the default where what is given is not valid."""
        return {parameter.name: _valid(parameter, given) for parameter in self.parameters}

    @property
    def kinds(self) -> tuple[str, ...]:
        """Return the kinds of nodes that it can show."""
        return self.watches[0].of


@dataclass(frozen=True)
class BrokenPlot:
    """Tell which plot file could not be loaded, and why."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"The plot in {self.file}, line {self.line}, cannot be loaded: {self.reason}"


def spec_to_data(spec: PlotSpec) -> dict[str, Any]:
    """Return ``spec`` as JSON-ready data."""
    data = dict(vars(spec))
    data["watches"] = [asdict(watch) for watch in spec.watches]
    data["parameters"] = [parameter_to_data(parameter) for parameter in spec.parameters]
    return data


def spec_from_data(row: Mapping[str, Any]) -> PlotSpec:
    """Return what :func:`spec_to_data` wrote."""
    data = dict(row)
    data["watches"] = tuple(Watch(**{**each, "of": tuple(each["of"])}) for each in row["watches"])
    data["parameters"] = tuple(parameter_from_data(item) for item in row["parameters"])
    data["levels"] = tuple(row["levels"])
    data["sign"] = tuple(tuple((x, y) for x, y in stroke) for stroke in row["sign"])
    return PlotSpec(**data)


def _valid(parameter: Parameter, given: Mapping[str, Any]) -> Any:
    try:
        return parameter.check(given.get(parameter.name, parameter.default))
    except ParameterError:
        return parameter.default
