"""Programs that the set-up starts, and that do not outlive it.

A signal that ends this process is passed on to the child first; a child that
does not heed it is ended by force. Away from a terminal the child leads a group
of its own, so that what it started itself ends too. At a terminal it stays in
ours, where Ctrl-C reaches it without us and where it may ask questions; there
it ends in its own way and time, and at once when Ctrl-C is pressed again.

Linux also ends the child of a script that is killed outright (SIGKILL). Windows
tells a console's Ctrl-C to both and lets nobody hear of anything else. Standard
library only.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

__all__ = ["GRACE_S", "Stopped", "listening", "started"]

GRACE_S = 10.0  # a window that stops its run and closes needs one or two

_KEYS = [number for number in signal.Signals if number.name in ("SIGINT", "SIGBREAK")]
_ENDING = [*_KEYS, *(n for n in signal.Signals if n.name in ("SIGTERM", "SIGHUP"))]
_PR_SET_PDEATHSIG = 1

Handler = Callable[[int, FrameType | None], None]


class Stopped(BaseException):
    """Report the signal that ended this process."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(f"stopped by {signal.Signals(number).name}")

    @property
    def exit_code(self) -> int:
        """Return what shells make of this signal."""
        return 128 + self.number


@contextmanager
def listening() -> Iterator[None]:
    """Raise Stopped wherever this process is when a signal would end it."""

    def stop(number: int, _frame: FrameType | None) -> None:
        raise Stopped(number)

    with _handling(stop):
        yield


@contextmanager
def started(
    command: list[str], environ: Mapping[str, str], **options: Any
) -> Iterator[subprocess.Popen[str]]:
    """Start ``command``, wait for its end, and raise Stopped if a signal brought that about."""
    heard: list[int] = []
    ends: list[_End] = []

    def pass_on(number: int, _frame: FrameType | None) -> None:
        heard.append(number)
        for end in ends:
            end.hear(number)

    # Handlers come first, so that no signal falls between the start and them.
    with _handling(pass_on):
        apart = not _at_terminal()
        with subprocess.Popen(
            command, env=environ, text=True, start_new_session=apart, preexec_fn=_bind(), **options
        ) as child:
            ends.append(_End(child, apart))
            for number in heard:
                ends[0].hear(number)
            yield child
        ends[0].clear()
    if heard:
        raise Stopped(heard[0])


class _End:
    """Bring a child to its end: with what was heard, and by force after a while."""

    def __init__(self, child: subprocess.Popen[str], apart: bool) -> None:
        self._child, self._apart = child, apart
        self._heard: list[int] = []
        self._force = threading.Timer(GRACE_S, self._kill)
        self._force.daemon = True

    def hear(self, number: int) -> None:
        """Pass the signal on, unless the terminal has; a key that is pressed again means now."""
        again = number in _KEYS and number in self._heard
        self._heard.append(number)
        if again:
            self._kill()
        elif self._apart or number not in _KEYS:
            self._send(number)
            if self._force.ident is None:
                self._force.start()

    def clear(self) -> None:
        """Leave nobody behind once the child is gone."""
        self._force.cancel()
        if self._heard and self._apart:
            self._kill()

    def _kill(self) -> None:
        self._send(signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)

    def _send(self, number: int) -> None:
        with suppress(ProcessLookupError, PermissionError):
            if sys.platform != "win32" and self._apart:
                os.killpg(self._child.pid, number)
            else:
                self._child.send_signal(number)


@contextmanager
def _handling(handler: Handler) -> Iterator[None]:
    """Handle the signals that end a process, except those that the caller has it ignore."""
    numbers = [number for number in _ENDING if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, former in before.items():
            signal.signal(number, former)


def _at_terminal() -> bool:
    """Tell whether Ctrl-C of a terminal reaches this process and what it starts."""
    if sys.platform == "win32":
        return True
    try:
        return os.tcgetpgrp(0) == os.getpgrp()
    except OSError:
        return False


def _bind() -> Callable[[], None] | None:
    """Return what a child does first to end with this process, where the system has that."""
    if sys.platform != "linux":
        return None
    prctl, parent = ctypes.CDLL(None).prctl, os.getpid()

    def bind() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died in between
            os.kill(os.getpid(), signal.SIGTERM)

    return bind
