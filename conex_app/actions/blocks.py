"""Actions on blocks, and those that insert something into the network."""

from __future__ import annotations

from conex_app.actions.action import Action, inside, one_block, selected

__all__ = ["BLOCKS", "INSERT"]


def _insert(kind: str, text: str, shortcut: str, icon: str) -> Action:
    return Action(
        f"insert.{kind}",
        text,
        lambda desk: desk.editing.add_node(kind),
        shortcut,
        icon,
        tip=f"Add: {text.lower()}",
    )


def _port(kind: str, text: str, shortcut: str, tip: str) -> Action:
    return Action(
        f"insert.{kind}",
        text,
        lambda desk: desk.editing.add_port(kind),
        shortcut,
        tip=tip,
        enabled_when=inside,
    )


BLOCKS: tuple[Action, ...] = (
    Action(
        "block.group",
        "Group",
        lambda desk: desk.editing.group(),
        "Ctrl+G",
        "ph.selection-plus",
        "Put the selected nodes into a new block",
        selected,
    ),
    Action(
        "block.unpack",
        "Unpack",
        lambda desk: desk.editing.unpack(),
        "Ctrl+Shift+G",
        "ph.selection-slash",
        "Put what the selected block holds in its place",
        one_block,
    ),
    Action(
        "block.unique",
        "Make unique",
        lambda desk: desk.editing.make_unique(),
        "Ctrl+U",
        tip="Give the selected block contents of its own, apart from its other copies",
        enabled_when=one_block,
    ),
    Action(
        "block.enter",
        "Open block",
        lambda desk: desk.editing.enter(),
        "Ctrl+Down",
        "ph.arrow-elbow-right-down",
        "Open the selected block and show what is inside",
        one_block,
    ),
    Action(
        "block.leave",
        "Leave block",
        lambda desk: desk.editing.leave(),
        "Ctrl+Up",
        "ph.arrow-elbow-left-up",
        "Go out of the open block",
        inside,
    ),
    Action(
        "block.update",
        "Update block…",
        lambda desk: desk.editing.update_block(),
        "Ctrl+Alt+U",
        tip="Show what a newer version in the library changes, and take it over or not",
        enabled_when=lambda facts: one_block(facts) and facts.outdated,
    ),
    Action(
        "block.save",
        "Save to library…",
        lambda desk: desk.editing.save_block(),
        "Ctrl+Alt+S",
        "ph.books",
        "Keep the selected or the open block in the library",
        lambda facts: facts.library and (one_block(facts) or inside(facts)),
    ),
)


INSERT: tuple[Action, ...] = (
    _insert("NeuronGroup", "Neuron group", "Ctrl+1", "ph.circles-three-plus"),
    _insert("SynapseGroup", "Synapse group", "Ctrl+2", "ph.share-network"),
    _insert("BehaviorStack", "Behavior stack", "Ctrl+3", "ph.stack"),
    _insert("InputLayer", "Input layer", "Ctrl+4", "ph.sign-in"),
    _insert("Note", "Note", "Ctrl+5", "ph.note"),
    _port("InputPort", "Input port", "Ctrl+6", "Add an input to the open block"),
    _port("OutputPort", "Output port", "Ctrl+7", "Add an output to the open block"),
    Action(
        "insert.connect",
        "Connect selected groups",
        lambda desk: desk.editing.connect_selected(),
        "Ctrl+L",
        "ph.flow-arrow",
        "Join two selected groups by a synapse group, from the first selected to the second",
        lambda facts: facts.open and facts.selected_groups == 2,
    ),
)
