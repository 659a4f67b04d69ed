"""All that the program does with a document, one function each, without a window.

Each takes a document, the catalog and random numbers, and gives nothing back: it must
end, soon, with nothing but a ConexError in its way, and write no file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from random import Random

from conex_core.catalog import Catalog
from conex_core.errors import ConexError
from conex_core.export.script import to_script
from conex_core.graph import edits
from conex_core.graph.blocks.definitions import (
    focus,
    layers,
    parameter_of,
    ports_of,
    roles,
    value_inside,
    wires_outside,
)
from conex_core.graph.blocks.flatten import flatten
from conex_core.graph.checks.check import check
from conex_core.graph.checks.memory import estimate_memory, pairs_of
from conex_core.graph.edits.links import refusal
from conex_core.graph.files.block_file import Block, block_of, block_to_text
from conex_core.graph.files.project_file import from_text, to_text
from conex_core.graph.files.weight_files import carry, keep
from conex_core.graph.library.comparison import compare, relation_of, update
from conex_core.graph.library.inserting import insert_block
from conex_core.graph.library.outlines import outline
from conex_core.graph.model.document import MAIN, Document, Link
from conex_core.graph.model.layout import arrange
from conex_core.run.planning import plan

__all__ = ["USES"]

Use = Callable[[Document, Catalog, Random], None]
_MOST = 12  # of the parts of one document that are tried one by one
_LARGE = 300  # nodes and blocks
_NOWHERE = Path("/nowhere")


@contextmanager
def _refusals() -> Iterator[None]:
    """Let an error in words pass."""
    with suppress(ConexError):
        yield


def _some(parts: object, draw: Random) -> list[str]:
    found = sorted(parts)  # type: ignore[call-overload]
    return draw.sample(found, min(_MOST, len(found)))


def _sound(doc: Document) -> Document:
    """Return ``doc``, which an edit gave, after having it written and read if it is not large."""
    if len(doc.definitions) + len(doc.network.nodes) > _LARGE:
        return doc
    text = to_text(doc)
    assert to_text(from_text(text)) == text, "saving changes it"
    return doc


def told(doc: Document, catalog: Catalog, draw: Random) -> None:
    """Check, tell where each problem is, and make each mend."""
    problems = check(doc, catalog)
    for problem in problems:
        problem.where(doc)
        str(problem)
    for problem in draw.sample(problems, min(_MOST, len(problems))):
        for fix in problem.fixes:
            with _refusals():
                check(_sound(fix.apply(doc)), catalog)


def saved(doc: Document, catalog: Catalog, draw: Random) -> None:
    """Save and read again: nothing is lost."""
    text = to_text(doc)
    assert to_text(from_text(text)) == text, "saving changes it"


def arranged(doc: Document, catalog: Catalog, draw: Random) -> None:
    """Arrange every drawing, and draw what Arrange gives."""
    for definition in doc.definitions.values():
        arrange(definition)
    for definition_id in _some(doc.definitions, draw):
        places = arrange(doc.definitions[definition_id])
        with _refusals():
            _sound(edits.within(doc, definition_id, partial(edits.move, positions=places)))


def opened(doc: Document, catalog: Catalog, draw: Random) -> None:
    """Open all blocks."""
    flat = flatten(doc)
    for definition_id in _some(doc.definitions, draw):
        for node_id in _some(doc.definitions[definition_id].nodes, draw):
            flat.copies(definition_id, node_id)
            pairs_of(doc, node_id, definition_id=definition_id)


def planned(doc: Document, catalog: Catalog, draw: Random) -> None:
    """Plan a run, and write it as a program."""
    with _refusals():
        to_script(plan(doc, catalog))


def measured(doc: Document, catalog: Catalog, draw: Random) -> None:
    """Estimate the memory."""
    with _refusals():
        estimate_memory(doc, catalog)


def shown(doc: Document, catalog: Catalog, draw: Random) -> None:
    """Ask what a canvas asks of each drawing: ports, roles, parameters, outlines."""
    for definition_id in _some(doc.definitions, draw):
        definition = doc.definitions[definition_id]
        outline(definition)
        roles(definition)
        layers(definition, doc.definitions)
        wires_outside(doc, definition_id)
        for node_id in _some(definition.nodes, draw):
            ports_of(definition.nodes[node_id], doc.definitions)
        for promoted in definition.promoted[:_MOST]:
            parameter_of(doc, definition_id, promoted, catalog)
            value_inside(doc, definition_id, promoted, catalog)


def copied(doc: Document, catalog: Catalog, draw: Random) -> None:
    """Copy nodes and paste them, here and elsewhere, and duplicate them."""
    for definition_id in _some(doc.definitions, draw)[:3]:
        seen = focus(doc, definition_id)
        ids = _some(seen.network.nodes, draw)
        text = edits.copy(seen, ids)
        for place in (seen, Document()):
            with _refusals():
                _sound(edits.paste(place, text, at=(1.0, 2.0), inside=definition_id)[0])
        with _refusals():
            _sound(edits.duplicate(seen, ids)[0])


def grouped(doc: Document, catalog: Catalog, draw: Random) -> None:
    """Group nodes, unpack blocks, and take both further."""
    for definition_id in _some(doc.definitions, draw)[:3]:
        seen = focus(doc, definition_id)
        ids = _some(seen.network.nodes, draw)
        with _refusals():
            flatten(_sound(edits.group(seen, ids[:4], node_id="grouped")))
        for node_id in ids:
            if seen.network.nodes[node_id].is_instance:
                with _refusals():
                    flatten(_sound(edits.unpack(seen, node_id)[0]))
                with _refusals():
                    edits.make_unique(seen, node_id)


def edited(doc: Document, catalog: Catalog, draw: Random) -> None:
    """Make the edits of a canvas and an inspector, inside of blocks too."""
    most = 1 if len(doc.definitions) > _LARGE else 3  # time is for one edit, not for hundreds
    for definition_id in _some(doc.definitions, draw)[:most]:
        seen = focus(doc, definition_id)
        for node_id in [*_some(seen.network.nodes, draw)[:most], "nobody"]:
            for edit in _edits_of(seen, node_id, catalog, draw):
                with _refusals():
                    _sound(edits.within(doc, definition_id, edit))
    with _refusals():
        edits.remove_definition(doc, draw.choice(sorted(doc.definitions)))


def _edits_of(
    doc: Document, node_id: str, catalog: Catalog, draw: Random
) -> Iterator[Callable[[Document], Document]]:
    other = draw.choice([*sorted(doc.network.nodes), "nobody"])
    node = doc.network.nodes.get(node_id)
    yield lambda seen: edits.rename(seen, node_id, "Other")
    yield lambda seen: edits.move(seen, {node_id: (1.0, 2.0)})
    yield lambda seen: edits.remove(seen, [node_id])
    yield lambda seen: edits.set_param(seen, node_id, "size", 5)
    yield lambda seen: edits.connect_groups(seen, node_id, other, catalog=catalog)
    yield lambda seen: edits.add_instance(seen, draw.choice(sorted(doc.definitions)))
    yield lambda seen: edits.rename_instance(seen, node_id, "Other")
    link = Link(node_id, draw.choice(("spikes", "target", "port", "")), other, "source")
    refusal(doc, link)
    yield lambda seen: edits.add_link(seen, link)
    yield lambda seen: edits.remove_links(seen, list(seen.network.links)[:3])
    for item in () if node is None else node.stack[:2]:
        yield lambda seen, item=item: edits.enable_behavior(
            seen, node_id, item.id, not item.enabled
        )
        yield lambda seen, item=item: edits.set_behavior_param(seen, node_id, item.id, "tau", 1.0)
        yield lambda seen, item=item: edits.remove_behavior(seen, node_id, item.id)
        yield lambda seen, item=item: edits.duplicate_behavior(seen, node_id, item.id)
        yield lambda seen, item=item: edits.move_behavior(seen, node_id, item.id, 0)


def kept(doc: Document, catalog: Catalog, draw: Random) -> None:
    """Make blocks of definitions, insert them and compare them with the project."""
    for definition_id in _some(doc.definitions.keys() - {MAIN}, draw)[:3]:
        with _refusals():
            block = block_of(doc, definition_id)
            block_to_text(block)
            _beside(doc, definition_id, block, catalog)
    with _refusals():
        carry(doc.definitions.values(), [_NOWHERE], _NOWHERE)
    with _refusals():
        keep(doc.definitions.values(), _NOWHERE)


def _beside(doc: Document, definition_id: str, block: Block, catalog: Catalog) -> None:
    relation_of(doc, definition_id, block)
    for place in (doc, Document()):
        with _refusals():
            grown, _ = insert_block(place, block)
            check(_sound(grown), catalog)
    for other in sorted(doc.definitions.keys() - {MAIN, definition_id})[:2]:
        relation_of(doc, other, block)
        with _refusals():
            compare(doc, other, block, catalog)
        with _refusals():
            flatten(_sound(update(doc, other, block, catalog)))


USES: tuple[Use, ...] = (
    told,
    saved,
    arranged,
    opened,
    planned,
    measured,
    shown,
    copied,
    grouped,
    edited,
    kept,
)
