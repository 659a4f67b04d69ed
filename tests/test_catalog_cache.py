"""The catalog in the user's cache folder: made at the first start, without a word of error."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from conex_core import catalog


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the cache folder of a machine on which the program never ran."""
    text = catalog.catalog_to_text(catalog.load())
    monkeypatch.setattr(catalog, "_read_off_classes", lambda: text)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "conex-studio"


def test_a_first_start_has_nothing_to_report(fresh, caplog):
    with caplog.at_level(logging.INFO):
        catalog.load.__wrapped__()

    assert caplog.messages == []
    assert len(list(fresh.glob("catalog-*.json"))) == 1


def test_a_damaged_cache_is_told_and_made_anew(fresh, caplog):
    catalog.load.__wrapped__()
    (path,) = fresh.iterdir()
    good = path.read_bytes()
    path.write_text("{", encoding="utf-8")

    with caplog.at_level(logging.INFO):
        catalog.load.__wrapped__()

    assert "reading the catalog off the classes" in caplog.text
    assert path.read_bytes() == good
