"""Start a simulator on a case and read its line; say which simulators are not there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.cases import Simulator

__all__ = ["ROOT", "Failed", "Place"]

ROOT = Path(__file__).resolve().parents[2]
_LONGEST = 900.0  # seconds of one run, compiling included


class Failed(Exception):
    """Say why a simulator gave no line."""


@dataclass(frozen=True)
class Place:
    """Hold where the peers are: their scripts, and the interpreters that have them."""

    scripts: Path | None
    pythons: Mapping[str, str]  # "peers" and "brian"; empty where there is none
    core: str = ""  # what everything is pinned to

    def why_missing(self, simulator: Simulator) -> str:
        """Return why ``simulator`` cannot run here; empty if it can."""
        if not simulator.script:
            return ""
        if self.scripts is None or not (self.scripts / simulator.script).is_file():
            return f"no {simulator.script}: pass --peers FOLDER"
        python = self.pythons.get(simulator.python, "")
        if not python or shutil.which(python) is None:
            option = "--brian-python" if simulator.python == "brian" else "--python"
            return f"no interpreter: pass {option} PATH"
        missing = [name for name, version in self.versions(simulator).items() if not version]
        return f"{python} has no {', '.join(missing)}" if missing else ""

    def run(self, simulator: Simulator, workload: str, arguments: Iterable[str]) -> dict[str, Any]:
        """Return the line of one run.

        Raises
        ------
        Failed
            If it ends otherwise than with a line of JSON.
        """
        command = [*self._start(simulator), workload, *arguments, *simulator.options]
        try:
            done = subprocess.run(
                command,
                capture_output=True,
                text=True,
                timeout=_LONGEST,
                check=False,
                cwd=ROOT if not simulator.script else self.scripts,
                env=self._environment(simulator),
            )
        except subprocess.TimeoutExpired:
            raise Failed(f"took longer than {_LONGEST:.0f} s") from None
        lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
        if done.returncode or not lines:
            said = (done.stderr or done.stdout).strip().splitlines() or ["no output"]
            raise Failed(f"ended with code {done.returncode}: {said[-1]}")
        return dict(json.loads(lines[-1]))

    def versions(self, simulator: Simulator) -> dict[str, str]:
        """Return the versions of the packages behind ``simulator``; empty where missing."""
        program = (
            "import importlib.metadata as m, json, sys\n"
            "found = {d.metadata['Name'].lower(): d.version for d in m.distributions()}\n"
            "print(json.dumps({name: found.get(name, '') for name in sys.argv[1:]}))"
        )
        command = [self._python(simulator), "-c", program, *simulator.packages]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return dict(json.loads(done.stdout))

    def _python(self, simulator: Simulator) -> str:
        return self.pythons[simulator.python] if simulator.script else sys.executable

    def _start(self, simulator: Simulator) -> list[str]:
        pinned = ["taskset", "-c", self.core] if self.core and shutil.which("taskset") else []
        if not simulator.script or self.scripts is None:
            return [*pinned, self._python(simulator), "-m", "tests.benchmarks"]
        script = self.scripts / simulator.script
        return [*pinned, self._python(simulator), str(script)]

    def _environment(self, simulator: Simulator) -> dict[str, str]:
        quiet = {"PYNEST_QUIET": "1", "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1"}
        return {**os.environ, **quiet, **simulator.environment}
