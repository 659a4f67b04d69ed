"""What stands in a saved structure, checked: structures and behaviors that are to be made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Call", "Carried", "Outside", "SavedStructure", "is_given_anew", "is_object"]


@dataclass
class Carried:
    """Hold what goes from a structure to its replica beside the dict, in memory only."""

    objects: list[Any] = field(default_factory=list)
    classes: list[type] = field(default_factory=list)
    outside: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Outside:
    """Stand for a structure that is not part of the saved one."""

    name: str


@dataclass(frozen=True)
class Call:
    """Hold a behavior that is to be made: its class and its arguments."""

    cls: type
    arguments: tuple[Any, ...]
    keywords: Mapping[str, Any]


@dataclass(frozen=True)
class SavedStructure:
    """Hold one structure that is to be made; references are indices of earlier ones."""

    cls: type
    tags: tuple[str, ...]
    key: str | None
    is_keyed: bool  # the key was given by hand, and does not follow from names
    stack: tuple[tuple[float | None, Call], ...]
    fields: Mapping[str, Any]
    state: Mapping[str, Any] | None

    @property
    def name(self) -> str:
        """Return the name the structure had; of synapses, from where to where they go."""
        arrow = next((tag for tag in self.tags if " => " in tag), "")
        return arrow or (self.tags[0] if self.tags else self.cls.__name__)


def is_object(value: Any) -> bool:
    """Tell whether ``value`` stands for a Python object that is not data."""
    return isinstance(value, dict) and value.get("$") == "object"


def is_given_anew(cls: type, parameter: str) -> bool:
    """Tell whether a parameter is the data of an input layer, passed when it is made."""
    return parameter == "dataloader" and getattr(cls, "host", "") == "layer"
