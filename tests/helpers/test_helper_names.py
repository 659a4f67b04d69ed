"""The helpers' public names: sorted, all there, and cheap to import."""

from __future__ import annotations

import subprocess
import sys

import pytest

import conex_core.helpers
from conex_core.helpers import visualization


@pytest.mark.parametrize("package", [conex_core.helpers, visualization])
def test_every_public_name_is_there_and_sorted(package):
    assert list(package.__all__) == sorted(package.__all__)
    assert all(getattr(package, name) is not None for name in package.__all__)


def test_unknown_names_are_attribute_errors():
    with pytest.raises(AttributeError):
        conex_core.helpers.nothing  # noqa: B018 - looking it up is the test


def test_importing_the_packages_loads_neither_torch_nor_qt_nor_matplotlib():
    code = (
        "import sys, conex_core.helpers.visualization\n"
        "heavy = {'torch', 'PySide6', 'pyqtgraph', 'matplotlib'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )

    subprocess.run([sys.executable, "-c", code], check=True)
