"""States as safetensors files: tensors as they are, the rest as JSON in the header.

The header's metadata holds one JSON text: a version and the data, in which
``{"tensor": name}`` and ``{"sparse": name, "shape": ...}`` stand for tensors. Names
are readable, ``Excitatory/LIF/v``; those of files before 0.2 were ``t0``, ``t1``, ...
"""

from __future__ import annotations

import json
import math
import re
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import safetensors
import safetensors.torch
import torch

from conex_core.errors import FileError
from conex_core.graph.files.project_file import write
from conex_core.state.names import EntryNames, Labels, plain_label

__all__ = ["VERSION", "load", "named", "save"]

VERSION = 2  # 1, before the first release, had sparse weights by target

_KEY = "conex-state"
# Of a sparse tensor: where each line starts, the places in the lines, the values.
_PARTS = ("start", "rows", "values")
_LINES = {"csr": torch.sparse_csr, "csc": torch.sparse_csc}
_FOREIGN = "Is this a state that CoNeX Studio saved?"
_NUMBERED = re.compile(r"t\d+")


def save(data: Mapping[str, Any], path: str | Path, labels: Labels) -> None:
    """Write ``data``, which may hold tensors, to ``path`` in one step.

    ``labels`` says what its values are called; those that it lacks go by their keys.
    """
    packer = _Packer()
    packed = packer.packed(data, labels)
    text = json.dumps({"version": VERSION, "data": packed}, sort_keys=True)
    write(path, safetensors.torch.save(packer.tensors, metadata={_KEY: text}))


def named(data: Mapping[str, Any], labels: Labels) -> dict[str, torch.Tensor]:
    """Return every tensor in ``data``, sparse ones whole, by the name that a file gives it."""
    packer = _Packer()
    packer.packed(data, labels)
    return dict(sorted(packer.whole.items()))


def load(path: str | Path) -> tuple[dict[str, Any], Labels]:
    """Return the data of a file that :func:`save` wrote, its form checked, and the labels."""
    if Path(path).is_dir():
        raise FileError(path, "is a folder", hint="Name a file that holds a state")
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
) -> tuple[dict[str, Any], Labels]:
    if _KEY not in metadata:
        raise FileError(path, "holds no state of a network", hint=_FOREIGN)
    try:
        whole = json.loads(metadata[_KEY])
        if whole["version"] > VERSION:
            raise FileError(path, "is of a newer version", hint="Update CoNeX Studio")
        if whole["version"] < VERSION:
            hint = "Run the network again and save its state"
            raise FileError(path, "is from before the first release", hint=hint)
        return _checked(_unpacked(whole["data"], tensors)), _labels_in(whole["data"])
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
    place = data.get("unfinished", ["", ""])
    placed = isinstance(place, list) and [type(name) for name in place] == [str, str]
    if not (named and whole and timed and drawn and placed):
        raise ValueError("its values have the wrong form")
    found: dict[str, Any] = data
    return found


class _Packer:
    """Make JSON-ready data of values, and give every tensor a name; equal data, equal names."""

    def __init__(self) -> None:
        self.tensors: dict[str, torch.Tensor] = {}  # as they lie in the file
        self.whole: dict[str, torch.Tensor] = {}
        self._names = EntryNames(_PARTS)

    def packed(self, data: Mapping[str, Any], labels: Labels) -> dict[str, Any]:
        """Return all data of a state; ``labels`` are those of its values."""
        found = {key: self.value(data[key], key) for key in sorted(data) if key != "values"}
        values = {
            key: {"map": self._variables(key, data["values"][key], labels.get(key, {}))}
            for key in sorted(data["values"])
        }
        return {"map": found | {"values": {"map": values}}}

    def _variables(
        self, key: str, values: Mapping[str, Any], labels: Mapping[str, str]
    ) -> dict[str, Any]:
        return {
            name: self.value(values[name], labels.get(name) or plain_label(key, name))
            for name in sorted(values)
        }

    def value(self, value: Any, called: str) -> Any:
        """Return one value; the tensors in it are named after what it is called."""
        if isinstance(value, torch.Tensor):
            return self._tensor(value, self._names.free(called))
        if isinstance(value, Mapping):
            return {"map": {str(k): self.value(item, f"{called}/{k}") for k, item in value.items()}}
        if isinstance(value, list | tuple):
            return [self.value(item, f"{called}/{place}") for place, item in enumerate(value)]
        if value is None or isinstance(value, bool | int | float | str):
            return value
        raise FileError("state", f"cannot hold {value!r}", hint="only tensors and plain values")

    def _tensor(self, value: torch.Tensor, name: str) -> dict[str, Any]:
        self.whole[name] = value
        layout = next((key for key, item in _LINES.items() if value.layout is item), None)
        if layout is None:
            self.tensors[name] = value.detach().cpu().contiguous()
            return {"tensor": name}
        rows = layout == "csr"
        lines = value.crow_indices() if rows else value.ccol_indices()
        places = value.col_indices() if rows else value.row_indices()
        for part, tensor in zip(_PARTS, (lines, places, value.values()), strict=True):
            self.tensors[f"{name}.{part}"] = tensor.detach().cpu().contiguous()
        return {"sparse": name, "layout": layout, "shape": list(value.shape)}


def _labels_in(data: Mapping[str, Any]) -> Labels:
    """Return what the tensors of a file are called; numbers of older files are no names."""
    objects = data["map"]["values"]["map"].items()
    found = {
        key: {name: _called(value) for name, value in values["map"].items()}
        for key, values in objects
    }
    return {
        key: {name: called for name, called in labels.items() if _is_name(called)}
        for key, labels in found.items()
    }


def _is_name(called: str) -> bool:
    return bool(called) and not _NUMBERED.fullmatch(called)


def _called(value: Any) -> str:
    """Return what a packed value is called; empty where no tensor is in it."""
    if isinstance(value, list):
        return next((called.rpartition("/")[0] for item in value if (called := _called(item))), "")
    if not isinstance(value, dict):
        return ""
    if "map" in value:
        return _called(list(value["map"].values()))
    return str(value.get("tensor") or value.get("sparse") or "")


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
