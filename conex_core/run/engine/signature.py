"""What a kernel takes: the names, types and shapes of its arguments, declared once.

A declaration is text such as ``"v, I: f4[n]; weights: f4[n, m]; decays: int; dt: real"``.
Types of arrays are those of numpy, of which the kernels know f4, f8, i4, i8, u4 and b1
(a bool tensor is bytes of 0 and 1); ``u4`` reads indices without the test for a negative
one. An ``int`` is fixed when the program is made, a ``real`` is read anew when a
parameter changes and is a float32 in the kernel, a ``double`` the same as a float64.
Sizes in brackets are numbers, or names that stand for one number within a row (``n+1``
for one more); a kernel reads them like any ``int``. ``f4[*n]`` is a tensor of any shape
as one line of n values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

__all__ = ["WIDTH", "Argument", "Signature", "Size", "form_of"]

WIDTH = 40  # cells of eight bytes in a row, the address of its kernel first

Kind = Literal["f4", "f8", "i4", "i8", "u4", "b1", "int", "real", "double"]

Size = tuple[str, int]  # the name of a size, or nothing, and what is added to it

_ITEM = re.compile(r"([\w, ]+): *(f4|f8|i4|i8|u4|b1|int|real|double)(?:\[([\w+*, ]*)\])?")


@dataclass(frozen=True)
class Argument:
    """Hold one argument: a number, or an array whose ``shape`` is not None.

    ``cell`` is its place in a row, where an array has its address.
    """

    name: str
    kind: Kind
    shape: tuple[Size, ...] | None
    cell: int
    is_flat: bool = False

    @property
    def is_live(self) -> bool:
        """Tell whether the value is read anew while a network runs."""
        return self.kind in ("real", "double") and self.shape is None

    @property
    def itemsize(self) -> int:
        """Return the bytes of one value."""
        return int(self.kind[1])


@cache
def form_of(text: str) -> Argument:
    """Return an argument of the type and shape that ``text`` declares."""
    return Signature("it", f"it: {text}").arguments["it"]


class Signature:
    """Hold the arguments of a kernel by name; a row has them in the order of ``cell``."""

    def __init__(self, kernel: str, text: str) -> None:
        self.text = " ".join(text.split())
        found = list(_items(self.text.replace("*", "")))
        flat = {
            name for name, _, shape in _items(self.text) if shape and shape[0][0].startswith("*")
        }
        names = {name for name, _, _ in found}
        sizes = dict.fromkeys(
            size for _, _, shape in found for size, _ in shape or () if size and size not in names
        )
        items = [*((size, "int", None) for size in sizes), *found]
        items.sort(key=lambda item: item[1] in ("real", "double") and item[2] is None)
        self.arguments = {
            name: Argument(name, kind, shape, cell, name in flat)  # type: ignore[arg-type]
            for cell, (name, kind, shape) in enumerate(items, start=1)
        }
        if len(self.arguments) < len(items) or len(items) >= WIDTH:
            raise ValueError(f"{kernel} takes a name twice, or more than {WIDTH - 1} arguments")
        self.names = {name for name, item in self.arguments.items() if not item.is_live}
        self.live = tuple(item for item in self.arguments.values() if item.is_live)
        self.fixed = tuple(item for item in self.arguments.values() if not item.is_live)


def _items(text: str) -> Iterator[tuple[str, str, tuple[Size, ...] | None]]:
    for part in text.split(";") if text else ():
        match = _ITEM.fullmatch(part.strip())
        if match is None:
            raise ValueError(f"cannot read the declaration {part.strip()!r}")
        names, kind, inside = match.groups()
        sizes = (size.strip() for size in (inside or "").split(",") if size.strip())
        shape = tuple(_size(size) for size in sizes)
        for name in names.split(","):
            yield name.strip(), kind, None if inside is None else shape


def _size(text: str) -> Size:
    name, _, more = text.partition("+")
    return ("", int(name)) if name.isdigit() else (name.strip(), int(more or 0))
