"""Add up the results of the parts of trials: ``python -m tests.trials.totals FILES...``."""

from __future__ import annotations

import argparse
from pathlib import Path

from tests.trials.results import added, read, say


def main() -> int:
    """Print a small table for each trial."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, help="outputs of trials")
    lines = [line for path in parser.parse_args().files for line in path.read_text().splitlines()]
    for trial, figures in added(read(lines)).items():
        say(trial)
        for name, value in figures.items():
            say(f"  {name.replace('_', ' '):<24} {value}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
