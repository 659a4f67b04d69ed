"""Tensors of a saved structure: a few numbers in the text, all others in a file beside it.

``packed`` and ``unpacked`` go between data with tensors and JSON-ready data. A
tensor in the text is ``{"$": "tensor", "dtype", "shape", "values"}``; one in the
side file ``{"$": "tensor", "name"}``; a sparse one lists its dense parts.
"""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Mapping
from typing import Any

import torch

from conex_core.errors import FileError
from conex_core.graph.files.json_places import JsonPlace

__all__ = ["packed", "unpacked"]

_FEW = 16  # elements that still are easy to read in the text
_LARGEST = 2**40
_LONGEST = 10**17  # what JSON may hold as a number
_DTYPES: dict[str, torch.dtype] = {
    str(dtype).rpartition(".")[2]: dtype
    for dtype in (
        torch.bool,
        torch.uint8,
        torch.int8,
        torch.int16,
        torch.int32,
        torch.int64,
        torch.float16,
        torch.bfloat16,
        torch.float32,
        torch.float64,
    )
}
_LAYOUTS: dict[str, torch.layout] = {
    "coo": torch.sparse_coo,
    "csc": torch.sparse_csc,
    "csr": torch.sparse_csr,
}


def packed(data: Any) -> tuple[Any, dict[str, torch.Tensor]]:
    """Return ``data`` ready for JSON, and the tensors that belong into the side file by name.

    Raises
    ------
    FileError
        If something in it is not data.
    """
    beside: dict[str, torch.Tensor] = {}
    return _packed(data, beside), beside


def unpacked(place: JsonPlace, beside: Mapping[str, torch.Tensor]) -> Any:
    """Return the data that :func:`packed` made JSON-ready.

    Raises
    ------
    FileError
        If a tensor is described wrongly or missing in the side file.
    """
    value = place.value
    if isinstance(value, list):
        return [unpacked(item, beside) for item in place.items()]
    if not isinstance(value, dict):
        return value
    read = {"tensor": _tensor, "sparse": _sparse, "number": _number}.get(_mark(value))
    if read is not None:
        return read(place, beside)
    return {name: unpacked(item, beside) for name, item in place.members().items()}


def _packed(data: Any, beside: dict[str, torch.Tensor]) -> Any:
    if isinstance(data, Mapping):
        return {str(key): _packed(item, beside) for key, item in data.items()}
    if isinstance(data, list | tuple):
        return [_packed(item, beside) for item in data]
    if isinstance(data, torch.Tensor):
        return _packed_tensor(data.detach().cpu(), beside)
    if isinstance(data, int | float) and not abs(data) < _LONGEST:
        return {"$": "number", "value": str(data)}
    if data is None or isinstance(data, bool | int | float | str):
        return data
    raise FileError("structure", f"cannot hold a value of the type {type(data).__name__}")


def _packed_tensor(tensor: torch.Tensor, beside: dict[str, torch.Tensor]) -> dict[str, Any]:
    for name, layout in _LAYOUTS.items():
        if tensor.layout is layout:
            parts = [_packed_tensor(part, beside) for part in _parts(tensor)]
            return {"$": "sparse", "layout": name, "shape": list(tensor.shape), "parts": parts}
    dtype = str(tensor.dtype).rpartition(".")[2]
    if dtype not in _DTYPES:
        raise FileError("structure", f"cannot hold a tensor of the type {dtype}")
    if tensor.numel() > _FEW or not all(abs(v) < _LONGEST for v in tensor.flatten().tolist()):
        name = f"tensor {len(beside)}"
        beside[name] = tensor.clone(memory_format=torch.contiguous_format)
        return {"$": "tensor", "name": name}
    values = tensor.flatten().tolist()
    return {"$": "tensor", "dtype": dtype, "shape": list(tensor.shape), "values": values}


