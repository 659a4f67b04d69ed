"""The order in which a loop does what it is told."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from conex_core.run.host.loop import RunLoop


class Told:
    """Stand for a session that notes what is done with it."""

    iteration, error = 0, None

    def __init__(self, loop: RunLoop) -> None:
        self.loop, self.done = loop, []

    def advance(self, steps: int, _seconds: float) -> int:
        self.done.append("steps")
        self.loop.end()
        return steps

    def result(self) -> Any:
        return SimpleNamespace(groups=())


def test_what_was_told_before_the_word_to_go_comes_before_the_first_step():
    loop = RunLoop(0.05)
    session = Told(loop)

    def while_it_obeys(_session: Any) -> None:
        loop.post(lambda _: session.done.append("command"))
        loop.go(5)

    loop.post(while_it_obeys)
    loop.run(lambda _progress: session)

    assert session.done == ["command", "steps"]
