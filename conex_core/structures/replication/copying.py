"""Structures saved as data, and made again: in the same network, another one or another day.

The dict has CoNeX's nesting and names, but holds class names instead of
classes. What a structure holds lies flat in ``built_structures``, by index.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from conex_core.errors import ConexError, ParameterError, StructureError, UnknownName
from conex_core.state import apply
from conex_core.structures.older import takes_older
from conex_core.structures.replication.entries import Carried, SavedStructure, is_given_anew
from conex_core.structures.replication.kinds import kind_of
from conex_core.structures.replication.making import Maker
from conex_core.structures.replication.older_shapes import modern
from conex_core.structures.replication.parsing import parse
from conex_core.structures.replication.saving import saved
from conex_core.structures.replication.undoing import all_or_nothing

__all__ = ["create_structure_from_dict", "replicate", "save_structure"]

# What a constructor raises when the values of an entry do not fit together.
_WRONG = (ArithmeticError, AttributeError, LookupError, MemoryError, RuntimeError, TypeError)

Lookup = Callable[[str, SavedStructure, str], Any]


@takes_older
def save_structure(
    struc: Any,
    save_device: bool = True,
    *,
    state: bool = False,
    save_structure_tag: bool = True,
    save_behavior_tag: bool = True,
    save_behavior_priority: bool = True,
) -> dict[str, Any]:
    """Return a structure and everything inside it as data.

    Parameters
    ----------
    struc : a group, a synapse group, a layer, a column or any other structure
    state : bool
        Keep weights, potentials, traces and all else that running changes, as
        ``state`` of each structure. Without it only what made them is kept.
    save_device, save_structure_tag, save_behavior_tag, save_behavior_priority : bool
        Leave out what is False. The device is for reading only: a structure is
        made on the device of its network.

    Returns
    -------
    dict
        Numbers, texts, lists, dicts and tensors. The data of an input layer is
        not in it; a synapse group from or to a group outside keeps its name.

    Raises
    ------
    StructureError
        If a parameter is a function or another object that is not data.
    UnknownName
        If a class of a script's own is not registered.
    """
    data = saved(struc, state=state, carried=None)
    for entry in (data, *data.get("built_structures", {}).values()):
        dropped = {"device": save_device, "tag": save_structure_tag}
        for name in [name for name, kept in dropped.items() if not kept]:
            entry.pop(name)
        for behavior in entry["behavior"]:
            if not save_behavior_tag:
                behavior["parameters_kwargs"].pop("tag", None)
            if not save_behavior_priority:
                behavior.pop("key")
    return data


@takes_older
def create_structure_from_dict(
    net: Any,
    structure_dict: Mapping[str, Any],
    *,
    dataloaders: Mapping[str, Any] | None = None,
    outside: Mapping[str, Any] | None = None,
    tag: str | None = None,
) -> Any:
    """Return the structure of a dict of :func:`save_structure`, made in ``net``.

    If ``net`` has a structure of its name, it gets a number: "column 2". In a
    network that is initialised already, it is initialised at once; else its
    state is written when the network is.

    Parameters
    ----------
    net : Neocortex
    structure_dict : dict
        May come from a file, and be one of CoNeX; it is checked, and only registered
        classes are used.
    dataloaders : dict
        Name of an input layer to its data, which no dict holds.
    outside : dict
        Name of a structure outside to the one that takes its place; by default
        the one of that name in ``net``.
    tag : str
        Another name for the structure.

    Raises
    ------
    FileError
        If the dict is not one of a structure; with the place.
    UnknownName
        If a class is not registered.
    StructureError
        If something outside or the data of an input layer is missing. ``net``
        is as it was then.
    """
    entries = parse(modern(structure_dict))
    given = dict(outside or {})

    def lookup(name: str, entry: SavedStructure, field: str) -> Any:
        return given[name] if name in given else _named(net, name, entry, field)

    return _made(net, entries, lookup, dataloaders, tag)


@takes_older
def replicate(
    obj: Any,
    net: Any,
    *,
    state: bool = False,
    tag: str | None = None,
    dataloaders: Mapping[str, Any] | None = None,
    outside: Mapping[str, Any] | None = None,
) -> tuple[Any, dict[str, Any]]:
    """Return a copy of a structure, made in ``net``, and the dict it was made from.

    Functions and data loaders are taken over as they are, and classes need not
    be registered; the dict then cannot be stored. A synapse group to or from a
    group outside is connected to the same group, in the same network.

    Parameters
    ----------
    obj : a structure
    net : Neocortex
        The network of ``obj`` or another one.
    state, tag, dataloaders, outside
        As in :func:`save_structure` and :func:`create_structure_from_dict`.

    Raises
    ------
    StructureError
        If a synapse group has an end outside and ``net`` is another network.
    """
    carried = Carried()
    data = saved(obj, state=state, carried=carried)
    entries = parse(data, carried=carried)
    same = carried.outside if net is obj.network else {}
    given = {**same, **(outside or {})}

    def lookup(name: str, entry: SavedStructure, field: str) -> Any:
        if name in given:
            return given[name]
        problem = f"its {field} is {name!r}, outside of {obj.name!r} and in another network"
        hint = f'pass outside={{"{name}": ...}} with what takes its place in this network'
        raise StructureError(entry.name, problem, hint=hint)

    return _made(net, entries, lookup, dataloaders, tag), data


def _made(
    net: Any,
    entries: list[SavedStructure],
    lookup: Lookup,
    dataloaders: Mapping[str, Any] | None,
    tag: str | None,
) -> Any:
    if not hasattr(net, "all_objects"):
        raise StructureError("structure", f"needs a network, got {net!r}", hint="pass Neocortex()")
    loaders = dict(dataloaders or {})
    for name in loaders:
        layers = {entry.name for entry in entries if _shows_data(entry)}
        if name not in layers:
            raise UnknownName("input layer", name, layers)
    maker = Maker(net, entries, lookup=lookup, dataloaders=loaders, tag=tag)
    with all_or_nothing(net):
        for entry in entries:
            maker.made.append(_structure(entry, maker))
        if net.initialized:
            _initialize(net, maker.made)
    return maker.made[-1]


def _structure(entry: SavedStructure, maker: Maker) -> Any:
    try:
        structure = kind_of(entry.cls).make(entry, maker)
    except ParameterError as error:
        raise error if error.node else error.at(node=entry.name) from error
    except ConexError:
        raise
    except _WRONG as error:
        problem = f"cannot be made as a {entry.cls.__name__}: {error}"
        own = "a class of your own takes the arguments of the one it derives from"
        hint = own if isinstance(error, TypeError) else ""
        raise StructureError(entry.name, problem, hint=hint) from error
    structure.initial_state, structure.is_keyed = entry.state, entry.is_keyed
    return structure


def _initialize(net: Any, made: list[Any]) -> None:
    """Bring the new structures of a running network to their start, in order of priority."""
    net._keys = None
    plan = [
        (behavior.initialize_last, key, owner, behavior)
        for owner in made
        for key, behavior in owner.behavior.items()
        if not behavior.initialize_on_init
    ]
    for _, key, owner, behavior in sorted(plan, key=lambda item: item[:2]):
        net.initialize_behavior(key, owner, behavior)
    net.fill_substructures()
    for owner in made:
        if owner.initial_state:
            apply(owner, owner.initial_state)


def _named(net: Any, name: str, entry: SavedStructure, field: str) -> Any:
    """Return the one structure of ``net`` that has ``name``."""
    others = [other for other in net.all_objects() if other is not net]
    found = [other for other in others if name in (other.tags[0], net.key_of(other))]
    if len(found) == 1:
        return found[0]
    how_many = "none" if not found else f"{len(found)}"
    problem = f"its {field} is {name!r} outside, and this network has {how_many} of that name"
    hint = f'pass outside={{"{name}": ...}} with what takes its place'
    raise StructureError(entry.name, problem, hint=hint)


def _shows_data(entry: SavedStructure) -> bool:
    return any(is_given_anew(call.cls, "dataloader") for _, call in entry.stack)
