"""What the start of the window costs, and what its end waits for."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

from conex_app import app

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


def test_a_file_that_a_thread_writes_is_whole_before_the_program_leaves_at_once(
    monkeypatch, tmp_path
):
    written = tmp_path / "version.conex"
    codes = []
    monkeypatch.setattr("os._exit", codes.append)

    def write() -> None:
        time.sleep(0.2)
        written.write_text("whole", encoding="utf-8")

    threading.Thread(target=write).start()
    app._leave_at_once(3)

    assert written.read_text(encoding="utf-8") == "whole"
    assert codes == [3]
