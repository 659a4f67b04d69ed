"""``conex plan`` says what runs each behavior, and ``--engine`` chooses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conex_core import examples
from conex_core.cli import main
from conex_core.graph import edits
from conex_core.graph.files import project_file


@pytest.fixture
def project(tmp_path: Path) -> Path:
    path = tmp_path / "smallest.conex"
    project_file.save(examples.load("smallest"), path)
    return path


def test_the_plan_lists_behaviors_in_order_and_who_runs_them(project, capsys):
    assert main(["plan", str(project)]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[2:] for line in lines[:-1]] == [
        ["LIF", "kernel"],
        ["InherentNoise", "kernel"],
        ["Fire", "kernel"],
    ]
    assert lines[-1] == "Kernels run 3 of 3 behaviors, many iterations at a time."


def test_the_plan_of_the_reference_engine_says_why(project, capsys):
    assert main(["plan", str(project), "--engine", "reference", "--json"]) == 0

    found = json.loads(capsys.readouterr().out)
    assert found["engine"] == "reference"
    assert not any(item["kernel"] for item in found["behaviors"])


def test_a_project_with_errors_has_no_plan(project, capsys):
    project_file.save(edits.set_param(project_file.load(project), "n_neurons", "size", 0), project)

    assert main(["plan", str(project)]) == 2
    assert "size" in capsys.readouterr().err


def test_both_engines_print_the_same_spike_hash(project, capsys):
    hashes = set()
    for engine in ("fused", "reference"):
        assert main(["run", str(project), "--steps", "50", "--engine", engine, "--json"]) == 0
        hashes.add(json.loads(capsys.readouterr().out)["spike_hash"])

    assert len(hashes) == 1


def test_threads_change_no_spike(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hashes = []
    for threads in ("1", "3"):
        assert main(["run", str(project), "--steps", "50", "--threads", threads, "--json"]) == 0
        hashes.append(json.loads(capsys.readouterr().out)["spike_hash"])

    assert hashes[0] == hashes[1]


def test_a_number_of_threads_has_bounds(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(project), "--threads", "0"]) == 2
    assert "from 1 to 64" in capsys.readouterr().err
