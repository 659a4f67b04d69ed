"""``conex check``, ``list``, ``script`` and ``example``: everything that runs nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from conex_core import catalog, examples
from conex_core.atomic_files import create
from conex_core.cli.endings import check_ending
from conex_core.cli.messages import DONE, WRONG, complain, report, say, say_json, to_data
from conex_core.cli.pages import behavior_page, plot_page, structure_page
from conex_core.errors import FileError, UnknownName
from conex_core.graph.files import project_file
from conex_core.graph.model.kinds import KINDS
from conex_core.parameter_data import parameter_to_data
from conex_core.run.planning import plan

if TYPE_CHECKING:
    import argparse

    from conex_core.run.plan import Plan

__all__ = ["check", "example", "script", "show"]


def check(options: argparse.Namespace) -> int:
    """Say what is wrong with a project."""
    doc = project_file.load(options.project)
    planned = plan(doc, catalog.load(), options.project.parent)
    report(planned.problems, doc)
    if options.json:
        say_json(_check_data(planned))
    elif not planned.errors:
        say(
            f"{options.project}: ready to run: {planned.neuron_count:,} neurons, "
            f"{planned.synapse_count:,} synapses, about {planned.memory_bytes / 1e6:,.1f} MB"
        )
    return WRONG if planned.errors else DONE


def show(options: argparse.Namespace) -> int:
    """List behaviors, structures, plots or examples: all of them, or those that were named."""
    rows, page = {
        "behaviors": (_behaviors, _behavior_page),
        "structures": (_structures, _structure_page),
        "plots": (_plots, _plot_page),
        "examples": (_examples, _line),
    }[options.what]
    chosen = _named(rows(), options.what, options.names)
    for broken in catalog.load().broken if options.what == "plots" else ():
        complain(str(broken))
    if options.json:
        say_json({options.what: chosen})
    else:
        gap = "\n" if options.what == "examples" else "\n\n"
        say(gap.join(page(row) for row in chosen))
    return DONE


def _named(rows: list[dict[str, Any]], what: str, names: list[str]) -> list[dict[str, Any]]:
    by_name = {row["name"]: row for row in rows}
    for name in names:
        if name not in by_name:
            raise UnknownName(what.removesuffix("s"), name, by_name)
    return [by_name[name] for name in names] or rows


def _behavior_page(row: dict[str, Any]) -> str:
    return behavior_page(catalog.load().behavior(row["name"]))


def _structure_page(row: dict[str, Any]) -> str:
    return structure_page(next(kind for kind in KINDS.values() if kind.name == row["name"]))


def _plot_page(row: dict[str, Any]) -> str:
    return plot_page(catalog.load().plot(row["name"]))


def _line(row: dict[str, Any]) -> str:
    return f"{row['name']:<16} {row['kind']:<8} {row['summary']}"


def script(options: argparse.Namespace) -> int:
    """Write a Python program that reproduces the run of a project."""
    from conex_core.export.script import to_script

    check_ending(options.output, ".py", "a Python program")
    doc = project_file.load(options.project)
    planned = plan(doc, catalog.load())
    report(planned.problems, doc)
    if planned.errors:
        return WRONG
    target = options.output.parent if options.output else Path.cwd()
    text = to_script(planned, base=options.project.parent, beside=target)
    return _deliver(text, options.output)


def example(options: argparse.Namespace) -> int:
    """Write a shipped example, a project or a script."""
    text = examples.text_of(options.name)
    check_ending(options.output, examples.path_of(options.name).suffix, "this example")
    return _deliver(text, options.output)


def _deliver(text: str, target: Path | None) -> int:
    """Write to ``target``, or to standard output without one; never over another file."""
    if target is None:
        say(text.rstrip("\n"))
        return DONE
    try:
        if target.exists() and target.read_text(encoding="utf-8", errors="replace") == text:
            return DONE
        create(target, text.encode())
    except FileExistsError:
        hint = "Choose another name, or remove it first"
        raise FileError(target, "exists already", hint=hint) from None
    except OSError as error:
        raise FileError(target, f"cannot be written ({error.strerror or error})") from error
    complain(f"wrote {target}")
    return DONE


def _check_data(planned: Plan) -> dict[str, Any]:
    return {
        "ready": not planned.errors,
        "neurons": planned.neuron_count,
        "synapses": planned.synapse_count,
        "memory_bytes": planned.memory_bytes,
        "problems": [to_data(problem, planned.document) for problem in planned.problems],
    }


def _behaviors() -> list[dict[str, Any]]:
    return [
        {
            "name": spec.name,
            "summary": spec.summary,
            "of": spec.host,
            "priority": spec.priority,
            "equation": spec.equation,
            "source": spec.source,
            "requires": list(spec.requires),
            "provides": list(spec.provides),
            "parameters": [parameter_to_data(parameter) for parameter in spec.parameters],
        }
        for spec in catalog.load().behaviors.values()
    ]


def _structures() -> list[dict[str, Any]]:
    return [
        {
            "name": kind.name,
            "summary": kind.summary,
            "parameters": [parameter_to_data(parameter) for parameter in kind.parameters],
            "ports": [
                {"name": port.name, "direction": port.direction, "carries": port.signal}
                for port in kind.ports
            ],
        }
        for kind in KINDS.values()
    ]


def _plots() -> list[dict[str, Any]]:
    return [
        {
            "name": spec.kind,
            "title": spec.title,
            "summary": spec.summary,
            "shortcut": spec.shortcut,
            "watches": [
                {"variable": watch.variable, "form": watch.form, "of": list(watch.of)}
                for watch in spec.watches
            ],
            "parameters": [parameter_to_data(parameter) for parameter in spec.parameters],
        }
        for spec in catalog.load().plots.values()
    ]


def _examples() -> list[dict[str, Any]]:
    found = [(name, "project") for name in examples.names()]
    found += [(name, "script") for name in examples.script_names()]
    return [
        {"name": name, "kind": kind, "summary": examples.summary_of(name)} for name, kind in found
    ]
