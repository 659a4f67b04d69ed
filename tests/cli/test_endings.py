"""What the command line writes ends as its format does, or nothing is begun."""

from __future__ import annotations

from pathlib import Path

import pytest

from conex_core import examples
from conex_core.cli import main

SMALLEST = str(examples.path_of("smallest"))
CALLS = {
    "state": (["run", SMALLEST, "--steps", "5", "--save-state"], "b.npz", "b.safetensors"),
    "state without": (["run", SMALLEST, "--steps", "5", "--save-state"], "b", "b.safetensors"),
    "array": (["state", "none", "--export", "v", "-o"], "w.npz", "w.npy"),
    "script": (["script", SMALLEST, "-o"], "net v1.5", "net v1.5.py"),
    "project": (["example", "smallest", "-o"], "a.py", "a.conex"),
    "block": (["block", "export", "Delay line", "-o"], "a.json", "a.conexblock"),
    "structure": (["block", "export", "--structure", "Delay line", "-o"], "a.txt", "a.json"),
    "imported": (["block", "import", "none", "-o"], "a.conex", "a.conexblock"),
    "only the ending": (["script", SMALLEST, "-o"], ".py", ".py.py"),
}


@pytest.mark.parametrize(("call", "name", "better"), CALLS.values(), ids=CALLS)
def test_a_name_of_another_format_is_refused_before_anything_runs(
    call: list[str], name: str, better: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main([*call, str(tmp_path / name)])

    told = capsys.readouterr()
    assert (code, told.out) == (2, "")
    assert f"Call it {better}" in told.err
    assert not list(tmp_path.iterdir())


def test_capitals_are_the_same_ending(tmp_path: Path) -> None:
    assert main(["example", "smallest", "-o", str(tmp_path / "A.CONEX")]) == 0
