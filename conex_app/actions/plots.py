"""Actions that add a plot, one for each kind that the catalog knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from conex_app.actions.action import Action

if TYPE_CHECKING:
    from conex_core.plot_specs import PlotSpec

__all__ = ["plot_actions"]


def plot_actions(plots: Mapping[str, PlotSpec], taken: Mapping[str, Action]) -> tuple[Action, ...]:
    """Return the actions in the order of menus; keys that are ``taken`` are left to their owner."""
    used = {item.shortcut for item in taken.values()}
    made: list[Action] = []
    for spec in plots.values():
        made.append(_action(spec, "" if spec.shortcut in used else spec.shortcut))
        used.add(spec.shortcut)
    return tuple(made)


def _action(spec: PlotSpec, shortcut: str) -> Action:
    return Action(
        f"insert.{spec.kind}",
        f"{spec.title} plot",
        lambda targets: targets.monitors.add(spec.kind),
        shortcut,
        spec.icon,
        spec.summary.rstrip("."),
    )
