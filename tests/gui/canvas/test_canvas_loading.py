"""Importing NodeGraphQt: quiet, whole, and without leaving anything borrowed behind."""

from __future__ import annotations

import subprocess
import sys

from conex_app.canvas.scene import loading

LOAD = """
import sys
from PySide6.QtWidgets import QApplication
app = QApplication([])
import conex_app.canvas
assert "NodeGraphQt" not in sys.modules
from conex_app.canvas.scene import loading
loading.import_all()
assert "NodeGraphQt" in sys.modules
assert "distutils" not in sys.modules
assert "torch" not in sys.modules
"""


def test_the_import_is_late_and_silent_and_brings_no_torch():
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", LOAD], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr, done.stdout) == (0, "", "")


def test_the_lent_version_compares_as_numbers():
    assert loading.Version("6.11.3") > loading.Version("5.10")
