"""What stands on the shelves: the blocks of the library's folders, and those of a project. No Qt.

Safe in any thread: it reads immutable values only.
"""

from __future__ import annotations

from collections import Counter

from conex_app.library.shelves import ListedBlock, ListedShelf, ShelfKind
from conex_core.graph.blocks.definitions import port_nodes
from conex_core.graph.library.folders import LibraryFile, LibraryFolder
from conex_core.graph.library.outlines import outline
from conex_core.graph.model.document import MAIN, Definition, Document
from conex_core.graph.model.kinds import INPUT_PORT, OUTPUT_PORT

__all__ = ["file_shelf", "project_shelf"]

EMPTY_USER = "Nothing yet. Select nodes, press Ctrl+G to group them, then Save to library."
EMPTY_FOLDER = "No blocks here yet. Save one to this folder, or copy block files into it."
EMPTY_SHIPPED = "This installation came without blocks."
EMPTY_PROJECT = "No blocks in this project. Select nodes and press Ctrl+G, or drag a block in."

_SHELVES: dict[str, ShelfKind] = {"user": "user", "shipped": "shipped"}


def file_shelf(found: LibraryFolder) -> ListedShelf:
    """Return what a folder of the library shows."""
    entries = tuple(_of_file(entry) for entry in found.entries)
    if found.source == "user":
        return ListedShelf("My blocks", "user", entries, found.folder, EMPTY_USER, found.message)
    if found.source == "shipped":
        return ListedShelf("Shipped", "shipped", entries, found.folder, EMPTY_SHIPPED)
    title = found.folder.name or str(found.folder)
    return ListedShelf(title, "folder", entries, found.folder, EMPTY_FOLDER, found.message)


def project_shelf(doc: Document) -> ListedShelf:
    """Return the shelf of the blocks that a project holds."""
    own = [item for key, item in doc.definitions.items() if key != MAIN]
    used = Counter(node.of for item in doc.definitions.values() for node in item.nodes.values())
    entries = [_of_project(item, used[item.id]) for item in own]
    entries.sort(key=lambda entry: entry.title.casefold())
    return ListedShelf("This project", "project", tuple(entries), None, EMPTY_PROJECT)


def _of_file(found: LibraryFile) -> ListedBlock:
    shelf = _SHELVES.get(found.source, "folder")
    block = found.block
    if block is None:
        return ListedBlock(found.name, shelf, found.path, problem=found.message, file=found)
    return ListedBlock(
        title=block.name,
        shelf=shelf,
        path=found.path,
        kind=block.kind,
        version=block.version,
        tags=block.tags,
        description=block.description,
        ins=_names(block.definition, INPUT_PORT.name),
        outs=_names(block.definition, OUTPUT_PORT.name),
        picture=outline(block),
        warning=found.message,
        file=found,
    )


def _of_project(definition: Definition, copies: int) -> ListedBlock:
    return ListedBlock(
        title=definition.name,
        shelf="project",
        definition=definition.id,
        kind=definition.kind,
        tags=definition.tags,
        description=definition.description,
        ins=_names(definition, INPUT_PORT.name),
        outs=_names(definition, OUTPUT_PORT.name),
        copies=copies,
        picture=outline(definition),
    )


def _names(definition: Definition, kind: str) -> tuple[str, ...]:
    return tuple(node.name for node in port_nodes(definition, kind))
