"""Checking the document while it is edited: soon after a change, never during one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from conex_app.look.after_paint import AfterPaint
from conex_core.run.plan import Plan
from conex_core.run.planning import plan
from conex_core.run.weightcheck import LOST, lost_weights

if TYPE_CHECKING:
    from conex_app.project.document import ProjectDocument
    from conex_app.project.files import ProjectFiles
    from conex_core.catalog import Catalog

__all__ = ["Checker"]

DELAY_MS = 100


class Checker(QObject):
    """Plan the current document and tell what came out: problems, sizes, schedule."""

    checked = Signal(object)  # the Plan of the current document

    def __init__(
        self,
        document: ProjectDocument,
        catalog: Catalog,
        parent: QObject,
        files: ProjectFiles | None = None,
    ) -> None:
        super().__init__(parent)
        self._document, self._catalog = document, catalog
        self._plan: Plan | None = None
        self._after_paint = AfterPaint(self, DELAY_MS, self.now)
        document.changed.connect(lambda _old, _new: self._after_paint.start())
        for another in (files.opened, files.closed) if files is not None else ():
            another.connect(self.now)

    def now(self) -> Plan:
        """Return the plan of the document as it is now."""
        self._after_paint.stop()
        document, path = self._document.whole, self._document.path
        base = path.parent if path else Path.cwd()
        known = self._plan
        if known is None or known.document is not document or _is_outdated(known, base):
            known = self._plan = plan(document, self._catalog, base)
            self.checked.emit(known)
        return known


def _is_outdated(known: Plan, base: Path) -> bool:
    """Tell whether files of weights came or went since."""
    told = [problem.message for problem in known.problems if problem.code == LOST]
    return told != [problem.message for problem in lost_weights(known.document, base)]
