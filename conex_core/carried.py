"""Values that leave with an error, for another process or a copy of it.

An error may hold anything that a user passed: a lambda, an open file, a tensor.
What cannot go along is replaced by :class:`Described`, so that the error itself
always arrives: a pool whose parent cannot read an answer waits for ever.
"""

from __future__ import annotations

import copy
import pickle
import reprlib
from dataclasses import fields, is_dataclass
from typing import Any

__all__ = ["Described", "copied", "described", "packed", "unpacked"]


class Described:
    """Stand for a value that could not come along; it shows as that value did."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Described) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)


def described(value: Any) -> Described:
    """Return what stands for ``value``; one without a working repr is named by its class."""
    try:
        return Described(repr(value))
    except Exception:  # noqa: BLE001  # a repr of a user's may fail in any way
        return Described(reprlib.repr(value))


def packed(value: Any) -> Any:
    """Return ``value`` as bytes, part by part where it has to be, for :func:`unpacked`."""
    data = _bytes(value)
    if data is not None:
        return _Packed(data, reprlib.repr(value))
    if type(value) in (tuple, list):
        return type(value)(packed(item) for item in value)
    if type(value) is dict:
        return {_key(key): packed(item) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        parts = {each.name: packed(getattr(value, each.name)) for each in fields(value)}
        return _PackedParts(type(value), parts)
    return _Packed(None, described(value).text)


def unpacked(given: Any) -> Any:
    """Return what :func:`packed` was given, as far as it can be had here."""
    if isinstance(given, _Packed | _PackedParts):
        return given.value()
    if isinstance(given, dict):
        return {key: unpacked(item) for key, item in given.items()}
    return type(given)(unpacked(item) for item in given)


def copied(value: Any, memo: dict[int, Any]) -> Any:
    """Return a deep copy of ``value``; the value itself where there can be none."""
    try:
        return copy.deepcopy(value, memo)
    except Exception:  # noqa: BLE001  # what a class of a user's raises is not known
        return value


class _Packed:
    """Hold one value on its way; read on arrival, where it may turn out unreadable."""

    def __init__(self, data: bytes | None, text: str) -> None:
        self.data, self.text = data, text

    def value(self) -> Any:
        if self.data is None:
            return Described(self.text)
        try:
            return pickle.loads(self.data)
        except Exception:  # noqa: BLE001  # anything may be missing on the other side
            return Described(self.text)


class _PackedParts:
    """Hold an object of a dataclass on its way, such as a problem whose mends are functions."""

    def __init__(self, kind: type, parts: dict[str, Any]) -> None:
        self.kind, self.parts = kind, parts

    def value(self) -> Any:
        new: Any = object.__new__(self.kind)
        for name, part in self.parts.items():
            object.__setattr__(new, name, unpacked(part))
        return new


def _key(key: Any) -> Any:
    return key if isinstance(key, str | int | float | None) else repr(key)


def _bytes(value: Any) -> bytes | None:
    """Return ``value`` in the form that pools send; None where it has none."""
    try:
        return pickle.dumps(value)
    except Exception:  # noqa: BLE001  # each kind of value refuses in its own way
        return None
