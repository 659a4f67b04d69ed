"""What a network and its objects are made with: checked before torch sees it."""

from __future__ import annotations

from typing import Any

import torch

from conex_core.errors import ParameterError
from conex_core.parameters import Text

__all__ = ["checked_device", "checked_dtype", "checked_tag", "tag_of"]

_TAG = Text(name="tag")


def checked_tag(tag: Any, default: str) -> str:
    """Return ``tag``, or ``default`` where it is None or empty.

    Raises
    ------
    ParameterError
        If it is anything but text.
    """
    return str(_TAG.check(default if tag is None or tag == "" else tag))


def checked_dtype(dtype: Any) -> torch.dtype:
    """Return ``dtype``, if tensors of it hold real numbers.

    Raises
    ------
    ParameterError
        If it is anything but a floating point type of torch.
    """
    if not isinstance(dtype, torch.dtype) or not dtype.is_floating_point:
        hint = "torch.float32 is usual"
        raise ParameterError("dtype", "must be a floating point type of torch", dtype, hint=hint)
    return dtype


def checked_device(device: Any) -> Any:
    """Return ``device``, if torch knows such a one.

    Raises
    ------
    ParameterError
        If it is neither the name of a device nor a torch.device.
    """
    try:
        if isinstance(device, str | torch.device):
            torch.device(device)
            return device
    except RuntimeError:
        pass
    hint = 'such as "cpu" or "cuda"'
    raise ParameterError("device", "must be the name of a device", device, hint=hint)


def tag_of(name: str) -> str:
    """Return ``name`` as one tag: pymonntorch splits tags at commas."""
    return " ".join(name.replace(",", " ").split()) or "unnamed"
