"""The fast engine: behaviors that are known run in compiled kernels, many steps a call.

``planning`` sorts the steps of a network into those that a kernel takes over and
those that Python goes on calling; ``families`` holds the compiled code, and says
class by class what a behavior becomes; ``builder`` and ``program`` check and lay
down the rows; ``fused`` runs the whole. Every kernel gives the numbers of the
``forward`` that it stands for, and touches no memory that is not its own.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import torch

from conex_core.behaviors.recording import EventRecorder, Recorder
from conex_core.errors import StructureError
from conex_core.run.engine.compiling import Unavailable, unavailable
from conex_core.structures.interrupts import Hold

if TYPE_CHECKING:
    from conex_core.run.engine.fused import Engine

__all__ = ["engine_for", "obstacle"]

logger = logging.getLogger(__name__)


def obstacle(network: Any) -> str:
    """Return why no kernel runs ``network``; empty if some may."""
    if network.engine == "reference":
        return "the reference engine was chosen"
    if torch.device(network.device).type != "cpu":
        return f"kernels run on the CPU, the network is on {network.device}"
    if network.def_dtype is not torch.float32:
        return f"kernels compute in float32, the network in {str(network.def_dtype)[6:]}"
    if any(group.size == 0 for group in network.NeuronGroups):
        return "kernels need a neuron in every group"
    if network.engine == "auto" and not _may_have_kernels(network):
        return "none of its behaviors has a kernel"  # the compiler takes half a second to load
    return unavailable()


def _may_have_kernels(network: Any) -> bool:
    """Tell whether some behavior comes with CoNeX Studio; what is recorded does not count."""
    acting = (
        type(behavior)
        for _, _, behavior in network.sorted_behavior_execution_list
        if not behavior.empty_iteration_function
    )
    return any(
        kind.__module__.startswith("conex_core.behaviors.")
        and not issubclass(kind, Recorder | EventRecorder)
        for kind in acting
    )


def engine_for(network: Any) -> Engine | None:
    """Return the engine that runs ``network``, which is initialised; None for the reference.

    Raises
    ------
    StructureError
        If ``network.engine`` is "fused" and that cannot be.
    """
    reason = obstacle(network)
    if not reason:
        try:
            with Hold():  # what was imported half-way cannot be imported again
                from conex_core.run.engine.fused import Engine

            return Engine(network)
        except Unavailable as error:
            reason = str(error)
    if network.engine == "fused":
        hint = 'choose engine="auto" or "reference"'
        raise StructureError(network.name, f"cannot run fused: {reason}", hint=hint)
    if reason not in network.told:
        network.told.add(reason)
        logger.info("the reference engine runs %s: %s", network.name, reason)
    return None
