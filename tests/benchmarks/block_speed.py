"""What blocks cost: ``python -m tests.benchmarks.block_speed``.

Group, enter, leave and unpack 500 nodes; open, flatten, edit, check and plan a
project with 200 instances of a block of ten groups. Prints the least and the median
of several rounds in milliseconds beside the goals.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from conex_core.catalog import load
from conex_core.graph import edits
from conex_core.graph.blocks.definitions import focus, unfocus, within
from conex_core.graph.blocks.flatten import flatten
from conex_core.graph.checks.check import check
from conex_core.graph.files import project_file
from conex_core.graph.model.defaults import stack_for
from conex_core.graph.model.document import Document
from conex_core.run.planning import plan

__all__ = ["Row", "row_of_groups", "rows"]

_TIMES = 9
_COLUMNS = 20


def row_of_groups(count: int) -> Document:
    """Return ``count`` groups in rows, each connected to the next: about twice as many nodes."""
    doc = Document()
    for number in range(count):
        at = (number % _COLUMNS * 560.0, number // _COLUMNS * 220.0)
        stack = stack_for("NeuronGroup")
        doc = edits.add_node(doc, "NeuronGroup", node_id=f"g{number:04}", stack=stack, at=at)
    for number in range(count - 1):
        ends = f"g{number:04}", f"g{number + 1:04}"
        doc = edits.connect_groups(doc, *ends, catalog=load(), node_id=f"s{number:04}")
    return doc


def project_of_copies(copies: int, groups: int) -> Document:
    """Return a project with that many instances of one block."""
    doc = row_of_groups(groups)
    doc = edits.group(doc, doc.network.nodes, node_id="i0", definition_id="d")
    for number in range(1, copies):
        doc = edits.add_instance(doc, "d", node_id=f"i{number}", at=(number * 300.0, 0.0))
    return doc


@dataclass(frozen=True)
class Row:
    """Hold what was measured, in ms."""

    name: str
    least: float
    median: float
    goal: int


def row(name: str, work: Callable[[], object], goal: int) -> Row:
    """Return how long ``work`` takes."""
    taken = []
    for _ in range(_TIMES):
        start = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - start))
    return Row(name, min(taken), statistics.median(taken), goal)


def rows() -> list[Row]:
    """Return what was measured."""
    return [*_of_one_block(), *_of_many_copies()]


def _of_one_block() -> list[Row]:
    doc = row_of_groups(260)
    chosen = sorted(doc.network.nodes)[5:505]
    grouped = edits.group(doc, chosen, node_id="box", definition_id="d")
    inside = focus(grouped, "d")
    changed = edits.set_param(inside, chosen[0], "size", 7)
    return [
        row("group 500 nodes", lambda: edits.group(doc, chosen), 200),
        row("enter", lambda: focus(grouped, "d"), 200),
        row("leave", lambda: unfocus(grouped, "d", changed), 200),
        row("unpack", lambda: edits.unpack(grouped, "box"), 200),
    ]


def _of_many_copies() -> list[Row]:
    catalog, doc = load(), project_of_copies(200, 10)

    def fresh() -> Document:
        return replace(doc)  # one that nothing is remembered of

    def edit() -> object:
        return flatten(within(doc, "d", lambda inner: edits.rename(inner, "g0000", "New")))

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "copies.conex"
        project_file.save(doc, path)
        opening = row("open 200 × 10 groups", lambda: project_file.load(path), 1000)
    return [
        opening,
        row("flatten", lambda: flatten(fresh()), 500),
        row("edit the block, seen everywhere", edit, 100),
        row("check", lambda: check(fresh(), catalog), 500),
        row("plan", lambda: plan(fresh(), catalog), 500),
    ]


def main() -> None:
    """Print the table."""
    for one in rows():
        figures = f"least {one.least:7.1f} ms   median {one.median:7.1f} ms   goal {one.goal} ms"
        sys.stdout.write(f"{one.name:<32} {figures}\n")


if __name__ == "__main__":
    main()
