"""How a run stands: what a host tells whoever asks. Plain facts, without torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from conex_core.errors import BehaviorError
from conex_core.graph.blocks.flatten import flatten
from conex_core.graph.model.document import Document
from conex_core.run.run_warning import RunWarning

__all__ = ["HostKind", "RunState", "RunStatus", "Stall", "failed_node", "node_of"]

RunState = Literal["idle", "building", "running", "paused", "failed"]
HostKind = Literal["thread", "process"]


@dataclass(frozen=True)
class Stall:
    """Hold where a run is that has not come round for some seconds.

    ``behavior`` and ``owner`` are names, ``key`` is that of the owner; all are empty
    where that is not known. ``where`` is a step, kernels (``behavior`` lists what they
    stand for), building, or silent where a process tells nothing at all.
    """

    seconds: int
    iteration: int = 0
    behavior: str = ""
    owner: str = ""
    key: str = ""
    where: Literal["step", "compiled", "building", "silent"] = "step"
    doing: str = ""


@dataclass(frozen=True)
class RunStatus:
    """Hold what there is to know of a run at one moment.

    ``node`` is the id of the node that failed, when one did. ``progress`` goes
    from 0 to 1 while building and ``doing`` says what is built. ``spikes`` counts
    those of each group, by name, since the start. ``host`` says where the run
    takes place, and ``note`` why that is not where it was wanted. ``stall`` is there
    while the run does not answer; ``node`` is then where it hangs, if that is known.
    ``warnings`` are what was unlikely to be meant so far.
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
    stall: Stall | None = None
    warnings: tuple[RunWarning, ...] = ()


def failed_node(error: Exception | None, document: Document | None) -> str | None:
    """Return the id of the node in which a run of ``document`` failed, where one did."""
    if not isinstance(error, BehaviorError) or document is None:
        return None
    return _node_named((error.node,), document)


def node_of(stall: Stall | None, document: Document | None) -> str | None:
    """Return the id of the node in which a run of ``document`` hangs, if that is known."""
    if stall is None or document is None:
        return None
    return _node_named((stall.key, stall.owner), document)


def _node_named(names: tuple[str, ...], document: Document) -> str | None:
    nodes = flatten(document).document.network.nodes.values()
    told = {name for name in names if name}
    return next(
        (node.id for node in nodes if not told.isdisjoint((node.id, _tag(node.name)))), None
    )


def _tag(name: str) -> str:
    """Return what a built object calls itself; its name without commas."""
    return " ".join(name.replace(",", " ").split())
