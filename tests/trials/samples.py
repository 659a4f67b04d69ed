"""The good files that are mutated: shipped ones, old ones, and small ones with blocks."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from conex_core.graph import edits
from conex_core.graph.files.project_file import to_text
from conex_core.graph.model.defaults import stack_for
from conex_core.graph.model.document import Document
from tests.graph.block_samples import bomb, grouped, nested

__all__ = ["samples"]

_ROOT = Path(__file__).parents[2]
_FOLDERS = ("resources/examples", "resources/blocks", "tests/graph/files/written_by_0_1_0")


@lru_cache(maxsize=1)
def samples() -> dict[str, str]:
    """Return the text of every good file by its name."""
    files = [
        path
        for folder in _FOLDERS
        for path in sorted((_ROOT / folder).iterdir())
        if path.suffix in (".conex", ".conexblock")
    ]
    found = {f"{path.parent.name}/{path.name}": path.read_text("utf-8") for path in files}
    return found | {f"{name}.conex": to_text(doc) for name, doc in _made().items()}


def _made() -> dict[str, Document]:
    plain = Document()
    for node_id in ("exc", "inh", "out"):
        usual = stack_for("NeuronGroup")
        plain = edits.add_node(plain, "NeuronGroup", name=node_id, node_id=node_id, stack=usual)
    plain = edits.add_node(plain, "Note", node_id="note", params={"text": "read me"})
    plain = edits.add_node(plain, "BehaviorStack", node_id="stack", stack=stack_for("NeuronGroup"))
    plain = edits.add_node(plain, "InputLayer", node_id="input")
    return {
        "plain": plain,
        "grouped": grouped(plain, "exc", "inh"),
        "nested": edits.add_instance(nested(plain, "exc", "stack"), "d_one", node_id="again"),
        "bomb": bomb(3, 2),
        "empty": Document(),
    }
