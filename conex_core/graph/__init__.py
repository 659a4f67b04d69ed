"""The document and everything that is done with it: edits, check, file, layout.

No torch and no Qt here. The parts are modules: ``edits`` (pure functions on a
document), ``check`` (problems and ready fixes), ``file`` (project files),
``layout``, ``memory``, ``defaults``, ``kinds`` and ``state``.
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
