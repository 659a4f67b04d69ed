"""The parts of a furnished window, and what each tells the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QInputDialog

from conex_app.actions import Facts
from conex_app.library.commands import LibraryDesk
from conex_app.library.handover import Handover
from conex_app.library.updates import BlockUpdates
from conex_app.plots.docks import MonitorDocks
from conex_app.project.built_nodes import failure_of, seen_node, show_level_of
from conex_app.project.checks import Checker
from conex_app.project.files import ProjectFiles
from conex_app.run.frame_pace import FramePace
from conex_app.shell.menus import PANELS, RECENT
from conex_app.shell.run_control import RunControl
from conex_app.shell.view_commands import WindowView
from conex_app.shell.workbench import Workbench
from conex_core.graph.model.document import NETWORK

if TYPE_CHECKING:
    from pathlib import Path

    from conex_app.look.theme import Theme
    from conex_app.run.runner import RunStatus
    from conex_app.shell.main_window import MainWindow
    from conex_core.catalog import Catalog
    from conex_core.graph.model.document import Document
    from conex_core.run.compiled import Report
    from conex_core.run.plan import Plan

__all__ = ["Parts"]

LIVE = ("building", "running")


class Parts(QObject):
    """Hold the workbench and those who carry out commands; connect them."""

    def __init__(self, window: MainWindow, catalog: Catalog) -> None:
        super().__init__(window)
        self.window, document = window, window.document
        self._failed: str | None = None  # what was built and failed, by its built id
        self._told = ""  # of the failure
        self._plan: Plan | None = None
        self.bench = Workbench(document, catalog, window.log_queue, window)
        canvas = self.bench.canvas
        self.frames = FramePace(self)
        self.checker = Checker(document, catalog, self)
        self.files = ProjectFiles(document, window.settings, catalog, window)
        self.document, self.canvas = document, canvas
        self.nodes, self.blocks = canvas.nodes, canvas.blocks
        self.library = LibraryDesk(
            self.bench.library, document, canvas, window.settings, window.runner, self
        )
        self.updates = BlockUpdates(document, canvas, self.library, self)
        self.view = WindowView(window, self.bench, window.settings, window.set_theme)
        self.monitors = MonitorDocks(
            document, catalog, window.runner, lambda: canvas.selection, self.bench
        )
        self.running = RunControl(
            window.runner, document, catalog, self.checker, self.monitors, window.settings
        )
        self._connect_document()
        self._connect_bench()
        self._connect_run()
        self._connect_files()
        self._connect_menus()

    def facts(self) -> Facts:
        """Return what decides which actions are possible."""
        state, stack = self.window.document.state, self.window.document.stack
        chosen = [state.network.nodes.get(key) for key in self.bench.canvas.selection]
        return Facts(
            open=self.files.is_open,
            clean=stack.isClean(),
            undo=stack.undoText() if stack.canUndo() else "",
            redo=stack.redoText() if stack.canRedo() else "",
            nodes=len(state.network.nodes),
            selected=len(chosen),
            selected_groups=sum(node is not None and node.kind == "NeuronGroup" for node in chosen),
            selected_blocks=sum(node is not None and node.kind == "Instance" for node in chosen),
            inside=bool(self.window.document.level),
            outdated=self.bench.canvas.blocks.is_outdated,
            library=self.bench.canvas.can_save_blocks,
            run=self.running.status.state,
            theme=self.window.settings.theme,
            run_in=self.window.settings.run_in,
            engine=self.window.settings.engine,
        )

    def tick(self) -> None:
        """Pull what the run has to tell; draw only what can be seen."""
        self.running.tick()
        self.frames.is_alone = self.running.status.host == "process"
        if self.frames.due():
            self.frames.draw(self.monitors.refresh)
        if self.bench.log.isVisible():
            self.bench.log.refresh()

    def set_theme(self, theme: Theme) -> None:
        """Wear the colours of ``theme``."""
        self.bench.set_theme(theme)
        self.monitors.set_theme(theme)

    def select(self, node_id: str) -> None:
        """Show a node: selected, in the middle, in the inspector."""
        self.bench.canvas.select((node_id,))
        self.bench.canvas.centre_on(node_id)

    def _connect_document(self) -> None:
        document = self.window.document
        document.changed.connect(self._document_changed)
        document.entered.connect(lambda _level: self.window.show_facts())
        document.entered.connect(lambda _level: self._mark_failure())
        document.stack.cleanChanged.connect(self._show_saved)
        document.stack.indexChanged.connect(lambda _index: self.window.show_facts())
        self.checker.checked.connect(self._show_plan)

    def _connect_bench(self) -> None:
        bench, notice = self.bench, self.window.status.notice
        bench.canvas.selection_changed.connect(self._selection_changed)
        bench.canvas.example_dropped.connect(self.files.open_example)
        bench.palette_panel.activated.connect(self.nodes.add_from_palette)
        bench.problems.jump.connect(self._jump)
        bench.schedule.chosen.connect(self._show_built)
        bench.compiled.chosen.connect(self._show_built)
        for teller in (bench.canvas, bench.inspector, bench.problems):
            teller.refused.connect(notice)
        for teller in (bench.canvas, bench.inspector):
            teller.told.connect(notice)
        handover = Handover(bench.canvas, bench.library, bench.docks["library"], bench)
        handover.given.connect(self.library.save_selection)
        self.library.failed.connect(self.window.show_error)
        self.library.noticed.connect(notice)
        self.updates.noticed.connect(notice)
        self.updates.failed.connect(self.window.show_error)
        self.updates.changed.connect(self.window.show_facts)
        self.updates.changed.connect(
            lambda: bench.inspector.set_newer(
                {key: block.version for key, block in self.updates.newer.items()}
            )
        )
        bench.inspector.update_wanted.connect(self.updates.ask)
        bench.canvas.rename_wanted.connect(self._rename)
        self.monitors.added.connect(bench.add_monitor)
        self.monitors.dropped.connect(bench.drop_monitor)
        self.monitors.failed.connect(self.window.show_error)

    def _connect_run(self) -> None:
        running, bar = self.running, self.window.run_bar
        running.changed.connect(self._run_changed)
        running.moved.connect(self._run_moved)
        running.blocked.connect(self._show_blocked)
        running.failed.connect(self._show_failure)
        running.activity.connect(self.bench.canvas.set_activity)
        running.steps_wanted.connect(self._ask_steps)
        running.noticed.connect(self.window.status.notice)
        running.preferred.connect(self.window.show_facts)
        bar.duration_changed.connect(lambda ms: setattr(running, "duration_ms", ms))
        bar.speed_changed.connect(running.set_speed)
        bar.settings_wanted.connect(lambda: self.bench.canvas.select(()))
        bar.settings_wanted.connect(self.bench.docks["inspector"].bring_up)
        running.compiled.connect(self._show_compiled)
        running.compiled_wanted.connect(self.bench.docks["compiled"].bring_up)
        self.bench.compiled.wanted.connect(running.prepare)
        self.window.status.compiled_wanted.connect(self.bench.docks["compiled"].bring_up)
        self.window.status.cancelled.connect(running.stop)
        self.window.status.problems_wanted.connect(self.bench.docks["problems"].bring_up)

    def _connect_files(self) -> None:
        self.files.opened.connect(self._project_opened)
        self.files.closed.connect(self._project_opened)
        self.files.failed.connect(self.window.show_error)
        self.files.saved.connect(self._saved)

    def _connect_menus(self) -> None:
        menus = self.window.actions_of.submenus
        menus[RECENT].aboutToShow.connect(self._fill_recent)
        menus[PANELS].aboutToShow.connect(self._fill_panels)

    def _document_changed(self, _old: Document, new: Document) -> None:
        self.window.run_bar.show_settings(new.settings)
        self.window.status.show_run(self.running.status, self.running.is_outdated)
        self.window.show_facts()

    def _selection_changed(self, ids: tuple[str, ...]) -> None:
        self.bench.inspector.set_selection(ids)
        self.window.show_facts()

    def _show_plan(self, plan: Plan) -> None:
        self.bench.canvas.show_problems(plan.problems)
        self._plan = plan
        self._list_problems()
        self.bench.inspector.set_problems(plan.problems)
        self.bench.schedule.show_rows(plan.schedule)
        self.window.status.show_plan(plan)

    def _list_problems(self) -> None:
        """List what is wrong with the drawing, and what ended the run."""
        plan = self._plan
        if plan is None:
            return
        failure = failure_of(self.window.document, self.running.status)
        problems = (*plan.problems, failure) if failure is not None else plan.problems
        self.bench.problems.set_problems(problems)
        self.window.status.show_problems(problems)
        count = len(problems)
        self.bench.docks["problems"].setWindowTitle(f"Problems ({count})" if count else "Problems")

    def _show_compiled(self, report: Report | None) -> None:
        self.bench.compiled.show_report(report)
        self.window.status.show_compiled(report)

    def _run_moved(self, status: RunStatus) -> None:
        self.window.run_bar.show_status(status)
        self.window.status.show_run(status, self.running.is_outdated)

    def _run_changed(self, status: RunStatus) -> None:
        self._run_moved(status)
        self.bench.inspector.set_running(status.state == "running")
        if status.state != "failed":
            self._forget_failure()
            self._failed = None
            self._mark_failure()
        self._list_problems()
        self.bench.compiled.show_building(status.state == "building")
        self.window.show_facts()

    def _show_blocked(self) -> None:
        plan = self.checker.now()
        self.bench.docks["problems"].bring_up()
        first = plan.errors[0]
        show_level_of(self.window.document, first)
        self._jump(first.node, first.behavior, first.field)
        self.window.status.notice("The network has errors; the list says how to mend them.")

    def _show_failure(self, status: RunStatus) -> None:
        self._failed = status.node
        self._mark_failure()
        stop = ("Stop and reset", self.running.stop)
        self._told = str(status.error) or type(status.error).__name__
        self.window.show_error(self._told, stop)

    def _forget_failure(self) -> None:
        """Take away what was said of a run that is no more; any other message stays."""
        if self._told and self.window.message.text.text() == self._told:
            self.window.message.clear()
        self._told = ""

    def _mark_failure(self) -> None:
        self.bench.canvas.set_error(seen_node(self.window.document, self._failed))

    def _jump(self, node: str | None, behavior: str | None, field: str | None) -> None:
        nodes = self.window.document.state.network.nodes
        if node is not None and node in nodes:
            self.select(node)
        else:
            self.bench.canvas.select(())
        self.bench.inspector.show_field(node, behavior, field)

    def _show_built(self, built_id: str) -> None:
        """Show what is drawn for something that is built, in the block that it is in."""
        origin = self.window.document.flat.origins.get(built_id)
        if origin is not None:
            self.window.document.go(origin.path)
            self.select(origin.node)
        elif built_id == NETWORK:
            self.bench.canvas.select(())

    def _ask_steps(self) -> None:
        dialog = QInputDialog(self.window)
        dialog.setWindowTitle("Step")
        dialog.setLabelText("Number of iterations")
        dialog.setInputMode(QInputDialog.InputMode.IntInput)
        dialog.setIntRange(1, 1_000_000_000)
        dialog.setIntValue(1000)
        dialog.intValueSelected.connect(self.running.step)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _rename(self, node_id: str) -> None:
        self.bench.docks["inspector"].bring_up()
        self.bench.inspector.edit_name(node_id)

    def _project_opened(self) -> None:
        window = self.window
        self.running.stop()
        window.message.clear()
        window.run_bar.show_settings(window.document.state.settings)
        window.show_page()
        self.checker.now()
        self._show_saved()
        if self.files.is_open:
            self.running.get_ready()
            self.bench.canvas.setFocus()
            self.bench.settle_soon()

    def _show_saved(self, _clean: bool = True) -> None:
        document = self.window.document
        self.window.status.show_saved(document.path, document.is_clean)
        self.window.show_facts()

    def _saved(self, path: Path) -> None:
        self.window.status.notice(f"Saved {path.name}")
        self._show_saved()

    def _fill_recent(self) -> None:
        menu = self.window.actions_of.submenus[RECENT]
        menu.clear()
        for path in self.window.settings.recent:
            action = menu.addAction(path.stem)
            action.setToolTip(str(path))
            action.triggered.connect(lambda _=False, each=path: self.files.open(each))
        if menu.isEmpty():
            menu.addAction("No recent projects").setEnabled(False)
        else:
            menu.addSeparator()
            menu.addAction("Clear list").triggered.connect(self.window.settings.forget_recent)

    def _fill_panels(self) -> None:
        menu = self.window.actions_of.submenus[PANELS]
        menu.clear()
        for dock in (*self.bench.docks.values(), *self.monitors.docks.values()):
            menu.addAction(dock.toggleViewAction())
