"""What the journal of unsaved work costs the window's thread, with a thousand nodes.

    python -m tests.benchmarks.recovery_cost

Prints what one edit costs beyond the edit itself, and the longest time for which
the thread had to wait while the journal was begun and written beside it.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QObject

from conex_app.project.document import ProjectDocument
from conex_app.recovery.follower import StackFollower
from conex_app.recovery.history import JournalEdit
from conex_app.recovery.writer import JournalWriter
from conex_core.graph import edits
from conex_core.graph.model.defaults import stack_for
from conex_core.graph.model.document import Document, Link

NODES, EDITS, SEED = 1000, 200, 1
SWITCH_S = 0.001  # as the program sets it


def network() -> Document:
    """Return five hundred groups in a ring, joined by as many synapse groups."""
    doc = Document()
    for number in range(NODES // 2):
        doc = edits.add_node(
            doc, "NeuronGroup", node_id=f"g{number}", stack=stack_for("NeuronGroup")
        )
        doc = edits.add_node(
            doc, "SynapseGroup", node_id=f"s{number}", stack=stack_for("SynapseGroup")
        )
    for number in range(NODES // 2):
        other = (number + 1) % (NODES // 2)
        doc = edits.add_link(doc, Link(f"g{number}", "spikes", f"s{number}", "source"))
        doc = edits.add_link(doc, Link(f"s{number}", "target", f"g{other}", "synapses"))
    return doc


def timed(document: ProjectDocument, states: list[Document]) -> list[float]:
    """Return the seconds that each edit takes."""
    taken = []
    for state in states:
        start = time.perf_counter()
        document.edit("Move", state)
        taken.append(time.perf_counter() - start)
        time.sleep(0.005)  # the hand that edits is not faster
    return taken


def states_of(doc: Document, draw: random.Random) -> list[Document]:
    states = []
    for _ in range(EDITS):
        node = f"g{draw.randrange(NODES // 2)}"
        doc = edits.move(doc, {node: (draw.random() * 1000, 0.0)})
        states.append(doc)
    return states


def longest_wait(during: Callable[[], bool]) -> tuple[float, float]:
    """Return the longest gap between two moments of a thread that works in small pieces."""
    longest, start = 0.0, time.perf_counter()
    last = start
    while during():
        sum(range(200))
        time.sleep(0)  # as a call into Qt does, this lets the other thread in
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
    return longest, time.perf_counter() - start


def main() -> None:
    """Measure and print."""
    sys.setswitchinterval(SWITCH_S)
    app = QCoreApplication(sys.argv)
    doc, owner = network(), QObject(app)
    states = states_of(doc, random.Random(SEED))
    alone = ProjectDocument(doc, app)
    without = timed(alone, states)
    with tempfile.TemporaryDirectory() as folder:
        document = ProjectDocument(doc, app)
        failures: list[str] = []
        writer = JournalWriter(Path(folder), failures.append, lambda: None)
        spent: list[float] = []

        def add(edit: JournalEdit) -> None:
            writer.add(edit)

        follower = StackFollower(document, add, owner)
        look = follower._look

        def looked(index: int) -> None:
            start = time.perf_counter()
            look(index)
            spent.append(time.perf_counter() - start)

        document.stack.indexChanged.disconnect()
        document.stack.indexChanged.connect(looked)
        until = time.perf_counter() + 0.2
        idle, _ = longest_wait(lambda: time.perf_counter() < until)
        writer.start()
        writer.begin(doc, None, time.time())
        wait, whole = longest_wait(lambda: not writer.journal.exists())
        follower.begin()
        beside = timed(document, states)
        writer.flush()
        size = writer.journal.stat().st_size
        writer.stop(keep=False)
    milli = 1000.0
    out = sys.stdout.write
    out(f"seed {SEED}, {NODES} nodes, {EDITS} edits, failures {failures}\n")
    out(f"edit without a journal: median {statistics.median(without) * milli:.3f} ms\n")
    out(f"edit with a journal:    median {statistics.median(beside) * milli:.3f} ms, ")
    out(f"longest {max(beside) * milli:.3f} ms (without: {max(without) * milli:.3f} ms)\n")
    out(f"the journal's part:     median {statistics.median(spent) * milli:.4f} ms, ")
    out(f"longest {max(spent) * milli:.3f} ms\n")
    out(f"beginning a journal:    {whole * milli:.0f} ms beside the window, which waited ")
    out(f"at most {wait * milli:.2f} ms at a time (with nothing beside: {idle * milli:.2f} ms)\n")
    out(f"size of the journal:    {size / 1e6:.2f} MB\n")


if __name__ == "__main__":
    main()
