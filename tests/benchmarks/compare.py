"""This project beside its peers: ``python -m tests.benchmarks compare``.

Runs every simulator that is there on every case, in turns, so that other load hits all
of them alike; then writes the tables of resources/docs/performance.md and their picture.
The peers' scripts are no part of the project: each takes the arguments of
``tests.benchmarks`` and prints such a line.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.cases import BRIAN, CASES, CHECKS, NEST, QUICK, SIMULATORS, Case
from tests.benchmarks.peers import ROOT, Failed, Place
from tests.benchmarks.picture import draw
from tests.benchmarks.results import Results, surroundings
from tests.benchmarks.tables import PICTURE, write

__all__ = ["compared", "main"]

_PEERS = ROOT.parent / "shared" / "bench"


def main(arguments: Sequence[str]) -> int:
    """Compare, or take earlier results, and write page and picture."""
    given = _parser().parse_args(arguments)
    if given.load:
        results = Results.load(given.load)
    else:
        place = _place(given)
        cases = [item for item in (QUICK if given.quick else CASES) if _wanted(item, given)]
        results = compared(place, cases, 1 if given.quick else given.repeat)
        results.around["command"] = " ".join(["python -m tests.benchmarks compare", *arguments])
    if given.save:
        results.save(given.save)
    given.out.mkdir(parents=True, exist_ok=True)
    draw(results, given.out / PICTURE)
    write(results, given.out / "performance.md")
    return 0


def compared(place: Place, cases: Sequence[Case], repeat: int) -> Results:
    """Return what ``repeat`` rounds of all cases gave."""
    results = Results(around=surroundings(place))
    results.missing = {
        name: why for name, item in SIMULATORS.items() if (why := place.why_missing(item))
    }
    for name, why in results.missing.items():
        _tell(f"{name} is left out: {why}")
    for name in SIMULATORS.keys() - results.missing.keys():
        found = place.versions(SIMULATORS[name])
        results.versions[name] = ", ".join(f"{k} {v}" for k, v in found.items() if v)
    before = _load()
    _count(place, results, {case.workload for case in cases})
    for number in range(repeat):
        for case in cases:
            _round(place, results, case, f"{number + 1}/{repeat}")
    results.around["load"] = f"{before} before, {_load()} after (mean of a minute)"
    return results


def _round(place: Place, results: Results, case: Case, number: str) -> None:
    for name, arguments in case.runs.items():
        if name in results.missing:
            continue
        try:
            line = place.run(SIMULATORS[name], case.workload, arguments.split())
        except Failed as failure:
            _tell(f"{number} {case.title}: {name} {failure}")
            continue
        results.add(case.title, name, line)
        _tell(f"{number} {case.title}: {name} {line['us_per_step']} µs")


def _count(place: Place, results: Results, workloads: set[str]) -> None:
    """Count the spikes with stored input, where a simulator can take it."""
    for name in SIMULATORS:
        if name in (NEST, BRIAN) or name in results.missing:
            continue
        for workload in sorted(workloads):
            arguments = [*CHECKS[workload].split(), "--check"]
            try:
                line = place.run(SIMULATORS[name], workload, arguments)
            except Failed as failure:
                _tell(f"{workload}: {name} counts nothing, {failure}")
                continue
            results.counts.setdefault(name, {})[workload] = line["spikes"]


def _wanted(case: Case, given: argparse.Namespace) -> bool:
    return not given.workloads or case.workload in given.workloads


def _place(given: argparse.Namespace) -> Place:
    scripts = given.peers or (_PEERS if _PEERS.is_dir() else None)
    return Place(scripts, {"peers": given.python, "brian": given.brian_python}, given.core)


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


def _tell(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks compare", description=__doc__)
    environ = os.environ.get
    folder = environ("CONEX_PEERS")
    parser.add_argument(
        "--peers",
        type=Path,
        default=Path(folder) if folder else None,
        help="folder of the peers' scripts; $CONEX_PEERS, ../shared/bench",
    )
    parser.add_argument(
        "--python",
        default=environ("CONEX_PEERS_PYTHON", ""),
        help="interpreter with pymonntorch, cnrl-conex, nest and numba; $CONEX_PEERS_PYTHON",
    )
    parser.add_argument(
        "--brian-python",
        default=environ("CONEX_BRIAN_PYTHON", ""),
        help="interpreter with brian2; $CONEX_BRIAN_PYTHON",
    )
    parser.add_argument("--workloads", nargs="+", choices=sorted(CHECKS))
    parser.add_argument("--repeat", type=int, default=3, help="rounds")
    parser.add_argument("--quick", action="store_true", help="one round, small cases, no Brian2")
    parser.add_argument("--core", default="0" if shutil.which("taskset") else "", help="pin to it")
    parser.add_argument("--out", type=Path, default=ROOT / "resources" / "docs")
    parser.add_argument("--save", type=Path, help="keep every line in this file")
    parser.add_argument("--load", type=Path, help="write page and picture of a kept file")
    return parser
