"""What blocks of a kind hold: the roles of a cortical layer, the layers of a column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conex_core.graph.model.kinds import NEURON_GROUP

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conex_core.graph.model.document import Definition, Node

__all__ = ["BLOCK_KINDS", "LAYER_KINDS", "groups_by_polarity", "layers", "roles"]

BLOCK_KINDS = ("Container", "Layer", "CorticalLayer", "CorticalColumn")
LAYER_KINDS = ("Layer", "CorticalLayer")

_USUAL = NEURON_GROUP.parameter("polarity").default


def roles(definition: Definition) -> dict[str, str | None]:
    """Return the node id of the excitatory and of the inhibitory group of a cortical layer.

    The polarity of a group is its role. None where there is no such group, or
    more than one.
    """
    found = groups_by_polarity(definition)
    return {
        role: groups[0].id if len(groups) == 1 else None
        for role in ("excitatory", "inhibitory")
        for groups in [found.get(role, [])]
    }


def layers(definition: Definition, definitions: Mapping[str, Definition]) -> dict[str, str]:
    """Return the node ids of the layers in a column, by name."""
    inner = sorted(definition.nodes.values(), key=lambda node: node.id)
    return {
        node.name: node.id
        for node in inner
        if node.is_instance and node.of in definitions and definitions[node.of].kind in LAYER_KINDS
    }


def groups_by_polarity(definition: Definition) -> dict[str, list[Node]]:
    """Return the neuron groups right inside a definition, by polarity."""
    found: dict[str, list[Node]] = {}
    for node in definition.nodes.values():
        if node.is_neuron_group:
            found.setdefault(str(node.params.get("polarity", _USUAL)), []).append(node)
    return found
