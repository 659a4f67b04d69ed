"""The classes that a saved structure may name: a fixed list, and what a script registers.

A file only ever holds names; nothing is imported because a file says so.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from functools import cache
from typing import Any, TypeVar

from conex_core.errors import StructureError, UnknownName
from conex_core.structures.columns import CorticalColumn, CorticalLayerConnection
from conex_core.structures.container import Container
from conex_core.structures.dimension import NeuronDimension
from conex_core.structures.groups import NeuronGroup, SynapseGroup
from conex_core.structures.io import InputLayer, OutputLayer
from conex_core.structures.layers import CorticalLayer, Layer
from conex_core.structures.synapsis import Synapsis

__all__ = ["STRUCTURES", "class_named", "is_registered", "register_behavior", "register_structure"]

STRUCTURES: tuple[type, ...] = (
    NeuronGroup,
    SynapseGroup,
    Container,
    Layer,
    CorticalLayer,
    CorticalColumn,
    CorticalLayerConnection,
    Synapsis,
    InputLayer,
    OutputLayer,
)

_Class = TypeVar("_Class", bound=type)

_BEHAVIORS: dict[str, type] = {}
_STRUCTURES: dict[str, type] = {}


def register_behavior(cls: _Class) -> _Class:
    """Make a behavior class of your own known to saved structures; usable as a decorator.

    It is found by its name alone. Its constructor is called with the declared
    parameters; a pymonntorch Behavior gets the keywords it was made with.

    Raises
    ------
    StructureError
        If another class has that name already.
    """
    _register(cls, _BEHAVIORS, _own_behaviors(), "initialize")
    return cls


def register_structure(cls: _Class) -> _Class:
    """Make a structure class of your own known to saved structures; usable as a decorator.

    It must take the arguments of the class of conex_core that it derives from.

    Raises
    ------
    StructureError
        If another class has that name already.
    """
    _register(cls, _STRUCTURES, _own_structures(), "add_behavior")
    return cls


def class_named(kind: str, name: str, extra: Iterable[type] = ()) -> type:
    """Return the class of the kind "behavior" or "structure" that has ``name``.

    Raises
    ------
    UnknownName
        If there is none; the message says what to register.
    """
    own, registered = _lists(kind)
    known = {**own, **registered, **{cls.__name__: cls for cls in extra}}
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"call register_{kind}({name}) with your class before loading"
    if near:
        hint += f", or did you mean {near[0]!r}?"
    raise UnknownName(kind, name, known, hint=hint)


def is_registered(kind: str, cls: type) -> bool:
    """Tell whether a saved structure may name ``cls``."""
    own, registered = _lists(kind)
    return {**own, **registered}.get(cls.__name__) is cls


def _lists(kind: str) -> tuple[dict[str, type], dict[str, type]]:
    if kind == "behavior":
        return _own_behaviors(), _BEHAVIORS
    return _own_structures(), _STRUCTURES


def _register(cls: Any, registered: dict[str, type], own: dict[str, type], method: str) -> None:
    if not isinstance(cls, type) or not hasattr(cls, method):
        raise StructureError("registering", f"cannot take {cls!r}", hint="pass the class itself")
    name = cls.__name__
    other = own.get(name) or registered.get(name)
    if other is not None and other is not cls and _origin(other) != _origin(cls):
        raise StructureError(name, f"is the name of {_origin(other)} already", hint="rename it")
    if name not in own:
        registered[name] = cls


def _origin(cls: type) -> str:
    return f"{cls.__module__}.{cls.__qualname__}"


@cache
def _own_behaviors() -> dict[str, type]:
    from conex_core.introspect import behavior_classes

    return {cls.__name__: cls for cls in (*behavior_classes(), NeuronDimension)}


def _own_structures() -> dict[str, type]:
    return {cls.__name__: cls for cls in STRUCTURES}
