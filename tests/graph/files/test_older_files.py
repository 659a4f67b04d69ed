"""Files that 0.1.0 wrote open and save byte for byte, whatever moves inside the program.

The folder beside this file holds every example and block as that version
shipped them; nothing writes there.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from conex_core import examples
from conex_core.graph.files import project_file
from conex_core.graph.files.block_file import block_from_text, block_to_text
from conex_core.graph.library.library import shipped_folder

OLDER = Path(__file__).parent / "written_by_0_1_0"
PROJECTS = sorted(OLDER.glob("*.conex"), key=lambda path: path.name)
BLOCKS = sorted(OLDER.glob("*.conexblock"), key=lambda path: path.name)


@pytest.mark.parametrize("path", PROJECTS, ids=lambda path: path.stem)
def test_a_project_opens_and_saves_byte_for_byte(path: Path, tmp_path: Path) -> None:
    again = tmp_path / path.name

    project_file.save(project_file.load(path), again)

    assert again.read_bytes() == path.read_bytes()


@pytest.mark.parametrize("path", BLOCKS, ids=lambda path: path.stem)
def test_a_block_opens_and_is_written_byte_for_byte(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert block_to_text(block_from_text(text, path)) == text


def test_every_example_and_block_of_that_version_is_here() -> None:
    shipped = {path.stem for path in shipped_folder().glob("*.conexblock")}

    assert {path.stem for path in PROJECTS} <= set(examples.names())
    assert {path.stem for path in BLOCKS} <= shipped
    assert (len(PROJECTS), len(BLOCKS)) == (3, 10)
