"""States as safetensors files: tensors as they are, the rest as JSON in the header.

The header's metadata holds one JSON text: a version and the data, in which
``{"tensor": name}`` and ``{"sparse": name, "shape": ...}`` stand for tensors.
"""

from __future__ import annotations

import json
import math
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import safetensors
import safetensors.torch
import torch

from conex_core.errors import FileError
from conex_core.graph.files.project_file import write

__all__ = ["VERSION", "load", "save"]

VERSION = 2  # 1, before the first release, had sparse weights by target

_KEY = "conex-state"
# Of a sparse tensor: where each line starts, the places in the lines, the values.
_PARTS = ("start", "rows", "values")
_LINES = {"csr": torch.sparse_csr, "csc": torch.sparse_csc}
_FOREIGN = "Is this a state that CoNeX Studio saved?"


def save(data: Mapping[str, Any], path: str | Path) -> None:
    """Write ``data``, which may hold tensors, to ``path`` in one step."""
    tensors: dict[str, torch.Tensor] = {}
    text = json.dumps({"version": VERSION, "data": _packed(data, tensors)}, sort_keys=True)
    write(path, safetensors.torch.save(tensors, metadata={_KEY: text}))


def load(path: str | Path) -> dict[str, Any]:
    """Return the data of a file that :func:`save` wrote, its form checked."""
    try:
        with safetensors.safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except FileNotFoundError:
        raise FileError(path, "there is no such file") from None
    except (OSError, safetensors.SafetensorError, ValueError) as error:
        hint = _FOREIGN
        raise FileError(path, f"cannot be read as a state ({error})", hint=hint) from None
    return _read(path, metadata, tensors)


def _read(
    path: str | Path, metadata: Mapping[str, str], tensors: Mapping[str, torch.Tensor]
) -> dict[str, Any]:
    if _KEY not in metadata:
        raise FileError(path, "holds no state of a network", hint=_FOREIGN)
    try:
        whole = json.loads(metadata[_KEY])
        if whole["version"] > VERSION:
            raise FileError(path, "is of a newer version", hint="Update CoNeX Studio")
        if whole["version"] < VERSION:
            hint = "Run the network again and save its state"
            raise FileError(path, "is from before the first release", hint=hint)
        return _checked(_unpacked(whole["data"], tensors))
    except (KeyError, TypeError, ValueError, AttributeError, RuntimeError, RecursionError) as error:
        if isinstance(error, FileError):
            raise
        raise FileError(path, f"is a damaged state ({error})", hint="Save it again") from None


def _checked(data: Any) -> dict[str, Any]:
    named = all(isinstance(values, dict) for values in data["values"].values())
    count, dt, random = data["iteration"], data["dt"], data["random"]
    whole = isinstance(count, int) and count >= 0
    timed = isinstance(dt, float) and math.isfinite(dt) and dt > 0
    drawn = random is None or (isinstance(random, torch.Tensor) and random.dtype is torch.uint8)
    if not (named and whole and timed and drawn):
        raise ValueError("its values have the wrong form")
    found: dict[str, Any] = data
    return found


def _packed(value: Any, tensors: dict[str, torch.Tensor]) -> Any:
    if isinstance(value, torch.Tensor):
        return _packed_tensor(value, tensors)
    if isinstance(value, Mapping):
        return {"map": {str(key): _packed(item, tensors) for key, item in value.items()}}
    if isinstance(value, list | tuple):
        return [_packed(item, tensors) for item in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise FileError("state", f"cannot hold {value!r}", hint="only tensors and plain values")


def _packed_tensor(value: torch.Tensor, tensors: dict[str, torch.Tensor]) -> dict[str, Any]:
    name = f"t{len(tensors)}"
    layout = next((key for key, item in _LINES.items() if value.layout is item), None)
    if layout is None:
        tensors[name] = value.detach().cpu().contiguous()
        return {"tensor": name}
    rows = layout == "csr"
    lines = value.crow_indices() if rows else value.ccol_indices()
    places = value.col_indices() if rows else value.row_indices()
    for part, tensor in zip(_PARTS, (lines, places, value.values()), strict=True):
        tensors[f"{name}.{part}"] = tensor.detach().cpu().contiguous()
    return {"sparse": name, "layout": layout, "shape": list(value.shape)}


def _unpacked(value: Any, tensors: Mapping[str, torch.Tensor]) -> Any:
    if isinstance(value, list):
        return [_unpacked(item, tensors) for item in value]
    if not isinstance(value, dict):
        return value
    if "map" in value:
        return {key: _unpacked(item, tensors) for key, item in value["map"].items()}
    if "tensor" in value:
        return tensors[value["tensor"]]
    lines, places, values = (tensors[f"{value['sparse']}.{part}"] for part in _PARTS)
    layout = _LINES[value["layout"]]
    with warnings.catch_warnings():
        # Torch calls these layouts a beta; what is used of them has been the same for years.
        warnings.filterwarnings("ignore", "Sparse CS[CR] tensor support is in beta", UserWarning)
        return torch.sparse_compressed_tensor(
            lines, places, values, value["shape"], layout=layout, check_invariants=True
        )
