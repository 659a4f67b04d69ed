"""What the run does to the canvas: groups glow, where it fails or hangs a node turns red.

What it warns of is counted beside the nodes, like other problems.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from conex_app.project.built_nodes import seen_node
from conex_core.run.run_warning import problems_of

if TYPE_CHECKING:
    from conex_app.canvas import Canvas
    from conex_app.project.document import ProjectDocument
    from conex_app.run.runner import RunStatus
    from conex_app.shell.run_control import RunControl
    from conex_core.run.run_warning import RunWarning

__all__ = ["RunMarks"]


class RunMarks(QObject):
    """Keep the marks of a run on the canvas, at every level that is shown."""

    def __init__(self, document: ProjectDocument, canvas: Canvas, run: RunControl) -> None:
        super().__init__(canvas)
        self._document, self._canvas = document, canvas
        self._failed: str | None = None  # what was built and failed or hangs, by its built id
        run.activity.connect(canvas.set_activity)
        for told in (run.changed, run.failed):
            told.connect(self._follow)
        run.warned.connect(self._count)
        document.entered.connect(lambda _level: self._mark())

    def _follow(self, status: RunStatus) -> None:
        is_marked = status.state == "failed" or status.stall is not None
        self._failed = status.node if is_marked else None
        self._mark()

    def _count(self, warnings: tuple[RunWarning, ...]) -> None:
        self._canvas.show_run_problems(problems_of(warnings, self._document.flat))

    def _mark(self) -> None:
        self._canvas.set_error(seen_node(self._document, self._failed))
