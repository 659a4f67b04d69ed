"""Open and close, run and stop, over and over: ``python -m tests.trials.cycles --open N --runs N``.

What grows with each cycle is told: resident memory, threads, open files, child processes,
top-level widgets, Qt objects. Counted after a warm-up, in one window.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from pathlib import Path

from tests.trials import results
from tests.trials.place import temporary_place

__all__ = ["cycle"]

MOST_GROWTH_MB = 20.0


def cycle(kind: str, count: int, seed: int, cache: Path | None = None) -> dict[str, float]:
    """Make ``count`` cycles of a kind in a new process; return what has grown."""
    with temporary_place(cache) as place:
        arguments = [f"--kind={kind}", f"--count={count}", f"--seed={seed}"]
        pipe = subprocess.PIPE
        child = place.start("tests.trials.cycles_child", arguments, stdout=pipe, stderr=pipe)
        said, errors = child.communicate()
    if child.returncode:
        raise RuntimeError(f"ended with {child.returncode}\n{errors[-4000:]}")
    return json.loads(said.splitlines()[-1])


def main() -> int:
    """Cycle, tell, return 1 if memory grew by more than the goal."""
    parser = argparse.ArgumentParser(prog="tests.trials.cycles", description=__doc__)
    parser.add_argument("--open", type=int, default=250, help="times to open and close")
    parser.add_argument("--runs", type=int, default=250, help="times to run and stop")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cache", type=Path, help="cache folder to use, for a quicker start")
    options = parser.parse_args()
    results.say(f"cycles: seed {options.seed}")
    grown = 0.0
    for kind, count in (("open", options.open), ("runs", options.runs)):
        if count:
            figures = cycle(kind, count, options.seed, options.cache)
            results.write(f"cycles {kind}", {"seed": options.seed, **figures})
            grown = max(grown, figures["most_growth_mb"])
    return int(grown > MOST_GROWTH_MB)


if __name__ == "__main__":
    raise SystemExit(main())
