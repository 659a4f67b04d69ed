"""The command line: what it prints, writes and answers with."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from conex_core import catalog, examples
from conex_core.cli import main
from conex_core.graph import edits
from conex_core.graph.files import project_file
from conex_core.graph.model.document import Document
from conex_core.run.session import Session

SMALLEST = str(examples.path_of("smallest"))
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    path = tmp_path / "project.conex"
    project_file.save(examples.load("smallest"), path)
    return path


def test_run_prints_one_json_object_with_the_promised_fields(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = main(["run", SMALLEST, "--steps", "200", "--json"])

    data = json.loads(capsys.readouterr().out)
    assert code == 0
    assert data["steps"] == 200
    assert data["sim_seconds"] == 0.2
    assert data["problems"] == []
    assert set(data["groups"][0]) == {"name", "size", "spikes", "mean_rate_hz"}
    assert {"steps_per_second", "spike_hash"} <= set(data)


@pytest.mark.parametrize("name", ["smallest", "balanced", "digits"])
def test_command_line_session_and_script_give_the_same_spikes(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    short = tmp_path / "short.conex"
    project_file.save(edits.set_settings(examples.load(name), duration=120.0), short)
    script = tmp_path / "script.py"

    main(["run", str(short), "--json"])
    from_command = json.loads(capsys.readouterr().out)["spike_hash"]
    from_session = Session.of(project_file.load(short), catalog.load()).run(120).spike_hash
    main(["script", str(short), "-o", str(script)])
    from_script = python(str(script)).stdout.split()[-1]

    assert from_command == from_session == from_script


def test_the_module_is_the_command(project: Path) -> None:
    done = python("-m", "conex_core", "run", str(project), "--time", "50")

    assert done.returncode == 0, done.stderr
    assert "50 steps" in done.stdout
    assert "spike hash" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--steps", "0"], "from 1"),
        (["--steps", "-5"], "from 1"),
        (["--steps", "9" * 40], "from 1"),
        (["--steps", "many"], "whole number"),
        (["--time", "nan"], "above 0 ms"),
        (["--time", "-1"], "above 0 ms"),
        (["--time", "1e300"], "at most"),
        (["--seed", "-1"], "whole number"),
        (["--seed", str(2**70)], "whole number"),
        (["--steps", "1", "--time", "1"], "not allowed"),
        (["--device", "toaster"], "device"),
        (["--device", "cuda:99"], "device"),
        (["--nonsense"], "--help"),
    ],
)
def test_a_wrong_call_is_explained(
    arguments: list[str], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["run", SMALLEST, *arguments])

    output = capsys.readouterr()
    assert code == 2
    assert expected in output.err
    assert "Traceback" not in output.err
    assert output.out == ""


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[1, 2]",
        b'{"format": "conex-project", "version": 99}',
        b'{"format": "something"}',
        b"\xff\xfe\x00junk",
        b'{"format": "conex-project", "version": 1, "name": NaN}',
    ],
)
@pytest.mark.parametrize("command", ["run", "check", "script", "state"])
def test_a_broken_file_is_explained_and_left_alone(
    content: bytes, command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "broken.conex"
    path.write_bytes(content)

    code = main([command, str(path)])

    message = capsys.readouterr().err
    assert code == 2
    assert "broken.conex" in message
    assert "Traceback" not in message
    assert path.read_bytes() == content


@pytest.mark.parametrize("command", ["run", "check", "script", "state"])
def test_a_missing_file_or_a_folder_is_explained(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, str(tmp_path / "missing.conex")]) == 2
    assert "missing.conex" in capsys.readouterr().err
    assert main([command, str(tmp_path)]) == 2
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("node", "values", "expected"),
    [
        ("n_neurons", {"size": -5}, "size"),
        ("n_neurons", {"size": "many"}, "size"),
        ("n_neurons", {"size": 10**12}, "memory"),
        ("n_neurons", {"polarity": "sideways"}, "polarity"),
    ],
)
def test_a_wrong_value_is_a_problem_with_its_place(
    node: str,
    values: dict[str, Any],
    expected: str,
    project: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    doc = project_file.load(project)
    for name, value in values.items():
        doc = edits.set_param(doc, node, name, value)
    project_file.save(doc, project)

    code = main(["run", str(project), "--json"])

    output = capsys.readouterr()
    assert code == 2
    assert expected in output.err
    assert json.loads(output.out)["problems"]


def test_an_empty_project_has_nothing_to_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "empty.conex"
    project_file.save(Document(), path)

    assert main(["run", str(path)]) == 2
    assert "Add a neuron group" in capsys.readouterr().err


def test_a_data_file_outside_the_project_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    doc = examples.load("digits")
    for name, value in (("source", "npz"), ("path", "../../etc/passwd")):
        doc = edits.set_param(doc, "n_digits", name, value)
    path = tmp_path / "escape.conex"
    project_file.save(doc, path)

    assert main(["run", str(path), "--steps", "5"]) == 2
    assert "out of the project's folder" in capsys.readouterr().err


def test_a_failing_simulation_answers_3_and_names_the_place(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from conex_core import Fire

    def fail(self: Any, owner: Any) -> None:
        if owner.network.iteration == 7:
            raise RuntimeError("no seventh step")

    monkeypatch.setattr(Fire, "forward", fail)

    code = main(["run", str(project), "--steps", "20", "--json"])

    output = capsys.readouterr()
    assert code == 3
    assert "Neurons › Fire (priority 340) failed in iteration 7" in output.err
    assert json.loads(output.out)["steps"] == 6


def test_check_says_ready_or_lists_the_problems(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(project), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["ready"] is True

    project_file.save(edits.set_param(project_file.load(project), "n_neurons", "size", 0), project)

    assert main(["check", str(project), "--json"]) == 2
    data = json.loads(capsys.readouterr().out)
    assert data["ready"] is False
    assert data["problems"][0]["where"].startswith("Neurons")


@pytest.mark.parametrize("what", ["behaviors", "structures", "examples"])
def test_list_names_everything(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", what]) == 0
    plain = capsys.readouterr().out
    assert main(["list", what, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)[what]

    assert rows
    assert all(row["name"] in plain and row["summary"] in plain for row in rows)


def test_example_gives_the_shipped_file_and_never_overwrites(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "mine.conex"

    assert main(["example", "smallest", "-o", str(target)]) == 0
    assert target.read_bytes() == Path(SMALLEST).read_bytes()
    target.write_text("something of mine", encoding="utf-8")
    assert main(["example", "smallest", "-o", str(target)]) == 2
    assert target.read_text(encoding="utf-8") == "something of mine"
    assert main(["example", "smalest"]) == 2
    assert "Did you mean 'smallest'" in capsys.readouterr().err


def test_out_leaves_spikes_summary_and_figures(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "results"

    code = main(["run", str(project), "--steps", "200", "--out", str(folder)])

    assert code == 0, capsys.readouterr().err
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    spikes = np.load(folder / "spikes.npz", allow_pickle=False)
    assert len(spikes["Neurons/t"]) == summary["groups"][0]["spikes"]
    for name in ("raster", "voltage", "rate"):
        assert (folder / f"{name}.png").read_bytes().startswith(b"\x89PNG")
        assert b"<svg" in (folder / f"{name}.svg").read_bytes()
    assert not list(folder.glob(".*"))


def test_out_replaces_its_own_files_but_no_others(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "results"
    folder.mkdir()
    foreign = folder / "raster.png"
    foreign.write_bytes(b"mine")
    call = ["run", str(project), "--steps", "20", "--out", str(folder)]

    assert main(call) == 2
    assert "did not write" in capsys.readouterr().err
    assert foreign.read_bytes() == b"mine"
    foreign.unlink()
    assert main(call) == 0
    assert main(call) == 0


def test_an_out_that_is_a_file_is_explained(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", str(project), "--out", str(project)]) == 2
    assert "is not a folder" in capsys.readouterr().err


@pytest.mark.parametrize("place", ["/proc/conex", "/dev/full/conex"])
def test_an_out_that_cannot_be_written_is_explained(
    place: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", str(project), "--out", place]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_a_full_disk_is_explained(project: Path) -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-m", "conex_core", "example", "smallest"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(),
            check=False,
        )

    assert done.returncode == 2
    assert "No space left" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_closed_pipe_is_no_error() -> None:
    done = subprocess.run(
        f"{sys.executable} -m conex_core list behaviors --json | head -1",
        shell=True,
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
    )

    assert done.stderr == ""


def test_ctrl_c_ends_cleanly_and_keeps_what_was_recorded(project: Path, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    process = subprocess.Popen(
        [
            sys.executable, "-c",
            "import sys, os, signal, threading\n"
            "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a shell's & ignores it
            "from conex_core.cli import main, running\n"
            "old = running._progress\n"
            "from contextlib import contextmanager\n"
            "@contextmanager\n"
            "def tell(steps, quiet):\n"
            "    def show(done, steps):\n"
            "        sys.stderr.write('going\\n'); sys.stderr.flush()\n"
            "    yield show\n"
            "running._progress = tell\n"
            "sys.exit(main(sys.argv[1:]))",
            "run", str(project), "--steps", "100000000", "--json", "--out", str(folder),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )  # fmt: skip
    assert process.stderr is not None
    while process.stderr.readline() != "going\n":
        pass
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=110)

    data = json.loads(output)
    assert process.returncode == 0
    assert "interrupted after" in errors
    assert "Traceback" not in errors
    assert data["interrupted"] is True
    assert json.loads((folder / "summary.json").read_text())["steps"] == data["steps"]


def test_version_and_help_answer_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert main(["run", "--help"]) == 0
    assert "PROJECT" in capsys.readouterr().out.upper()


def environment() -> dict[str, str]:
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    return os.environ | {"PYTHONPATH": path.rstrip(os.pathsep)}


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
        timeout=120,
    )


def test_a_run_goes_on_from_a_saved_state(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved, gone_on, whole = (tmp_path / f"{name}.safetensors" for name in "abc")
    main(["run", str(project), "--steps", "60", "--save-state", str(whole), "--json"])
    main(["run", str(project), "--steps", "20", "--save-state", str(saved), "--json"])
    capsys.readouterr()

    more = ["--steps", "40", "--load-state", str(saved), "--save-state", str(gone_on)]
    code = main(["run", str(project), *more, "--json"])

    assert code == 0
    assert json.loads(capsys.readouterr().out)["state"] == str(gone_on)
    assert gone_on.read_bytes() == whole.read_bytes()


def test_a_state_that_cannot_be_written_ends_the_run_before_it_begins(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["run", str(project), "--save-state", str(tmp_path / "none" / "a.safetensors")])

    output = capsys.readouterr()
    assert code == 2
    assert "cannot be saved" in output.err
    assert not output.out


@pytest.fixture
def busy(tmp_path: Path) -> str:
    """Return a project whose neurons fire in every iteration."""
    doc, path = examples.load("smallest"), tmp_path / "busy.conex"
    noise = ("n_neurons", "b_neurons_inherentnoise")
    project_file.save(edits.set_behavior_param(doc, *noise, "offset", 1000.0), path)
    return str(path)


def test_a_warning_of_a_run_is_one_line_on_standard_error(
    busy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["run", busy, "--steps", "400"])

    err = capsys.readouterr().err
    assert code == 0
    assert err.count("warning: Neurons fires at 1,000 Hz (mean of its 100 neurons between") == 1


def test_warnings_of_a_run_stand_among_the_problems_of_json_and_summary(
    busy: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["run", busy, "--steps", "400", "--json", "--out", str(tmp_path / "out")])

    data = json.loads(capsys.readouterr().out)
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert [(one["severity"], one["where"], one["code"]) for one in data["problems"]] == [
        ("warning", "Neurons", "run-fast")
    ]
    assert "warnings" not in data
    assert summary["problems"] == data["problems"]


def test_a_run_that_warns_ends_as_well_as_any(busy: str) -> None:
    done = python("-W", "error", "-m", "conex_core", "run", busy, "--steps", "100")

    assert done.returncode == 0
