"""A report: who runs which behavior of a network, and why."""

from __future__ import annotations

from typing import Any

import torch

from conex_core.graph.model.document import NETWORK
from conex_core.run.compiled import Report, ReportLine
from conex_core.run.engine import obstacle
from conex_core.run.engine.compiling import unavailable
from conex_core.structures.base import name_of

__all__ = ["Report", "ReportLine", "report"]


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
        lines = tuple(_line(network, p.key, p.owner, p.behavior, p.reason) for p in parts)
        return Report("fused", lines)
    note = obstacle(network) or "kernels could not be compiled; the log says why"
    steps = network.sorted_behavior_execution_list
    acting = [item for item in steps if not item[2].empty_iteration_function]
    lines = tuple(_line(network, key, owner, item, note) for key, owner, item in acting)
    return Report("reference", lines, note, _mend(network))


def _mend(network: Any) -> str:
    """Return what lets kernels run, where that is plain."""
    if network.engine == "reference":
        return 'The engine "auto" (Automatic) compiles what it can'
    if network.def_dtype is not torch.float32:
        return "Set dtype to float32"
    reason = unavailable()
    if "NUMBA_DISABLE_JIT" in reason:
        return "Start without NUMBA_DISABLE_JIT"
    return "Install it with: pip install numba" if reason else ""


def _line(network: Any, key: float, owner: Any, behavior: Any, reason: str) -> ReportLine:
    node = NETWORK if owner is network else network.key_of(owner)
    return ReportLine(int(key), name_of(owner), type(behavior).__name__, reason, node)
