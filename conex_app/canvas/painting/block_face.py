"""The words and the ports of blocks and of the ports inside them.

A block has its ports in rows below its contents, so that each can say its name.
"""

from __future__ import annotations

from collections.abc import Iterable

from conex_app.canvas.painting.block_contents import Contents, Counts
from conex_app.look.counts import count
from conex_core.graph.model.document import Node
from conex_core.graph.model.kinds import NodePort

__all__ = ["FIRST_ROW", "ROW", "block_height", "contents_text", "overrides_text"]

FIRST_ROW, ROW = 76.0, 24.0  # the middle of the first port, and from one to the next
_BARE = 64.0


def block_height(ports: Iterable[NodePort]) -> float:
    """Return how high a block with these ports is."""
    sides = [port.direction for port in ports]
    rows = max(sides.count("in"), sides.count("out"))
    return FIRST_ROW + (rows - 0.5) * ROW + 8 if rows else _BARE


def contents_text(counts: Counts) -> str:
    """Say what is inside: ``3 groups, 800 neurons``."""
    words = []
    if counts.groups:
        words += [count(counts.groups, "group"), count(counts.neurons, "neuron")]
    if counts.inputs:
        words.append(count(counts.inputs, "input layer"))
    return ", ".join(words) or "no groups yet"


def overrides_text(node: Node, contents: Contents) -> str:
    """Say how many values this instance has of its own; nothing if none."""
    own = {one.id for one in contents.promoted} & node.params.keys()
    return f"{len(own)} changed" if own else ""
