"""What each behavior becomes: its class, and the rows that stand for its ``forward``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from conex_core.behaviors.recording import EventRecorder, Recorder
from conex_core.run.engine.draft import Draft
from conex_core.run.engine.lowering import (
    currents,
    data,
    grids,
    learning,
    neurons,
    plasticity,
    proportion,
    reward,
    spikes,
)
from conex_core.run.engine.program import NotFused
from conex_core.run.engine.recorders import lower_events, lower_rows

__all__ = ["lower"]

Lowering = Callable[[Any, Any, Draft], None]

_LOWERINGS: dict[type, Lowering] = {
    **neurons.LOWERINGS,
    **spikes.LOWERINGS,
    **currents.LOWERINGS,
    **data.LOWERINGS,
    **grids.LOWERINGS,
    **learning.LOWERINGS,
    **plasticity.LOWERINGS,
    **proportion.LOWERINGS,
    **reward.LOWERINGS,
    Recorder: lower_rows,
    EventRecorder: lower_events,
}


def lower(behavior: Any, owner: Any, draft: Draft) -> None:
    """Add the rows of ``behavior``.

    A subclass may do anything, so that only the very classes are known.

    Raises
    ------
    NotFused
        If Python has to go on calling it; the message says why.
    """
    lowering = _LOWERINGS.get(type(behavior))
    if lowering is None:
        raise NotFused("there is no kernel for its class")
    if not behavior.forward.__module__.startswith("conex_core.behaviors."):
        raise NotFused("its forward was replaced")
    lowering(behavior, owner, draft)
