"""Where a network runs: in the window's process, or in one of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from conex_core.catalog import Catalog
    from conex_core.graph.model.document import Document

__all__ = ["RUN_IN", "RunIn", "wants_process"]

RunIn = Literal["automatic", "window", "process"]

RUN_IN: tuple[RunIn, ...] = get_args(RunIn)


def wants_process(run_in: RunIn, document: Document, catalog: Catalog) -> bool:
    """Tell whether a network should run in a process of its own.

    ``automatic`` says yes to every network of today: steps that hold Python's
    lock wait for each picture that the window paints, and batches of compiled
    kernels, which let go of it, still wait to have it back
    (``tests/benchmarks/beside_window.py`` measures both).
    """
    return run_in != "window"
