"""Ways to put something else in the place of a tensor: wrong, or right but unusual."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import torch

__all__ = ["kinds_for"]

Tensor = torch.Tensor
Kind = Callable[[Any, str], None]


def _replaced(make: Callable[[Tensor], Any]) -> Kind:
    def spoil(owner: Any, name: str) -> None:
        setattr(owner, name, make(getattr(owner, name)))

    return spoil


def _in_place(change: Callable[[Tensor], object]) -> Kind:
    def spoil(owner: Any, name: str) -> None:
        change(getattr(owner, name))

    return spoil


def _through_data(make: Callable[[Tensor], Tensor]) -> Kind:
    def spoil(owner: Any, name: str) -> None:
        tensor = getattr(owner, name)
        tensor.data = make(tensor)

    return spoil


def _line(tensor: Tensor, size: int) -> Tensor:
    """Return ``size`` values of ``tensor``, again and again."""
    flat = tensor.reshape(-1)
    places = torch.arange(size) % max(flat.numel(), 1)
    return flat[places].clone()


def _longer(tensor: Tensor) -> Tensor:
    return torch.cat([tensor, tensor]) if tensor.dim() else torch.stack([tensor, tensor])


def _expanded(tensor: Tensor) -> Tensor:
    return tensor.reshape(-1)[0].clone().expand(tensor.shape)


def _strided(tensor: Tensor) -> Tensor:
    wide = torch.stack([tensor, tensor], dim=-1)
    return wide[..., 0]


def _part(tensor: Tensor) -> Tensor:
    """Return the values within a longer tensor, in one piece."""
    flat = tensor.reshape(-1)
    return torch.cat([flat, flat, flat])[flat.numel() : 2 * flat.numel()].view(tensor.shape)


def _resized(change: Callable[[int], int]) -> Kind:
    def spoil(owner: Any, name: str) -> None:
        tensor = getattr(owner, name)
        values = _line(tensor, change(tensor.numel()))
        tensor.resize_(len(values)).copy_(values)

    return spoil


def _resized_and_back(owner: Any, name: str) -> None:
    tensor = getattr(owner, name)
    shape = tensor.shape
    tensor.resize_(100 * tensor.numel() + 100)
    tensor.resize_(shape)


def _set_elsewhere(owner: Any, name: str) -> None:
    tensor = getattr(owner, name)
    tensor.set_(tensor.clone())


def _set_flat(owner: Any, name: str) -> None:
    tensor = getattr(owner, name)
    zeros = [0] * tensor.dim()
    tensor.set_(tensor.untyped_storage(), tensor.storage_offset(), tensor.shape, zeros)


def _alias(owner: Any, name: str) -> None:
    """Let another attribute of the same form be the same tensor."""
    tensor = getattr(owner, name)
    for _, value in _like(owner, tensor):
        setattr(owner, name, value)
        return


def _overlap(owner: Any, name: str) -> None:
    """Let another attribute lie in the same memory, one value further."""
    tensor = getattr(owner, name)
    for other, value in _like(owner, tensor):
        if tensor.dim() == 1:
            memory = torch.cat([tensor, value[-1:]])
            setattr(owner, name, memory[:-1])
            setattr(owner, other, memory[1:])
            return


def _like(owner: Any, tensor: Tensor) -> Iterator[tuple[str, Tensor]]:
    """Yield other tensors of ``owner`` that have the form of ``tensor``."""
    for name, value in sorted(vars(owner).items()):
        if isinstance(value, Tensor) and value is not tensor:
            mine, other = ((t.layout, t.dtype, t.shape) for t in (tensor, value))
            if mine == other and tensor.layout is torch.strided:
                yield name, value


def _shuffled(owner: Any, name: str) -> None:
    tensor = getattr(owner, name)
    values = tensor.values() if tensor.layout is torch.sparse_csr else tensor
    values.copy_(values.flip(0) if values.dim() else values)


def _far_index(owner: Any, name: str) -> None:
    _indices(getattr(owner, name)).fill_(10**6)


def _negative_index(owner: Any, name: str) -> None:
    _indices(getattr(owner, name)).fill_(-3)


def _quiet_far_index(owner: Any, name: str) -> None:
    """Write past what torch notices."""
    _indices(getattr(owner, name)).numpy()[:] = 10**6


def _far_starts(owner: Any, name: str) -> None:
    getattr(owner, name).crow_indices()[1:].fill_(10**6)


def _indices(tensor: Tensor) -> Tensor:
    return tensor.col_indices() if tensor.layout is torch.sparse_csr else tensor


def _sparse(owner: Any, name: str, change: Callable[..., tuple[Tensor, ...]]) -> None:
    weights = getattr(owner, name)
    parts = change(weights.crow_indices(), weights.col_indices(), weights.values())
    made = torch.sparse_csr_tensor(*parts, size=weights.shape, check_invariants=False)
    setattr(owner, name, made)


def _sparse_kind(change: Callable[..., tuple[Tensor, ...]]) -> Kind:
    return lambda owner, name: _sparse(owner, name, change)


ANY: dict[str, Kind] = {
    "absent": _replaced(lambda t: None),
    "a number": _replaced(lambda t: 1.0),
    "the same again": _replaced(lambda t: t.clone()),
}

DENSE: dict[str, Kind] = {
    "no dimensions": _replaced(lambda t: t.reshape(-1)[0].clone()),
    "one element": _replaced(lambda t: t.reshape(-1)[:1].clone()),
    "nothing": _replaced(lambda t: t.reshape(-1)[:0].clone()),
    "shorter": _replaced(lambda t: t[: max(1, len(t) // 2)].clone() if t.dim() else t.clone()),
    "longer": _replaced(_longer),
    "another dimension": _replaced(lambda t: t.unsqueeze(0).clone()),
    "flat": _replaced(lambda t: t.reshape(-1).clone()),
    "a column": _replaced(lambda t: t.reshape(-1, 1).clone()),
    "transposed": _replaced(lambda t: t.clone().t().contiguous().t() if t.dim() == 2 else t.T),
    "turned": _replaced(lambda t: t.transpose(0, -1).clone() if t.dim() else t.clone()),
    "one value for all": _replaced(_expanded),
    "every other value": _replaced(_strided),
    "part of a longer one": _replaced(_part),
    "float64": _replaced(lambda t: t.double()),
    "float16": _replaced(lambda t: t.half()),
    "int64": _replaced(lambda t: t.long()),
    "bool": _replaced(lambda t: t.bool()),
    "sparse": _replaced(lambda t: t.to_sparse()),
    "a parameter": _replaced(lambda t: torch.nn.Parameter(t.clone(), requires_grad=False)),
    "with a gradient": _replaced(
        lambda t: t.clone().requires_grad_() if t.is_floating_point() else t.clone()
    ),
    "data of its own": _through_data(lambda t: t.clone()),
    "shorter data": _through_data(lambda t: _line(t, max(1, t.numel() // 2))),
    "longer data": _through_data(lambda t: _line(t, 4096)),
    "one datum for all": _through_data(_expanded),
    "data of float64": _through_data(lambda t: t.double()),
    "data of int32": _through_data(lambda t: t.to(torch.int32)),
    "resized down": _resized(lambda size: max(1, size // 2)),
    "resized up": _resized(lambda size: 50 * size + 100),
    "resized and back": _resized_and_back,
    "set elsewhere": _set_elsewhere,
    "set to one value": _set_flat,
    "turned in place": _in_place(lambda t: t.transpose_(0, -1) if t.dim() else t),
    "a dimension in place": _in_place(lambda t: t.unsqueeze_(0)),
    "the same as another": _alias,
    "overlapping another": _overlap,
    "shuffled in place": _shuffled,
}

INDICES: dict[str, Kind] = {
    "far out": _far_index,
    "negative": _negative_index,
    "far out, unnoticed": _quiet_far_index,
    "far out and new": _replaced(lambda t: torch.full_like(t, 10**6)),
}

SPARSE: dict[str, Kind] = {
    "dense": _replaced(lambda t: t.to_dense()),
    "by target": _replaced(lambda t: t.to_sparse_csc()),
    "in pairs": _replaced(lambda t: t.to_sparse_coo()),
    "float64": _replaced(lambda t: t.double()),
    "int64 indices": _sparse_kind(lambda s, t, v: (s.long(), t.long(), v)),
    "other targets": _sparse_kind(lambda s, t, v: (s, t.flip(0), v)),
    "targets outside": _sparse_kind(lambda s, t, v: (s, t + 10**6, v)),
    "negative targets": _sparse_kind(lambda s, t, v: (s, t - 10**3, v)),
    "a target changed": lambda owner, name: _indices(getattr(owner, name))[:1].zero_(),
    "targets far out": _far_index,
    "targets far out, unnoticed": _quiet_far_index,
    "starts far out": _far_starts,
    "shuffled in place": _shuffled,
    "resized values": _in_place(lambda t: t.values().resize_(10**5)),
}


def kinds_for(tensor: Tensor) -> dict[str, Kind]:
    """Return what can be done to ``tensor``."""
    if tensor.layout is not torch.strided:
        return {**ANY, **SPARSE}
    return {**ANY, **DENSE, **(INDICES if tensor.dtype in (torch.int64, torch.int32) else {})}
