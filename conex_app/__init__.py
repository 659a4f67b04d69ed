"""The window of CoNeX Studio. Importing this package imports no Qt and no torch."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Open the window and return the exit code once it is closed."""
    from conex_app.app import main as run_window

    return run_window(argv)
