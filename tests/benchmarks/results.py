"""What a comparison found: every line of every run, and where it was measured."""

from __future__ import annotations

import datetime
import json
import os
import platform
import statistics
import subprocess
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.benchmarks.cases import SIMULATORS
from tests.benchmarks.peers import ROOT, Place

__all__ = ["Results", "surroundings"]


@dataclass
class Results:
    """Hold the lines by case and simulator, and what could not run."""

    around: dict[str, str] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)  # simulator, workload
    lines: list[dict[str, Any]] = field(default_factory=list)

    def add(self, case: str, simulator: str, line: dict[str, Any]) -> None:
        """Keep the line of one run."""
        self.lines.append({"case": case, "simulator": simulator, "line": line})

    def cases(self) -> list[str]:
        """Return the cases that were run, in order."""
        return list(dict.fromkeys(item["case"] for item in self.lines))

    def simulators(self) -> list[str]:
        """Return the simulators that ran at least once, in the order of the tables."""
        ran = {item["simulator"] for item in self.lines}
        return [name for name in SIMULATORS if name in ran]

    def values(self, case: str, simulator: str, key: str) -> list[float]:
        """Return what the runs of a case gave, in the order of the rounds."""
        place = {"case": case, "simulator": simulator}
        found = [item for item in self.lines if place.items() <= item.items()]
        return [float(item["line"][key]) for item in found if item["line"].get(key) is not None]

    def best(self, case: str, simulator: str) -> float | None:
        """Return the fewest µs per step; None where there was no run."""
        return min(self.values(case, simulator, "us_per_step"), default=None)

    def median(self, case: str, simulator: str) -> float | None:
        """Return the median µs per step; None where there was no run."""
        found = self.values(case, simulator, "us_per_step")
        return statistics.median(found) if found else None

    def save(self, path: Path) -> None:
        """Write everything as JSON."""
        path.write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Results:
        """Return what :meth:`save` wrote."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))


def surroundings(place: Place) -> dict[str, str]:
    """Return what the figures depend on: machine, system, date, commit."""
    return {
        "machine": f"{_processor()}, {os.cpu_count()} cores, {_memory()}, no GPU used",
        "system": f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
        "pinned to": f"core {place.core}" if place.core else "no core",
        "date": f"{datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d %H:%M} UTC",
        "commit": _commit(),
    }


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or "unknown processor"
    names = [line.partition(":")[2].strip() for line in text.splitlines() if "model name" in line]
    return names[0] if names else platform.machine()


def _memory() -> str:
    if not hasattr(os, "sysconf"):
        return "memory unknown"
    return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB"


def _commit() -> str:
    command = ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"
