"""Weights as (target, source), for networks whose own behaviors read them so.

Every behavior of conex_core takes weights as (source, target); a network with
``synapse_mode="DxS"`` refuses those that read or make them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from conex_core.behavior import Behavior
from conex_core.graph.checks.problems import Problem
from conex_core.graph.model.kinds import SYNAPSE_GROUP
from conex_core.keywords import is_of_scripts

if TYPE_CHECKING:
    from conex_core.structures.network_context import NetworkContext

__all__ = ["weights_are_source_first"]

_WEIGHTS = "own.weights"


def weights_are_source_first(context: NetworkContext) -> Iterator[Problem]:
    """See that nothing of conex_core reads weights that are (target, source)."""
    if context.live.transposed_synapse_matrix_mode:  # pymonntorch's name for SxD
        return
    for synapse in context.of_kind(SYNAPSE_GROUP):
        for behavior in context.objects[synapse.id].behavior.values():
            if _takes_weights(behavior):
                kind = type(behavior).__name__
                text = (
                    f"{kind} on {synapse.name} takes weights as (source, target), but "
                    "synapse_mode='DxS' makes them (target, source). Make the network with "
                    "synapse_mode='SxD' and turn the weights of your own behaviors (w.T), "
                    f"or write what {kind} does as a behavior of your own."
                )
                yield Problem("error", text, synapse.id, kind, "synapse_mode", code="orientation")


def _takes_weights(behavior: Any) -> bool:
    """Tell whether a class of conex_core that ``behavior`` is or extends reads or makes weights."""
    return any(
        _WEIGHTS in (*cls.requires, *cls.provides)
        for cls in type(behavior).__mro__
        if issubclass(cls, Behavior) and not is_of_scripts(cls)
    )
