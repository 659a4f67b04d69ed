"""The ways to what is drawn: from a problem, a row of the schedule, a line of the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from conex_app.look.dock import bring_up
from conex_app.project.built_nodes import show_level_of
from conex_core.graph.model.document import NETWORK

if TYPE_CHECKING:
    from PySide6.QtCore import SignalInstance

    from conex_app.canvas import Canvas
    from conex_app.inspector.inspector import Inspector
    from conex_app.project.checks import Checker
    from conex_app.project.document import ProjectDocument
    from conex_app.shell.problems import ProblemsPanel
    from conex_app.shell.run_control import RunControl

__all__ = ["Navigation"]


class Navigation(QObject):
    """Show nodes and fields: on the canvas, selected and in the middle, and in the inspector.

    Parameters
    ----------
    built_chosen : tuple of signals
        Each tells the id of something that is built, which is to be shown.
    settings_wanted : signal
        The settings of the network are to be shown.
    """

    def __init__(
        self,
        document: ProjectDocument,
        canvas: Canvas,
        inspector: Inspector,
        checker: Checker,
        run: RunControl,
        problems: ProblemsPanel,
        built_chosen: tuple[SignalInstance, ...],
        settings_wanted: SignalInstance,
    ) -> None:
        super().__init__(canvas)
        self._document, self._canvas, self._inspector = document, canvas, inspector
        self._checker = checker
        run.blocked.connect(self.show_first_error)
        problems.jump.connect(self.show_field)
        for chosen in built_chosen:
            chosen.connect(self.show_built)
        settings_wanted.connect(self.show_settings)

    def show_node(self, node_id: str) -> None:
        """Show a node of the current block."""
        self._canvas.select((node_id,))
        self._canvas.centre_on(node_id)

    def show_field(self, node: str | None, behavior: str | None, field: str | None) -> None:
        """Show a field of a node, or of the network, and give it the keyboard."""
        if node is not None and node in self._document.state.network.nodes:
            self.show_node(node)
        else:
            self._canvas.select(())
        self._inspector.show_field(node, behavior, field)

    def show_first_error(self) -> None:
        """Show what keeps the network from running, the first of it."""
        first = self._checker.now().errors[0]
        show_level_of(self._document, first)
        self.show_field(first.node, first.behavior, first.field)

    def show_built(self, built_id: str) -> None:
        """Show what is drawn for something that is built, in the block that it is in."""
        origin = self._document.flat.origins.get(built_id)
        if origin is not None:
            self._document.go(origin.path)
            self.show_node(origin.node)
        elif built_id == NETWORK:
            self._canvas.select(())

    def show_settings(self) -> None:
        """Show the settings of the network."""
        self._canvas.select(())
        bring_up(self._inspector)
