"""The tables of resources/docs/performance.md, between two marks that stay in the page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from tests.benchmarks.cases import REFERENCE, STUDIO
from tests.benchmarks.results import Results
from tests.benchmarks.workloads import PROMISES

__all__ = ["PICTURE", "tables", "write"]

PICTURE = "performance.png"
_BEGIN, _END = "<!-- measured -->", "<!-- end of what was measured -->"


def write(results: Results, path: Path) -> None:
    """Put the tables into the page, in place of earlier ones; make the page if there is none."""
    page = path.read_text(encoding="utf-8") if path.exists() else "# Performance\n"
    before, _, rest = page.partition(_BEGIN)
    after = rest.partition(_END)[2] or "\n"
    text = f"{before.rstrip()}\n\n{_BEGIN}\n\n{tables(results)}\n{_END}{after}"
    path.write_text(text, encoding="utf-8")


def tables(results: Results) -> str:
    """Return everything that was measured as markdown."""
    parts = [
        f"![Time per step of each simulator]({PICTURE})",
        "### Time per step",
        "µs, best of all rounds, the median in brackets.",
        _grid(results, lambda case, name: _time(results, case, name)),
        "### How many times faster CoNeX Studio is",
        "The best round of each against ours, from the same run.",
        _grid(results, lambda case, name: _ratio(results, case, name), without=STUDIO),
        "### Seconds before the first step",
        "Building the network, and compiling where something is compiled.",
        _grid(results, lambda case, name: _start(results, case, name)),
        *_counts(results),
        "### Where and when",
        _around(results),
    ]
    return "\n\n".join(parts) + "\n"


def _grid(results: Results, cell: Callable[[str, str], str], without: str = "") -> str:
    names = [name for name in results.simulators() if name != without]
    rows = ([case, *(cell(case, name) for name in names)] for case in results.cases())
    return _table(["", *names], rows)


def _table(head: list[str], rows: Iterable[list[str]]) -> str:
    lines = [head, ["---", *("---:" for _ in head[1:])], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _time(results: Results, case: str, name: str) -> str:
    best, median = results.best(case, name), results.median(case, name)
    return "–" if best is None or median is None else f"{_short(best)} ({_short(median)})"


def _ratio(results: Results, case: str, name: str) -> str:
    ours, theirs = results.best(case, STUDIO), results.best(case, name)
    return "–" if not ours or theirs is None else f"{_short(theirs / ours)} ×"


def _start(results: Results, case: str, name: str) -> str:
    built = results.values(case, name, "build_s")
    compiled = results.values(case, name, "compile_s") or [0.0] * len(built)
    found = [sum(pair) for pair in zip(built, compiled, strict=True)]
    return f"{min(found):.1f}" if found else "–"


def _counts(results: Results) -> list[str]:
    """Return the spikes counted with stored input, beside those that all must have."""
    if not results.counts:
        return []
    names = sorted({name for found in results.counts.values() for name in found})
    rows = [
        [who, *(f"{found[name]:,}" if name in found else "–" for name in names)]
        for who, found in results.counts.items()
    ]
    promised = ["must be", *(f"{PROMISES[name].spikes:,}" for name in names)]
    text = "The same stored input in all: the same work is done."
    return ["### Spikes counted", text, _table(["", *names], [promised, *rows])]


def _around(results: Results) -> str:
    versions = "; ".join(
        f"{name}: {found}" for name, found in results.versions.items() if name != REFERENCE
    )
    missing = "; ".join(f"{name} ({why})" for name, why in results.missing.items())
    rows = {**results.around, "versions": versions, "left out": missing or "nobody"}
    return "\n".join(f"- {name}: {value}" for name, value in rows.items())


def _short(value: float) -> str:
    """Return three digits of ``value``, which may be 0.12 or 120,000."""
    if value >= 100:
        return f"{float(f'{value:.3g}'):,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
