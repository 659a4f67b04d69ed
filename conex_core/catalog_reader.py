"""Read the catalog off the classes of behaviors and plots.

Every file in ``plots`` is imported, so that a new plot is one new file; one that
cannot be imported is told and leaves the others alone.
``python -m conex_core.catalog_reader`` prints the catalog as JSON.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import inspect
import json
import pkgutil
import sys
import traceback
from collections.abc import Iterator

from conex_core.catalog import Catalog, catalog_to_text
from conex_core.errors import ConexError
from conex_core.helpers.visualization import plot as plot_module
from conex_core.helpers.visualization import plots
from conex_core.helpers.visualization.plot import Plot
from conex_core.introspect import behavior_classes, spec_of
from conex_core.plot_specs import BrokenPlot, PlotSpec, spec_from_data, spec_to_data

__all__ = ["read_catalog", "read_plots"]


def read_catalog() -> Catalog:
    """Return the catalog of all behaviors, and of all plots that can be imported."""
    classes = sorted(behavior_classes(), key=lambda cls: (cls.priority, cls.__name__))
    found, broken = read_plots()
    return Catalog({cls.__name__: spec_of(cls) for cls in classes}, found, broken)


def read_plots() -> tuple[dict[str, PlotSpec], tuple[BrokenPlot, ...]]:
    """Return every plot by kind, in the order of menus, and those that cannot be loaded."""
    declared: list[PlotSpec] = []
    broken = []
    for info in pkgutil.iter_modules(plots.__path__, f"{plots.__name__}."):
        try:
            declared += list(_plots_of(info.name))
        except BaseException as error:  # noqa: BLE001 - a door: told, the others work
            broken.append(_broken(info.name, error))
    found: dict[str, PlotSpec] = {}
    for spec in sorted(declared, key=_is_borrowed):
        if spec.kind in found:
            reason = f"{found[spec.kind].module} is of the kind {spec.kind} too"
            broken.append(_broken(spec.module, ConexError(reason)))
        else:
            found[spec.kind] = spec
    order = sorted(found.values(), key=lambda spec: (spec.order, spec.kind))
    return {spec.kind: spec for spec in order}, tuple(broken)


def _plots_of(module_name: str) -> Iterator[PlotSpec]:
    """Yield the plots that a module defines; names with an underscore are bases."""
    module = importlib.import_module(module_name)
    for value in list(vars(module).values()):
        is_plot = inspect.isclass(value) and issubclass(value, Plot)
        if is_plot and value.__module__ == module_name and not value.__name__.startswith("_"):
            data = json.dumps(spec_to_data(plot_module.spec_of(value)))
            yield spec_from_data(json.loads(data))  # as whoever reads the catalog has it


def _is_borrowed(spec: PlotSpec) -> bool:
    """Tell whether a file has another name than the kind that it declares, and gives way."""
    return spec.module.rpartition(".")[2] != spec.kind


def _broken(module_name: str, error: BaseException) -> BrokenPlot:
    """Tell where in its file a plot failed."""
    found = importlib.util.find_spec(module_name)
    file = (found.origin if found else None) or module_name
    lines = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == file
    ]
    line = error.lineno if isinstance(error, SyntaxError) else lines[-1] if lines else 1
    text = str(error) if isinstance(error, ConexError) else f"{type(error).__name__}: {error}"
    return BrokenPlot(file, line or 1, text.partition("\n")[0])


if __name__ == "__main__":
    with contextlib.redirect_stdout(sys.stderr):  # what a plot's file prints is not the catalog
        text = catalog_to_text(read_catalog())
    sys.stdout.write(text)
