"""The last line of a trial: its figures, for people and for ``totals``."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping

__all__ = ["Figures", "added", "read", "say", "write"]

Figures = dict[str, object]
MARK = "RESULT "
LARGEST = "most_"  # figures of this beginning are not added up; the largest counts


def say(text: str) -> None:
    """Write a line at once, whoever reads it."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def write(trial: str, figures: Mapping[str, object]) -> None:
    """Write the figures of one part of a trial."""
    say(MARK + json.dumps({"trial": trial, **figures}))


def read(lines: Iterable[str]) -> list[Figures]:
    """Return the figures found among the lines of any output."""
    return [json.loads(line[len(MARK) :]) for line in lines if line.startswith(MARK)]


def added(parts: Iterable[Figures]) -> dict[str, Figures]:
    """Return the figures of each trial over all of its parts."""
    totals: dict[str, Figures] = {}
    for part in parts:
        total = totals.setdefault(str(part["trial"]), {"parts": 0})
        total["parts"] = total["parts"] + 1
        for name, value in part.items():
            if name != "trial":
                total[name] = _joined(name, total.get(name), value)
    return totals


def _joined(name: str, total: object, value: object) -> object:
    if name == "seed":
        return [*(total or []), value]
    if not isinstance(value, int | float):
        return value
    if name.startswith(LARGEST):
        return max(total or 0, value)
    return round((total or 0) + value, 3)
