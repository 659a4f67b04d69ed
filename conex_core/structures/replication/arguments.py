"""The parameters of behaviors as plain data: what a saved structure may hold.

Data are numbers, texts, lists and dicts, tensors, and distributions as
``conex_core.distributions.to_data`` writes them. Everything else (functions,
data loaders) stands as ``{"$": "object"}`` and travels beside the data.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from conex_core.distributions import Distribution, to_data

__all__ = ["OBJECT", "NotData", "arguments_of", "as_data", "given_value"]

OBJECT = {"$": "object"}
_MISSING = object()


class NotData(Exception):
    """Stop where a value is met that is not data; caught in this package."""


def as_data(value: Any) -> Any:
    """Return ``value`` as data of its own, tensors copied to the CPU.

    Raises
    ------
    NotData
        If it is, or holds, a function or another object.
    """
    if value is None or isinstance(value, bool | str | int | float):
        return value
    if isinstance(value, torch.Tensor):
        return value.detach().cpu().clone()
    if isinstance(value, np.ndarray | np.generic):
        return _from_numpy(value)
    if isinstance(value, Distribution):
        return to_data(value)
    if isinstance(value, list | tuple):
        return [as_data(item) for item in value]
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return {key: as_data(item) for key, item in value.items()}
    raise NotData


def arguments_of(behavior: Any) -> tuple[list[Any], dict[str, Any]]:
    """Return the positional and keyword arguments that make ``behavior`` anew.

    Every declared parameter is there, with its present value; where that still
    is the one that was given, in the form it was given in. So is every keyword that
    is kept for ``self.parameter``.
    """
    if not hasattr(behavior, "declared"):  # one of pymonntorch's
        given = behavior.init_kwargs
        positional = [given[key] for key in sorted(given, key=str) if _is_position(key)]
        return positional, {key: given[key] for key in given if not _is_position(key)}
    keywords = {name: given_value(behavior, name) for name in behavior.declared}
    more = {name: value for name, value in behavior.init_kwargs.items() if name not in keywords}
    keywords |= more
    if "input_patterns" in keywords:  # the grid has been widened to hold them
        keywords["input_patterns"] = None
    tag = getattr(behavior, "_common_given", {}).get("tag")
    if tag is not None:
        keywords["tag"] = tag
    if not behavior.behavior_enabled:
        keywords["behavior_enabled"] = False
    return [], keywords


def given_value(behavior: Any, name: str) -> Any:
    """Return a parameter as the user wrote it, unless it has changed since."""
    parameter = behavior.declared[name]
    present = getattr(behavior, name)
    given = behavior.init_kwargs.get(name, _MISSING)
    if given is _MISSING or hasattr(present, "shape"):
        return present
    return given if parameter.check(given) == present else present


def _is_position(key: object) -> bool:
    return isinstance(key, str) and key.startswith("arg_")


def _from_numpy(value: Any) -> Any:
    if value.dtype.kind not in "bif":
        raise NotData
    return value.item() if np.ndim(value) == 0 else torch.from_numpy(np.array(value))
