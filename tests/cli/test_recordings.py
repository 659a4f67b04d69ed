"""What recorders of a project leave in the folder of --out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from conex_core import catalog, examples
from conex_core.cli.main import main
from conex_core.graph import edits
from conex_core.graph.files import project_file
from conex_core.graph.model.document import Document

if TYPE_CHECKING:
    import pytest


def project(tmp_path: Path, *recorders: tuple[str, dict[str, Any]]) -> Path:
    doc: Document = examples.load("smallest")
    for kind, params in recorders:
        doc = edits.add_behavior(doc, "n_neurons", kind, catalog=catalog.load(), params=params)
    path = tmp_path / "recorded.conex"
    project_file.save(doc, path)
    return path


def run(path: Path) -> Path:
    folder = path.parent / "results"
    assert main(["run", str(path), "--steps", "40", "--out", str(folder), "--json"]) == 0
    return folder


def test_every_recorder_is_kept_by_group_and_variable(tmp_path: Path) -> None:
    rows = ("Recorder", {"variables": ("v",), "gap_width": 10, "neurons": (0, 2)})
    path = project(tmp_path, rows, ("EventRecorder", {}), rows)

    folder = run(path)

    kept = np.load(folder / "recordings.npz", allow_pickle=False)
    spikes = np.load(folder / "spikes.npz", allow_pickle=False)
    assert kept["Neurons.v"].shape == kept["Neurons.v#2"].shape == (4, 2)
    assert kept["Neurons.v.t"].tolist() == [10, 20, 30, 40]
    assert kept["Neurons.spikes"][:, 0].tolist() == spikes["Neurons/t"].tolist()
    assert kept["dt"] == 1.0


def test_a_recorder_with_a_path_writes_there_beside_the_project(tmp_path: Path) -> None:
    path = project(tmp_path, ("Recorder", {"path": "rows"}))

    folder = run(path)

    assert np.load(tmp_path / "rows" / "Neurons.v.npy").shape == (40, 100)
    assert not (folder / "recordings.npz").exists()


def test_recordings_of_an_earlier_run_do_not_stay(tmp_path: Path) -> None:
    run(project(tmp_path, ("Recorder", {})))

    folder = run(project(tmp_path))

    assert not (folder / "recordings.npz").exists()


def test_recordings_that_are_not_ours_stay(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "results"
    folder.mkdir()
    (folder / "recordings.npz").write_bytes(b"mine")

    code = main(["run", str(project(tmp_path)), "--steps", "5", "--out", str(folder)])

    assert code == 2
    assert "recordings.npz" in capsys.readouterr().err
