"""Actions of the View and Help menus."""

from __future__ import annotations

from conex_app.actions.action import Action, always, one_of

__all__ = ["HELP", "VIEW"]


_theme = one_of(
    "view.theme", lambda desk, name: desk.view.set_theme(name), lambda facts: facts.theme
)


VIEW: tuple[Action, ...] = (
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


HELP: tuple[Action, ...] = (
    Action(
        "help.shortcuts",
        "Keyboard shortcuts",
        lambda desk: desk.view.show_shortcuts(),
        "F1",
        "ph.keyboard",
        enabled_when=always,
    ),
    Action(
        "help.about",
        "About CoNeX Studio",
        lambda desk: desk.view.show_about(),
        "Shift+F1",
        enabled_when=always,
    ),
)
