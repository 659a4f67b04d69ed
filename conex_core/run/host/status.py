"""How a run stands: what a host tells whoever asks. Plain facts, without torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from conex_core.errors import BehaviorError
from conex_core.graph.blocks.flatten import flatten
from conex_core.graph.model.document import Document

__all__ = ["HostKind", "RunState", "RunStatus", "failed_node"]

RunState = Literal["idle", "building", "running", "paused", "failed"]
HostKind = Literal["thread", "process"]


@dataclass(frozen=True)
class RunStatus:
    """Hold what there is to know of a run at one moment.

    ``node`` is the id of the node that failed, when one did. ``progress`` goes
    from 0 to 1 while building and ``doing`` says what is built. ``spikes`` counts
    those of each group, by name, since the start. ``host`` says where the run
    takes place, and ``note`` why that is not where it was wanted.
    """

    state: RunState = "idle"
    run: str = ""
    iteration: int = 0
    sim_ms: float = 0.0
    steps_per_second: float = 0.0
    error: Exception | None = None
    node: str | None = None
    problems: tuple[Any, ...] = ()
    progress: float = 0.0
    doing: str = ""
    spikes: Mapping[str, int] = field(default_factory=dict)
    host: HostKind | None = None
    note: str = ""


def failed_node(error: Exception | None, document: Document | None) -> str | None:
    """Return the id of the node in which a run of ``document`` failed, where one did."""
    if not isinstance(error, BehaviorError) or document is None:
        return None
    nodes = flatten(document).document.network.nodes.values()
    return next((node.id for node in nodes if error.node in (node.id, _tag(node.name))), None)


def _tag(name: str) -> str:
    """Return what a built object calls itself; its name without commas."""
    return " ".join(name.replace(",", " ").split())
