"""Actions that add a plot, one for each kind that the catalog knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from conex_app.actions.action import Action

if TYPE_CHECKING:
    from conex_core.plot_specs import PlotSpec

__all__ = ["plot_actions"]


def plot_actions(plots: Mapping[str, PlotSpec], taken: Mapping[str, Action]) -> dict[str, Action]:
    """Return the actions in the order of menus; keys that are ``taken`` are left to their owner."""
    made: dict[str, Action] = {}
    for spec in plots.values():
        keys = {item.shortcut for item in (*taken.values(), *made.values())}
        shortcut = "" if spec.shortcut in keys else spec.shortcut
        item = _action(spec, shortcut)
        made[item.id] = item
    return made


def _action(spec: PlotSpec, shortcut: str) -> Action:
    return Action(
        f"insert.{spec.kind}",
        f"{spec.title} plot",
        lambda desk: desk.monitors.add(spec.kind),
        shortcut,
        spec.icon,
        spec.summary.rstrip("."),
    )
