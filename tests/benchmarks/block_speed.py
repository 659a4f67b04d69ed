"""What blocks cost: ``python -m tests.benchmarks.block_speed``.

Group, enter, leave and unpack 500 nodes; open, flatten, edit, check and plan a
project with 200 instances of a block of ten groups. Prints medians in
milliseconds beside the goals.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from conex_core.catalog import load
from conex_core.graph import edits, file
from conex_core.graph.blocks import focus, unfocus, within
from conex_core.graph.check import check
from conex_core.graph.defaults import stack_for
from conex_core.graph.flatten import flatten
from conex_core.graph.state import Document
from conex_core.run.plan import plan

__all__ = ["rows"]

_TIMES = 5


def row_of_groups(count: int) -> Document:
    """Return ``count`` groups, each connected to the next: about twice as many nodes."""
    doc = Document()
    for number in range(count):
        doc = edits.add_node(
            doc, "NeuronGroup", node_id=f"g{number:04}", stack=stack_for("NeuronGroup")
        )
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


def median(work: Callable[[], object]) -> float:
    """Return the milliseconds that ``work`` takes."""
    taken = []
    for _ in range(_TIMES):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken) * 1000


def rows() -> list[tuple[str, float, int]]:
    """Return what was measured: its name, the milliseconds, the goal."""
    return [*_of_one_block(), *_of_many_copies()]


def _of_one_block() -> list[tuple[str, float, int]]:
    doc = row_of_groups(260)
    chosen = sorted(doc.network.nodes)[5:505]
    grouped = edits.group(doc, chosen, node_id="box", definition_id="d")
    inside = focus(grouped, "d")
    changed = edits.set_param(inside, chosen[0], "size", 7)
    return [
        ("group 500 nodes", median(lambda: edits.group(doc, chosen)), 200),
        ("enter", median(lambda: focus(grouped, "d")), 200),
        ("leave", median(lambda: unfocus(grouped, "d", changed)), 200),
        ("unpack", median(lambda: edits.unpack(grouped, "box")), 200),
    ]


def _of_many_copies() -> list[tuple[str, float, int]]:
    catalog, doc = load(), project_of_copies(200, 10)

    def fresh() -> Document:
        return replace(doc)  # one that nothing is remembered of

    def edit() -> object:
        return flatten(within(doc, "d", lambda inner: edits.rename(inner, "g0000", "New")))

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "copies.conex"
        file.save(doc, path)
        opening = median(lambda: file.load(path))
    return [
        ("open 200 × 10 groups", opening, 1000),
        ("flatten", median(lambda: flatten(fresh())), 500),
        ("edit the block, seen everywhere", median(edit), 100),
        ("check", median(lambda: check(fresh(), catalog)), 500),
        ("plan", median(lambda: plan(fresh(), catalog)), 500),
    ]


def main() -> None:
    """Print the table."""
    for name, taken, goal in rows():
        sys.stdout.write(f"{name:<32} {taken:8.1f} ms   goal {goal} ms\n")


if __name__ == "__main__":
    main()
