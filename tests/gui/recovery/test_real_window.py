"""A real window in a process of its own, ended in the middle of work, and the next start."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from conex_app.look.typing import typed_now
from conex_app.recovery.folder import left_work
from conex_app.shell.main_window import MainWindow
from conex_core import catalog as catalogs
from conex_core.graph.files import project_file
from conex_core.graph.model.document import Document

ROOT = Path(__file__).resolve().parents[3]
BUILD = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from conex_app import app
from conex_app.shell.main_window import MainWindow

def build(window):
    window.actions_of["file.new"].trigger()
    for _ in range(3):
        window.actions_of["insert.NeuronGroup"].trigger()
    window.activateWindow()
    row = window.workspace.inspector.page.row(None, "size")
    row.focus_field()
    QTest.keyClicks(row.field.focus_target(), "77")
    QTimer.singleShot(1000, lambda: print("built", flush=True))

shown = MainWindow.show
def show(window):
    shown(window)
    window.furnished.connect(lambda: QTimer.singleShot(0, lambda: build(window)))
MainWindow.show = show
sys.exit(app.main([]))
"""


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL], ids=str)
@pytest.mark.skipif(sys.platform == "win32", reason="ends processes by signals")
def test_a_window_that_is_ended_leaves_its_work_and_the_next_one_offers_it(
    own_folders: Path, qtbot, settings, end: signal.Signals
) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", BUILD], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert child.stdout.readline() == "built\n"

    child.send_signal(end)
    code = child.wait(20)
    child.stdout.close()

    window = MainWindow(settings)
    qtbot.addWidget(window, before_close_func=lambda one: one.leave())
    window.show()
    window.furnish(catalogs.load())
    recovery = window.workspace.recovery
    qtbot.waitUntil(lambda: recovery.dialog is not None, timeout=5000)
    window.activateWindow()
    qtbot.keyClick(recovery.dialog.focusWidget(), "\r")

    assert code == (0 if end != signal.SIGKILL else -signal.SIGKILL)
    assert len(window.document.whole.network.nodes) == 3
    assert window.document.stack.undoText().startswith("Add neuron group")
    assert window.isWindowModified()
    assert typed_now(window).text == "77"
    assert typed_now(window).label.startswith("size")
    recovery.stop()
    assert not left_work([recovery.folder])
    assert list(recovery.folder.iterdir()) == []


def test_a_second_window_on_a_file_says_so_and_works_on(qtbot, settings, tmp_path: Path) -> None:
    path = tmp_path / "net.conex"
    project_file.save(Document(), path)
    windows = []
    for _ in range(2):
        window = MainWindow(settings)
        qtbot.addWidget(window)
        window.show()
        window.furnish(catalogs.load())
        window.open(path)
        window.workspace.recovery.flush()
        windows.append(window)

    first, second = windows

    assert not first.message.isVisible()
    assert second.message.isVisible()
    assert "also open in another window" in second.message.text.text()
    assert second.document.path == path
    first.close()
    second.close()