def _parts(tensor: torch.Tensor) -> tuple[torch.Tensor, ...]:
    if tensor.layout is torch.sparse_coo:
        tensor = tensor.coalesce()
        return tensor.indices(), tensor.values()
    if tensor.layout is torch.sparse_csc:
        return tensor.ccol_indices(), tensor.row_indices(), tensor.values()
    return tensor.crow_indices(), tensor.col_indices(), tensor.values()


def _tensor(place: JsonPlace, beside: Mapping[str, torch.Tensor]) -> torch.Tensor:
    members = place.members()
    if "name" in members:
        name = members["name"].text()
        if name not in beside:
            hint = "Take both files of the structure from the same place"
            raise members["name"].error("is a tensor that the side file does not hold", hint)
        return beside[name]
    record = place.record()
    dtype = _DTYPES.get(record.need("dtype", JsonPlace.text))
    shape = record.need("shape", _shape)
    values = record.need("values", JsonPlace.items)
    if dtype is None:
        raise place.error(f"must have a dtype out of {', '.join(_DTYPES)}")
    if math.prod(shape) != len(values):
        raise place.error(f"holds {len(values)} values, and its shape needs {math.prod(shape)}")
    numbers = [_element(item, dtype) for item in values]
    return torch.tensor(numbers, dtype=dtype).reshape(shape)


def _sparse(place: JsonPlace, beside: Mapping[str, torch.Tensor]) -> torch.Tensor:
    record = place.record()
    name = record.need("layout", JsonPlace.text)
    shape = record.need("shape", _shape)
    parts = [_part(item, beside) for item in record.need("parts", JsonPlace.items)]
    if name not in _LAYOUTS or len(parts) != (2 if name == "coo" else 3):
        raise place.error("is not a sparse tensor that can be read")
    try:
        return _assembled(name, parts, shape)
    except (RuntimeError, IndexError, TypeError, ValueError) as error:
        raise place.error(f"is not a sparse tensor: {str(error).partition('. ')[0]}") from error


def _assembled(name: str, parts: list[torch.Tensor], shape: tuple[int, ...]) -> torch.Tensor:
    if name == "coo":
        places, values = parts
        return torch.sparse_coo_tensor(places, values, shape, check_invariants=True).coalesce()
    with warnings.catch_warnings():
        # Torch calls these layouts a beta; what is used of them has been the same for years.
        warnings.filterwarnings("ignore", message="Sparse CS[CR] tensor support is in beta")
        lines, places, values = parts
        return torch.sparse_compressed_tensor(
            lines, places, values, shape, layout=_LAYOUTS[name], check_invariants=True
        )


def _part(place: JsonPlace, beside: Mapping[str, torch.Tensor]) -> torch.Tensor:
    if not isinstance(place.value, dict) or _mark(place.value) != "tensor":
        raise place.error("must be a dense tensor")
    return _tensor(place, beside)


def _number(place: JsonPlace, beside: Mapping[str, torch.Tensor]) -> float:
    text = place.record().need("value", JsonPlace.text)
    if re.fullmatch(r"-?[0-9]{1,40}", text):
        return int(text)
    try:
        return float(text)
    except ValueError:
        raise place.error("must be a number") from None


def _mark(value: dict[str, Any]) -> str:
    mark = value.get("$")
    return mark if isinstance(mark, str) else ""


def _shape(place: JsonPlace) -> tuple[int, ...]:
    shape = tuple(item.whole() for item in place.items())
    if len(shape) > 8 or any(not 0 <= size <= _LARGEST for size in shape):
        raise place.error("is not the shape of a tensor")
    if math.prod(size for size in shape if size) > _LARGEST:
        raise place.error("is the shape of a tensor that is too large")
    return shape


def _element(place: JsonPlace, dtype: torch.dtype) -> float | int | bool:
    if dtype is torch.bool:
        return place.flag()
    if dtype.is_floating_point:
        return place.number()
    limits, value = torch.iinfo(dtype), place.whole()
    if not limits.min <= value <= limits.max:
        raise place.error(f"must be from {limits.min} to {limits.max}")
    return value
