"""What a user should hear of a run's physics: plain facts, in words, with node and time.

Nothing is judged here (:mod:`conex_core.run.physics` does that) and nothing is
shown: session, window and command line hold the same facts. Without torch.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from conex_core.graph.blocks.flatten import Flat
from conex_core.graph.checks.locate import located
from conex_core.graph.checks.problems import Problem

__all__ = ["RunWarning", "WarningKind", "problems_of"]

WarningKind = Literal["fast", "silent", "growing", "saturated", "crossed"]


@dataclass(frozen=True)
class RunWarning:
    """Hold one thing that was seen while a network ran.

    ``node`` is the id of a node of the flat network, or the key of an object that a
    script made; ``name`` is what the user calls it and ``behavior`` the id of an
    item of its stack. ``begin_ms`` and ``end_ms`` are simulated time.
    """

    kind: WarningKind
    node: str
    name: str
    begin_ms: float
    end_ms: float
    message: str
    behavior: str | None = None

    def __str__(self) -> str:
        return self.message

    def to_data(self) -> dict[str, Any]:
        """Return the warning as JSON-ready data."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> RunWarning:
        """Return the warning that :meth:`to_data` described."""
        return cls(**data)


def problems_of(warnings: Iterable[RunWarning], flat: Flat) -> tuple[Problem, ...]:
    """Return warnings of a run as problems of what is drawn; of nodes that are gone, none.

    What several copies of one block have in common is told of the first only.
    """
    nodes = flat.document.network.nodes
    found = (
        Problem("warning", each.message, each.node, each.behavior, code=f"run-{each.kind}")
        for each in warnings
        if each.node in nodes
    )
    return tuple(located(found, flat))
