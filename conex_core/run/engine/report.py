"""A report: who runs which behavior of a network, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from conex_core.run.engine import obstacle
from conex_core.structures.base import name_of

__all__ = ["Line", "Report", "report"]


@dataclass(frozen=True)
class Line:
    """Name one behavior in the order of an iteration.

    ``reason`` says why Python calls it; it is empty where a kernel runs it.
    """

    priority: int
    owner: str
    behavior: str
    reason: str = ""


@dataclass(frozen=True)
class Report:
    """Hold how a network is run.

    ``engine`` is "fused" where kernels run at least a part of it, else "reference",
    and then ``note`` says why.
    """

    engine: str
    lines: tuple[Line, ...]
    note: str = ""

    @property
    def kernels(self) -> int:
        """Return how many behaviors kernels run."""
        return sum(not line.reason for line in self.lines)

    @property
    def is_batched(self) -> bool:
        """Tell whether many iterations run in one call, without Python in between."""
        return self.engine == "fused" and self.kernels == len(self.lines)

    def summary(self) -> str:
        """Return one sentence for people."""
        if self.engine == "reference":
            return f"The reference engine runs every behavior: {self.note}."
        among = f"Kernels run {self.kernels} of {len(self.lines)} behaviors"
        if self.is_batched:
            return f"{among}, many iterations at a time."
        return f"{among}; Python is called for the others in every iteration."


def report(network: Any) -> Report:
    """Return how ``network`` is run; it is initialised first where it was not.

    Raises
    ------
    NetworkError
        If the network has errors.
    StructureError
        If it asks for kernels that cannot be had.
    """
    if not network.initialized:
        network.initialize()
    engine = network.fast_engine()
    if engine is not None:
        parts = engine.plan.parts
        lines = tuple(_line(p.key, p.owner, p.behavior, p.reason) for p in parts)
        return Report("fused", lines)
    note = obstacle(network) or 'engine="reference" asks for it'
    steps = network.sorted_behavior_execution_list
    acting = [item for item in steps if not item[2].empty_iteration_function]
    return Report(
        "reference", tuple(_line(key, owner, item, note) for key, owner, item in acting), note
    )


def _line(key: float, owner: Any, behavior: Any, reason: str) -> Line:
    return Line(int(key), name_of(owner), type(behavior).__name__, reason)
