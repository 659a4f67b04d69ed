"""Structures as data: saved, loaded, and made again as often as wanted."""

from conex_core.structures.replication.copying import (
    create_structure_from_dict,
    replicate,
    save_structure,
)
from conex_core.structures.replication.jsonfile import (
    load_structure_dict_from_json,
    save_structure_dict_to_json,
)
from conex_core.structures.replication.registry import register_behavior, register_structure

__all__ = [
    "create_structure_from_dict",
    "load_structure_dict_from_json",
    "register_behavior",
    "register_structure",
    "replicate",
    "save_structure",
    "save_structure_dict_to_json",
]
