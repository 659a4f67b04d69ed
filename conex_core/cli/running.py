"""``conex run``: build a project, step it, report and keep what it did."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from conex_core import catalog
from conex_core.cli.endings import check_ending
from conex_core.cli.messages import DONE, FAILED, WRONG, complain, report, say, say_json, to_data
from conex_core.cli.waiting import building
from conex_core.counting import iterations_of
from conex_core.errors import BehaviorError, ParameterError
from conex_core.graph.files import project_file
from conex_core.graph.files.project_file import check_place
from conex_core.run.plan import Plan
from conex_core.run.planning import plan

if TYPE_CHECKING:
    import argparse

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
    result, error = _run(session, steps, quiet=options.json)
    if options.save_state is not None:
        session.network.state().save(options.save_state)
    _tell(options, planned, result, session.status())
    if output is not None:
        output.write(result, _problems(planned))
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


def _run(session: Session, steps: int, quiet: bool) -> tuple[RunResult, BehaviorError | None]:
    with _progress(steps, quiet) as progress:
        try:
            return session.run(steps, progress=progress), None
        except KeyboardInterrupt:  # between two iterations, or of a behavior that hangs
            return session.result(interrupted=True), None
        except BehaviorError as error:
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
    data = result.to_data() | {"problems": _problems(planned)}
    if error is not None:
        data["error"] = str(error)
    if unfinished is not None:
        data["unfinished"] = str(unfinished)
    if options.save_state is not None:
        data["state"] = str(options.save_state)
    say_json(data)


def _problems(planned: Plan) -> list[dict[str, Any]]:
    return [to_data(problem, planned.document) for problem in planned.problems]


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
