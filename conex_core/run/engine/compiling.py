"""Compile kernels when they are needed, and keep them on disk.

A folder of the cache belongs to one state of the sources, so that no change
meets old code. A cache that cannot be read or written is done without.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platformdirs import user_cache_path

from conex_core.structures.interrupts import Hold

if TYPE_CHECKING:
    from conex_core.run.engine.kernel import Kernel

__all__ = ["Unavailable", "address_of", "folder", "loop_of", "unavailable"]

logger = logging.getLogger(__name__)


class Unavailable(Exception):
    """Say why nothing can be compiled here."""


def unavailable() -> str:
    """Return why kernels cannot be compiled; empty if they can."""
    return _import_problem() or _switched_off()


@cache
def _import_problem() -> str:
    try:
        with Hold():  # what was imported half-way cannot be imported again
            import numba  # noqa: F401  # absent, or broken beside another numpy
    except Exception as error:  # noqa: BLE001  # whatever keeps it away, the reference engine runs
        return f"numba cannot be used ({error})"
    return ""


def _switched_off() -> str:
    """Ask each time: a script may switch the compiler off, and on again."""
    from numba import config

    return "the compiler is switched off (NUMBA_DISABLE_JIT)" if config.DISABLE_JIT else ""


@cache
def loop_of(function: Callable[..., int], arguments: int) -> Callable[..., int]:
    """Return ``function`` of so many whole numbers, compiled to be called from Python.

    Raises
    ------
    Unavailable
        If it cannot be compiled.
    """
    from numba import njit, types

    from conex_core.run.engine.kernel import OPTIONS

    def make(cached: bool) -> Any:
        signature = types.int64(*[types.int64] * arguments)
        return njit([signature], nogil=True, cache=cached, **OPTIONS)(function)

    with Hold():  # Ctrl-C would be lost in what LLVM calls, or leave a module half-made
        return _made(function.__name__, make)  # type: ignore[no-any-return]  # numba is not typed


@cache
def address_of(kernel: Kernel) -> int:
    """Return the address of the compiled ``kernel``.

    Raises
    ------
    Unavailable
        If it cannot be compiled.
    """
    from numba import cfunc, types

    from conex_core.run.engine.kernel import OPTIONS

    def make(cached: bool) -> Any:
        return cfunc(types.int64(kernel.row), cache=cached, **OPTIONS)(kernel.function)

    with Hold():
        return int(_made(kernel.name, make).address)


@cache
def folder() -> Path:
    """Return where compiled kernels of the present sources are kept."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return user_cache_path("conex-studio", appauthor=False) / "kernels" / digest.hexdigest()[:16]


def _made(name: str, make: Callable[[bool], Any]) -> Any:
    """Compile with the cache and, where that fails, without."""
    try:
        with _cache_at(folder()):
            return make(True)
    except Exception as error:  # noqa: BLE001  # a damaged cache raises whatever it likes
        _tell_once(str(error))
    try:
        return make(False)
    except Exception as error:
        raise Unavailable(f"{name} cannot be compiled ({error})") from error


@cache
def _tell_once(problem: str) -> None:
    """Log why the cache failed: the first time, for kernels are many and the reason is one."""
    try:
        place = str(folder())
    except (OSError, RuntimeError):  # no home, or no sources
        place = "your cache folder"
    logger.warning(
        "kernels are compiled anew in each run: %s cannot be used (%s). "
        "Delete it, make room there, or set XDG_CACHE_HOME to another folder",
        place,
        problem,
    )


@contextmanager
def _cache_at(path: Path) -> Iterator[None]:
    """Let numba keep what is compiled now in ``path``."""
    from numba import config

    path.mkdir(parents=True, exist_ok=True)
    before = config.CACHE_DIR
    config.CACHE_DIR = str(path)
    try:
        yield
    finally:
        config.CACHE_DIR = before
