"""What the canvas says when the mouse rests: problems first, then what a thing is."""

from __future__ import annotations

from collections.abc import Iterable

from conex_app.canvas.faces import PortFace
from conex_core.graph.kinds import kind_of
from conex_core.graph.state import Node

__all__ = ["tip_of_node", "tip_of_port"]

MOST_PROBLEMS = 5


def tip_of_node(node: Node, problems: Iterable[str] = ()) -> str:
    """Return the problems of a node, its kind and its whole stack, a line each."""
    kind = kind_of(node.kind)
    found = list(problems)
    lines = [f"• {text}" for text in found[:MOST_PROBLEMS]]
    if len(found) > MOST_PROBLEMS:
        lines.append(f"• and {len(found) - MOST_PROBLEMS} more")
    lines.append(f"{node.name} ({kind.title if kind else node.kind})")
    if kind is None:
        lines.append("This kind of node is not known here. It is kept as it is.")
    lines += [item.kind if item.enabled else f"{item.kind} (off)" for item in node.stack]
    return "\n".join(lines)


def tip_of_port(node: Node, port: PortFace) -> str:
    """Return what flows through a port and what to do with it."""
    title = port.title[:1].upper() + port.title[1:]
    verb = "of" if port.direction == "out" else "for"
    return f"{title} {verb} {node.name}. Drag to connect."
