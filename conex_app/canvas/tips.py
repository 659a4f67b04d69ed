"""What the canvas says when the mouse rests: problems first, then what a thing is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from conex_app.canvas.painting.block_face import contents_text
from conex_app.canvas.painting.node_face import PortFace, size_text
from conex_core.graph.model.document import Node
from conex_core.graph.model.kinds import kind_of

if TYPE_CHECKING:
    from conex_app.canvas.painting.block_contents import Contents

__all__ = ["tip_of_node", "tip_of_port"]

MOST_PROBLEMS = 5


def tip_of_node(
    node: Node,
    problems: Iterable[str] = (),
    contents: Contents | None = None,
    *,
    is_outdated: bool = False,
) -> str:
    """Return the problems of a node, its kind and its stack or its contents, a line each."""
    kind = kind_of(node.kind)
    found = list(problems)
    lines = [f"• {text}" for text in found[:MOST_PROBLEMS]]
    if len(found) > MOST_PROBLEMS:
        lines.append(f"• and {len(found) - MOST_PROBLEMS} more")
    if is_outdated:
        lines.append("The library has a newer version. “Update block…” shows what it changes.")
    if contents is not None:
        return "\n".join([*lines, *_about_block(node, contents)])
    lines.append(f"{node.name} ({kind.title if kind else node.kind})")
    if node.is_instance:
        lines.append("What it holds is missing. It is kept as it is.")
    elif kind is None:
        lines.append("This kind of node is not known here. It is kept as it is.")
    lines += [item.kind if item.enabled else f"{item.kind} (off)" for item in node.stack]
    return "\n".join(lines)


def tip_of_port(node: Node, port: PortFace) -> str:
    """Return what flows through a port and what to do with it."""
    title = port.title[:1].upper() + port.title[1:]
    if node.is_instance or node.is_port:
        name = port.title if node.is_instance else node.name
        return f"{name} ({port.signal}). Drag to connect."
    verb = "of" if port.direction == "out" else "for"
    return f"{title} {verb} {node.name}. Drag to connect."


def _about_block(node: Node, contents: Contents) -> list[str]:
    """Return what a block is, what it is for, and the values that its copy shows."""
    kind = contents.kind if contents.name == node.name else f"{contents.kind} {contents.name}"
    lines = [f"{node.name} ({kind})", contents_text(contents.counts)]
    lines += [contents.description] if contents.description else []
    for one in contents.promoted:
        value = f" = {_plain(node.params[one.id])} (changed)" if one.id in node.params else ""
        lines.append(f"{one.name}{value}")
    lines.append("Double-click to open.")
    return lines


def _plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else size_text(value)
