"""Who runs each behavior of a network, and why: plain facts, without torch.

``conex_core.run.engine.report`` finds them; the command line prints them and the
window shows them, wherever the network runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

__all__ = ["ENGINES", "EngineName", "Report", "ReportLine"]

EngineName = Literal["auto", "fused", "reference"]

ENGINES: tuple[EngineName, ...] = ("auto", "fused", "reference")


@dataclass(frozen=True)
class ReportLine:
    """Name one behavior in the order of an iteration.

    ``reason`` says why Python calls it; it is empty where a kernel runs it.
    ``node`` is the key of its owner, the id of a node where it was built from one.
    """

    priority: int
    owner: str
    behavior: str
    reason: str = ""
    node: str = ""


@dataclass(frozen=True)
class Report:
    """Hold how a network is run.

    ``engine`` is "fused" where kernels run at least a part of it, else "reference",
    and then ``note`` says why and ``hint`` what mends it.
    """

    engine: str
    lines: tuple[ReportLine, ...]
    note: str = ""
    hint: str = ""

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
            mend = f" {self.hint}." if self.hint else ""
            return f"The reference engine runs every behavior: {self.note}.{mend}"
        among = f"Kernels run {self.kernels} of {len(self.lines)} behaviors"
        if self.is_batched:
            return f"{among}, many iterations at a time."
        return f"{among}; Python is called for the others in every iteration."

    def to_data(self) -> dict[str, Any]:
        """Return the facts as JSON-ready data."""
        lines = [
            {
                "priority": line.priority,
                "node": line.owner,
                "behavior": line.behavior,
                "kernel": not line.reason,
                "reason": line.reason,
                "id": line.node,
            }
            for line in self.lines
        ]
        facts = {"engine": self.engine, "note": self.note, "hint": self.hint}
        return facts | {"behaviors": lines}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Report:
        """Return the report that :meth:`to_data` described."""
        lines = tuple(
            ReportLine(each["priority"], each["node"], each["behavior"], each["reason"], each["id"])
            for each in data["behaviors"]
        )
        return cls(data["engine"], lines, data["note"], data["hint"])
