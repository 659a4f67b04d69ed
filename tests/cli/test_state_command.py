"""``conex state`` lists what a state file holds and takes entries out."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from conex_core.cli import main
from conex_core.state import State
from tests.tiny_network import CLASSES, network_with

WEIGHTS = "tested/WeightInitializer/weights"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    network, _, _ = network_with(CLASSES["SparseSTDP"], seed=5)
    network.initialize(warnings=False)
    network.simulate_iterations(7)
    network.state().save(tmp_path / "state.safetensors")
    return tmp_path / "state.safetensors"


def test_json_tells_of_every_entry(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["state", str(file), "--json"])

    told = json.loads(capsys.readouterr().out)
    rows = {row["name"]: row for row in told["entries"]}
    weights = State.load(file).entries()[WEIGHTS].values()
    assert (code, told["iteration"], told["dt"]) == (0, 7, 1.0)
    assert list(rows) == sorted(State.load(file).entries())
    assert rows[WEIGHTS]["shape"] == [4, 4]
    assert (rows[WEIGHTS]["sparse"], rows[WEIGHTS]["stored"]) == (True, 8)
    assert rows[WEIGHTS]["mean"] == pytest.approx(float(weights.mean()))
    assert "mean" not in rows["tested/SparseSTDP/generator"]


def test_the_list_has_a_line_for_every_entry(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["state", str(file)])

    first, _, *lines = capsys.readouterr().out.splitlines()
    assert first.endswith("iteration 7 (7 ms), dt 1 ms")
    assert [line.split("  ")[0] for line in lines] == list(State.load(file).entries())


def test_export_writes_one_entry_dense_where_it_is_sparse_and_says_so(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["state", str(file), "--export", WEIGHTS, "-o", str(tmp_path / "w.npy")])

    expected = State.load(file).entries()[WEIGHTS].to_dense().numpy()
    assert code == 0
    assert np.array_equal(np.load(tmp_path / "w.npy", allow_pickle=False), expected)
    assert "spread from sparse" in capsys.readouterr().out


@pytest.mark.parametrize("missing", [["--export", "a"], ["-o", "b.npy"]])
def test_export_and_its_file_go_together(
    missing: list[str], file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["state", str(file), *missing]) == 2
    assert "go together" in capsys.readouterr().err


def test_an_unknown_entry_gets_the_nearest_name(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = WEIGHTS.replace("weights", "wieghts")

    code = main(["state", str(file), "--export", wrong, "-o", str(tmp_path / "w.npy")])

    assert code == 2
    assert f"Did you mean {WEIGHTS!r}?" in capsys.readouterr().err
    assert not (tmp_path / "w.npy").exists()


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def foreign(path: Path) -> None:
    save_file({"x": torch.zeros(2)}, path)


def newer(path: Path) -> None:
    save_file({"x": torch.zeros(2)}, path, {"conex-state": '{"version": 99}'})


def untrue(path: Path) -> None:
    text = (
        '{"version": 2, "data": {"map": {"values": {"map": {"a": {"map": {"v": {"tensor": 3}}}}}}}}'
    )
    save_file({"x": torch.zeros(2)}, path, {"conex-state": text})


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (cut, "cannot be read as a state"),
        (foreign, "holds no state"),
        (newer, "newer version"),
        (untrue, "damaged state"),
        (folder, "is a folder"),
        (Path.unlink, "no such file"),
    ],
)
@pytest.mark.parametrize("more", [[], ["--json"]])
def test_other_files_are_refused_in_words(
    change, words: str, more: list[str], file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(file)

    code = main(["state", str(file), *more])

    told = capsys.readouterr()
    assert (code, told.out) == (2, "")
    assert words in told.err
    assert "Traceback" not in told.err
