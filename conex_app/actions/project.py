"""Actions of the File and Edit menus."""

from __future__ import annotations

from conex_app.actions.action import Action, always, drawn, selected
from conex_app.actions.blocks import BLOCKS
from conex_app.actions.menu import FilledMenu, Group, Menu

__all__ = ["EDIT", "FILE", "RECENT", "VERSIONS"]

RECENT = FilledMenu("Open recent")
VERSIONS = FilledMenu("Open an earlier version")


_OPEN: Group = (
    Action(
        "file.new",
        "New",
        lambda targets: targets.files.new(),
        "Ctrl+N",
        "ph.file-plus",
        "Start an empty network",
        always,
    ),
    Action(
        "file.open",
        "Open…",
        lambda targets: targets.files.open(),
        "Ctrl+O",
        "ph.folder-open",
        "Open a project file",
        always,
    ),
    RECENT,
    VERSIONS,
    Action(
        "file.recover",
        "Recover unsaved work…",
        lambda targets: targets.recovery.recover(),
        "Ctrl+Shift+O",
        tip="Bring back what was not saved when CoNeX Studio ended",
        enabled_when=always,
    ),
)

_SAVE: Group = (
    Action(
        "file.save",
        "Save",
        lambda targets: targets.files.save(),
        "Ctrl+S",
        "ph.floppy-disk",
        "Save the project",
    ),
    Action(
        "file.save_as",
        "Save as…",
        lambda targets: targets.files.save_as(),
        "Ctrl+Shift+S",
        tip="Save the project under another name",
    ),
    Action(
        "file.script",
        "Export script…",
        lambda targets: targets.files.export_script(),
        "Ctrl+E",
        "ph.code",
        "Write a Python program that builds and runs this network",
        drawn,
    ),
)

_LEAVE: Group = (
    Action(
        "file.close",
        "Close project",
        lambda targets: targets.files.close(),
        "Ctrl+W",
        tip="Close the project and show the start page",
    ),
    Action(
        "file.quit",
        "Quit",
        lambda targets: targets.view.quit(),
        "Ctrl+Q",
        tip="Close the window",
        enabled_when=always,
    ),
)

FILE = Menu("File", (_OPEN, _SAVE, _LEAVE))

_UNDO: Group = (
    Action(
        "edit.undo",
        "Undo",
        lambda targets: targets.document.undo(),
        "Ctrl+Z",
        "ph.arrow-u-up-left",
        enabled_when=lambda facts: facts.open and bool(facts.undo),
        text_when=lambda facts: f"Undo {facts.undo}".strip(),
    ),
    Action(
        "edit.redo",
        "Redo",
        lambda targets: targets.document.redo(),
        "Ctrl+Shift+Z",
        "ph.arrow-u-up-right",
        enabled_when=lambda facts: facts.open and bool(facts.redo),
        text_when=lambda facts: f"Redo {facts.redo}".strip(),
    ),
)

_CLIPBOARD: Group = (
    Action(
        "edit.cut",
        "Cut",
        lambda targets: targets.nodes.cut(),
        "Ctrl+X",
        "ph.scissors",
        "Cut the selected nodes",
        selected,
    ),
    Action(
        "edit.copy",
        "Copy",
        lambda targets: targets.nodes.copy(),
        "Ctrl+C",
        "ph.copy",
        "Copy the selected nodes",
        selected,
    ),
    Action(
        "edit.paste",
        "Paste",
        lambda targets: targets.nodes.paste(),
        "Ctrl+V",
        "ph.clipboard",
        "Paste the copied nodes",
    ),
    Action(
        "edit.duplicate",
        "Duplicate",
        lambda targets: targets.nodes.duplicate(),
        "Ctrl+D",
        tip="Duplicate the selected nodes",
        enabled_when=selected,
    ),
    Action(
        "edit.delete",
        "Delete",
        lambda targets: targets.nodes.delete(),
        "Del",
        "ph.trash",
        "Delete the selected nodes with their wires",
        selected,
    ),
)

_NODES: Group = (
    Action(
        "edit.select_all",
        "Select all",
        lambda targets: targets.canvas.select_all(),
        "Ctrl+A",
        tip="Select every node",
        enabled_when=drawn,
    ),
    Action(
        "edit.rename",
        "Rename…",
        lambda targets: targets.nodes.rename(),
        "F2",
        tip="Rename the selected node",
        enabled_when=lambda facts: facts.open and facts.selected == 1,
    ),
)

EDIT = Menu("Edit", (_UNDO, _CLIPBOARD, _NODES, BLOCKS))
