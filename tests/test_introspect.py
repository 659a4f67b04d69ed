"""Reading the behaviors off their files: one that would end the program is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from conex_core import behaviors, catalog
from conex_core.errors import ConexError
from conex_core.introspect import behavior_classes


@pytest.mark.parametrize("call", ["SystemExit(0)", "KeyboardInterrupt"])
def test_a_behavior_file_that_ends_the_program_is_refused_in_words(
    call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ends_here.py").write_text(f"raise {call}\n", "utf-8")
    monkeypatch.setattr(behaviors, "__path__", [str(tmp_path)])

    with pytest.raises(ConexError, match=r"ends_here raises \w+ where it is imported"):
        list(behavior_classes())


def test_a_reader_that_says_nothing_is_an_error_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(catalog, "_read_off_classes", lambda: "")

    with pytest.raises(ConexError, match="may end the program"):
        catalog.load.__wrapped__()
