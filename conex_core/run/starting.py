"""Start: a plan becomes a network that is ready to step, told step by step.

Building objects is quick; drawing the connections of large networks and
compiling kernels is not. The shares below are what a user sees of each.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from conex_core.run.build import Built, build

if TYPE_CHECKING:
    from conex_core.run.plan import Plan
    from conex_core.state import State

__all__ = ["Progress", "start", "within"]

Progress = Callable[[int, int, str], object]

_WHOLE = 10_000
_BUILT, _PREPARED = 0.1, 0.8


def start(
    plan: Plan,
    *,
    seed: int | None = None,
    device: str | None = None,
    engine: str | None = None,
    threads: int = 1,
    base: str | Path | None = None,
    state: State | None = None,
    progress: Progress | None = None,
) -> Built:
    """Return the network of ``plan``, initialised and with its kernels compiled.

    Parameters
    ----------
    seed, device
        Override the project's own.
    engine : str, optional
        That of :class:`Neocortex`; its default where left out.
    threads : int
        Processors that its kernels may keep busy.
    base : path, optional
        The project's folder.
    state : State, optional
        Where the network goes on from.
    progress : callable, optional
        Called with (done, of, what is done now), often; it may raise to give up.

    Raises
    ------
    ProjectError
        If the plan has errors.
    FileError, ParameterError
        If a part cannot be built.
    BehaviorError
        If a behavior cannot be initialised.
    StructureError
        If a part cannot be built, the state is of another network, or the engine
        that was asked for cannot be had.
    """
    built = build(plan, seed=seed, device=device, base=base, progress=within(progress, 0.0, _BUILT))
    network: Any = built.network
    network.engine = network.engine if engine is None else engine
    network.threads = threads
    try:
        network.progress = within(progress, _BUILT, _PREPARED)
        _make_ready(network, state)
        network.progress = within(progress, _PREPARED, 1.0)
        network.fast_engine()
    finally:
        network.progress = None
    return built


def within(progress: Progress | None, begin: float, end: float) -> Progress | None:
    """Return what tells ``progress`` of a part that goes from ``begin`` to ``end`` of 1."""
    if progress is None:
        return None

    def tell(done: int, of: int, doing: str) -> None:
        share = begin + (end - begin) * done / max(of, 1)
        progress(round(_WHOLE * share), _WHOLE, doing)

    return tell


def _make_ready(network: Any, state: State | None) -> None:
    if state is None:
        network.ensure_initialized()
        return
    with torch.no_grad():
        network.restore(state)
