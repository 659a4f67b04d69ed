"""Planning: from a document to ordered build steps, with their schedule and the problems.

Pure: no torch, no Qt, nothing is built here. Nodes are taken in the order of
their ids, which no edit elsewhere changes, so that a file, the window and the
command line build the same network in the same order.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from operator import attrgetter
from pathlib import Path
from typing import Any

from conex_core.catalog import Catalog
from conex_core.distributions import from_data, is_data
from conex_core.errors import ConexError
from conex_core.graph.blocks.flatten import flatten
from conex_core.graph.blocks.structures import structure_steps
from conex_core.graph.checks.check import check, nothing_to_run
from conex_core.graph.checks.memory import estimate_memory
from conex_core.graph.files.learned_weights import learned_groups, learned_values
from conex_core.graph.files.weight_files import StoredWeights
from conex_core.graph.model.document import NETWORK, BehaviorItem, Document, Node
from conex_core.graph.model.kinds import KINDS
from conex_core.graph.model.stacks import sorted_stack, stack_of
from conex_core.run.plan import (
    GroupStep,
    InputStep,
    NetworkStep,
    Plan,
    PlannedBehavior,
    ScheduleRow,
    Stack,
    SynapseStep,
)
from conex_core.run.weightcheck import weight_problems

__all__ = ["plan"]

_SHAPES = ("weight_shape", "kernel_shape")
_INPUT_BEHAVIORS = (("SpikeNdDataset", 320), ("SensorySetter", 340), ("NeuronAxon", 380))


def plan(drawn: Document, catalog: Catalog, base: Path | None = None) -> Plan:
    """Return the plan of a document; where it has errors, only the problems and settings.

    With ``base``, the folder of the project, files of learned weights are looked
    into as well: those that are lost or do not fit are errors.
    """
    planned = _plan(drawn, catalog)
    lost = () if base is None else tuple(weight_problems(planned, base))
    if not lost:
        return planned
    return Plan(drawn, planned.network, problems=(*lost, *planned.problems))


def _plan(drawn: Document, catalog: Catalog) -> Plan:
    problems = (*check(drawn, catalog), *nothing_to_run(drawn))
    network = NetworkStep(drawn.settings, _planned(_stack_of_network(drawn, catalog), catalog))
    if any(problem.severity == "error" for problem in problems):
        return Plan(drawn, network, problems=problems)
    flat = flatten(drawn)
    doc = flat.document
    nodes = [doc.network.nodes[node_id] for node_id in sorted(doc.network.nodes)]
    planner = _NodePlanner(doc, catalog)
    learned, values = learned_groups(drawn), learned_values(drawn)
    inputs = tuple(_input_step(node, planner) for node in nodes if node.is_input_layer)
    groups = tuple(
        replace(_group_step(node, planner), starts=values.get(node.id, {}))
        for node in nodes
        if node.is_neuron_group
    )
    drawn_synapses = [_synapse_step(doc, node, planner) for node in nodes if node.is_synapse_group]
    synapses = tuple(
        replace(
            _starting_from(learned.get(step.node_id), step), starts=values.get(step.node_id, {})
        )
        for step in drawn_synapses
    )
    sizes = {layer.node_id: layer.count for layer in inputs}
    sizes |= {group.node_id: group.count for group in groups}
    return Plan(
        document=drawn,
        flat=flat,
        network=network,
        inputs=inputs,
        groups=groups,
        synapses=synapses,
        structures=structure_steps(drawn),
        schedule=_schedule(network, inputs, groups, synapses),
        problems=problems,
        neuron_count=sum(sizes.values()),
        # Learned weights lie where weights were drawn; only what draws them says how many.
        synapse_count=sum(_synapses_in(step, sizes) for step in drawn_synapses),
        memory_bytes=estimate_memory(drawn, catalog),
    )


def _stack_of_network(doc: Document, catalog: Catalog) -> tuple[BehaviorItem, ...]:
    return sorted_stack(doc.settings.stack, catalog)


def _planned(items: Iterable[BehaviorItem], catalog: Catalog) -> Stack:
    return tuple(_planned_item(item, catalog) for item in items if item.kind in catalog.behaviors)


class _NodePlanner:
    """Plan the values and stacks of nodes, once for all copies that share them."""

    def __init__(self, doc: Document, catalog: Catalog) -> None:
        self._doc, self._catalog = doc, catalog
        # By the identity of what the document holds.
        self._stacks: dict[int, Stack] = {}
        self._values: dict[tuple[str, int], Mapping[str, Any]] = {}

    def values(self, node: Node) -> Mapping[str, Any]:
        """Return all parameters of a node, defaults included."""
        key = (node.kind, id(node.params))
        if key not in self._values:
            self._values[key] = _values(node)
        return self._values[key]

    def stack(self, node: Node) -> Stack:
        """Return all behaviors of a node, in order."""
        if self._doc.network.into(node.id, "behaviors"):
            return self._planned(node)
        key = id(node.stack)
        if key not in self._stacks:
            self._stacks[key] = self._planned(node)
        return self._stacks[key]

    def _planned(self, node: Node) -> Stack:
        return _planned(stack_of(self._doc.network, node, self._catalog), self._catalog)


def _planned_item(item: BehaviorItem, catalog: Catalog) -> PlannedBehavior:
    spec = catalog.behavior(item.kind)
    params: dict[str, Any] = {}
    for parameter in spec.parameters:
        if parameter.name not in item.params:
            continue
        value = _canonical(parameter, item.params[parameter.name])
        if parameter.required or value != parameter.default:
            params[parameter.name] = value
    return PlannedBehavior(item.id, item.kind, spec.priority, params, item.enabled)


def _canonical(parameter: Any, value: Any) -> Any:
    """Return the checked value; a broken one goes through, the check has reported it."""
    try:
        return parameter.check(from_data(value) if is_data(value) else value)
    except ConexError:
        return value


def _values(node: Node) -> dict[str, Any]:
    kind = KINDS[node.kind]
    return {
        parameter.name: _canonical(parameter, node.params.get(parameter.name, parameter.default))
        for parameter in kind.parameters
    }


def _input_step(node: Node, planner: _NodePlanner) -> InputStep:
    values = dict(planner.values(node))
    return InputStep(node.id, node.name, values.pop("size"), values)


def _group_step(node: Node, planner: _NodePlanner) -> GroupStep:
    values = planner.values(node)
    stack = planner.stack(node)
    return GroupStep(node.id, node.name, values["size"], values["polarity"], stack)


def _synapse_step(doc: Document, node: Node, planner: _NodePlanner) -> SynapseStep:
    return SynapseStep(
        node_id=node.id,
        name=node.name,
        source=doc.network.into(node.id, "source")[0].source,
        target=doc.network.out_of(node.id, "target")[0].target,
        compartment=planner.values(node)["compartment"],
        stack=planner.stack(node),
    )


def _starting_from(stored: StoredWeights | None, step: SynapseStep) -> SynapseStep:
    """Return a step with learned weights in place of those that it would draw."""
    if stored is None:
        return step
    stack = tuple(
        replace(item, params={**_shapes(item), "weights": stored})
        if item.kind == "WeightInitializer"
        else item
        for item in step.stack
    )
    return replace(step, stack=stack)


def _shapes(item: PlannedBehavior) -> dict[str, Any]:
    return {name: item.params[name] for name in _SHAPES if name in item.params}


def _schedule(
    network: NetworkStep,
    inputs: tuple[InputStep, ...],
    groups: tuple[GroupStep, ...],
    synapses: tuple[SynapseStep, ...],
) -> tuple[ScheduleRow, ...]:
    """Return the order of one iteration: by priority, then in the order of building."""
    rows = [
        *_rows(NETWORK, "Network", network.stack),
        *(row for step in groups for row in _rows(step.node_id, step.name, step.stack)),
        *(row for step in inputs for row in _input_rows(step)),
        *(row for step in synapses for row in _rows(step.node_id, step.name, step.stack)),
    ]
    return tuple(sorted(rows, key=attrgetter("priority")))


def _rows(node_id: str, name: str, stack: Stack) -> Iterator[ScheduleRow]:
    for item in stack:
        if item.enabled:
            yield ScheduleRow(item.priority, node_id, name, item.kind, item.item_id)


def _input_rows(step: InputStep) -> Iterator[ScheduleRow]:
    for behavior, priority in _INPUT_BEHAVIORS:
        yield ScheduleRow(priority, step.node_id, step.name, behavior, "")


def _synapses_in(step: SynapseStep, sizes: Mapping[str, int]) -> int:
    """Return how many connections a synapse group has (kernel cells where it has a kernel)."""
    pairs = sizes[step.source] * sizes[step.target]
    for item in step.stack:
        if item.kind == "WeightInitializer":
            if item.params.get("kernel_shape"):
                return math.prod(item.params["kernel_shape"])
            shape = item.params.get("weight_shape")
            pairs = math.prod(shape) if shape else pairs
            return int(pairs * item.params.get("density", 1.0))
    return pairs
