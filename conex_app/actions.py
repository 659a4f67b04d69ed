"""Every action of the window as data; menus, toolbar and shortcuts derive from it.

An action says what it is called, which keys start it, when it is possible and
which command it gives. The commands themselves live in the parts of the window
(``Desk``); nothing here creates a widget.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conex_app.runner import RunState

__all__ = ["ACTIONS", "Action", "Desk", "Facts"]


@dataclass(frozen=True)
class Facts:
    """Hold what decides which actions are possible at a moment."""

    open: bool = False
    clean: bool = True
    undo: str = ""
    redo: str = ""
    nodes: int = 0
    selected: int = 0
    selected_groups: int = 0
    selected_blocks: int = 0
    inside: bool = False
    outdated: bool = False
    library: bool = False
    run: RunState = "idle"
    theme: str = "system"
    run_in: str = "automatic"
    engine: str = "auto"

    @property
    def alive(self) -> bool:
        """Tell whether a network exists that could take a step."""
        return self.run in ("running", "paused")


class Desk(Protocol):
    """Name the parts of the window that carry out commands."""

    files: Any  # conex_app.files.ProjectFiles
    editing: Any  # conex_app.editing.Editing
    running: Any  # conex_app.run_control.RunControl
    monitors: Any  # conex_app.panels.monitors.MonitorDocks
    view: Any  # conex_app.window_view.WindowView


@dataclass(frozen=True)
class Action:
    """Describe one action; ``shortcut`` and ``icon`` may be empty.

    ``text_when`` replaces the text by what the action would do now (Undo says
    what it undoes); ``checked_when`` makes it a check mark.
    """

    id: str
    text: str
    run: Callable[[Desk], None]
    shortcut: str = ""
    icon: str = ""
    tip: str = ""
    enabled_when: Callable[[Facts], bool] = lambda facts: facts.open
    text_when: Callable[[Facts], str] | None = None
    checked_when: Callable[[Facts], bool] | None = None

    def hint(self) -> str:
        """Return the tooltip: what it does and the keys for it."""
        keys = f"  ({self.shortcut})" if self.shortcut else ""
        return f"{self.tip or self.text.rstrip('…')}{keys}"


def _always(_facts: Facts) -> bool:
    return True


def _selected(facts: Facts) -> bool:
    return facts.open and facts.selected > 0


def _one_block(facts: Facts) -> bool:
    return facts.open and facts.selected == facts.selected_blocks == 1


def _inside(facts: Facts) -> bool:
    return facts.open and facts.inside


def _theme(name: str, text: str, shortcut: str) -> Action:
    return Action(
        f"view.theme.{name}",
        text,
        lambda desk: desk.view.set_theme(name),
        shortcut,
        enabled_when=_always,
        checked_when=lambda facts: facts.theme == name,
    )


def _run_in(name: str, text: str, shortcut: str, tip: str) -> Action:
    return Action(
        f"run.in.{name}",
        text,
        lambda desk: desk.running.set_run_in(name),
        shortcut,
        tip=tip,
        enabled_when=_always,
        checked_when=lambda facts: facts.run_in == name,
    )


def _engine(name: str, text: str, shortcut: str, tip: str) -> Action:
    return Action(
        f"run.engine.{name}",
        text,
        lambda desk: desk.running.set_engine(name),
        shortcut,
        tip=tip,
        enabled_when=_always,
        checked_when=lambda facts: facts.engine == name,
    )


def _insert(kind: str, text: str, shortcut: str, icon: str) -> Action:
    return Action(
        f"insert.{kind}",
        text,
        lambda desk: desk.editing.add_node(kind),
        shortcut,
        icon,
        tip=f"Add: {text.lower()}",
    )


_FILE = (
    Action(
        "file.new",
        "New",
        lambda desk: desk.files.new(),
        "Ctrl+N",
        "ph.file-plus",
        "Start an empty network",
        _always,
    ),
    Action(
        "file.open",
        "Open…",
        lambda desk: desk.files.open(),
        "Ctrl+O",
        "ph.folder-open",
        "Open a project file",
        _always,
    ),
    Action(
        "file.save",
        "Save",
        lambda desk: desk.files.save(),
        "Ctrl+S",
        "ph.floppy-disk",
        "Save the project",
    ),
    Action(
        "file.save_as",
        "Save as…",
        lambda desk: desk.files.save_as(),
        "Ctrl+Shift+S",
        tip="Save the project under another name",
    ),
    Action(
        "file.script",
        "Export script…",
        lambda desk: desk.files.export_script(),
        "Ctrl+E",
        "ph.code",
        "Write a Python program that builds and runs this network",
        lambda facts: facts.open and facts.nodes > 0,
    ),
    Action(
        "file.close",
        "Close project",
        lambda desk: desk.files.close(),
        "Ctrl+W",
        tip="Close the project and show the start page",
    ),
    Action(
        "file.quit",
        "Quit",
        lambda desk: desk.view.quit(),
        "Ctrl+Q",
        tip="Close the window",
        enabled_when=_always,
    ),
)

_EDIT = (
    Action(
        "edit.undo",
        "Undo",
        lambda desk: desk.editing.undo(),
        "Ctrl+Z",
        "ph.arrow-u-up-left",
        enabled_when=lambda facts: facts.open and bool(facts.undo),
        text_when=lambda facts: f"Undo {facts.undo}".strip(),
    ),
    Action(
        "edit.redo",
        "Redo",
        lambda desk: desk.editing.redo(),
        "Ctrl+Shift+Z",
        "ph.arrow-u-up-right",
        enabled_when=lambda facts: facts.open and bool(facts.redo),
        text_when=lambda facts: f"Redo {facts.redo}".strip(),
    ),
    Action(
        "edit.cut",
        "Cut",
        lambda desk: desk.editing.cut(),
        "Ctrl+X",
        "ph.scissors",
        "Cut the selected nodes",
        _selected,
    ),
    Action(
        "edit.copy",
        "Copy",
        lambda desk: desk.editing.copy(),
        "Ctrl+C",
        "ph.copy",
        "Copy the selected nodes",
        _selected,
    ),
    Action(
        "edit.paste",
        "Paste",
        lambda desk: desk.editing.paste(),
        "Ctrl+V",
        "ph.clipboard",
        "Paste the copied nodes",
    ),
    Action(
        "edit.duplicate",
        "Duplicate",
        lambda desk: desk.editing.duplicate(),
        "Ctrl+D",
        tip="Duplicate the selected nodes",
        enabled_when=_selected,
    ),
    Action(
        "edit.delete",
        "Delete",
        lambda desk: desk.editing.delete(),
        "Del",
        "ph.trash",
        "Delete the selected nodes with their wires",
        _selected,
    ),
    Action(
        "edit.select_all",
        "Select all",
        lambda desk: desk.editing.select_all(),
        "Ctrl+A",
        tip="Select every node",
        enabled_when=lambda facts: facts.open and facts.nodes > 0,
    ),
    Action(
        "edit.rename",
        "Rename…",
        lambda desk: desk.editing.rename(),
        "F2",
        tip="Rename the selected node",
        enabled_when=lambda facts: facts.open and facts.selected == 1,
    ),
)

_BLOCKS = (
    Action(
        "block.group",
        "Group",
        lambda desk: desk.editing.group(),
        "Ctrl+G",
        "ph.selection-plus",
        "Put the selected nodes into a new block",
        _selected,
    ),
    Action(
        "block.unpack",
        "Unpack",
        lambda desk: desk.editing.unpack(),
        "Ctrl+Shift+G",
        "ph.selection-slash",
        "Put what the selected block holds in its place",
        _one_block,
    ),
    Action(
        "block.unique",
        "Make unique",
        lambda desk: desk.editing.make_unique(),
        "Ctrl+U",
        tip="Give the selected block contents of its own, apart from its other copies",
        enabled_when=_one_block,
    ),
    Action(
        "block.enter",
        "Open block",
        lambda desk: desk.editing.enter(),
        "Ctrl+Down",
        "ph.arrow-elbow-right-down",
        "Open the selected block and show what is inside",
        _one_block,
    ),
    Action(
        "block.leave",
        "Leave block",
        lambda desk: desk.editing.leave(),
        "Ctrl+Up",
        "ph.arrow-elbow-left-up",
        "Go out of the open block",
        _inside,
    ),
    Action(
        "block.update",
        "Update block…",
        lambda desk: desk.editing.update_block(),
        "Ctrl+Alt+U",
        tip="Show what a newer version in the library changes, and take it over or not",
        enabled_when=lambda facts: _one_block(facts) and facts.outdated,
    ),
    Action(
        "block.save",
        "Save to library…",
        lambda desk: desk.editing.save_block(),
        "Ctrl+Alt+S",
        "ph.books",
        "Keep the selected or the open block in the library",
        lambda facts: facts.library and (_one_block(facts) or _inside(facts)),
    ),
)

_INSERT = (
    _insert("NeuronGroup", "Neuron group", "Ctrl+1", "ph.circles-three-plus"),
    _insert("SynapseGroup", "Synapse group", "Ctrl+2", "ph.share-network"),
    _insert("BehaviorStack", "Behavior stack", "Ctrl+3", "ph.stack"),
    _insert("InputLayer", "Input layer", "Ctrl+4", "ph.sign-in"),
    _insert("Note", "Note", "Ctrl+5", "ph.note"),
    Action(
        "insert.InputPort",
        "Input port",
        lambda desk: desk.editing.add_port("InputPort"),
        "Ctrl+6",
        tip="Add an input to the open block",
        enabled_when=_inside,
    ),
    Action(
        "insert.OutputPort",
        "Output port",
        lambda desk: desk.editing.add_port("OutputPort"),
        "Ctrl+7",
        tip="Add an output to the open block",
        enabled_when=_inside,
    ),
    Action(
        "insert.connect",
        "Connect selected groups",
        lambda desk: desk.editing.connect_selected(),
        "Ctrl+L",
        "ph.flow-arrow",
        "Join two selected groups by a synapse group, from the first selected to the second",
        lambda facts: facts.open and facts.selected_groups == 2,
    ),
    Action(
        "insert.raster",
        "Raster plot",
        lambda desk: desk.monitors.add("raster"),
        "Ctrl+Shift+R",
        "ph.dots-nine",
        "Show the spikes of the selected groups, or of all groups",
    ),
    Action(
        "insert.voltage",
        "Voltage plot",
        lambda desk: desk.monitors.add("voltage"),
        "Ctrl+Shift+V",
        "ph.activity",
        "Show the membrane potential of some neurons of the selected group",
    ),
)

_VIEW = (
    Action("view.zoom_in", "Zoom in", lambda desk: desk.view.zoom_in(), "Ctrl++"),
    Action("view.zoom_out", "Zoom out", lambda desk: desk.view.zoom_out(), "Ctrl+-"),
    Action("view.zoom_reset", "Actual size", lambda desk: desk.view.zoom_reset(), "Ctrl+0"),
    Action(
        "view.fit",
        "Fit network",
        lambda desk: desk.view.fit(),
        "Ctrl+9",
        "ph.corners-out",
        "Show the whole network",
    ),
    Action(
        "view.arrange",
        "Arrange",
        lambda desk: desk.editing.arrange(),
        "Ctrl+Shift+A",
        "ph.tree-structure",
        "Lay out the nodes from left to right",
        lambda facts: facts.open and facts.nodes > 1,
    ),
    Action(
        "view.reset_layout",
        "Reset panels",
        lambda desk: desk.view.reset_layout(),
        "Ctrl+Alt+R",
        tip="Put all panels back where they were at first",
    ),
    _theme("system", "Follow the system", "Ctrl+Alt+0"),
    _theme("light", "Light", "Ctrl+Alt+1"),
    _theme("dark", "Dark", "Ctrl+Alt+2"),
)

_RUN = (
    Action(
        "run.toggle",
        "Run",
        lambda desk: desk.running.toggle(),
        "F5",
        "ph.play-fill",
        "Run or pause the network",
        lambda facts: facts.open and facts.run != "building",
        lambda facts: {"running": "Pause", "building": "Building"}.get(facts.run, "Run"),
    ),
    Action(
        "run.step",
        "Step",
        lambda desk: desk.running.step(1),
        "F10",
        "ph.skip-forward",
        "Advance by one iteration",
        lambda facts: facts.open and facts.run != "building",
    ),
    Action(
        "run.step_10",
        "10 steps",
        lambda desk: desk.running.step(10),
        "Shift+F10",
        tip="Advance by 10 iterations",
        enabled_when=lambda facts: facts.open and facts.run != "building",
    ),
    Action(
        "run.step_100",
        "100 steps",
        lambda desk: desk.running.step(100),
        "Ctrl+F10",
        tip="Advance by 100 iterations",
        enabled_when=lambda facts: facts.open and facts.run != "building",
    ),
    Action(
        "run.step_n",
        "Steps…",
        lambda desk: desk.running.ask_steps(),
        "Ctrl+Shift+F10",
        tip="Advance by a number of iterations",
        enabled_when=lambda facts: facts.open and facts.run != "building",
    ),
    Action(
        "run.for",
        "Run for the time set",
        lambda desk: desk.running.run_for_set_time(),
        "Ctrl+F5",
        "ph.timer",
        "Run for the simulated time in the run bar, then pause",
        lambda facts: facts.open and facts.run != "building",
    ),
    Action(
        "run.stop",
        "Stop and reset",
        lambda desk: desk.running.stop(),
        "Shift+F5",
        "ph.stop-fill",
        "Stop and forget the state; the next run starts at 0 ms",
        lambda facts: facts.run != "idle",
    ),
    _run_in(
        "automatic", "Automatic", "Ctrl+Alt+3", "Use a process of its own where that is faster"
    ),
    _run_in(
        "window", "The window's process", "Ctrl+Alt+4", "Use less memory; plots slow the run down"
    ),
    _run_in(
        "process", "A process of their own", "Ctrl+Alt+5", "Keep the speed while plots are drawn"
    ),
    _engine("auto", "Automatic", "Ctrl+Alt+6", "Compile what can be, and run the rest in Python"),
    _engine(
        "fused", "Compiled", "Ctrl+Alt+7", "The same, but say so where nothing can be compiled"
    ),
    _engine("reference", "Reference", "Ctrl+Alt+8", "Run every behavior in Python, one by one"),
    Action(
        "run.compiled",
        "Show what is compiled",
        lambda desk: desk.running.show_compiled(),
        "Ctrl+Shift+F5",
        tip="List what runs each behavior and why; builds the network where there is none",
        enabled_when=lambda facts: facts.open and facts.run != "building",
    ),
)

_HELP = (
    Action(
        "help.shortcuts",
        "Keyboard shortcuts",
        lambda desk: desk.view.show_shortcuts(),
        "F1",
        "ph.keyboard",
        enabled_when=_always,
    ),
    Action(
        "help.about",
        "About CoNeX Studio",
        lambda desk: desk.view.show_about(),
        "Shift+F1",
        enabled_when=_always,
    ),
)

ACTIONS: Mapping[str, Action] = {
    item.id: item
    for group in (_FILE, _EDIT, _BLOCKS, _INSERT, _VIEW, _RUN, _HELP)
    for item in group
}
