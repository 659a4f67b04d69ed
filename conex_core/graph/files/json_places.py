"""The values of a file, each with the place where it stands, so that errors can say so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from conex_core import distributions
from conex_core.distributions import DISTRIBUTIONS
from conex_core.errors import ConexError, FileError

__all__ = ["JsonPlace", "Record", "frozen", "kind_word"]

_T = TypeVar("_T")


class JsonPlace:
    """Hold one value of a file and where it stands, so that errors can say so."""

    __slots__ = ("_name", "_parent", "path", "value")

    def __init__(
        self, value: Any, path: str, name: str = "", parent: JsonPlace | None = None
    ) -> None:
        self.value, self.path = value, path
        self._name, self._parent = name, parent

    @property
    def where(self) -> str:
        """Return where the value stands, such as ``settings.dt``."""
        name = self._name if len(self._name) <= 40 else f"{self._name[:37]}..."
        above = "" if self._parent is None else self._parent.where
        return f"{above}.{name}" if above else name

    def error(self, problem: str, hint: str = "") -> FileError:
        """Return the error that names this place."""
        return FileError(self.path, problem, place=self.where, hint=hint)

    def members(self) -> dict[str, JsonPlace]:
        """Return the fields of an object."""
        if not isinstance(self.value, dict):
            raise self.error(f"must be an object, got {kind_word(self.value)}")
        return {key: JsonPlace(value, self.path, key, self) for key, value in self.value.items()}

    def items(self) -> list[JsonPlace]:
        """Return the items of a list."""
        if not isinstance(self.value, list):
            raise self.error(f"must be a list, got {kind_word(self.value)}")
        return [
            JsonPlace(value, self.path, str(index), self) for index, value in enumerate(self.value)
        ]

    def text(self) -> str:
        """Return the value, which must be text."""
        if not isinstance(self.value, str):
            raise self.error(f"must be text, got {kind_word(self.value)}")
        return self.value

    def flag(self) -> bool:
        """Return the value, which must be true or false."""
        if not isinstance(self.value, bool):
            raise self.error(f"must be true or false, got {kind_word(self.value)}")
        return self.value

    def whole(self) -> int:
        """Return the value, which must be a whole number."""
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            raise self.error(f"must be a whole number, got {kind_word(self.value)}")
        return self.value

    def number(self) -> float:
        """Return the value, which must be a number."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            raise self.error(f"must be a number, got {kind_word(self.value)}")
        return float(self.value)

    def record(self) -> Record:
        """Return the fields of an object, to be taken one by one."""
        if not isinstance(self.value, dict):
            raise self.error(f"must be an object, got {kind_word(self.value)}")
        return Record(self, self.value)


class Record:
    """Take known fields out of an object; what is left is ``extra``."""

    __slots__ = ("_left", "_place")

    def __init__(self, place: JsonPlace, value: dict[str, Any]) -> None:
        self._place, self._left = place, value.copy()

    def need(self, name: str, read: Callable[[JsonPlace], _T]) -> _T:
        """Return what ``read`` makes of a place that must be there."""
        if name not in self._left:
            raise self._place.error(f"lacks {name!r}", "The file seems to be damaged")
        return read(self._taken(name))

    def take(self, name: str, read: Callable[[JsonPlace], _T], default: _T) -> _T:
        """Return what ``read`` makes of a place, or the default if it is not there."""
        return read(self._taken(name)) if name in self._left else default

    def extra(self) -> Mapping[str, Any]:
        """Return the fields that nothing took, as a document holds them."""
        return {name: frozen(value) for name, value in self._left.items()}

    def _taken(self, name: str) -> JsonPlace:
        return JsonPlace(self._left.pop(name), self._place.path, name, self._place)


def frozen(value: Any) -> Any:
    """Return a value as a document holds it: lists as tuples, distributions typed."""
    if isinstance(value, list):
        return tuple(frozen(item) for item in value)
    if not isinstance(value, dict):
        return value
    if value.get("$") in tuple(DISTRIBUTIONS):
        try:
            return distributions.from_data(value)
        except (ConexError, TypeError):
            pass  # kept as it is; the check says what is wrong with it
    return {key: frozen(item) for key, item in value.items()}


def kind_word(value: Any) -> str:
    """Return what sort of JSON a value is, in words."""
    names = {dict: "an object", list: "a list", str: "text", bool: "a flag", type(None): "null"}
    return names.get(type(value), "a number")
