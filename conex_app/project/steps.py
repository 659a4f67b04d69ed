"""One step of the undo history as a value."""

from __future__ import annotations

from dataclasses import dataclass

from conex_core.graph.model.document import Document

__all__ = ["PastStep"]


@dataclass(frozen=True)
class PastStep:
    """Hold a step's label, what there was before and after, and the level it was made in."""

    label: str
    before: Document
    after: Document
    level: tuple[str, ...] = ()
