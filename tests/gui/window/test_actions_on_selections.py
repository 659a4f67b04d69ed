"""Every action that is offered for a selection, whatever is selected."""

from __future__ import annotations

import pytest

from tests.gui.window.conftest import press

SELECTIONS = (
    (),
    ("NeuronGroup",),
    ("Note",),
    ("Definition",),
    ("NeuronGroup", "NeuronGroup"),
    ("NeuronGroup", "NeuronGroup", "Note"),
    ("Note", "NeuronGroup", "SynapseGroup", "NeuronGroup"),
    ("NeuronGroup", "Definition"),
    ("NeuronGroup", "NeuronGroup", "Definition", "SynapseGroup"),
)
ASKING = ("block.save", "block.update")  # they open a dialog


@pytest.fixture
def drawn(window):
    """Return a window with a network of every kind of node, three of which are a block."""
    press(window, "file.new")
    canvas = window.workspace.canvas
    canvas.ensure_loaded()
    for kind in ("NeuronGroup", "Note"):
        press(window, f"insert.{kind}")
    canvas.select(window.document.state.network.nodes)
    press(window, "block.group")
    for kind in ("NeuronGroup", "NeuronGroup", "SynapseGroup", "Note"):
        press(window, f"insert.{kind}")
    return window


def chosen(window, kinds) -> tuple[str, ...]:
    """Return nodes of these kinds, each at most once."""
    left = dict(window.document.state.network.nodes)
    found = []
    for kind in kinds:
        wanted = (
            key
            for key, node in left.items()
            if kind in (node.kind, node.is_instance and "Definition")
        )
        found.append(next(wanted))
        del left[found[-1]]
    return tuple(found)


@pytest.mark.parametrize("kinds", SELECTIONS, ids="-".join)
def test_an_action_that_is_offered_can_be_carried_out_and_undone(drawn, kinds):
    canvas, document = drawn.workspace.canvas, drawn.document
    nodes, start, index = chosen(drawn, kinds), document.whole, document.stack.index()
    done = set()

    for name in drawn.actions_of.known:
        canvas.select(nodes)
        if name.startswith(("edit.", "block.", "insert.")) and name not in ASKING:
            if drawn.actions_of[name].isEnabled():  # as the facts of this selection say
                press(drawn, name)
                done.add(name)
            document.stack.setIndex(index)
            document.go(())
            assert document.whole == start, name

    assert {"edit.paste", "edit.select_all", "insert.Note"} <= done
    assert ("insert.connect" in done) == (kinds.count("NeuronGroup") == 2)
