"""What monitors lose with an edit: blocks that went, and what was inside them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conex_core.graph.blocks.flatten import flatten
from conex_core.graph.blocks.opening import opened
from conex_core.graph.edits.nodes import without_targets

if TYPE_CHECKING:
    from conex_core.graph.model.document import Document

__all__ = ["without_lost"]


def without_lost(before: Document, after: Document) -> Document:
    """Return ``after`` without what its monitors showed and this edit has taken away.

    Such a thing may lie in any copy of a block, at any depth. A monitor that
    showed nothing else goes too.
    """
    targets = {target for monitor in after.monitors for target in monitor.targets}
    if not targets or flatten(before).refusal or flatten(after).refusal:
        return after
    lost = (targets & _shown(before)) - _shown(after)
    return replace(after, monitors=without_targets(after.monitors, lost)) if lost else after


def _shown(doc: Document) -> set[str]:
    """Return what a monitor can name: nodes of the flat network, and copies of blocks."""
    copies = {"/".join(level.path) for level in opened(doc).all()}
    return copies | flatten(doc).origins.keys()
