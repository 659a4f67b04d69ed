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
from importlib import import_module
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

__all__ = ["Unavailable", "address_of", "driver", "folder", "server", "unavailable"]

logger = logging.getLogger(__name__)


class Unavailable(Exception):
    """Say why nothing can be compiled here."""


@cache
def unavailable() -> str:
    """Return why kernels cannot be compiled; empty if they can."""
    try:
        import numba  # noqa: F401  # absent, or broken beside another numpy
    except Exception as error:  # noqa: BLE001  # whatever keeps it away, the reference engine runs
        return f"numba cannot be used ({error})"
    return ""


@cache
def driver() -> Callable[[int, int, int, int, int, int], int]:
    """Return the compiled loop over the rows of a program.

    Raises
    ------
    Unavailable
        If it cannot be compiled.
    """
    from numba import njit, types

    from conex_core.run.engine.kernels.drive import drive
    from conex_core.run.engine.kernels.memory import OPTIONS

    def make(cached: bool) -> Any:
        return njit([types.int64(*[types.int64] * 6)], nogil=True, cache=cached, **OPTIONS)(drive)

    return _made("drive", make)  # type: ignore[no-any-return]  # numba is not typed


@cache
def server() -> Callable[[int], int]:
    """Return the compiled loop of a further thread.

    Raises
    ------
    Unavailable
        If it cannot be compiled.
    """
    from numba import njit, types

    from conex_core.run.engine.kernels.memory import OPTIONS
    from conex_core.run.engine.kernels.team import serve

    def make(cached: bool) -> Any:
        return njit([types.int64(types.int64)], nogil=True, cache=cached, **OPTIONS)(serve)

    return _made("serve", make)  # type: ignore[no-any-return]  # numba is not typed


@cache
def address_of(name: str) -> int:
    """Return the address of the compiled kernel ``name``.

    Raises
    ------
    Unavailable
        If it cannot be compiled.
    """
    from numba import cfunc, types

    function, options = _kernels()[name]

    def make(cached: bool) -> Any:
        signature = types.int64(types.int64, types.int64)
        return cfunc(signature, cache=cached, **options)(function)

    return int(_made(name, make).address)


@cache
def folder() -> Path:
    """Return where compiled kernels of the present sources are kept."""
    digest = hashlib.sha256()
    for path in sorted((Path(__file__).parent / "kernels").glob("*.py")):
        digest.update(path.read_bytes())
    return user_cache_path("conex-studio", appauthor=False) / "kernels" / digest.hexdigest()[:16]


def _kernels() -> dict[str, tuple[Callable[[int, int], int], dict[str, Any]]]:
    for path in (Path(__file__).parent / "kernels").glob("[!_]*.py"):  # which enter their kernels
        import_module(f"conex_core.run.engine.kernels.{path.stem}")
    from conex_core.run.engine.kernels.memory import KERNELS, OPTIONS

    return {name: (function, OPTIONS) for name, function in KERNELS.items()}


def _made(name: str, make: Callable[[bool], Any]) -> Any:
    """Compile with the cache and, where that fails, without."""
    try:
        with _cache_at(folder()):
            return make(True)
    except Exception as error:  # noqa: BLE001  # a damaged cache raises whatever it likes
        logger.warning("kernels are compiled anew: the cache in %s failed (%s)", folder(), error)
    try:
        return make(False)
    except Exception as error:
        raise Unavailable(f"{name} cannot be compiled ({error})") from error


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
