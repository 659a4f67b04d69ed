"""Copies of a network, by deepcopy and by pickle: whole, apart, and exactly as far.

All structures are made before any attribute of one is filled in, so that a long
chain of groups is no deep recursion. What engines hold is left out; a copy
makes its own. Tensors that lie in the same memory do so in the copy.
"""

from __future__ import annotations

import copy
import io
import pickle
from collections.abc import Callable
from typing import Any

import torch

from conex_core.behaviors.synapses.storage import is_by_source, stored
from conex_core.errors import ConexError, StructureError

__all__ = ["alone", "deep_copy", "member", "reduced"]

# Attributes of structures that belong to one object in one process: compiled code, bound
# steps, look-ups by address or tag.
_OWN: dict[str, Callable[[], Any]] = {
    "_engine": lambda: None,
    "_keys": lambda: None,
    "_places": lambda: None,
    "progress": lambda: None,
    "settle_weights": lambda: None,
    "tag_shortcuts": dict,
    "_mat_eval_dict": dict,
}


def deep_copy(network: Any, memo: dict[int, Any]) -> Any:
    """Return a network like ``network``, which it shares nothing with.

    Raises
    ------
    StructureError
        If it holds something that cannot be copied, such as a loader that is a generator.
    """
    network._settle()
    objects = network.all_objects()
    for item in objects:
        memo[id(item)] = _shell(type(item))
    try:
        for item in objects:  # before any behavior is met, on whatever way
            for holder in (item, *item.behavior.values()):
                _copy_sparse(holder, memo)
        for item in objects:
            vars(memo[id(item)]).update(copy.deepcopy(_facts(item), memo))
    except ConexError:
        raise
    except Exception as error:
        raise StructureError(network.name, f"cannot be copied: {error}") from error
    return memo[id(network)]


def reduced(network: Any) -> tuple[Any, ...]:
    """Return ``network`` as pickle wants it.

    Raises
    ------
    StructureError
        If it holds something that cannot be pickled, such as a function without a name.
    """
    network._settle()
    objects = network.all_objects()
    file = io.BytesIO()
    packer = _NetworkPickler(file, {id(item): place for place, item in enumerate(objects)})
    try:
        packer.dump([_facts(item) for item in objects])
    except ConexError:
        raise
    except Exception as error:
        hint = "Functions that it holds must stand at the top of a module"
        raise StructureError(network.name, f"cannot be pickled: {error}", hint=hint) from error
    return _unpacked, (tuple(type(item) for item in objects), file.getvalue())


def alone(structure: Any, memo: dict[int, Any]) -> Any:
    """Return a copy of a structure that its network has let go."""
    new = memo[id(structure)] = _shell(type(structure))
    vars(new).update(copy.deepcopy(_facts(structure), memo))
    return new


def member(structure: Any) -> tuple[Any, ...] | None:
    """Return a structure as pickle wants it, as one of its network; None if it is in none."""
    objects = structure.network.all_objects()
    places = (place for place, item in enumerate(objects) if item is structure)
    place = next(places, None)
    return None if place is None else (_member, (structure.network, place))


class _NetworkPickler(pickle.Pickler):
    """Write structures as their places, and memory once however many tensors lie in it."""

    def __init__(self, file: Any, places: dict[int, int]) -> None:
        super().__init__(file, protocol=5)
        self._places = places
        self._memories: dict[int, torch.Tensor] = {}
        self._whole: set[int] = set()

    def persistent_id(self, value: Any) -> int | None:
        return self._places.get(id(value))

    def reducer_override(self, value: Any) -> Any:
        if type(value) is not torch.Tensor or id(value) in self._whole:
            return NotImplemented
        if value.layout is torch.sparse_csr:
            parts = value.crow_indices(), value.col_indices(), value.values()
            return stored, (*parts, tuple(value.shape))
        if value.layout is not torch.strided or value.requires_grad:
            return NotImplemented
        form = value.dtype, value.storage_offset(), tuple(value.shape), value.stride()
        return _lying_in, (self._memory(value), *form)

    def _memory(self, value: torch.Tensor) -> torch.Tensor:
        """Return all the memory that a tensor lies in, as bytes."""
        storage = value.untyped_storage()
        if storage._cdata not in self._memories:
            whole = torch.empty(0, dtype=torch.uint8, device=value.device).set_(storage)
            self._memories[storage._cdata] = whole
            self._whole.add(id(whole))
        return self._memories[storage._cdata]


class _NetworkUnpickler(pickle.Unpickler):
    def __init__(self, data: bytes, objects: list[Any]) -> None:
        super().__init__(io.BytesIO(data))
        self._objects = objects

    def persistent_load(self, place: int) -> Any:
        return self._objects[place]


def _shell(kind: Any) -> Any:
    """Return an object without attributes; no constructor has to know of copies."""
    return kind.__new__(kind)


def _unpacked(kinds: tuple[type, ...], data: bytes) -> Any:
    objects = [_shell(kind) for kind in kinds]
    for item, facts in zip(objects, _NetworkUnpickler(data, objects).load(), strict=True):
        vars(item).update(facts)
    return objects[0]


def _member(network: Any, place: int) -> Any:
    return network.all_objects()[place]


def _lying_in(
    memory: torch.Tensor, dtype: torch.dtype, offset: int, shape: Any, stride: Any
) -> torch.Tensor:
    new = torch.empty(0, dtype=dtype, device=memory.device)
    return new.set_(memory.untyped_storage(), offset, shape, stride)


def _facts(item: Any) -> dict[str, Any]:
    """Return the attributes of a structure, in their order, with nothing of an engine."""
    return {name: _OWN[name]() if name in _OWN else value for name, value in vars(item).items()}


def _copy_sparse(holder: Any, memo: dict[int, Any]) -> None:
    """Copy sparse tensors by their parts, in which views may lie; torch cannot copy them."""
    for value in (*vars(holder).values(), *getattr(holder, "init_kwargs", {}).values()):
        found: Any = value if isinstance(value, torch.Tensor) else getattr(value, "weights", None)
        if is_by_source(found) and id(found) not in memo:
            parts = found.crow_indices(), found.col_indices(), found.values()
            starts, targets, values = (copy.deepcopy(part, memo) for part in parts)
            memo[id(found)] = stored(starts, targets, values, tuple(found.shape))
