"""A team: threads that wait, while kernels run, for rows that are handed to them."""

from __future__ import annotations

from threading import Thread
from types import TracebackType

from conex_core.run.engine import forge
from conex_core.run.engine.program import Program

__all__ = ["Team"]

_CELLS, _STOP = 8, 3


class Team:
    """Keep the further threads of a program at work inside a ``with``.

    Each keeps a processor busy all the while, so that a job begins at once.
    """

    def __init__(self, program: Program, threads: int) -> None:
        self._cells = [program.cell(size=_CELLS) for _ in range(threads - 1)]
        self._serve = forge.server()
        self._threads: list[Thread] = []

    @property
    def addresses(self) -> list[int]:
        """Return where each further thread finds its jobs."""
        return [cell.address for cell in self._cells]

    def __enter__(self) -> None:
        for cell in self._cells:
            cell.array[_STOP] = 0
            thread = Thread(target=self._serve, args=(cell.address,), name="kernels", daemon=True)
            self._threads.append(thread)
            thread.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for cell in self._cells:
            cell.array[_STOP] = 1
        while self._threads:
            self._threads.pop().join()
