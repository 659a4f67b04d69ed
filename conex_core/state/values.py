"""One value of a state: how it is copied, compared with what is there, and written.

A value is a tensor, a plain value (None, bool, int, float, str) or a list or
dict of values. Rings stand in a state as one tensor whose row 0 is now.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from conex_core.behaviors.buffers import Arrivals, History
from conex_core.behaviors.synapses.storage import is_by_source

__all__ = ["NOTHING", "copied", "is_state", "problem_with", "write"]

NOTHING: Any = object()  # stands for an attribute that is not there

_RINGS = (Arrivals, History)
_PLAIN = (bool, int, float)


def is_state(value: Any) -> bool:
    """Tell whether ``value`` is of a kind that changes while a network runs."""
    return isinstance(value, (torch.Tensor, *_RINGS, *_PLAIN))


def copied(value: Any) -> Any:
    """Return ``value`` as a state holds it, sharing no memory."""
    if isinstance(value, _RINGS):
        return value.ordered()
    if isinstance(value, torch.Tensor):
        return value.detach().clone()
    if isinstance(value, Mapping):
        return {str(key): copied(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [copied(item) for item in value]
    return value


def problem_with(current: Any, value: Any) -> str:
    """Return why ``value`` cannot take the place of ``current``; empty if it can."""
    if isinstance(current, _RINGS):
        rows = current.rows
        fits = isinstance(value, torch.Tensor) and value.dim() == 2 and len(value) > 0
        if fits and value.dtype == rows.dtype and value.shape[1] == rows.shape[1]:
            return ""
        return f"is {_shown(rows)} here and {_shown(value)} in the state"
    if not isinstance(current, torch.Tensor) or not isinstance(value, torch.Tensor):
        return ""
    alike = current.dtype == value.dtype and current.layout == value.layout
    if alike and current.shape == value.shape:
        return ""
    return f"is {_shown(current)} here and {_shown(value)} in the state"


def write(holder: Any, name: str, value: Any) -> None:
    """Put a copy of ``value`` into ``holder``, in place wherever tensors agree in form."""
    current = getattr(holder, name, None)
    if isinstance(current, _RINGS):
        current.restore(value)
    elif not isinstance(value, torch.Tensor) or not isinstance(current, torch.Tensor):
        device = getattr(holder, "device", None)
        setattr(holder, name, _on(device, copied(value)))
    elif current.layout is torch.strided and current.shape == value.shape:
        current.copy_(value)
    elif is_by_source(current) and _same_cells(current, value):
        current.values().copy_(value.values())
    else:
        setattr(holder, name, value.detach().clone().to(current.device))


def _same_cells(current: torch.Tensor, value: torch.Tensor) -> bool:
    device = current.device
    return (
        is_by_source(value)
        and current.shape == value.shape
        and current.col_indices().dtype == value.col_indices().dtype
        and torch.equal(current.crow_indices(), value.crow_indices().to(device))
        and torch.equal(current.col_indices(), value.col_indices().to(device))
    )


def _on(device: Any, value: Any) -> Any:
    return value.to(device) if isinstance(value, torch.Tensor) and device is not None else value


def _shown(value: Any) -> str:
    if not isinstance(value, torch.Tensor):
        return repr(value)
    layout = "" if value.layout is torch.strided else " sparse"
    return f"{tuple(value.shape)}{layout} {str(value.dtype).removeprefix('torch.')}"
