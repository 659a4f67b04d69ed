"""Build the structures that hold groups: containers, layers, columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conex_core.graph.blocks.structures import StructureStep
from conex_core.structures import (
    Container,
    CorticalColumn,
    CorticalLayer,
    Layer,
    NeuronGroup,
    Port,
    SynapseGroup,
)
from conex_core.structures.settings import tag_of

__all__ = ["structure_of"]


def structure_of(net: Any, step: StructureStep, objects: Mapping[str, Any]) -> Container:
    """Return the structure of one instance, around parts that are in ``objects``."""
    parts = [objects[name] for name in step.members if name in objects]
    common: dict[str, Any] = {
        "tag": tag_of(step.name),
        "key": step.path,
        "input_ports": _ports(step.inputs, objects),
        "output_ports": _ports(step.outputs, objects),
    }
    made = _made(net, step, objects, parts, common)
    made.add_sub_structures(parts)
    return made


def _made(
    net: Any,
    step: StructureStep,
    objects: Mapping[str, Any],
    parts: list[Any],
    common: dict[str, Any],
) -> Container:
    synapses = [part for part in parts if isinstance(part, SynapseGroup)]
    if step.kind == "CorticalLayer":
        exc, inh = (objects.get(name or "") for name in (step.excitatory, step.inhibitory))
        return CorticalLayer(net, exc, inh, synapses, **common)
    if step.kind == "Layer":
        groups = [part for part in parts if isinstance(part, NeuronGroup)]
        return Layer(net, groups, synapses, **common)
    if step.kind == "CorticalColumn":
        layers = {name: objects[path] for name, path in step.layers.items()}
        return CorticalColumn(net, layers, **common)
    return Container(net, parts, **common)


def _ports(
    ports: Mapping[str, tuple[str, ...]], objects: Mapping[str, Any]
) -> dict[str, tuple[None, list[Port]]]:
    return {
        name: (None, [Port(_population(objects[group])) for group in groups if group in objects])
        for name, groups in ports.items()
    }


def _population(structure: Any) -> Any:
    return getattr(structure, "sensory_pop", structure)
