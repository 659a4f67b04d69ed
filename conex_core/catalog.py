"""What the program may know of behaviors and structures: plain data, no torch.

The catalog is read off the behavior classes once, in a process of its own, and
kept as JSON in the user's cache folder, keyed by a fingerprint of the sources:
a new or changed behavior file is seen at the next start, and every other start
reads a small file. Node kinds come from ``conex_core.graph.model.kinds``.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from platformdirs import user_cache_path

from conex_core.errors import ConexError, UnknownName
from conex_core.parameter_data import parameter_from_data, parameter_to_data
from conex_core.parameters import Parameter

__all__ = ["BehaviorSpec", "Catalog", "Host", "load"]

logger = logging.getLogger(__name__)

Host = Literal["network", "neurons", "synapses", "layer"]

_ROOT = Path(__file__).parent


@dataclass(frozen=True)
class BehaviorSpec:
    """Describe one behavior class.

    ``requires`` and ``provides`` are places and attributes joined by a dot:
    ``own.I``, ``source.axon``, ``target.v``, ``network.payoff``, ``layer.x``.
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
    """Hold every known behavior by name."""

    behaviors: Mapping[str, BehaviorSpec] = field(default_factory=dict)

    def behavior(self, name: str) -> BehaviorSpec:
        """Return the behavior called ``name``, or raise UnknownName."""
        if name not in self.behaviors:
            raise UnknownName("behavior", name, self.behaviors)
        return self.behaviors[name]

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
        If a behavior file cannot be imported; the message holds the reason.
    """
    path = user_cache_path("conex-studio") / f"catalog-{fingerprint()}.json"
    try:
        return catalog_from_text(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError, ConexError) as error:
        logger.info("reading the catalog off the classes (%s)", error)
    text = _read_off_classes()
    _keep(path, text)
    return catalog_from_text(text)


def fingerprint() -> str:
    """Return a hash of every source that the catalog depends on."""
    digest = hashlib.sha256()
    sources = [*_ROOT.glob("*.py"), *sorted(_ROOT.glob("behaviors/**/*.py"))]
    for path in sorted(sources):
        digest.update(str(path.relative_to(_ROOT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def catalog_to_text(catalog: Catalog) -> str:
    """Return ``catalog`` as JSON text."""
    rows = [_spec_to_data(spec) for spec in catalog.behaviors.values()]
    return json.dumps({"behaviors": rows}, indent=1)


def catalog_from_text(text: str) -> Catalog:
    """Return the catalog that :func:`catalog_to_text` wrote."""
    rows = json.loads(text)["behaviors"]
    specs = [_spec_from_data(row) for row in rows]
    return Catalog({spec.name: spec for spec in specs})


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
        [sys.executable, "-m", "conex_core.introspect"],
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
        with tempfile.NamedTemporaryFile(
            "w", dir=path.parent, suffix=".tmp", delete=False, encoding="utf-8"
        ) as file:
            file.write(text)
        os.replace(file.name, path)
    except OSError as error:
        logger.warning("the catalog cannot be cached in %s: %s", path.parent, error)
