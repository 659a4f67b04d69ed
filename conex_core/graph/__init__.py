"""The document and everything that is done with it, from ``model`` upwards.

``model`` is the document itself; ``blocks`` opens what it holds; ``files`` writes
it; ``edits`` are pure functions from one document to the next; ``library`` keeps
blocks in folders; ``checks`` finds problems and ready fixes. No torch and no Qt.
"""

from conex_core.graph.model.document import (
    MAIN,
    NETWORK,
    BehaviorItem,
    Definition,
    Document,
    Link,
    Monitor,
    Node,
    Settings,
    new_id,
)

__all__ = [
    "MAIN",
    "NETWORK",
    "BehaviorItem",
    "Definition",
    "Document",
    "Link",
    "Monitor",
    "Node",
    "Settings",
    "new_id",
]
