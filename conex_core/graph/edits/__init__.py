"""Every edit of a document, in one place: pure functions that return a new document.

All act on the main network. An edit that changes nothing returns the same
object; an unknown id raises UnknownName; values are stored as they come and
judged by the check.
"""

from conex_core.graph.blocks.definitions import within
from conex_core.graph.edits.clipboard import copy, duplicate, paste
from conex_core.graph.edits.grouping import (
    add_instance,
    group,
    make_unique,
    remove_definition,
    rename_instance,
    set_definition,
    unpack,
)
from conex_core.graph.edits.nodes import (
    add_link,
    add_node,
    connect_groups,
    move,
    remove,
    remove_links,
    rename,
    reset_param,
    set_param,
)
from conex_core.graph.edits.ports import add_port, move_port
from conex_core.graph.edits.project import (
    add_monitor,
    remove_monitor,
    set_document,
    set_monitor,
    set_settings,
)
from conex_core.graph.edits.promotion import demote, follow, move_promoted, promote, set_promoted
from conex_core.graph.edits.stacks import (
    add_behavior,
    duplicate_behavior,
    enable_behavior,
    move_behavior,
    remove_behavior,
    replace_behavior,
    reset_behavior_param,
    set_behavior_param,
)

__all__ = [
    "add_behavior",
    "add_instance",
    "add_link",
    "add_monitor",
    "add_node",
    "add_port",
    "connect_groups",
    "copy",
    "demote",
    "duplicate",
    "duplicate_behavior",
    "enable_behavior",
    "follow",
    "group",
    "make_unique",
    "move",
    "move_behavior",
    "move_port",
    "move_promoted",
    "paste",
    "promote",
    "remove",
    "remove_behavior",
    "remove_definition",
    "remove_links",
    "remove_monitor",
    "rename",
    "rename_instance",
    "replace_behavior",
    "reset_behavior_param",
    "reset_param",
    "set_behavior_param",
    "set_definition",
    "set_document",
    "set_monitor",
    "set_param",
    "set_promoted",
    "set_settings",
    "unpack",
    "within",
]
