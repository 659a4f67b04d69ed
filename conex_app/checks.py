"""Checking the document while it is edited: soon after a change, never during one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from conex_core.run.plan import Plan, plan

if TYPE_CHECKING:
    from conex_app.document import ProjectDocument
    from conex_core.catalog import Catalog

__all__ = ["Checker"]

DELAY_MS = 100


class Checker(QObject):
    """Plan the current document and tell what came out: problems, sizes, schedule."""

    checked = Signal(object)  # the Plan of the current document

    def __init__(self, document: ProjectDocument, catalog: Catalog, parent: QObject) -> None:
        super().__init__(parent)
        self._document, self._catalog = document, catalog
        self._plan: Plan | None = None
        self._soon = QTimer(self, singleShot=True, interval=DELAY_MS)
        self._soon.timeout.connect(self.now)
        document.changed.connect(lambda _old, _new: self._soon.start())

    def now(self) -> Plan:
        """Return the plan of the document as it is now."""
        self._soon.stop()
        if self._plan is None or self._plan.document is not self._document.whole:
            self._plan = plan(self._document.whole, self._catalog)
            self.checked.emit(self._plan)
        return self._plan
