"""The shipped scripts run, spike like cortex, and give the same spikes for the same seed."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from conex_core import examples
from conex_core.cli import main

SCRIPTS = Path(__file__).parents[3] / "resources" / "scripts"
# Long enough for every group to settle, and for a tenth of what the digits teach.
SHORT = {"cortical_layers": "400", "digits_column": "1500"}
RATE = re.compile(r"(\d+\.\d+) Hz$", re.MULTILINE)


def output(name: str, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    runpy.run_path(str(SCRIPTS / f"{name}.py"))["main"](["--time", SHORT[name], *arguments])
    return capsys.readouterr().out


def spike_hash(text: str) -> str:
    return next(line for line in text.splitlines() if line.startswith("spike hash"))


def test_every_script_is_tried_here() -> None:
    assert examples.script_names() == sorted(SHORT)


@pytest.mark.parametrize("name", SHORT)
@pytest.mark.parametrize("seed", ["1", "2"])
def test_no_group_is_silent_or_explodes(
    name: str, seed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rates = [float(rate) for rate in RATE.findall(output(name, capsys, "--seed", seed))]

    assert len(rates) == {"cortical_layers": 5, "digits_column": 7}[name]
    assert all(1 <= rate <= 60 for rate in rates), rates


@pytest.mark.parametrize("name", SHORT)
def test_the_seed_decides_every_spike(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    first, again, other = (output(name, capsys, "--seed", seed) for seed in ("3", "3", "4"))

    assert spike_hash(first) == spike_hash(again)
    assert spike_hash(first) != spike_hash(other)


@pytest.mark.parametrize("name", SHORT)
def test_a_copied_script_runs_by_itself(name: str, tmp_path: Path) -> None:
    target = tmp_path / "mine.py"
    assert main(["example", name, "-o", str(target)]) == 0

    done = subprocess.run(
        [sys.executable, str(target), "--time", "120"],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(SCRIPTS.parents[1])},
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert "spike hash" in done.stdout


def test_scripts_are_listed_with_what_they_show(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "examples"]) == 0

    listed = capsys.readouterr().out
    assert all(name in listed and examples.summary_of(name) in listed for name in SHORT)
