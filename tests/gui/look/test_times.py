"""Moments are written one way everywhere: without the date today, with it on any other day."""

from __future__ import annotations

from datetime import datetime

import pytest
from PySide6.QtCore import QLocale

from conex_app.look.times import at, clock, on, when

NOW = datetime(2026, 11, 30, 18, 0)
TODAY, BEFORE = datetime(2026, 11, 30, 12, 4, 31), datetime(2026, 11, 29, 12, 4, 31)


@pytest.fixture(autouse=True)
def english():
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
    yield
    QLocale.setDefault(before)


def test_today_needs_no_date():
    assert [clock(TODAY), at(TODAY, NOW), on(TODAY, NOW), when(TODAY, NOW)] == [
        "12:04",
        "at 12:04",
        "today 12:04",
        "Today 12:04:31",
    ]


def test_any_other_day_has_its_date():
    assert [at(BEFORE, NOW), on(BEFORE, NOW), when(BEFORE, NOW)] == [
        "on 29 Nov 2026 at 12:04",
        "29 Nov 2026 12:04",
        "29 Nov 2026 12:04:31",
    ]
