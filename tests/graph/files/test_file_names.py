"""Names of files: whatever something is called, its file has a name that every system takes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conex_core.graph.files.file_names import stem_for
from conex_core.graph.files.project_file import EXTENSION


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("a/b", "a b"),
        ("..", "project"),
        ("", "project"),
        (" . ", "project"),
        ("CON", "CON project"),
        ("lpt1.x", "lpt1.x project"),
        ("net v1.5", "net v1.5"),
        ("a\nb\tc\0d", "a b c d"),
        ('<b>"x"|?*', "b x"),
        ("Netz für Größe", "Netz für Größe"),
        ("नेटवर्क", "नेटवर्क"),
        ("\u202egpj.exe", "gpj.exe"),
        ("\ud800x", "x"),
    ],
)
def test_a_name_becomes_a_file_name(name: str, stem: str) -> None:
    assert stem_for(name, "project") == stem


@given(st.text(max_size=300))
def test_any_name_gives_a_file_that_can_be_made(name: str) -> None:
    stem = stem_for(name, "project")

    assert stem
    assert len((stem + EXTENSION).encode()) < 200
    assert not set('/\\<>:"|?*\0\n').intersection(stem)
    assert stem == stem.strip(" .")
