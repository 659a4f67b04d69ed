"""Actions that run the network, and where and how it runs."""

from __future__ import annotations

from conex_app.actions.action import Action, drawn, one_of, ready
from conex_app.actions.menu import Group, Menu

__all__ = ["RUN", "STEPS"]


_run_in = one_of(
    "run.in", lambda targets, name: targets.run.set_run_in(name), lambda facts: facts.run_in
)
_engine = one_of(
    "run.engine", lambda targets, name: targets.run.set_engine(name), lambda facts: facts.engine
)


def _steps(count: int, shortcut: str) -> Action:
    return Action(
        f"run.step_{count}",
        f"{count} steps",
        lambda targets: targets.run.step(count),
        shortcut,
        tip=f"Advance by {count} iterations",
        enabled_when=ready,
    )


_GO: Group = (
    Action(
        "run.toggle",
        "Run",
        lambda targets: targets.run.toggle(),
        "F5",
        "ph.play-fill",
        "Run or pause the network",
        ready,
        lambda facts: {"running": "Pause", "building": "Building"}.get(facts.run, "Run"),
        run_bar="text",
    ),
    Action(
        "run.for",
        "Run for the time set",
        lambda targets: targets.run.run_for_set_time(),
        "Ctrl+F5",
        "ph.timer",
        "Run for the simulated time in the run bar, then pause",
        ready,
        run_bar="icon",
    ),
)

STEPS: tuple[Action, ...] = (
    Action(
        "run.step",
        "Step",
        lambda targets: targets.run.step(1),
        "F10",
        "ph.skip-forward",
        "Advance by one iteration",
        ready,
        run_bar="text",
    ),
    _steps(10, "Shift+F10"),
    _steps(100, "Ctrl+F10"),
    Action(
        "run.step_n",
        "Steps…",
        lambda targets: targets.run.ask_steps(),
        "Ctrl+Shift+F10",
        tip="Advance by a number of iterations",
        enabled_when=ready,
    ),
)

_STOP: Group = (
    Action(
        "run.stop",
        "Stop and reset",
        lambda targets: targets.run.ask_to_stop(),
        "Shift+F5",
        "ph.stop-fill",
        "Stop and forget the state; the next run starts at 0 ms",
        lambda facts: facts.run != "idle",
        run_bar="text",
    ),
)

_STATE: Group = (
    Action(
        "run.save_state",
        "Save state…",
        lambda targets: targets.learned.save_state(),
        "Ctrl+Alt+K",
        tip="Write everything that the run has reached and learned to a file",
        enabled_when=lambda facts: facts.run in ("running", "paused", "failed"),
    ),
    Action(
        "run.load_state",
        "Load state…",
        lambda targets: targets.learned.load_state(),
        "Ctrl+Alt+L",
        tip="Go on from a state that was saved; builds the network where there is none",
        enabled_when=lambda facts: drawn(facts) and ready(facts),
    ),
)

_ENGINES: Group = (
    _engine("auto", "Automatic", "Ctrl+Alt+6", "Compile what can be, and run the rest in Python"),
    _engine(
        "fused", "Compiled", "Ctrl+Alt+7", "The same, but say so where nothing can be compiled"
    ),
    _engine("reference", "Reference", "Ctrl+Alt+8", "Run every behavior in Python, one by one"),
)

_PLACES: Group = (
    _run_in(
        "process", "A process of their own", "Ctrl+Alt+5", "Keep the speed while plots are drawn"
    ),
    _run_in(
        "window", "The window's process", "Ctrl+Alt+4", "Use less memory; plots slow the run down"
    ),
)

_HOW: Group = (
    Action(
        "run.compiled",
        "Show what is compiled",
        lambda targets: targets.run.show_compiled(),
        "Ctrl+Shift+F5",
        tip="List what runs each behavior and why; builds the network where there is none",
        enabled_when=ready,
    ),
    Menu("Engine", (_ENGINES,)),
    Menu("Run simulations in", (_PLACES,)),
)

RUN = Menu("Run", (_GO, STEPS, _STOP, _STATE, _HOW))
