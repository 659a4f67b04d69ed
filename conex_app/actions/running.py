"""Actions that run the network, and where and how it runs."""

from __future__ import annotations

from conex_app.actions.action import Action, one_of, ready

__all__ = ["RUN"]


_run_in = one_of(
    "run.in", lambda desk, name: desk.running.set_run_in(name), lambda facts: facts.run_in
)
_engine = one_of(
    "run.engine", lambda desk, name: desk.running.set_engine(name), lambda facts: facts.engine
)


def _steps(count: int, shortcut: str) -> Action:
    return Action(
        f"run.step_{count}",
        f"{count} steps",
        lambda desk: desk.running.step(count),
        shortcut,
        tip=f"Advance by {count} iterations",
        enabled_when=ready,
    )


RUN: tuple[Action, ...] = (
    Action(
        "run.toggle",
        "Run",
        lambda desk: desk.running.toggle(),
        "F5",
        "ph.play-fill",
        "Run or pause the network",
        ready,
        lambda facts: {"running": "Pause", "building": "Building"}.get(facts.run, "Run"),
    ),
    Action(
        "run.step",
        "Step",
        lambda desk: desk.running.step(1),
        "F10",
        "ph.skip-forward",
        "Advance by one iteration",
        ready,
    ),
    _steps(10, "Shift+F10"),
    _steps(100, "Ctrl+F10"),
    Action(
        "run.step_n",
        "Steps…",
        lambda desk: desk.running.ask_steps(),
        "Ctrl+Shift+F10",
        tip="Advance by a number of iterations",
        enabled_when=ready,
    ),
    Action(
        "run.for",
        "Run for the time set",
        lambda desk: desk.running.run_for_set_time(),
        "Ctrl+F5",
        "ph.timer",
        "Run for the simulated time in the run bar, then pause",
        ready,
    ),
    Action(
        "run.stop",
        "Stop and reset",
        lambda desk: desk.running.stop(),
        "Shift+F5",
        "ph.stop-fill",
        "Stop and forget the state; the next run starts at 0 ms",
        lambda facts: facts.run != "idle",
    ),
    _run_in(
        "window", "The window's process", "Ctrl+Alt+4", "Use less memory; plots slow the run down"
    ),
    _run_in(
        "process", "A process of their own", "Ctrl+Alt+5", "Keep the speed while plots are drawn"
    ),
    _engine("auto", "Automatic", "Ctrl+Alt+6", "Compile what can be, and run the rest in Python"),
    _engine(
        "fused", "Compiled", "Ctrl+Alt+7", "The same, but say so where nothing can be compiled"
    ),
    _engine("reference", "Reference", "Ctrl+Alt+8", "Run every behavior in Python, one by one"),
    Action(
        "run.compiled",
        "Show what is compiled",
        lambda desk: desk.running.show_compiled(),
        "Ctrl+Shift+F5",
        tip="List what runs each behavior and why; builds the network where there is none",
        enabled_when=ready,
    ),
)
