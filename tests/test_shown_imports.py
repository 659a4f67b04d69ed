"""Every import that the README and the pages show can be written, those of before too."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conex_core import moved

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "resources" / "docs").glob("*.md"))]

# What the pages showed before the folders of ``conex_core.graph``.
BEFORE = """
from conex_core import *
from conex_core import LIF, Fire, InherentNoise, Neocortex, NeuronGroup, prioritize_behaviors
from conex_core import LIF, Fire, Neocortex, NeuronAxon, NeuronGroup
from conex_core.behaviors.recording import EventRecorder, Recorder
from conex_core.graph import edits, file
from conex_core.graph.comparison import compare, update
from conex_core.graph.learned import as_opened
from conex_core.graph.library import Library, block_of, insert_block, save_block
from conex_core.graph.state import Document
from conex_core.graph.weightfiles import carry
from conex_core.helpers.visualization import show
from conex_core.nn.structure.layer import CorticalLayer
from conex_core.run.block_structures import block_from_structure, instantiate, structure_from_block
from conex_core.run.engine.report import report
from conex_core.run.learned import save_learned
from conex_core.run.probe import SampleCounts
from conex_core.run.session import Session
from conex_core.structures import CorticalLayer
from conex_core.structures.replication import create_structure_from_dict, register_behavior
from conex_core.structures.replication import load_structure_dict_from_json, replicate
from conex_core.structures.replication import save_structure, save_structure_dict_to_json
"""


def shown() -> Iterator[str]:
    """Yield the import lines of the Python parts of all pages.

    Those of contributing.md name files that a reader adds; its own tests run them.
    """
    for page in (page for page in PAGES if page.name != "contributing.md"):
        for code in re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), re.DOTALL):
            for node in ast.walk(ast.parse(code)):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    yield ast.unparse(node)


NOW = sorted(set(shown()))


@pytest.mark.parametrize("line", [*BEFORE.split("\n")[1:-1], *NOW])
def test_it_can_be_imported(line: str) -> None:
    space: dict[str, Any] = {}

    exec(line, space)  # the statement is what is tested

    assert len(space) > 1


def test_the_pages_show_imports() -> None:
    assert "from conex_core.run.session import Session" in NOW


@pytest.mark.parametrize("path", moved.SHOWN)
def test_a_path_of_before_is_shown_no_more(path: str) -> None:
    found = [page.name for page in PAGES if f"conex_core.{path} " in page.read_text("utf-8")]

    assert found == []
