"""Read the catalog off the behavior classes.

Every module under ``conex_core.behaviors`` is imported, so that a new behavior
is one new file. ``python -m conex_core.introspect`` prints the catalog as JSON.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import sys
from collections.abc import Iterator
from typing import TypeGuard

from conex_core import behaviors
from conex_core.behavior import Behavior
from conex_core.catalog import BehaviorSpec, Catalog, catalog_to_text

__all__ = ["behavior_classes", "read_catalog", "spec_of"]


def read_catalog() -> Catalog:
    """Return the catalog of all behaviors that can be imported."""
    classes = sorted(behavior_classes(), key=lambda cls: (cls.priority, cls.__name__))
    return Catalog({cls.__name__: spec_of(cls) for cls in classes})


def behavior_classes() -> Iterator[type[Behavior]]:
    """Yield every catalogued behavior class of ``conex_core.behaviors``, once."""
    for info in pkgutil.walk_packages(behaviors.__path__, f"{behaviors.__name__}."):
        module = importlib.import_module(info.name)
        for value in vars(module).values():
            if _is_public(value) and value.__module__ == info.name:
                yield value


def spec_of(cls: type[Behavior]) -> BehaviorSpec:
    """Return what the program may know of ``cls``."""
    return BehaviorSpec(
        name=cls.__name__,
        module=cls.__module__,
        host=cls.host,
        priority=cls.priority or 0,
        summary=(inspect.getdoc(cls) or "").partition("\n")[0],
        equation=cls.equation,
        source=cls.source,
        parameters=tuple(cls.declared.values()),
        requires=cls.requires,
        provides=cls.provides,
        requires_if=cls.requires_if,
        weight_kind=cls.weight_kind,
        ancestors=tuple(base.__name__ for base in cls.__mro__[1:] if _is_public(base)),
    )


def _is_public(value: object) -> TypeGuard[type[Behavior]]:
    if not inspect.isclass(value) or not issubclass(value, Behavior):
        return False
    return value.catalogued and value.priority is not None and not value.__name__.startswith("_")


if __name__ == "__main__":
    sys.stdout.write(catalog_to_text(read_catalog()))
