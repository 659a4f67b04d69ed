"""No circles among the modules of the window, and one name for each of its classes."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import conex_app
import conex_core

ROOT = Path(conex_app.__file__).parent
CORE = Path(conex_core.__file__).parent


def test_no_module_imports_itself_in_a_circle_not_even_for_types():
    order = list(TopologicalSorter(imports()).static_order())  # raises where there is a circle

    assert "conex_app.shell.workspace" in order


def test_no_folder_imports_itself_in_a_circle():
    folders: dict[str, set[str]] = {}
    for module, used in imports().items():
        folder = folder_of(module)
        folders.setdefault(folder, set()).update({folder_of(each) for each in used} - {folder})

    order = list(TopologicalSorter(folders).static_order())

    assert order.index("look") < order.index("project") < order.index("canvas/scene")
    assert order.index("canvas/scene") < order.index("library") < order.index("shell")


def test_no_two_classes_share_a_name():
    ours = [name for path in ROOT.rglob("*.py") for name in classes_of(path)]
    theirs = {name for path in CORE.rglob("*.py") for name in classes_of(path)}

    assert {name for name in ours if ours.count(name) > 1 or name in theirs} == set()


def imports() -> dict[str, set[str]]:
    """Return what each module imports of the window, wherever in the module it does so."""
    paths = {name_of(path): path for path in sorted(ROOT.rglob("*.py"))}
    return {name: used_by(path, paths) - {name} for name, path in paths.items()}


def used_by(path: Path, known: dict[str, Path]) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                found.add(inner if inner in known else node.module)
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found & known.keys()


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


def folder_of(module: str) -> str:
    """Return the folder at the top that holds a module; of the canvas the folder inside."""
    path = ROOT.parent / module.replace(".", "/")
    parts = (path if path.is_dir() else path.parent).relative_to(ROOT).parts
    return "/".join(parts if parts[:1] == ("canvas",) else parts[:1])


def classes_of(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node.name for node in tree.body if isinstance(node, ast.ClassDef)]
