"""Watch the CPU time that the window's thread spends on one event."""

from __future__ import annotations

import os
import sys
import threading
import time
import traceback
from collections.abc import Callable

__all__ = ["Watchdog"]

LONGEST_CPU_S = 2.0
GIVE_UP_CPU_S = 20.0
GIVE_UP_S = 240.0  # of a clock: an event that waits for ever uses no CPU
STUCK = 97  # the exit code then


class Watchdog:
    """Tell of events of the main thread that take more than two seconds of its CPU."""

    def __init__(self, told: Callable[[str], None]) -> None:
        self._told = told
        self._main = threading.main_thread().ident or 0
        self._clock = time.pthread_getcpuclockid(self._main)
        self.longest = 0.0
        self._tells = False
        self._begin()
        threading.Thread(target=self._watch, name="watchdog", daemon=True).start()

    def beat(self) -> None:
        """Say that an event is over and the next one begins."""
        self.longest = max(self.longest, self._spent())
        self._begin()

    def forget(self) -> None:
        """Leave out what was done since the last beat; it was no event."""
        self._begin()

    def _begin(self) -> None:
        self._since, self._at, self._tells = self._cpu(), time.monotonic(), True

    def _cpu(self) -> float:
        return time.clock_gettime(self._clock)

    def _spent(self) -> float:
        return self._cpu() - self._since

    def _watch(self) -> None:
        while True:
            time.sleep(0.1)
            spent = self._spent()
            if spent > LONGEST_CPU_S and self._tells:
                self._tells = False
                self._told(f"{spent:.1f} s of CPU and not over\n{self._where()}")
            if spent > GIVE_UP_CPU_S or time.monotonic() - self._at > GIVE_UP_S:
                self._told(f"given up after {spent:.1f} s of CPU\n{self._where()}")
                os._exit(STUCK)

    def _where(self) -> str:
        frame = sys._current_frames().get(self._main)
        return "".join(traceback.format_stack(frame)) if frame else ""
