"""How the set-up speaks: one line a step, one kind of failure."""

from __future__ import annotations

import sys

__all__ = ["Trouble", "say"]


class Trouble(Exception):
    """Report what stopped the set-up and how to mend it."""

    def __init__(self, what: str, mend: str) -> None:
        self.what, self.mend = what, mend
        super().__init__(f"{what}\n  To mend it: {mend}.")


def say(text: str) -> None:
    """Write one step of the set-up, at once."""
    sys.stdout.write(f"[conex] {text}\n")
    sys.stdout.flush()
