"""Present: up to when a plot may draw what several rings hold. Plain numbers, no Qt.

A run writes its rings one after the other. Whoever reads between two of these
writes finds one ring a batch ahead; drawn up to there, all others would seem silent.
"""

from __future__ import annotations

from collections.abc import Sequence

from conex_core.run.ring import Ring

__all__ = ["Present"]

PATIENCE = 15  # looks, half a second, before a ring that nobody writes is left out


class Present:
    """Find the last iteration that all rings know; the slowest of them counts.

    A ring that stands still while others move is waited for, but not for ever:
    its object may be one that the running network does not have.
    """

    def __init__(self) -> None:
        self._nows: list[int] = []
        self._still: list[int] = []

    def of(self, rings: Sequence[Ring]) -> int:
        """Return that iteration, 0 before there is one."""
        nows, before = [ring.now for ring in rings], self._nows
        if len(nows) != len(before):
            before, self._still = nows, [0] * len(nows)
        moving = nows != before
        for place, (now, then) in enumerate(zip(nows, before, strict=True)):
            self._still[place] = 0 if now != then else self._still[place] + moving
        self._nows = nows
        pairs = zip(nows, self._still, strict=True)
        known = [now for now, still in pairs if now and still < PATIENCE]
        return min(known, default=max(nows, default=0))
