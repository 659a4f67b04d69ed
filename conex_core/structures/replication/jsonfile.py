"""Saved structures as files: deterministic JSON, and the tensors in a safetensors file beside it.

Both are data only: reading them makes no object but dicts, lists, numbers, texts
and tensors. The text names the side file and its hash, so that two files that do
not belong together are refused.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from safetensors import SafetensorError
from safetensors.torch import load as tensors_from
from safetensors.torch import save as tensors_to

from conex_core.atomic_files import write_all
from conex_core.errors import FileError
from conex_core.graph.files.json_places import JsonPlace
from conex_core.graph.files.json_text import dumps, loads
from conex_core.graph.files.project_file import LARGEST, text_of
from conex_core.structures.replication.older_shapes import is_of_conex, modern
from conex_core.structures.replication.parsing import parse
from conex_core.structures.replication.tensors import packed, unpacked

if TYPE_CHECKING:
    import torch

__all__ = [
    "FORMAT",
    "FORMAT_VERSION",
    "load_structure_dict_from_json",
    "save_structure_dict_to_json",
]

FORMAT = "conex-structure"
FORMAT_VERSION = 1
_WHAT = "a structure that save_structure_dict_to_json wrote"
_STAMP = {"format": FORMAT, "version": FORMAT_VERSION}
_LARGEST_BESIDE = 16 * 2**30  # bytes


def save_structure_dict_to_json(
    structure_dict: Mapping[str, Any], filename: str | os.PathLike[str]
) -> None:
    """Write the dict of ``save_structure`` to a file, in place of an older one.

    Tensors of more than a few elements go to a file of the same name that ends
    in ``.safetensors``. Keep the two together.

    Raises
    ------
    FileError
        If the dict is not one of a structure, holds an object that is not data,
        or a file cannot be written; older files stay as they were then.
    """
    path = Path(filename)
    side = _beside(path)
    parse(structure_dict, path)
    plain, beside = packed(structure_dict)
    record = {**plain, **_STAMP}
    stored = tensors_to(beside) if beside else b""
    if beside:
        record["tensors"] = {"file": side.name, "sha256": hashlib.sha256(stored).hexdigest()}
    text = dumps(record).encode()
    if len(text) > LARGEST:
        raise FileError(path, f"would be {len(text) / 2**20:.0f} MB, more than 64 MB")
    write_all([(path, text), *([(side, stored)] if beside else [])])


def load_structure_dict_from_json(filename: str | os.PathLike[str]) -> dict[str, Any]:
    """Return the dict that :func:`save_structure_dict_to_json` wrote, ours or CoNeX's, checked.

    Nothing in the file is executed or imported, and no structure is made.

    Raises
    ------
    FileError
        If there is no such file, it is not a structure of this version, its
        tensors are missing or changed, or a value in it breaks its rule.
    UnknownName
        If it names a class that is not registered.
    """
    path = Path(filename)
    place = JsonPlace(loads(text_of(path, _WHAT), path, _WHAT), str(path))
    if is_of_conex(place.value):
        place = JsonPlace({**_STAMP, **modern(place.value)}, str(path))
    _check_version(place)
    beside = _side_file(place, path)
    kept = {
        name: value
        for name, value in place.members().items()
        if name not in ("format", "version", "tensors")
    }
    data = {name: unpacked(member, beside) for name, member in kept.items()}
    parse(data, path)
    if isinstance(data.get("built_structures"), dict):
        data["built_structures"] = {int(key): v for key, v in data["built_structures"].items()}
    return data


def _beside(path: Path) -> Path:
    """Return the place of the tensors of the structure in ``path``."""
    if not path.name or path.suffix == ".safetensors":
        raise FileError(path, "cannot hold a structure", hint="Choose a name that ends in .json")
    return path.with_suffix(".safetensors")


def _check_version(place: JsonPlace) -> None:
    if not isinstance(place.value, dict) or place.value.get("format") != FORMAT:
        raise place.error("is not a saved structure", f"Is this {_WHAT}?")
    version = place.record().need("version", JsonPlace.whole)
    if version > FORMAT_VERSION:
        raise place.error(
            f"was made by a newer version (format {version}; this one reads up to "
            f"{FORMAT_VERSION})",
            "Update conex_core to load it",
        )
    if version < 1:
        raise place.error(f"has the unknown format version {version}")


def _side_file(place: JsonPlace, path: Path) -> dict[str, torch.Tensor]:
    """Return the tensors beside ``path``, after a look at their hash."""
    if "tensors" not in place.value:
        return {}
    record = place.members()["tensors"].record()
    name = record.need("file", JsonPlace.text)
    wanted = record.need("sha256", JsonPlace.text)
    if name != os.path.basename(name) or "\\" in name or not name.endswith(".safetensors"):
        raise place.members()["tensors"].error("must name a .safetensors file of the same folder")
    side = path.with_name(name)
    stored = _bytes_of(side, path)
    if hashlib.sha256(stored).hexdigest() != wanted:
        problem = f"does not belong to {path.name}: it has changed since, or is of another one"
        raise FileError(
            side, problem, hint="Save the structure again, or take older copies of both"
        )
    try:
        return dict(tensors_from(stored))
    except (SafetensorError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise FileError(side, f"is not a safetensors file: {error}") from error


def _bytes_of(side: Path, path: Path) -> bytes:
    try:
        if not side.is_file():
            hint = f"Put the {side.name} that was saved with {path.name} into the same folder"
            raise FileError(side, f"is not there; it holds the tensors of {path.name}", hint=hint)
        if side.stat().st_size > _LARGEST_BESIDE:
            raise FileError(side, "is larger than 16 GB")
        return side.read_bytes()
    except (OSError, ValueError) as error:
        if isinstance(error, FileError):
            raise
        raise FileError(repr(str(side)), f"cannot be read: {error}") from error
