"""What the set-up script starts does not outlive it, whichever signal ends it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

LONG_S = 60  # what is waited for comes in a second, but not on a busy machine
ROOT = Path(__file__).resolve().parent.parent
SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"]

# The script as it is, with a program of the test in place of the window. Whoever runs the
# tests may have it ignore signals (nohup does), so that is said anew.
SCRIPT = f"""
import signal, sys
sys.path.insert(0, {str(ROOT / "packaging")!r})
import bootstrap, children
grace, program, ignored = sys.argv[1:]
for name in {SIGNALS!r}:
    signal.signal(signal.Signals[name], signal.SIG_IGN if name == ignored else signal.SIG_DFL)
children.GRACE_S = float(grace)
bootstrap.run = bootstrap.call
sys.exit(bootstrap.main(["run", sys.executable, "-c", program]))
"""
SLEEPS = "import time; print('here', flush=True); time.sleep(600)"
IGNORES = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEPS}"
HAS_A_CHILD = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {SLEEPS!r}])"
COUNTS = """
import signal, time
heard = []
signal.signal(signal.SIGINT, lambda *_: heard.append(1))
print("here", flush=True)
while not heard:
    time.sleep(0.01)
time.sleep(0.3)
print("heard", len(heard), flush=True)
"""
STUBBORN = """
import signal, time
signal.signal(signal.SIGINT, lambda *_: print("no", flush=True))
print("here", flush=True)
time.sleep(600)
"""
AT_A_TERMINAL = "import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are Unix's")


@pytest.fixture
def start():
    """Start the script on a program of its own and wait until that is there."""
    started = []

    def run(program, *, grace=20.0, before=(), ignored=""):
        command = [*before, sys.executable, "-c", SCRIPT, str(grace), program, ignored]
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE if before else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        started.append(process)
        assert process.stdout.readline().strip() == b"here"
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("name", SIGNALS)
@pytest.mark.parametrize("program", [SLEEPS, HAS_A_CHILD], ids=["child", "child of a child"])
def test_a_signal_ends_all_that_was_started_and_the_exit_code_says_which(start, name, program):
    script = start(program)

    script.send_signal(signal.Signals[name])

    assert until_all_are_gone(script).endswith("[conex] Stopped. Call again to go on.\n")
    assert script.returncode == 128 + signal.Signals[name]


def test_a_child_that_will_not_end_is_ended_by_force(start):
    script = start(IGNORES, grace=0.2)

    script.send_signal(signal.SIGTERM)

    until_all_are_gone(script)
    assert script.returncode == 128 + signal.SIGTERM


@pytest.mark.skipif(sys.platform != "linux", reason="Linux tells children of a killed parent")
def test_a_script_that_is_killed_outright_takes_its_child_along(start):
    script = start(SLEEPS)

    script.kill()

    until_all_are_gone(script)
    assert script.returncode == -signal.SIGKILL


def test_ctrl_c_at_a_terminal_reaches_the_child_once_and_leaves_it_its_time(start):
    script = start(COUNTS, grace=0.0, before=[sys.executable, "-c", AT_A_TERMINAL])

    press_ctrl_c(script)

    assert "heard 1" in until_all_are_gone(script)
    assert script.returncode == 130


def test_a_second_ctrl_c_ends_a_child_that_did_not_heed_the_first(start):
    script = start(STUBBORN, before=[sys.executable, "-c", AT_A_TERMINAL])
    press_ctrl_c(script)
    assert b"no" in script.stdout.readline()

    press_ctrl_c_until_it_ends(script)

    until_all_are_gone(script)
    assert script.returncode == 130


def test_a_signal_that_the_caller_ignores_stays_ignored(start):
    brief = "import time; print('here', flush=True); time.sleep(0.5)"
    script = start(brief, ignored="SIGHUP")

    script.send_signal(signal.SIGHUP)

    until_all_are_gone(script)
    assert script.returncode == 0


def test_a_child_that_dies_of_a_signal_of_its_own_is_told_as_a_shell_tells_it(start):
    dies = "import os, signal; print('here', flush=True); os.kill(os.getpid(), signal.SIGSEGV)"

    script = start(dies)

    until_all_are_gone(script)
    assert script.returncode == 128 + signal.SIGSEGV


def press_ctrl_c(script: subprocess.Popen[bytes]) -> None:
    script.stdin.write(b"\x03")
    script.stdin.flush()


def press_ctrl_c_until_it_ends(script: subprocess.Popen[bytes]) -> None:
    """Press again and again: to a script that has not heard the first yet, two are one."""
    deadline = time.monotonic() + LONG_S
    while script.poll() is None and time.monotonic() < deadline:
        with suppress(BrokenPipeError):
            press_ctrl_c(script)
        with suppress(subprocess.TimeoutExpired):
            script.wait(0.5)


def until_all_are_gone(script: subprocess.Popen[bytes]) -> str:
    """Return what was said: reading ends when nobody is left who could write."""
    said, _ = script.communicate(timeout=LONG_S)
    return said.decode()
