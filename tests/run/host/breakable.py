"""A behavior that fails on demand, here or in a process of its own."""

from __future__ import annotations

from typing import Any

from conex_core.run.host import child

FATAL, SPOILING, RESHAPING = 13, 14, 15


def make_breakable(setter: Any = setattr) -> None:
    """Let KWTA fail where its ``k`` is 13, leave no number at 14, another shape at 15."""
    from conex_core.behaviors.neurons.competition import KWTA

    forward = KWTA.forward

    def breaks(self: KWTA, owner: Any) -> None:
        if self.k == FATAL:
            raise ZeroDivisionError("thirteen cannot win")
        forward(self, owner)
        if self.k == SPOILING:
            owner.v[2] = float("nan")
        if self.k == RESHAPING:
            owner.v = owner.v[:5].clone()

    setter(KWTA, "forward", breaks)


def main(*pipes: Any) -> None:
    """Serve runs in which KWTA can fail."""
    make_breakable()
    child.main(*pipes)


def main_that_fails(*_pipes: Any) -> None:
    """Stand for a process that cannot begin to work."""
    raise SystemExit(3)
