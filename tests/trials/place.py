"""The place of a trial: a folder that stands for the user's home, and processes in it."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

__all__ = ["ROOT", "Place", "temporary_place"]

ROOT = Path(__file__).resolve().parents[2]
MARK = "CONEX_TRIAL"  # in the environment of every process of a trial
MOST_MEMORY = 8 * 2**30  # bytes of data; a network typed too large fails instead of the machine


class Place:
    """Hold the folders of one trial."""

    def __init__(self, folder: Path, cache: Path | None = None) -> None:
        self.folder = folder
        self.home, self.work = folder / "home", folder / "work"
        self.data, self.settings = folder / "data", folder / "config"
        self.cache = cache if cache is not None else folder / "cache"
        for each in (self.home, self.work, self.data, self.settings, self.cache):
            each.mkdir(parents=True, exist_ok=True)

    @property
    def environment(self) -> dict[str, str]:
        """Return what a process of the trial has for an environment."""
        return {
            **os.environ,
            MARK: str(self.folder),
            "HOME": str(self.home),
            "XDG_CACHE_HOME": str(self.cache),
            "XDG_CONFIG_HOME": str(self.settings),
            "XDG_DATA_HOME": str(self.data),
            "XDG_STATE_HOME": str(self.folder / "state"),
            "XDG_RUNTIME_DIR": str(self.home),
            "QT_QPA_PLATFORM": "offscreen",
            "QT_LOGGING_RULES": "qt.qpa.*=false",
            "OMP_NUM_THREADS": "1",
            "PYTHONPATH": os.pathsep.join(
                [*filter(None, [os.environ.get("PYTHONPATH")]), str(ROOT)]
            ),
            "PYTHONFAULTHANDLER": "1",
        }

    def start(self, module: str, arguments: Sequence[str], **pipes: object) -> subprocess.Popen:
        """Start a module of the trials in this place."""
        return subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=self.work,
            env=self.environment,
            text=True,
            preexec_fn=_limit_memory,
            **pipes,  # type: ignore[call-overload]
        )

    def processes(self) -> list[int]:
        """Return the ids of the processes of this trial that still live."""
        mark = f"{MARK}={self.folder}".encode()
        return [int(each.name) for each in Path("/proc").glob("[0-9]*") if mark in _environ(each)]


@contextmanager
def temporary_place(cache: Path | None = None) -> Iterator[Place]:
    """Make a place and take it away again."""
    with tempfile.TemporaryDirectory(prefix="conex-trial-", ignore_cleanup_errors=True) as folder:
        yield Place(Path(folder), cache)


def _environ(process: Path) -> list[bytes]:
    try:
        return (process / "environ").read_bytes().split(b"\0")
    except OSError:
        return []


def _limit_memory() -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
