"""What is being typed and has not become a value yet."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Typed"]


@dataclass(frozen=True)
class Typed:
    """Hold a text that stands in a field, not yet taken over.

    ``label`` names the field for people, such as "tau of Exc › LIF"; ``where``
    identifies it.
    """

    label: str
    text: str
    where: tuple[str, ...]
