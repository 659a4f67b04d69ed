"""The exported program: readable, formatted, harmless, and the same spikes."""

from __future__ import annotations

import ast
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from conex_core import catalog, examples
from conex_core.distributions import Array, Normal
from conex_core.export.script import to_script
from conex_core.graph import edits
from conex_core.graph.model.document import Document
from conex_core.run.planning import plan
from conex_core.run.session import Session

HOSTILE = 'quote " and \\ back"""\nimport os; os.system("false") #, comma'


@pytest.mark.parametrize("name", examples.names())
def test_the_program_is_formatted_as_ruff_does(name: str, tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(to_script(plan(examples.load(name), catalog.load())), encoding="utf-8")

    assert ruff("format", "--check", "--line-length", "100", str(path)) == 0
    assert ruff("check", "--select", "E,F,I,W", "--line-length", "100", str(path)) == 0


def test_only_what_differs_from_the_defaults_is_written() -> None:
    text = to_script(plan(examples.load("digits"), catalog.load()))

    assert "LIF(tau=20.0, v_reset=-65.0)" in text
    assert "NeuronAxon()" in text


def test_names_and_texts_of_a_project_cannot_become_code() -> None:
    doc = examples.load("smallest")
    doc = edits.set_document(doc, name=HOSTILE, description=HOSTILE)
    doc = edits.rename(doc, "n_neurons", HOSTILE)

    tree = ast.parse(to_script(plan(doc, catalog.load())))

    imported = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Import)]
    assert all(str(module).startswith("conex_core") for module in imported)
    assert [type(node).__name__ for node in tree.body if isinstance(node, ast.Expr)] == ["Expr"]


@pytest.mark.parametrize("name", [HOSTILE, "a, b", "class", "net", "7 up", "Äther", "inh", "dt"])
def test_a_group_of_any_name_gives_the_same_spikes(name: str, tmp_path: Path) -> None:
    doc = edits.rename(examples.load("smallest"), "n_neurons", name)
    doc = edits.set_settings(doc, duration=60.0)

    assert hash_of_script(doc, tmp_path) == hash_of_session(doc, tmp_path)


def test_all_settings_and_sources_reach_the_program(tmp_path: Path) -> None:
    images = np.random.default_rng(0).random((5, 4, 4), np.float32)
    np.savez(tmp_path / "mine.npz", images=images, labels=np.arange(5))
    doc = edits.set_settings(examples.load("digits"), dt=0.5, dtype="float64", duration=40.0)
    for name, value in (
        ("source", "npz"), ("path", "mine.npz"), ("size", (1, 4, 4)), ("silence", 3.0),
        ("samples", 3), ("shuffle", False), ("duration", 8.0),
    ):  # fmt: skip
        doc = edits.set_param(doc, "n_digits", name, value)
    doc = edits.enable_behavior(doc, "n_learn", "b_learn_weightclip", False)

    assert hash_of_script(doc, tmp_path) == hash_of_session(doc, tmp_path)


def test_noise_input_reaches_the_program(tmp_path: Path) -> None:
    doc = edits.set_settings(examples.load("digits"), duration=60.0)
    for name, value in (("source", "noise"), ("size", 12)):
        doc = edits.set_param(doc, "n_digits", name, value)

    assert hash_of_script(doc, tmp_path) == hash_of_session(doc, tmp_path)


def test_arrays_beside_the_project_reach_the_program(tmp_path: Path) -> None:
    np.save(tmp_path / "start.npy", np.linspace(-65, -50, 100))
    doc = edits.set_settings(examples.load("smallest"), duration=60.0)
    start = Array("start.npy")
    doc = edits.set_behavior_param(doc, "n_neurons", "b_neurons_lif", "init_v", start)
    noise = Normal(1.0, 2.0)
    doc = edits.set_behavior_param(doc, "n_neurons", "b_neurons_inherentnoise", "mode", noise)

    assert hash_of_script(doc, tmp_path) == hash_of_session(doc, tmp_path)


def test_a_program_elsewhere_finds_the_files_of_the_project(tmp_path: Path) -> None:
    doc = edits.set_param(examples.load("digits"), "n_digits", "source", "npz")
    doc = edits.set_param(doc, "n_digits", "path", "data.npz")

    text = to_script(
        plan(doc, catalog.load()), base=tmp_path / "project", beside=tmp_path / "scripts"
    )

    assert 'BASE = Path(__file__).resolve().parent / "../project"' in text


def hash_of_session(doc: Document, base: Path) -> str:
    steps = round(doc.settings.duration / doc.settings.dt)
    return Session.of(doc, catalog.load(), base=base).run(steps).spike_hash


def hash_of_script(doc: Document, base: Path) -> str:
    path = base / "program.py"
    path.write_text(to_script(plan(replace(doc), catalog.load())), encoding="utf-8")
    root = Path(__file__).resolve().parents[2]
    done: Any = subprocess.run(
        [sys.executable, "-c", f"import sys, runpy; sys.path.insert(0, {str(root)!r}); "
         f"runpy.run_path({str(path)!r}, run_name='__main__')"],
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return str(done.stdout.split()[-1])


def ruff(*arguments: str) -> int:
    return subprocess.run(
        [sys.executable, "-m", "ruff", *arguments], capture_output=True, check=False
    ).returncode


def test_a_recorder_writes_beside_the_project_from_a_script_too(tmp_path: Path) -> None:
    doc = edits.add_behavior(
        examples.load("smallest"),
        "n_neurons",
        "Recorder",
        catalog=catalog.load(),
        params={"variables": ("v", "I"), "path": "rows"},
    )

    text = to_script(plan(doc, catalog.load()), base=tmp_path, beside=tmp_path / "scripts")

    assert 'Recorder(variables=("v", "I"), path="rows")' in text
    assert 'BASE = Path(__file__).resolve().parent / ".."' in text
    assert "net.base = BASE" in text
