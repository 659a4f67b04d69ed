"""The facts that decide which actions are possible, gathered whenever one may have changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from conex_app.actions import Facts

if TYPE_CHECKING:
    from conex_app.canvas import Canvas
    from conex_app.library.updates import BlockUpdates
    from conex_app.project.document import ProjectDocument
    from conex_app.project.files import ProjectFiles
    from conex_app.project.settings import AppSettings
    from conex_app.shell.run_control import RunControl

__all__ = ["CurrentFacts"]


class CurrentFacts(QObject):
    """Tell the facts as they are now."""

    changed = Signal(object)  # Facts; some of them may be other ones than before

    def __init__(
        self,
        document: ProjectDocument,
        files: ProjectFiles,
        canvas: Canvas,
        updates: BlockUpdates,
        run: RunControl,
        settings: AppSettings,
    ) -> None:
        super().__init__(canvas)
        self._document, self._files, self._canvas = document, files, canvas
        self._run, self._settings = run, settings
        stack = document.stack
        for told in (
            *(document.changed, document.entered, stack.cleanChanged, stack.indexChanged),
            *(files.opened, files.closed, files.saved),
            *(canvas.selection_changed, updates.changed, run.changed, run.preferred),
        ):
            told.connect(self.tell)

    def tell(self, *_news: object) -> None:
        """Tell the facts, whatever may have changed."""
        self.changed.emit(self.now())

    def now(self) -> Facts:
        """Return what decides which actions are possible."""
        state, stack = self._document.state, self._document.stack
        chosen = [state.network.nodes.get(key) for key in self._canvas.selection]
        return Facts(
            open=self._files.is_open,
            clean=stack.isClean(),
            undo=stack.undoText() if stack.canUndo() else "",
            redo=stack.redoText() if stack.canRedo() else "",
            nodes=len(state.network.nodes),
            selected=len(chosen),
            selected_groups=sum(node is not None and node.is_neuron_group for node in chosen),
            selected_blocks=sum(node is not None and node.is_instance for node in chosen),
            inside=bool(self._document.level),
            outdated=self._canvas.blocks.is_outdated,
            library=self._canvas.can_save_blocks,
            run=self._run.status.state,
            theme=self._settings.theme,
            run_in=self._settings.run_in,
            engine=self._settings.engine,
        )
