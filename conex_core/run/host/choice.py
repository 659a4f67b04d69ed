"""Where a network may run: in a process of its own, which is usual, or in the window's.

Steps that hold Python's lock wait for each picture that the window paints, and
batches of compiled kernels, which let go of it, still wait to have it back
(``tests/benchmarks/beside_window.py`` measures both).
"""

from __future__ import annotations

from typing import Literal, get_args

__all__ = ["RUN_IN", "RunIn"]

RunIn = Literal["process", "window"]

RUN_IN: tuple[RunIn, ...] = get_args(RunIn)
