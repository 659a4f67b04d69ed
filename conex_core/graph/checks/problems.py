"""What the check finds: a problem, where it is, and ready edits that mend it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from conex_core.graph.blocks.definitions import focus
from conex_core.graph.blocks.nesting import path_to
from conex_core.graph.model.document import MAIN, NETWORK, BehaviorItem, Document

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Fix", "Problem", "Severity"]

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Fix:
    """Offer one edit; ``title`` is what a button says.

    ``subject`` tells mends of the same words apart: the id of the plot they are for.
    """

    title: str
    apply: Callable[[Document], Document] = field(compare=False)
    subject: str = ""


@dataclass(frozen=True)
class Problem:
    """Describe one thing that is wrong, in the user's own names.

    ``node`` is a node id or ``network``, ``behavior`` the id of an item in its
    stack (or in a behavior stack wired to it), ``field`` a parameter. Errors
    block Run, warnings do not. ``code`` names the rule. ``definition`` is the
    drawing that ``node`` is in; ``path`` are the instances around it where the
    problem was found.
    """

    severity: Severity
    message: str
    node: str | None = None
    behavior: str | None = None
    field: str | None = None
    fixes: tuple[Fix, ...] = ()
    code: str = ""
    definition: str = MAIN
    path: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.severity}: {self.message}"

    def where(self, doc: Document) -> str:
        """Return the place in words, such as ``Column › Layer 4 › Exc › LIF › tau``.

        What is in several copies is told at the first; what is in none, at its block.
        """
        around = _around(doc, self.path or path_to(doc.definitions, self.definition))
        doc = focus(doc, self.definition) if self.definition in doc.definitions else doc
        if not around and self.definition != MAIN:
            around = [doc.network.name]
        item = _item(doc, self.behavior)
        parts = (*around, _title(doc, self.node), item.kind if item else self.behavior, self.field)
        return " › ".join(part for part in parts if part)


def _around(doc: Document, path: tuple[str, ...] | None) -> list[str]:
    """Return the names of the instances on a path, as far as it is still there."""
    names, inner = [], doc.network
    for node_id in path or ():
        node = inner.nodes.get(node_id)
        if node is None or node.of not in doc.definitions:
            break
        names.append(node.name or node_id)
        inner = doc.definitions[node.of]
    return names


def _title(doc: Document, node_id: str | None) -> str:
    if node_id is None:
        return ""
    node = doc.network.nodes.get(node_id)
    if node is not None:
        return node.name or node_id
    return "Network" if node_id == NETWORK else node_id


def _item(doc: Document, item_id: str | None) -> BehaviorItem | None:
    if item_id is None:
        return None
    stacks = [doc.settings.stack, *(node.stack for node in doc.network.nodes.values())]
    found = (item for stack in stacks for item in stack if item.id == item_id)
    return next(found, None)
