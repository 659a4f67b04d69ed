"""Importing NodeGraphQt in short pieces, so that a window already shown stays awake.

NodeGraphQt reads Qt through Qt.py, which imports every Qt module there is (0.4 s
on a warm disk), and asks for ``distutils``, which Python 3.12 no longer has; the
one class it takes from there is lent for the time of the import.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import logging
import os
import sys
import types
import warnings
from collections.abc import Callable, Iterator
from functools import partial

__all__ = ["import_all", "steps"]

logger = logging.getLogger(__name__)

_QT_MODULES = (
    "QtNetwork",
    "QtXml",
    "QtSvg",
    "QtSql",
    "QtTest",
    "QtPrintSupport",
    "QtOpenGL",
    "QtHelp",
    "QtQml",
    "QtQuick",
    "QtQuickWidgets",
    "QtSvgWidgets",
    "QtUiTools",
)


class Version(tuple[int, ...]):
    """Compare dotted version numbers, as NodeGraphQt does once for Qt's."""

    def __new__(cls, text: str) -> Version:
        return super().__new__(cls, (int(part) for part in text.split(".") if part.isdigit()))


def steps() -> Iterator[Callable[[], None]]:
    """Yield the imports in order; each takes some hundredths of a second."""
    for name in _QT_MODULES:
        yield partial(_import_qt, name)
    for name in ("Qt", "NodeGraphQt", "conex_app.canvas.scene.display"):
        yield partial(_import_quietly, name)


def import_all() -> None:
    """Import everything that the canvas needs at once."""
    for step in steps():
        step()


def _import_qt(name: str) -> None:
    """Import one Qt module; Qt.py does without those that this machine lacks."""
    try:
        importlib.import_module(f"PySide6.{name}")
    except ImportError as error:
        logger.debug("PySide6.%s is not used: %s", name, error)


def _import_quietly(name: str) -> None:
    if name in sys.modules:
        return
    os.environ.setdefault("QT_PREFERRED_BINDING", "PySide6")
    said = io.StringIO()
    with contextlib.redirect_stderr(said), warnings.catch_warnings(), _distutils():
        warnings.filterwarnings("ignore", "The distutils package", DeprecationWarning)
        importlib.import_module(name)
    if said.getvalue():
        logger.debug("importing %s said: %s", name, said.getvalue().strip())


@contextlib.contextmanager
def _distutils() -> Iterator[None]:
    """Lend ``distutils.version.LooseVersion`` where nobody has imported distutils."""
    if "distutils" in sys.modules:
        yield
        return
    package, module = types.ModuleType("distutils"), types.ModuleType("distutils.version")
    module.LooseVersion = Version  # type: ignore[attr-defined]
    sys.modules |= {"distutils": package, "distutils.version": module}
    try:
        yield
    finally:
        del sys.modules["distutils"], sys.modules["distutils.version"]
