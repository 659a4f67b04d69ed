"""What the start of the window costs: nothing heavy before the first paint."""

from __future__ import annotations

import subprocess
import sys

_START = """
import sys
from conex_app.app import application
app = application()
from conex_app.shell.main_window import MainWindow
window = MainWindow()
window.show()
app.processEvents()
heavy = {"torch", "pymonntorch", "NodeGraphQt", "pyqtgraph", "matplotlib"}
sys.stdout.write(",".join(sorted(heavy & sys.modules.keys())))
"""


def test_nothing_heavy_is_imported_before_the_first_paint():
    done = subprocess.run(
        [sys.executable, "-c", _START], capture_output=True, text=True, check=True, timeout=60
    )

    assert done.stdout == ""
