"""``conex plan``: who runs which behavior of a project, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conex_core import catalog
from conex_core.cli.messages import DONE, WRONG, report, say, say_json
from conex_core.cli.waiting import building
from conex_core.graph.files import project_file
from conex_core.run.planning import plan
from conex_core.shown_names import shown_name

if TYPE_CHECKING:
    import argparse

    from conex_core.run.compiled import Report

__all__ = ["show"]


def show(options: argparse.Namespace) -> int:
    """Print the order of one iteration, with what runs each behavior."""
    doc = project_file.load(options.project)
    planned = plan(doc, catalog.load())
    report(planned.problems, doc)
    if planned.errors:
        return WRONG
    from conex_core.run.engine.report import report as report_of
    from conex_core.run.starting import start

    with building(quiet=options.json, verbose=options.verbose) as progress:
        built = start(
            planned,
            device=options.device,
            engine=options.engine,
            base=options.project.parent,
            progress=progress,
        )
    found = report_of(built.network)
    if options.json:
        say_json(found.to_data())
    else:
        _tell(found)
    return DONE


def _tell(found: Report) -> None:
    cells = [(shown_name(line.owner, 40), shown_name(line.behavior, 40)) for line in found.lines]
    owners = max((len(owner) for owner, _ in cells), default=0)
    kinds = max((len(behavior) for _, behavior in cells), default=0)
    for line, (owner, behavior) in zip(found.lines, cells, strict=True):
        by = f"Python: {line.reason}" if line.reason else "kernel"
        say(f"{line.priority:5}  {owner:{owners}}  {behavior:{kinds}}  {by}")
    say(found.summary())
