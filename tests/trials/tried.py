"""What became of a file that was tried: plain data, for the way between two processes."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["Failure", "Tried"]


@dataclass(frozen=True)
class Failure:
    """Say what went wrong with which file, in which use; ``sign`` is alike for like failures."""

    number: int
    name: str
    use: str
    kind: str
    sign: str
    text: str


@dataclass(frozen=True)
class Tried:
    """Hold the failures of one file; after the last, its process is of no more use."""

    failures: list[Failure] = field(default_factory=list)
    accepted: bool = False
    is_last: bool = False
