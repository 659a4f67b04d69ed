"""Where a network runs: in the window's process, or in one of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from conex_core.catalog import Catalog
    from conex_core.graph.state import Document

__all__ = ["RUN_IN", "RunIn", "wants_process"]

RunIn = Literal["automatic", "window", "process"]

RUN_IN: tuple[RunIn, ...] = get_args(RunIn)


def wants_process(run_in: RunIn, document: Document, catalog: Catalog) -> bool:
    """Tell whether a network should run in a process of its own.

    Steps that hold Python's lock wait for every picture that the window paints;
    steps of fused kernels do not, and need no process.
    """
    if run_in == "automatic":
        return not _lets_go_of_the_lock(document, catalog)
    return run_in == "process"


def _lets_go_of_the_lock(document: Document, catalog: Catalog) -> bool:
    """Tell whether nearly all of a network's time is spent in kernels without the lock."""
    return False
