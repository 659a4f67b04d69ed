"""Shapes of learned weights, read from the head of their file, and whether they fit.

Weights lie as (sources, targets), as one for each pair, or as kernels: (out,
in, height, width) or (out, positions, cells). Nothing here reads a weight.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from conex_core.errors import FileError
from conex_core.graph.files.weight_files import StoredWeights
from conex_core.graph.model.document import Learned
from conex_core.graph.model.sizes import Extent, count_of

__all__ = ["Shape", "misfit", "shape_of"]

Shape = tuple[int, ...]

_HEAD = 8  # bytes that say how long the header of a safetensors file is
_KEY = "conex-state"
_AGAIN = "Save the block with its learned weights again, or drop them"


def shape_of(path: Path, learned: Learned, group: str, variable: str = "weights") -> Shape:
    """Return the shape of the weights, or of another variable, of one group in a file.

    Raises
    ------
    FileError
        If it is no file of weights, or holds none of this group.
    """
    shapes = _shapes_in(path, learned.sha256)
    if (group, variable) not in shapes:
        raise FileError(path, f"holds no {variable} of {group}", hint=_AGAIN)
    return shapes[group, variable]


def misfit(
    stored: StoredWeights, had: Shape, ends: tuple[Extent, Extent], asked: Any = None
) -> str:
    """Return why weights of the shape ``had`` do not fit between two ends; empty if they do.

    ``asked`` is the ``weight_shape`` that the synapse group sets, if any.
    """
    learned, has = _meaning(had, ends)
    if learned != has:
        return f"starts from weights that {stored.block} learned for {learned}, but joins {has}"
    if asked is not None and tuple(asked) != had:
        shape = _shown(tuple(asked))
        return (
            f"starts from weights that {stored.block} learned as {_shown(had)}, "
            f"but its weight_shape is {shape}"
        )
    return ""


def _meaning(had: Shape, ends: tuple[Extent, Extent]) -> tuple[str, str]:
    """Return what weights were learned for, and what is there, in the same words."""
    counts = tuple(count_of(size) for size in ends)
    if len(had) <= 2:
        return _neurons((had[0], had[-1])) if had else "", _neurons(counts) if had else ""
    grids = [size if isinstance(size, tuple) else (1, 1, size) for size in ends]
    (inputs, *_), (outputs, height, width) = grids
    if len(had) == 4:
        return _planes((had[1], had[0])), _planes((inputs, outputs))
    if len(had) == 3:
        positions = height * width
        return _places(had[0], had[1]), _places(outputs, positions)
    return "", ""  # kernels around each neuron fit any size


def _neurons(ends: tuple[int, ...]) -> str:
    return f"{ends[0]:,} to {ends[1]:,} neurons"


def _planes(ends: tuple[int, int]) -> str:
    return f"{ends[0]:,} to {ends[1]:,} planes"


def _places(planes: int, positions: int) -> str:
    return f"{planes:,} planes of {positions:,} positions"


def _shown(shape: Shape) -> str:
    return " × ".join(str(length) for length in shape)


@lru_cache(maxsize=64)
def _shapes_in(path: Path, _sha256: str) -> Mapping[tuple[str, str], Shape]:
    """Return the shapes by group and variable; the hash tells files of one path apart."""
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(_HEAD), "little")
            if length > path.stat().st_size:
                raise ValueError("its header is cut off")
            header = json.loads(file.read(length))
        data = json.loads(header["__metadata__"][_KEY])["data"]
        groups = data["map"]["values"]["map"]
        held = {(key, name): one for key, g in groups.items() for name, one in g["map"].items()}
        return {key: _shape(one, header) for key, one in held.items() if isinstance(one, dict)}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise FileError(path, "is no file of learned weights", hint=_AGAIN) from error


def _shape(weights: Mapping[str, Any], header: Mapping[str, Any]) -> Shape:
    return tuple(weights["shape"] if "sparse" in weights else header[weights["tensor"]]["shape"])
