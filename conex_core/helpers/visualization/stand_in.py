"""StandIn: what stands where a plot cannot be shown, and says why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from conex_core.errors import ConexError
from conex_core.helpers.visualization.palette import Paper
from conex_core.helpers.visualization.source import PlotSource

__all__ = ["StandIn"]

_STYLE = "StandIn {{ background: {ground}; }} QLabel {{ color: {muted}; background: transparent; }}"


class StandIn(QWidget):
    """Say ``text`` in the place of a plot, and do nothing else that a plot does."""

    def __init__(self, text: str, *, dark: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sources: tuple[PlotSource, ...] = ()
        self.dt = 1.0
        self.words = QLabel(text)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 12, 24, 12)
        box.addWidget(self.words)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumSize(200, 104)
        self.set_theme(dark)

    def set_sources(self, sources: Iterable[PlotSource], *, dt: float | None = None) -> None:
        """Keep the sources; they are not shown."""
        self.sources, self.dt = tuple(sources), dt or self.dt

    def set_settings(self, settings: dict[str, Any]) -> None:
        """Do nothing."""

    def set_theme(self, dark: bool) -> None:
        """Change between light and dark."""
        self.setStyleSheet(_STYLE.format(**vars(Paper.of(dark))))

    def refresh(self) -> None:
        """Do nothing."""

    def export(self, path: Any) -> None:
        """Refuse: there is no figure."""
        raise ConexError("there is nothing to export")
