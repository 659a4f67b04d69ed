"""Actions of the View and Help menus."""

from __future__ import annotations

from conex_app.actions.action import Action, always, one_of
from conex_app.actions.menu import FilledMenu, Group, Menu

__all__ = ["HELP", "PANELS", "VIEW"]

PANELS = FilledMenu("Panels")


_theme = one_of(
    "view.theme", lambda targets, name: targets.view.set_theme(name), lambda facts: facts.theme
)


_PANELS: Group = (
    PANELS,
    Action(
        "view.reset_layout",
        "Reset panels",
        lambda targets: targets.view.reset_layout(),
        "Ctrl+Alt+R",
        tip="Put all panels back where they were at first",
    ),
)

_ZOOM: Group = (
    Action("view.zoom_in", "Zoom in", lambda targets: targets.canvas.zoom_in(), "Ctrl++"),
    Action("view.zoom_out", "Zoom out", lambda targets: targets.canvas.zoom_out(), "Ctrl+-"),
    Action("view.zoom_reset", "Actual size", lambda targets: targets.canvas.zoom_reset(), "Ctrl+0"),
    Action(
        "view.fit",
        "Fit network",
        lambda targets: targets.canvas.fit(),
        "Ctrl+9",
        "ph.corners-out",
        "Show the whole network",
    ),
    Action(
        "view.arrange",
        "Arrange",
        lambda targets: targets.nodes.arrange_and_fit(),
        "Ctrl+Shift+A",
        "ph.tree-structure",
        "Lay out the nodes from left to right",
        lambda facts: facts.open and facts.nodes > 1,
    ),
)

_THEMES: Group = (
    _theme("system", "Follow the system", "Ctrl+Alt+0"),
    _theme("light", "Light", "Ctrl+Alt+1"),
    _theme("dark", "Dark", "Ctrl+Alt+2"),
)

_COLOURS: Group = (Menu("Theme", (_THEMES,)),)

VIEW = Menu("View", (_PANELS, _ZOOM, _COLOURS))

_HELP: Group = (
    Action(
        "help.shortcuts",
        "Keyboard shortcuts",
        lambda targets: targets.view.show_shortcuts(),
        "F1",
        "ph.keyboard",
        enabled_when=always,
    ),
    Action(
        "help.about",
        "About CoNeX Studio",
        lambda targets: targets.view.show_about(),
        "Shift+F1",
        enabled_when=always,
    ),
)

HELP = Menu("Help", (_HELP,))
