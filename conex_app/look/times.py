"""Moments as the window writes them: the time of today, the date of any other day."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QDate, QLocale, QTime

__all__ = ["at", "clock", "on", "when"]

_SHORT = QLocale.FormatType.ShortFormat


def clock(moment: datetime, *, seconds: bool = False) -> str:
    """Return the time of day, such as "12:04"."""
    form = QLocale().timeFormat(_SHORT)
    time = QTime(moment.hour, moment.minute, moment.second)
    return QLocale().toString(time, form.replace("mm", "mm:ss") if seconds else form)


def when(moment: datetime, now: datetime | None = None) -> str:
    """Return a moment of a list, told from any other: "Today 12:04:31", or with the date."""
    return f"{_day(moment, now) or 'Today'} {clock(moment, seconds=True)}"


def at(moment: datetime, now: datetime | None = None) -> str:
    """Return a moment inside a sentence: "at 12:04", or "on 30 Nov 2026 at 12:04"."""
    day = _day(moment, now)
    return f"on {day} at {clock(moment)}" if day else f"at {clock(moment)}"


def on(moment: datetime, now: datetime | None = None) -> str:
    """Return a moment behind "since" or the like: "today 12:04", or with the date."""
    return f"{_day(moment, now) or 'today'} {clock(moment)}"


def _day(moment: datetime, now: datetime | None) -> str:
    """Return the date, or nothing for today."""
    if moment.date() == (now or datetime.now()).date():
        return ""
    return QLocale().toString(QDate(moment.year, moment.month, moment.day), "d MMM yyyy")
