"""CoNeX rebuilt: spiking networks as groups, synapses and behaviors.

Importing this package imports no torch; each public name is loaded when it is
first touched. The file beside this one lists them.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import lazy_loader

from conex_core.moved import OldPaths, rank, unknown

_listed, __dir__, _names = lazy_loader.attach_stub(__name__, __file__)
__all__ = sorted(_names, key=rank)
_PACKAGES = ("behaviors", "helpers", "nn", "structures")

# The paths of CoNeX's modules work too; see conex_core.moved.
sys.meta_path.append(OldPaths())


def __getattr__(name: str) -> Any:
    if name in __all__:
        return _listed(name)
    if name in _PACKAGES:
        return import_module(f"{__name__}.{name}")
    if name[0].isupper():
        return _behavior(name)
    raise unknown(__name__, name)


def _behavior(name: str) -> Any:
    """Return a behavior from a file of its own that is not listed."""
    for cls in import_module(f"{__name__}.introspect").behavior_classes():
        if cls.__name__ == name:
            return cls
    raise unknown(__name__, name)
