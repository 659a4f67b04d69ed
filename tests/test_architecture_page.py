"""The page that explains how the program is built names what is there, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "resources" / "docs" / "architecture.md").read_text(encoding="utf-8")


def test_the_tree_names_every_package_where_it_is() -> None:
    packages = {
        path.parent.relative_to(ROOT).as_posix()
        for name in ("conex_core", "conex_app")
        for path in (ROOT / name).rglob("__init__.py")
    }

    drawn = {path for path in drawn_folders() if path.startswith("conex_")}

    assert drawn == packages


def test_modules_that_the_page_names_are_there() -> None:
    named = set(re.findall(r"`(conex_(?:core|app)(?:\.\w+)+)`", PAGE))

    missing = [name for name in sorted(named) if not exists(name)]

    assert missing == []


def tree_lines() -> list[str]:
    tree = PAGE.split("## The folders")[1].split("```")[1]
    return [line for line in tree.splitlines() if line.strip()]


def drawn_folders() -> set[str]:
    """Return the paths of the tree: two more spaces are one folder deeper."""
    found, above = set(), []
    for line in tree_lines():
        drawn = re.match(r"( *)(\w+)/", line)
        if drawn is not None:
            depth = len(drawn[1]) // 2
            above = [*above[:depth], drawn[2]]
            found.add("/".join(above))
    return found


def exists(name: str) -> bool:
    path = ROOT / name.replace(".", "/")
    return path.is_dir() or path.with_suffix(".py").is_file()
