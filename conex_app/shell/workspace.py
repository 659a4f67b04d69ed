"""All that a project is worked on with, made in the order in which one part needs another.

Each part connects itself to what it is handed. Importing this module brings the
canvas, the panels and the plots, so the window does that after its first paint.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from conex_app.actions import PANELS, RECENT, VERSIONS
from conex_app.canvas import Canvas
from conex_app.inspector.inspector import Inspector
from conex_app.library.commands import LibraryCommands
from conex_app.library.handover import Handover
from conex_app.library.panel import LibraryPanel
from conex_app.library.updates import BlockUpdates
from conex_app.look.typing import Typed, typed_now
from conex_app.palette.panel import Palette
from conex_app.plots.docks import MonitorDocks
from conex_app.project.checks import Checker
from conex_app.project.disk_watch import DiskWatch
from conex_app.recovery.recovery import Recovery
from conex_app.run.compiled_panel import CompiledPanel
from conex_app.run.frame_pace import FramePace
from conex_app.run.schedule_panel import SchedulePanel
from conex_app.shell.facts import CurrentFacts
from conex_app.shell.learned_state import LearnedState
from conex_app.shell.log import LogPanel
from conex_app.shell.navigation import Navigation
from conex_app.shell.problems import ProblemsPanel
from conex_app.shell.run_control import RunControl
from conex_app.shell.run_marks import RunMarks
from conex_app.shell.submenus import PanelsMenu, RecentMenu, VersionsMenu
from conex_app.shell.tick import WindowTick
from conex_app.shell.view_commands import WindowView
from conex_app.shell.workbench import Workbench
from conex_core import examples

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QMainWindow

    from conex_app.canvas.gestures.block_commands import BlockCommands
    from conex_app.canvas.gestures.node_commands import NodeCommands
    from conex_app.look.theme import Theme
    from conex_app.project.document import ProjectDocument
    from conex_app.project.files import ProjectFiles
    from conex_app.project.settings import AppSettings
    from conex_app.run.runner import Runner
    from conex_app.shell.log import LogQueue
    from conex_app.shell.menus import ActionSet
    from conex_app.shell.message_bar import MessageBar
    from conex_app.shell.run_bar import RunBar
    from conex_app.shell.status import StatusLine
    from conex_core.catalog import Catalog

__all__ = ["Frame", "Workspace", "furnished"]


@dataclass(frozen=True)
class Frame:
    """Hold what the window has before its first paint."""

    window: QMainWindow
    settings: AppSettings
    runner: Runner
    document: ProjectDocument
    log_queue: LogQueue
    actions: ActionSet
    run_bar: RunBar
    message: MessageBar
    status: StatusLine
    set_theme: Callable[[Theme], None]


@dataclass(frozen=True)
class Workspace:
    """Name the parts; actions give their commands to these."""

    document: ProjectDocument
    files: ProjectFiles
    disk: DiskWatch
    checker: Checker
    canvas: Canvas
    monitors: MonitorDocks
    run: RunControl
    learned: LearnedState
    inspector: Inspector
    palette: Palette
    library_panel: LibraryPanel
    library: LibraryCommands
    updates: BlockUpdates
    problems: ProblemsPanel
    schedule: SchedulePanel
    compiled: CompiledPanel
    log: LogPanel
    bench: Workbench
    view: WindowView
    recovery: Recovery
    facts: CurrentFacts
    frames: FramePace
    tick: WindowTick

    @property
    def nodes(self) -> NodeCommands:
        """Return the commands on nodes."""
        return self.canvas.nodes

    @property
    def blocks(self) -> BlockCommands:
        """Return the commands on blocks."""
        return self.canvas.blocks


def furnished(frame: Frame, files: ProjectFiles, catalog: Catalog) -> Workspace:
    """Return a workspace for the document of ``frame``."""
    window, document, settings = frame.window, frame.document, frame.settings
    checker = Checker(document, catalog, window, files)
    canvas = Canvas(document, catalog, checker=checker, open_example=files.open_example)
    monitors = MonitorDocks(document, catalog, frame.runner, lambda: canvas.selection, window)
    run = RunControl(frame.runner, document, catalog, checker, monitors, settings, files, window)
    learned = LearnedState(frame.runner, document, run, monitors, files, window)
    run.changed.connect(monitors.follow_run)
    RunMarks(document, canvas, run)
    inspector = Inspector(document, catalog, selection=canvas, checker=checker, run=run)
    shipped = [(name, examples.summary_of(name)) for name in examples.names()]
    palette = Palette(catalog, shipped, add=canvas.nodes.add_from_palette)
    library_panel = LibraryPanel()
    library = LibraryCommands(library_panel, document, canvas, settings, frame.runner, window)
    updates = BlockUpdates(document, canvas, inspector, library, window)
    problems = ProblemsPanel(document, checker=checker, run=run)
    schedule = SchedulePanel(checked=checker.checked)
    compiled = CompiledPanel(run=run)
    log = LogPanel(frame.log_queue)
    bench = Workbench(
        canvas,
        {
            "palette": ("Palette", palette),
            "library": ("Library", library_panel),
            "inspector": ("Inspector", inspector),
            "problems": ("Problems", problems),
            "schedule": ("Schedule", schedule),
            "compiled": ("Compiled", compiled),
            "log": ("Log", log),
        },
        monitors,
        files,
        window,
    )
    Handover(canvas, library_panel, bench, library.save_selection)
    built_chosen = (schedule.chosen, compiled.chosen)
    wanted = frame.run_bar.settings_wanted
    Navigation(document, canvas, inspector, checker, run, problems, built_chosen, wanted)
    view = WindowView(window, bench, settings, frame.set_theme, frame.actions)
    RecentMenu(frame.actions.submenus[RECENT.title], settings, files)
    VersionsMenu(frame.actions.submenus[VERSIONS.title], document, files)
    PanelsMenu(frame.actions.submenus[PANELS.title], bench)
    disk = DiskWatch(document, files)
    errors = (library.failed, updates.failed, monitors.failed, learned.failed)
    frame.message.follow(files, disk, run, errors)
    # After the message bar, which another project clears: what is said of it must stay.
    typed = partial(typed_now, window)
    recovery = Recovery(document, files, settings, window, typed, frame.message.show_error)
    recovery.retype_wanted.connect(partial(_retype, inspector, monitors, frame.run_bar))
    frame.run_bar.follow(run, files)
    notices = (
        *(canvas.refused, canvas.told, inspector.refused, inspector.told, problems.refused),
        *(frame.run_bar.refused, monitors.told),
        *(library.noticed, updates.noticed, run.noticed, learned.noticed, recovery.told),
    )
    frame.status.follow(document, files, checker, run, problems, notices)
    frames = FramePace(window)
    return Workspace(
        document=document,
        files=files,
        disk=disk,
        checker=checker,
        canvas=canvas,
        monitors=monitors,
        run=run,
        learned=learned,
        inspector=inspector,
        palette=palette,
        library_panel=library_panel,
        library=library,
        updates=updates,
        problems=problems,
        schedule=schedule,
        compiled=compiled,
        log=log,
        bench=bench,
        view=view,
        recovery=recovery,
        facts=CurrentFacts(document, files, canvas, updates, run, settings),
        frames=frames,
        tick=WindowTick(run, monitors, frames, log),
    )


def _retype(inspector: Inspector, plots: MonitorDocks, run_bar: RunBar, typed: Typed) -> None:
    """Put a text back into the field where it was being typed."""
    if not inspector.retype(typed) and not plots.retype(typed):
        run_bar.retype(typed)
