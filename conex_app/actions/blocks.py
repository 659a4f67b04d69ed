"""Actions on blocks, and those that insert something into the network."""

from __future__ import annotations

from conex_app.actions.action import Action, inside, one_block, selected
from conex_app.actions.menu import Group, Menu
from conex_core.graph.model.kinds import (
    BEHAVIOR_STACK,
    INPUT_LAYER,
    INPUT_PORT,
    NEURON_GROUP,
    NOTE,
    OUTPUT_PORT,
    SYNAPSE_GROUP,
)

__all__ = ["BLOCKS", "INSERT"]


def _insert(kind: str, text: str, shortcut: str, icon: str) -> Action:
    return Action(
        f"insert.{kind}",
        text,
        lambda targets: targets.nodes.add(kind),
        shortcut,
        icon,
        tip=f"Add: {text.lower()}",
    )


def _port(kind: str, text: str, shortcut: str, tip: str) -> Action:
    return Action(
        f"insert.{kind}",
        text,
        lambda targets: targets.blocks.add_port(kind),
        shortcut,
        tip=tip,
        enabled_when=inside,
    )


BLOCKS: Group = (
    Action(
        "block.group",
        "Group",
        lambda targets: targets.blocks.group(),
        "Ctrl+G",
        "ph.selection-plus",
        "Put the selected nodes into a new block",
        selected,
    ),
    Action(
        "block.unpack",
        "Unpack",
        lambda targets: targets.blocks.unpack(),
        "Ctrl+Shift+G",
        "ph.selection-slash",
        "Put what the selected block holds in its place",
        one_block,
    ),
    Action(
        "block.unique",
        "Make unique",
        lambda targets: targets.blocks.make_unique(),
        "Ctrl+U",
        tip="Give the selected block contents of its own, apart from its other copies",
        enabled_when=one_block,
    ),
    Action(
        "block.enter",
        "Open block",
        lambda targets: targets.blocks.enter(),
        "Ctrl+Down",
        "ph.arrow-elbow-right-down",
        "Open the selected block and show what is inside",
        one_block,
    ),
    Action(
        "block.leave",
        "Leave block",
        lambda targets: targets.blocks.leave(),
        "Ctrl+Up",
        "ph.arrow-elbow-left-up",
        "Go out of the open block",
        inside,
    ),
    Action(
        "block.update",
        "Update block…",
        lambda targets: targets.blocks.update(),
        "Ctrl+Alt+U",
        tip="Show what a newer version in the library changes, and take it over or not",
        enabled_when=lambda facts: one_block(facts) and facts.outdated,
    ),
    Action(
        "block.save",
        "Save to library…",
        lambda targets: targets.blocks.save(),
        "Ctrl+Alt+S",
        "ph.books",
        "Keep the selected or the open block in the library",
        lambda facts: facts.library and (one_block(facts) or inside(facts)),
    ),
)


_NODES: Group = (
    _insert(NEURON_GROUP.name, "Neuron group", "Ctrl+1", "ph.circles-three-plus"),
    _insert(SYNAPSE_GROUP.name, "Synapse group", "Ctrl+2", "ph.share-network"),
    _insert(BEHAVIOR_STACK.name, "Behavior stack", "Ctrl+3", "ph.stack"),
    _insert(INPUT_LAYER.name, "Input layer", "Ctrl+4", "ph.sign-in"),
    _insert(NOTE.name, "Note", "Ctrl+5", "ph.note"),
)

_PORTS: Group = (
    _port(INPUT_PORT.name, "Input port", "Ctrl+6", "Add an input to the open block"),
    _port(OUTPUT_PORT.name, "Output port", "Ctrl+7", "Add an output to the open block"),
)

_WIRES: Group = (
    Action(
        "insert.connect",
        "Connect selected groups",
        lambda targets: targets.nodes.connect_selected(),
        "Ctrl+L",
        "ph.flow-arrow",
        "Join two selected groups by a synapse group, from the first selected to the second",
        lambda facts: facts.open and facts.selected_groups == 2,
    ),
)

# Plots follow in this menu, one action for each that the catalog knows.
INSERT = Menu("Insert", (_NODES, _PORTS, _WIRES))
