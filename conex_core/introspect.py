"""Find the behavior classes and read off them what the catalog holds.

Every module under ``conex_core.behaviors`` is imported, so that a new behavior
is one new file.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import TypeGuard

from conex_core import behaviors
from conex_core.behavior import Behavior
from conex_core.catalog import BehaviorSpec
from conex_core.errors import ConexError

__all__ = ["behavior_classes", "spec_of"]


def behavior_classes() -> Iterator[type[Behavior]]:
    """Yield every catalogued behavior class of ``conex_core.behaviors``, once."""
    for info in pkgutil.walk_packages(behaviors.__path__, f"{behaviors.__name__}."):
        module = _imported(info.name)
        for value in vars(module).values():
            if _is_public(value) and value.__module__ == info.name:
                yield value


def _imported(name: str) -> ModuleType:
    """Return a module; one that would end the program is refused."""
    try:
        return importlib.import_module(name)
    except (SystemExit, KeyboardInterrupt) as error:
        kind = type(error).__name__
        raise ConexError(f"{name} raises {kind} where it is imported. Remove that call") from error


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
        recordable=cls.recordable,
        requires_if=cls.requires_if,
        weight_kind=cls.weight_kind,
        ancestors=tuple(base.__name__ for base in cls.__mro__[1:] if _is_public(base)),
    )


def _is_public(value: object) -> TypeGuard[type[Behavior]]:
    if not inspect.isclass(value) or not issubclass(value, Behavior):
        return False
    return value.catalogued and value.priority is not None and not value.__name__.startswith("_")
