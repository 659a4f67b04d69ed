"""The rules of who may know whom, and the dependencies that must behave."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path

import pytest

from conex_core.graph.model.kinds import KINDS

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


# What goes from one process to another by Python's own means, never by a file of ours.
PICKLING = {"conex_core/carried.py", "conex_core/structures/copied.py"}


@pytest.mark.parametrize("name", ["eval", "exec", "pickle", "compile"])
def test_nothing_from_a_file_is_executed(name):
    users = [
        path.relative_to(ROOT).as_posix()
        for package in ("conex_core", "conex_app")
        for path in sorted((ROOT / package).rglob("*.py"))
        if name in called_or_imported(ast.parse(path.read_text(encoding="utf-8")))
    ]

    assert set(users) <= (PICKLING if name == "pickle" else set())


def test_no_modules_import_each_other_in_a_circle_not_even_for_types():
    assert circles(arrows_of_modules()) == set()


def test_no_folders_of_the_window_import_each_other_in_a_circle():
    arrows: dict[str, set[str]] = {}
    for module, used in arrows_of_modules().items():
        if module.startswith("conex_app."):
            within = {folder_of(each) for each in used if each.startswith("conex_app.")}
            folder = folder_of(module)
            arrows[folder] = arrows.get(folder, set()) | (within - {folder})

    assert circles(arrows) == set()


def test_no_two_classes_have_one_name():
    names = Counter(
        node.name
        for tree in trees().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    )

    assert [name for name, count in names.items() if count > 1] == []


def test_what_kind_a_node_is_of_is_asked_and_not_spelled():
    spelled = [
        f"{path.relative_to(ROOT).as_posix()}:{node.lineno}"
        for package in ("conex_core", "conex_app")
        for path in sorted((ROOT / package).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Compare) and texts_in(node) & KINDS.keys()
    ]

    assert spelled == []


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


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def trees() -> dict[str, ast.AST]:
    """Return every module of both packages by name, parsed."""
    return {
        module_name(path): ast.parse(path.read_text(encoding="utf-8"))
        for package in ("conex_core", "conex_app")
        for path in (ROOT / package).rglob("*.py")
    }


def arrows_of_modules() -> dict[str, set[str]]:
    """Return what each module imports of the others, for types and inside functions too."""
    found = trees()
    return {name: modules_in(tree, found.keys()) - {name} for name, tree in found.items()}


def folder_of(module: str) -> str:
    """Return the folder of the window that holds a module; of the canvas the one inside."""
    parts = module.split(".")[1:]
    return ".".join(parts[:2] if parts[:1] == ["canvas"] and len(parts) > 2 else parts[:1])


def modules_in(tree: ast.AST, known: Collection[str]) -> set[str]:
    """Return the modules out of ``known`` that are imported anywhere, in functions too."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inside = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= inside | ({node.module} if inside - known else set())
    return found & set(known)


def texts_in(tree: ast.AST) -> set[object]:
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}


def circles(arrows: Mapping[str, set[str]]) -> set[frozenset[str]]:
    """Return the sets of modules that lead to each other."""
    reached = {name: everything_behind(name, arrows) for name in arrows}
    return {
        frozenset(other for other in reached[name] if name in reached[other])
        for name in arrows
        if name in reached[name]
    }


def everything_behind(name: str, arrows: Mapping[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = list(arrows[name])
    while waiting:
        module = waiting.pop()
        if module not in seen:
            seen.add(module)
            waiting += arrows[module]
    return seen
