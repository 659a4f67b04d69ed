"""The rules of who may know whom, and the dependencies that must behave."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LIGHT = ["conex_core", "conex_core.catalog", "conex_core.graph", "conex_core.run.planning"]
ENTRIES = {
    *(".ci", ".git", ".gitignore", ".pre-commit-config.yaml", "LICENSE", "README.md"),
    *("conex_app", "conex_core", "packaging", "pyproject.toml", "resources", "tests"),
}


def test_imports_keep_the_contracts():
    tool = Path(sys.executable).with_name("lint-imports")

    done = subprocess.run(
        [tool, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("module", [*LIGHT, "conex_core.run.ring", "conex_core.cli"])
def test_light_modules_import_without_torch_or_qt(module):
    loaded = modules_after(f"import {module}")

    assert loaded.isdisjoint({"torch", "pymonntorch", "PySide6", "pyqtgraph", "NodeGraphQt"})


@pytest.mark.parametrize(
    "module", ["conex_app.project.document", "conex_app.run.runner", "conex_app.app"]
)
def test_the_window_starts_without_torch_or_nodegraphqt(module):
    loaded = modules_after(f"import {module}")

    assert loaded.isdisjoint({"torch", "pymonntorch", "NodeGraphQt"})


@pytest.mark.parametrize("name", ["project/document", "run/runner"])
def test_document_and_runner_import_no_widget(name):
    tree = ast.parse((ROOT / "conex_app" / f"{name}.py").read_text(encoding="utf-8"))

    assert "PySide6.QtWidgets" not in imported(tree)


@pytest.mark.parametrize("name", ["eval", "exec", "pickle", "compile"])
def test_nothing_from_a_file_is_executed(name):
    users = [
        path.relative_to(ROOT).as_posix()
        for package in ("conex_core", "conex_app")
        for path in sorted((ROOT / package).rglob("*.py"))
        if name in called_or_imported(ast.parse(path.read_text(encoding="utf-8")))
    ]

    assert users == []


def test_the_top_level_holds_only_what_a_reader_expects():
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    made = {pattern.rstrip("/") for pattern in ignored}

    assert {path.name for path in ROOT.iterdir()} - made <= ENTRIES


def test_void_calls_to_qt_keep_the_reference_count_of_none(qapp):
    from PySide6.QtWidgets import QGraphicsRectItem

    item = QGraphicsRectItem()
    before = sys.getrefcount(None)
    for _ in range(2000):
        item.setPos(1, 1)

    assert abs(sys.getrefcount(None) - before) < 200


def modules_after(statement: str) -> set[str]:
    """Return the top-level modules that a fresh interpreter holds after ``statement``."""
    program = f"import sys; {statement}; print(*{{name.split('.')[0] for name in sys.modules}})"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def imported(tree: ast.AST) -> set[str]:
    found = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


def called_or_imported(tree: ast.AST) -> set[str]:
    """Return plain names that are called, and modules that are imported."""
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return imported(tree) | {call.id for call in calls if isinstance(call, ast.Name)}
