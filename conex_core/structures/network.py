"""Network: the Neocortex, made with pymonntorch's arguments, in their order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from conex_core.errors import ParameterError, UnknownName
from conex_core.structures.neocortex import Neocortex
from conex_core.structures.older import takes_older

__all__ = ["Network"]

# What pymonntorch's older versions and its tutorial put into ``settings``.
_SETTINGS = {
    "def_dtype": "dtype",
    "device": "device",
    "dtype": "dtype",
    "index": "index",
    "synapse_mode": "synapse_mode",
}


class Network(Neocortex):
    """A Neocortex that takes what pymonntorch's Network takes.

    Beside the order of its arguments one default differs: groups have an index.

    Parameters
    ----------
    tag : str
    behavior : dict or list of network behaviors
    dtype : torch.dtype
    device : str
    synapse_mode : "SxD"
    index : bool
        Give groups ``id`` and, on a grid, ``x``, ``y``, ``z``.
    settings : dict, optional
        Any of "device", "dtype" or "def_dtype", "synapse_mode" and "index", which
        then count instead of the argument.
    dt, seed, engine, threads
        As of Neocortex.
    """

    @takes_older
    def __init__(
        self,
        tag: Any = None,
        behavior: Any = None,
        dtype: torch.dtype = torch.float32,
        device: str = "cpu",
        synapse_mode: str = "SxD",
        index: bool = True,
        settings: Mapping[str, Any] | None = None,
        *,
        dt: float = 1,
        seed: int | None = None,
        engine: str = "auto",
        threads: int = 1,
    ) -> None:
        given: dict[str, Any] = {
            "dtype": dtype,
            "device": device,
            "synapse_mode": synapse_mode,
            "index": index,
            **_read(settings),
        }
        if not isinstance(tag, str | None):
            hint = "behaviors are the second argument: Network(behavior=...)"
            raise ParameterError("tag", "must be text", tag, node="Network", hint=hint)
        tag = "Network" if tag is None else tag
        own: dict[str, Any] = {"seed": seed, "engine": engine, "threads": threads}
        super().__init__(dt, behavior, tag=tag, **given, **own)


def _read(settings: Any) -> dict[str, Any]:
    """Return the arguments that ``settings`` stand for.

    Raises
    ------
    ParameterError
        If they are no dict.
    UnknownName
        If one of them is none that pymonntorch had.
    """
    if settings is None:
        return {}
    if not isinstance(settings, Mapping):
        hint = 'such as {"device": "cpu"}'
        raise ParameterError("settings", "must be a dict", settings, node="Network", hint=hint)
    for name in settings:
        if name not in _SETTINGS:
            raise UnknownName("setting of Network", str(name), _SETTINGS)
    return {_SETTINGS[name]: value for name, value in settings.items()}
