"""The rule about data loaders: in a network with a seed, the same seed shows the same data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from conex_core.behaviors.layers.dataset import SpikeNdDataset
from conex_core.graph.checks.problems import Problem
from conex_core.structures.base import name_of

if TYPE_CHECKING:
    from conex_core.structures.network_context import NetworkContext

__all__ = ["data_can_be_repeated"]


def data_can_be_repeated(context: NetworkContext) -> Iterator[Problem]:
    """Warn of loaders whose order or random numbers no seed decides."""
    if context.live.seed is None:
        return
    for key, owner in context.objects.items():
        for behavior in owner.behavior.values():
            if isinstance(behavior, SpikeNdDataset):
                why = _unseeded(behavior.dataloader)
                if why:
                    text = f"The seed does not decide what {name_of(owner)} shows: {why}."
                    yield Problem("warning", text, key, field="dataloader", code="unseeded-data")


def _unseeded(loader: Any) -> str:
    """Return why a seed cannot decide what ``loader`` gives; empty where it can."""
    if hasattr(loader, "__next__"):
        return "an iterator cannot begin again. Pass what it iterates over"
    if not getattr(loader, "num_workers", 0):
        return ""
    if getattr(loader, "persistent_workers", False):
        return "its workers keep their random numbers. Set persistent_workers to False"
    if not getattr(loader, "in_order", True):
        return "its batches come as workers finish them. Set in_order to True"
    return ""
