"""Set up this checkout on a machine with nothing but Python, then run it or test it.

``python3 packaging/bootstrap.py run [arguments of conex-studio]`` opens the
window on the digits example, or runs it headless where there is no display.
``python3 packaging/bootstrap.py test [arguments of pytest]`` runs every check
and test. Standard library only; a second call starts at once.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

if sys.version_info < (3, 10):  # noqa: UP036 (this file meets the Python that is there)
    sys.exit("CoNeX Studio needs Python 3.10 or newer; this is " + sys.version.split()[0])

import children
import environment
import system_packages
from report import Trouble, say

__all__ = ["call", "checks", "has_display", "headless_commands", "main", "pytest_command"]

ROOT = Path(__file__).resolve().parent.parent
USAGE = "usage: python3 packaging/bootstrap.py {run,test} [arguments]\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks and return the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    commands = {"run": run, "test": test}
    if not given or given[0] not in commands:
        asked_for_help = given[:1] in (["-h"], ["--help"])
        (sys.stdout if asked_for_help else sys.stderr).write(f"{USAGE}\n{__doc__}")
        return 0 if asked_for_help else 2
    os.chdir(ROOT)
    try:
        with children.listening():
            return commands[given[0]](given[1:])
    except Trouble as trouble:
        sys.stderr.write(f"[conex] {trouble}\n")
        return 2
    except children.Stopped as stopped:
        sys.stderr.write("\n[conex] Stopped. Call again to go on.\n")
        return stopped.exit_code


def run(arguments: Sequence[str]) -> int:
    """Open the window, or run the same project headless, and return the exit code."""
    python = environment.make_ready(ROOT)
    chosen = list(arguments) or ["--example", "digits"]
    if not has_display(os.environ, sys.platform):
        say("There is no display: running headless")
    elif _qt_starts(python):
        return call([str(python), "-m", "conex_app", *chosen])
    return _run_headless(python, chosen)


def test(arguments: Sequence[str]) -> int:
    """Run every check, then the tests; return 0 only if all of them passed."""
    python = environment.make_ready(ROOT, ["tests"])
    system_packages.complete(system_packages.QT)
    results = {name: _timed(name, command) for name, command in checks(python).items()}
    failed = [name for name, code in results.items() if code]
    say("Checks: " + (f"failed: {', '.join(failed)}" if failed else "all passed"))
    code = _timed("pytest", pytest_command(python, arguments), quiet=True)
    return 1 if failed else code


def checks(python: Path) -> dict[str, list[str]]:
    """Return the commands that read the code, by name."""
    tools = python.parent
    return {
        "ruff format": [str(tools / "ruff"), "format", "--check", "."],
        "ruff check": [str(tools / "ruff"), "check", "."],
        "mypy": [str(python), "-m", "mypy"],
        "lint-imports": [str(tools / "lint-imports")],
    }


def pytest_command(python: Path, arguments: Sequence[str]) -> list[str]:
    """Return the command that runs the tests, two at a time unless told otherwise."""
    told = any(argument.startswith(("-n", "--numprocesses")) for argument in arguments)
    return [str(python), "-m", "pytest", *([] if told else ["-n", "2"]), *arguments]


def has_display(environ: Mapping[str, str], platform: str) -> bool:
    """Tell whether a window could be shown."""
    if environ.get("QT_QPA_PLATFORM", "").split(":")[0] in ("offscreen", "minimal"):
        return False
    if platform != "linux":
        return True
    return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def headless_commands(python: Path, arguments: Sequence[str], out: Path) -> list[list[str]]:
    """Return the commands that run, without a window, what ``arguments`` would open."""
    conex = [str(python), "-m", "conex_core"]
    if "--example" in arguments[:-1]:
        name = arguments[list(arguments).index("--example") + 1]
        project = str(out / f"{name}.conex")
        return [
            [*conex, "example", name, "-o", project],
            [*conex, "run", project, "--out", str(out)],
        ]
    projects = [argument for argument in arguments if not argument.startswith("-")]
    if not projects:
        raise Trouble("without a display there is nothing to run", "name a project file")
    return [[*conex, "run", projects[0], "--out", str(out)]]


def call(command: list[str]) -> int:
    """Run ``command`` to its end and return its exit code, as a shell tells it."""
    environ = {key: value for key, value in os.environ.items() if not key.startswith("PYTHONHOME")}
    environ.pop("PYTHONPATH", None)
    with children.started(command, environ) as child:
        code = child.wait()
    return code if code >= 0 else 128 - code


def _run_headless(python: Path, arguments: Sequence[str]) -> int:
    out = ROOT / "conex-out" / time.strftime("%Y%m%d-%H%M%S")
    out.mkdir(parents=True, exist_ok=True)
    say(f"Pictures and numbers go to {out}")
    for command in headless_commands(python, arguments, out):
        code = call(command)
        if code:
            return code
    say(f"Done. Pictures and numbers are in {out}")
    return 0


def _qt_starts(python: Path) -> bool:
    """Tell whether Qt can open its screen; an abort of the attempt stays out of this process."""
    needed = system_packages.QT | (system_packages.QT_ON_X11 if os.environ.get("DISPLAY") else {})
    system_packages.complete(needed)
    attempt = "from PySide6.QtGui import QGuiApplication; QGuiApplication([])"
    done = subprocess.run(
        [str(python), "-c", attempt], capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["it gave no reason"]
        say(f"Qt cannot open a window ({said[0]}): running headless")
    return done.returncode == 0


def _timed(name: str, command: list[str], *, quiet: bool = False) -> int:
    say(f"{name} ...")
    start = time.monotonic()
    code = call(command)
    if not quiet:  # what pytest says last stays the last line
        verdict = "passed" if code == 0 else f"FAILED (exit code {code})"
        say(f"{name} {verdict} in {time.monotonic() - start:.1f} s")
    return code


if __name__ == "__main__":
    sys.exit(main())
