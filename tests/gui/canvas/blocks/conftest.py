"""Networks with blocks for the canvas, and what its tests ask of them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from conex_app.canvas import Canvas
from conex_core.graph import edits
from conex_core.graph.model.document import Document, Node

_CONTROL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
_NONE, _LEFT = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton


@pytest.fixture
def blocked(wired: Document) -> Document:
    """Return ``exc`` wired to the block ``blk``, which holds ``inh``."""
    return edits.group(wired, ["inh"], name="Layer", node_id="blk", definition_id="d_layer")


@pytest.fixture
def deep(blocked: Document) -> Document:
    """Return the network with the block ``col`` around ``blk``."""
    return edits.group(blocked, ["blk"], name="Column", node_id="col", definition_id="d_col")


def port_of(state: Document, kind: str = "InputPort", definition: str = "d_layer") -> Node:
    nodes = state.definition(definition).nodes.values()
    return next(node for node in nodes if node.kind == kind)


def assert_mirrors(canvas: Canvas) -> None:
    network = canvas.document.state.network
    places, model, scene = canvas.display.shown()
    assert places == {key: node.position for key, node in network.nodes.items()}
    assert model == scene == network.links


def press(qtbot, canvas: Canvas, key: Qt.Key, modifiers=_NONE) -> None:
    qtbot.keyClick(canvas.view, key, modifiers)
