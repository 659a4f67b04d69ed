"""What the program may know of behaviors, structures and plots: plain data, no torch.

The catalog is read off the classes once, in a process of its own, and kept as
JSON in the user's cache folder, keyed by a fingerprint of the sources: a new or
changed file of a behavior or a plot is seen at the next start, and every other
start reads a small file. Node kinds come from ``conex_core.graph.model.kinds``.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from platformdirs import user_cache_path

from conex_core.atomic_files import write
from conex_core.errors import ConexError, FileError, UnknownName
from conex_core.parameter_data import parameter_from_data, parameter_to_data
from conex_core.parameters import Parameter
from conex_core.plot_specs import BrokenPlot, PlotSpec, spec_from_data, spec_to_data

__all__ = ["BehaviorSpec", "Catalog", "Host", "load"]

logger = logging.getLogger(__name__)

Host = Literal["network", "neurons", "synapses", "layer"]

_ROOT = Path(__file__).parent


@dataclass(frozen=True)
class BehaviorSpec:
    """Describe one behavior class.

    ``requires`` and ``provides`` are places and attributes joined by a dot:
    ``own.I``, ``source.axon``, ``target.v``, ``network.payoff``, ``layer.x``.
    ``recordable`` are variables that plots may show as well as those of ``provides``.
    ``requires_if`` pairs a parameter with what is required once it has a value.
    ``weight_kind`` is how the weights that it reads must be stored; empty for any.
    ``ancestors`` are the names of the catalogued classes it extends.
    """

    name: str
    module: str
    host: Host
    priority: int
    summary: str = ""
    equation: str = ""
    source: str = ""
    parameters: tuple[Parameter, ...] = ()
    requires: tuple[str, ...] = ()
    provides: tuple[str, ...] = ()
    recordable: tuple[str, ...] = ()
    requires_if: tuple[tuple[str, str], ...] = ()
    weight_kind: str = ""
    ancestors: tuple[str, ...] = ()

    def parameter(self, name: str) -> Parameter:
        """Return the parameter called ``name``, or raise UnknownName."""
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        known = [parameter.name for parameter in self.parameters]
        raise UnknownName(f"parameter of {self.name}", name, known)

    def is_a(self, name: str) -> bool:
        """Tell whether this is ``name`` or extends it."""
        return name == self.name or name in self.ancestors


@dataclass(frozen=True)
class Catalog:
    """Hold every known behavior by name and every plot by kind, in the order of menus.

    ``broken`` are the plots that could not be loaded.
    """

    behaviors: Mapping[str, BehaviorSpec] = field(default_factory=dict)
    plots: Mapping[str, PlotSpec] = field(default_factory=dict)
    broken: tuple[BrokenPlot, ...] = ()

    def behavior(self, name: str) -> BehaviorSpec:
        """Return the behavior called ``name``, or raise UnknownName."""
        if name not in self.behaviors:
            raise UnknownName("behavior", name, self.behaviors)
        return self.behaviors[name]

    def plot(self, kind: str) -> PlotSpec:
        """Return the plot of that kind, or raise UnknownName."""
        if kind not in self.plots:
            raise UnknownName("kind of plot", kind, self.plots)
        return self.plots[kind]

    def of_host(self, host: Host) -> tuple[BehaviorSpec, ...]:
        """Return the behaviors of one kind of object, by priority and name."""
        found = [spec for spec in self.behaviors.values() if spec.host == host]
        return tuple(sorted(found, key=lambda spec: (spec.priority, spec.name)))

    def providers(self, host: Host, attribute: str) -> tuple[BehaviorSpec, ...]:
        """Return the behaviors of ``host`` that make ``own.attribute``."""
        wanted = f"own.{attribute}"
        return tuple(spec for spec in self.of_host(host) if wanted in spec.provides)


@lru_cache(maxsize=1)
def load() -> Catalog:
    """Return the catalog of this installation, from the cache when it is fresh.

    Raises
    ------
    ConexError
        If a behavior file cannot be imported; the message holds the reason. A
        plot file that cannot only leaves that plot out.
    """
    path = user_cache_path("conex-studio") / f"catalog-{fingerprint()}.json"
    try:
        return catalog_from_text(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        logger.debug("the behaviors are read for the first time")
    except (OSError, ValueError, KeyError, TypeError, ConexError) as error:
        logger.info("reading the catalog off the classes (%s)", error)
    text = _read_off_classes()
    try:
        found = catalog_from_text(text)
    except ValueError:
        hint = "a behavior or plot file may end the program where it is imported"
        raise ConexError(f"the behaviors cannot be read: {hint}") from None
    for plot in found.broken:
        logger.warning("%s", plot)
    if not found.broken:  # what is missing for one may be there the next time
        _keep(path, text)
    return found


def fingerprint() -> str:
    """Return a hash of every source that the catalog depends on."""
    digest = hashlib.sha256()
    folders = ("behaviors/**", "helpers/visualization/plots", "helpers/visualization")
    sources = {*_ROOT.glob("*.py"), *(p for each in folders for p in _ROOT.glob(f"{each}/*.py"))}
    for path in sorted(sources):
        digest.update(str(path.relative_to(_ROOT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def catalog_to_text(catalog: Catalog) -> str:
    """Return ``catalog`` as JSON text."""
    rows = [_spec_to_data(spec) for spec in catalog.behaviors.values()]
    plots = [spec_to_data(spec) for spec in catalog.plots.values()]
    broken = [asdict(plot) for plot in catalog.broken]
    return json.dumps({"behaviors": rows, "plots": plots, "broken": broken}, indent=1)


def catalog_from_text(text: str) -> Catalog:
    """Return the catalog that :func:`catalog_to_text` wrote."""
    data = json.loads(text)
    specs = [_spec_from_data(row) for row in data["behaviors"]]
    plots = [spec_from_data(row) for row in data["plots"]]
    return Catalog(
        {spec.name: spec for spec in specs},
        {plot.kind: plot for plot in plots},
        tuple(BrokenPlot(**row) for row in data["broken"]),
    )


def _spec_to_data(spec: BehaviorSpec) -> dict[str, Any]:
    data = dict(vars(spec))
    data["parameters"] = [parameter_to_data(parameter) for parameter in spec.parameters]
    return data


def _spec_from_data(row: dict[str, Any]) -> BehaviorSpec:
    data: dict[str, Any] = {key: _as_tuple(value) for key, value in row.items()}
    data["parameters"] = tuple(parameter_from_data(item) for item in row["parameters"])
    return BehaviorSpec(**data)


def _as_tuple(value: Any) -> Any:
    return tuple(_as_tuple(item) for item in value) if isinstance(value, list) else value


def _read_off_classes() -> str:
    """Import the behaviors in a process of its own, so that this one stays light."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(_ROOT.parent), *sys.path])}
    done = subprocess.run(
        [sys.executable, "-m", "conex_core.catalog_reader"],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    if done.returncode:
        raise ConexError(f"the behaviors cannot be imported:\n{done.stderr.strip()}")
    return done.stdout


def _keep(path: Path, text: str) -> None:
    """Store ``text`` for the next start; without a writable cache it is read anew."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path, text.encode())
    except (OSError, FileError) as error:
        logger.warning("the catalog cannot be cached in %s: %s", path.parent, error)
