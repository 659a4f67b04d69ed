"""How fast the canvas is: 1,000 nodes and 2,000 wires opened, panned, zoomed, dragged.

Run it with ``python tests/benchmarks/canvas_speed.py``; it prints one line a figure.
The goal for opening, first paint included, is 0.6 s.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import time
from collections.abc import Callable

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication

from conex_app.canvas import Canvas
from conex_app.project.document import ProjectDocument
from conex_core.catalog import Catalog
from conex_core.graph.model.defaults import stack_for
from conex_core.graph.model.document import Definition, Document, Link, Node

NODES, WIRES, COLUMNS = 1000, 2000, 40


def network(nodes: int = NODES, wires: int = WIRES) -> Document:
    """Return neuron groups and synapse groups in turn, wired at random to near ones."""
    rng = random.Random(1)
    stack = stack_for("NeuronGroup")
    made = {}
    for place in range(nodes):
        x, y = (place % COLUMNS) * 280.0, (place // COLUMNS) * 220.0
        kind = "SynapseGroup" if place % 2 else "NeuronGroup"
        own = () if place % 2 else stack
        made[f"n{place:04}"] = Node(f"n{place:04}", kind, f"Node {place}", {}, own, (x, y))
    links: set[Link] = set()
    while len(links) < wires:
        group = rng.randrange(0, nodes, 2)
        synapse = min(max(group + rng.choice((1, -1, 3, COLUMNS + 1, 1 - COLUMNS)), 1), nodes - 1)
        group_id, synapse_id = f"n{group:04}", f"n{synapse | 1:04}"
        out = Link(group_id, "spikes", synapse_id, "source")
        links.add(rng.choice((out, Link(synapse_id, "target", group_id, "synapses"))))
    return Document().with_network(Definition("main", "Network", made, frozenset(links)))


def seconds(run: Callable[[], object]) -> float:
    """Return how long ``run`` takes."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def frames(run: Callable[[int], object], count: int = 12) -> float:
    """Return the median of so many calls, in ms."""
    return 1e3 * statistics.median(seconds(lambda step=step: run(step)) for step in range(count))


def main() -> None:
    """Print the figures."""
    app = QApplication(sys.argv)
    canvas = Canvas(ProjectDocument(), Catalog())
    canvas.resize(1200, 800)
    canvas.show()
    say("import NodeGraphQt and build an empty canvas", seconds(canvas.ensure_loaded), "s")
    app.processEvents()
    view, document = canvas.view, network()

    def opened() -> None:
        canvas.document.new(document)
        app.processEvents()

    def redrawn(_: int) -> None:
        view.viewport().repaint()

    def panned(_: int) -> None:
        view.pan(QPoint(5, 0))
        view.viewport().repaint()

    def zoomed(step: int) -> None:
        view.zoom_to(view.zoom() * (1.02 if step % 2 else 1 / 1.02))
        view.viewport().repaint()

    say(f"open {NODES} nodes and {WIRES} wires, first paint included", seconds(opened), "s")
    say(f"redraw all at {view.zoom():.2f}x", frames(redrawn), "ms")
    say(f"zoom all at {view.zoom():.2f}x", frames(zoomed), "ms")
    view.zoom_to(1.0)
    say("pan at 1x", frames(panned), "ms")
    view.zoom_to(0.5)
    say("pan at 0.5x", frames(panned), "ms")
    canvas.select_all()
    say("nudge one node of all", frames(lambda _: canvas.gestures.nudge(["n0500"], 8, 0)), "ms")
    say("nudge all nodes", frames(lambda _: canvas.gestures.nudge(canvas.selection, 8, 0), 4), "ms")
    say("open the empty document", seconds(canvas.document.new), "s")
    canvas.close()


def say(what: str, value: float, unit: str) -> None:
    """Print one figure."""
    sys.stdout.write(f"{what}: {value:.3g} {unit}\n")


if __name__ == "__main__":
    main()
