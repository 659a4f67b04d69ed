"""``conex block``: list the library, show a block, check files, import and export."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conex_core import catalog
from conex_core.cli.endings import check_ending
from conex_core.cli.messages import DONE, WRONG, complain, say, say_json
from conex_core.errors import ConexError, FileError, StructureError, UnknownName
from conex_core.graph.blocks.definitions import parameter_of, port_nodes, signal_of, value_inside
from conex_core.graph.checks.check import check as problems_of
from conex_core.graph.files import project_file
from conex_core.graph.files.block_file import EXTENSION, Block, block_of, load_block, save_block
from conex_core.graph.files.codec import plain
from conex_core.graph.files.weight_files import carry, located, weights_of
from conex_core.graph.library.folders import LibraryFile
from conex_core.graph.library.inserting import insert_block
from conex_core.graph.library.library import Library
from conex_core.graph.model.document import MAIN, Document, Link
from conex_core.graph.model.kinds import INPUT_PORT, OUTPUT_PORT
from conex_core.parameter_data import parameter_to_data
from conex_core.shown_names import shown_name

if TYPE_CHECKING:
    import argparse

    from conex_core.graph.checks.problems import Problem

__all__ = ["bring", "check", "export", "listed", "show"]

_OPEN_ENDS = ("no-source", "no-target")


def listed(options: argparse.Namespace) -> int:
    """List the blocks of the library; files that cannot be used are told on the side."""
    library = _library(options)
    for text in _complaints(library):
        complain(text)
    found = [entry for entry in library.search(" ".join(options.words)) if entry.block]
    if options.json:
        say_json({"blocks": [_row(entry) for entry in found]})
    else:
        for entry in found:
            row = _row(entry)
            name, summary = shown_name(row["name"], 40), shown_name(row["summary"], 200)
            say(f"{name:<32} {row['kind']:<15} {row['source']:<8} {summary}")
    return DONE


def show(options: argparse.Namespace) -> int:
    """Show one block: what it is for, its ports and parameters, and what it holds."""
    block = _block(options)
    data = _data(block)
    if options.json:
        say_json(data)
    else:
        say("\n".join(_page(data)))
    return DONE


def check(options: argparse.Namespace) -> int:
    """Say what is wrong with block files, all of them, one after the other."""
    results = [_checked(path) for path in options.files]
    if options.json:
        say_json({"files": results})
    for result in results:
        for text in result["problems"]:
            complain(f"{result['file']}: {text}" if result["readable"] else text)
        if result["sound"] and not options.json:
            name = shown_name(result["name"])
            say(f"{result['file']}: {name}, version {result['version']}: sound")
    return DONE if all(result["sound"] for result in results) else WRONG


def export(options: argparse.Namespace) -> int:
    """Write a block of a project, of the library or of another file to a file of its own."""
    if options.structure:
        check_ending(options.output, ".json", "a saved structure")
    else:
        check_ending(options.output, EXTENSION, "a block")
    block = _of_project(options) if options.project else _block(options)
    if options.structure:
        from conex_core.run.block_structures import structure_from_block
        from conex_core.structures.replication import save_structure_dict_to_json

        save_structure_dict_to_json(structure_from_block(block), options.output)
        complain(f"wrote {options.output} ({shown_name(block.name)}, a {block.kind})")
        return DONE
    places = [path.parent for path in (options.project, block.path) if path is not None]
    carry(block.definitions.values(), places, options.output.parent)
    saved = save_block(block, options.output)
    complain(f"wrote {options.output} ({shown_name(saved.name)}, version {saved.version})")
    return DONE


def bring(options: argparse.Namespace) -> int:
    """Write the block of a structure that was saved from a script."""
    from conex_core.run.block_structures import block_from_structure
    from conex_core.structures.replication import load_structure_dict_from_json

    check_ending(options.output, EXTENSION, "a block")
    saved = load_structure_dict_from_json(options.file)
    block = save_block(block_from_structure(saved, name=options.name), options.output)
    complain(f"wrote {options.output} ({shown_name(block.name)}, version {block.version})")
    return DONE


def _library(options: argparse.Namespace) -> Library:
    library = Library(options.folder)
    library.scan()
    return library


def _complaints(library: Library) -> Iterator[str]:
    yield from (shelf.message for shelf in library.shelves if shelf.message)
    yield from (entry.message for entry in library.entries if entry.message)


def _block(options: argparse.Namespace) -> Block:
    """Return the block of a file, or of the library by its name or id."""
    path = Path(options.block)
    if path.suffix == EXTENSION or path.is_file():
        return load_block(path)
    return _library(options).named(options.block)


def _of_project(options: argparse.Namespace) -> Block:
    doc = project_file.load(options.project)
    return block_of(doc, _definition_id(doc, options.block))


def _definition_id(doc: Document, name: str) -> str:
    """Return the id of the definition that has a name or an id, or raise UnknownName."""
    own = {key: item.name for key, item in doc.definitions.items() if key != MAIN}
    if name in own:
        return name
    found = [key for key, title in own.items() if title == name]
    if len(found) > 1:
        ids = ", ".join(sorted(found))
        raise StructureError(name, "names several blocks", hint=f"Give one of the ids {ids}")
    if not found:
        raise UnknownName("block", name, own.values())
    return found[0]


def _row(entry: LibraryFile) -> dict[str, Any]:
    block = entry.block
    if block is None:  # the caller leaves these out
        raise FileError(entry.path, entry.message)
    return {
        "name": block.name,
        "summary": block.description.partition("\n")[0],
        "kind": block.kind,
        "tags": list(block.tags),
        "id": block.id,
        "version": block.version,
        "hash": block.hash,
        "source": entry.source,
        "path": str(entry.path),
    }


def _data(block: Block) -> dict[str, Any]:
    return {
        "name": block.name,
        "description": block.description,
        "kind": block.kind,
        "tags": list(block.tags),
        "author": block.author,
        "id": block.id,
        "version": block.version,
        "hash": block.hash,
        "path": "" if block.path is None else str(block.path),
        "learned_weights": None if block.learned is None else block.learned.file,
        "ports": _ports(block),
        "parameters": _parameters(block),
        "contents": [
            {"name": node.name, "kind": node.kind, "behaviors": [item.kind for item in node.stack]}
            for node in sorted(block.definition.nodes.values(), key=lambda node: node.name)
            if not node.is_port
        ],
    }


def _ports(block: Block) -> list[dict[str, str]]:
    return [
        {"name": node.name, "direction": side, "carries": signal_of(node)}
        for kind, side in ((INPUT_PORT.name, "in"), (OUTPUT_PORT.name, "out"))
        for node in port_nodes(block.definition, kind)
    ]


def _parameters(block: Block) -> list[dict[str, Any]]:
    doc, rows = _alone(block), []
    for promoted in block.definition.promoted:
        parameter = parameter_of(doc, block.definition_id, promoted, catalog.load())
        data = {} if parameter is None else parameter_to_data(parameter)
        value = value_inside(doc, block.definition_id, promoted, catalog.load())
        row = {"name": promoted.name, "help": promoted.help, "unit": data.get("unit", "")}
        rows.append(row | {"value": plain(value)})
    return rows


def _page(data: dict[str, Any]) -> Iterator[str]:
    yield f"{shown_name(data['name'])}  ({data['kind']}, version {data['version']}, {data['id']})"
    yield from (f"  {line}" for line in data["description"].splitlines())
    if data["tags"]:
        yield f"  tags: {', '.join(shown_name(tag) for tag in data['tags'])}"
    for title, rows in (("ports", data["ports"]), ("parameters", data["parameters"])):
        yield f"  {title}:" if rows else f"  no {title}"
        for row in rows:
            if title == "ports":
                yield f"    {_cell(row)} {row['direction']:<4} {row['carries']}"
            else:
                yield f"    {_cell(row)} {_value(row):<12} {shown_name(row['help'], 200)}"
    yield "  contents:"
    for row in data["contents"]:
        behaviors = ", ".join(shown_name(kind) for kind in row["behaviors"])
        yield f"    {_cell(row)} {row['kind']:<13} {behaviors}"


def _cell(row: dict[str, Any]) -> str:
    return f"{shown_name(row['name'], 40):<16}"


def _value(row: dict[str, Any]) -> str:
    return shown_name(f"{row['value']} {row['unit']}".strip())


def _alone(block: Block) -> Document:
    """Return a network of the block only; its weights are not asked for."""
    return insert_block(Document(), replace(block, path=None), node_id="alone")[0]


def _checked(path: Path) -> dict[str, Any]:
    result: dict[str, Any] = {"file": str(path), "name": "", "version": 0}
    try:
        block = load_block(path)
    except ConexError as error:
        return result | {"readable": False, "sound": False, "problems": [str(error)]}
    problems = problems_of(_alone(block), catalog.load())
    found = [problem for problem in problems if _counts(problem, block)]
    lost = [f"error: {text}." for text in _lost_weights(block, path.parent)]
    return result | {
        "name": block.name,
        "version": block.version,
        "readable": True,
        "sound": not lost and not any(problem.severity == "error" for problem in found),
        "problems": [*lost, *(f"{problem.severity}: {problem.message}" for problem in found)],
    }


def _lost_weights(block: Block, folder: Path) -> Iterator[str]:
    """Yield what is wrong with the files of weights that a block needs."""
    for definition in block.definitions.values():
        for learned in weights_of([definition]):
            try:
                located(learned, folder, definition.name)
            except FileError as error:
                yield str(error)


def _counts(problem: Problem, block: Block) -> bool:
    """Tell whether a problem is the block's own, and not of standing alone."""
    if problem.code == "requires":
        return "to the network" not in problem.message
    if problem.code not in _OPEN_ENDS:
        return True
    inside = block.definitions.get(problem.definition)
    end = problem.code.removeprefix("no-")
    wires = [] if inside is None else [link for link in inside.links if problem.node in _ends(link)]
    return not any(end in (link.source_port, link.target_port) for link in wires)


def _ends(link: Link) -> tuple[str, str]:
    return (link.source, link.target)
