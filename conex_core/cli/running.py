"""``conex run``: build a project, step it, report and keep what it did."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from conex_core import catalog
from conex_core.cli.endings import check_ending
from conex_core.cli.messages import (
    DONE,
    FAILED,
    WRONG,
    complain,
    report,
    result_to_data,
    say,
    say_json,
    to_data,
)
from conex_core.cli.waiting import building
from conex_core.counting import iterations_of
from conex_core.errors import BehaviorError, ParameterError
from conex_core.graph.files import project_file
from conex_core.graph.files.project_file import check_place
from conex_core.run.plan import Plan
from conex_core.run.planning import plan
from conex_core.run.run_warning import RunWarning, problems_of

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from conex_core.graph.checks.problems import Problem
    from conex_core.run.results import RunResult, Status
    from conex_core.run.session import Session

__all__ = ["run"]

MOST_STEPS = 10**9
_SECONDS_BETWEEN_LINES = 5.0


def run(options: argparse.Namespace) -> int:
    """Run the project; Ctrl-C ends early and keeps what was recorded."""
    check_ending(options.save_state, ".safetensors", "a state")
    doc = project_file.load(options.project)
    planned = plan(doc, catalog.load())
    report(planned.problems, doc)
    if planned.errors:
        if options.json:
            say_json({"problems": _problems(planned)})
        return WRONG
    steps = _steps(options, planned)
    output = _output(options)
    if options.save_state is not None:
        check_place(options.save_state)
    session = _session(options, planned)
    if output is not None:
        output.watch(session)
    result, error = _run(session, steps, planned, quiet=options.json)
    if options.save_state is not None:
        session.network.state().save(options.save_state)
    _tell(options, planned, result, session.status())
    if output is not None:
        output.write(result, _problems(planned, result.warnings))
        if not options.json:
            say(f"written to {options.out}")
    return DONE if error is None else FAILED


def _steps(options: argparse.Namespace, planned: Plan) -> int:
    settings = planned.document.settings
    if options.steps is not None:
        return int(options.steps)
    wanted = settings.duration if options.time is None else options.time
    countable = wanted / settings.dt <= MOST_STEPS
    steps = iterations_of(wanted, settings.dt) if countable else MOST_STEPS + 1
    if steps > MOST_STEPS:
        rule = f"must be at most {MOST_STEPS:,} steps of {settings.dt:g} ms"
        raise ParameterError("time", rule, wanted, hint="Run a shorter time")
    return steps


def _output(options: argparse.Namespace) -> Any:
    """Return what writes the results, after making sure that it can."""
    if options.out is None:
        return None
    from conex_core.cli.outputs import OutputFolder

    return OutputFolder(options.out)


def _session(options: argparse.Namespace, planned: Plan) -> Session:
    from conex_core.run.session import Session
    from conex_core.run.starting import start
    from conex_core.state import State

    state = None if options.load_state is None else State.load(options.load_state)
    with building(quiet=options.json, verbose=options.verbose) as progress:
        built = start(
            planned,
            seed=options.seed,
            device=options.device,
            engine=options.engine,
            threads=options.threads,
            base=options.project.parent,
            state=state,
            progress=progress,
        )
    return Session(
        built.network,
        objects=built.objects,
        behaviors=built.behaviors,
        document=planned.document,
    )


def _run(
    session: Session, steps: int, planned: Plan, quiet: bool
) -> tuple[RunResult, BehaviorError | None]:
    warned = _Warned(planned, quiet)
    with _progress(steps, quiet) as progress:

        def show(done: int, of: int) -> None:
            warned.tell(session)
            if progress is not None:
                progress(done, of)

        try:
            return session.run(steps, progress=show), None
        except KeyboardInterrupt:  # between two iterations, or of a behavior that hangs
            warned.tell(session)
            return session.result(interrupted=True), None
        except BehaviorError as error:
            warned.tell(session)
            return session.result(interrupted=True), error


def _tell(options: argparse.Namespace, planned: Plan, result: RunResult, status: Status) -> None:
    error, unfinished = status.error, status.unfinished
    if result.interrupted and error is None:
        where = f" {unfinished}" if unfinished else ""
        complain(f"interrupted after {result.steps:,} steps{where}; what was recorded is kept")
    if error is not None:
        complain(str(error))
    if not options.json:
        say(result.summary())
        return
    data = result_to_data(result, _problems(planned, result.warnings))
    if error is not None:
        data["error"] = str(error)
    if unfinished is not None:
        data["unfinished"] = str(unfinished)
    if options.save_state is not None:
        data["state"] = str(options.save_state)
    say_json(data)


def _problems(planned: Plan, warnings: Sequence[RunWarning] = ()) -> list[dict[str, Any]]:
    problems = (*planned.problems, *_drawn(planned, warnings))
    return [to_data(problem, planned.document) for problem in problems]


def _drawn(planned: Plan, warnings: Sequence[RunWarning]) -> tuple[Problem, ...]:
    return () if planned.flat is None else problems_of(warnings, planned.flat)


class _Warned:
    """Tell each warning of a run when it is there, above the bar that shows the progress."""

    def __init__(self, planned: Plan, quiet: bool) -> None:
        self._planned, self._has_bar = planned, not quiet and sys.stderr.isatty()
        self._seen = self._told = 0

    def tell(self, session: Session) -> None:
        """Report what was not reported before."""
        if len(session.warnings) == self._seen:
            return
        found = _drawn(self._planned, session.warnings)
        new, self._told, self._seen = found[self._told :], len(found), len(session.warnings)
        with self._room():
            report(new, self._planned.document)

    def _room(self) -> AbstractContextManager[object]:
        if not self._has_bar:
            return nullcontext()
        from tqdm import tqdm

        room: AbstractContextManager[object] = tqdm.external_write_mode(sys.stderr)
        return room


@contextmanager
def _progress(steps: int, quiet: bool) -> Iterator[Callable[[int, int], None] | None]:
    """Show a bar on a terminal, a line now and then elsewhere, nothing when quiet."""
    if quiet:
        yield None
    elif not sys.stderr.isatty():
        yield _lines()
    else:
        from tqdm import tqdm

        with tqdm(total=steps, unit="step", dynamic_ncols=True, leave=False) as bar:
            yield lambda done, _: bar.update(done - bar.n) and None


def _lines() -> Callable[[int, int], None]:
    last = time.monotonic()

    def show(done: int, steps: int) -> None:
        nonlocal last
        if time.monotonic() - last >= _SECONDS_BETWEEN_LINES:
            last = time.monotonic()
            sys.stderr.write(f"{done:,} of {steps:,} steps\n")
            sys.stderr.flush()

    return show
