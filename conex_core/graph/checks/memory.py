"""How much memory a network will need, and how much this machine has. No torch."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import TYPE_CHECKING

from conex_core.counting import part_of
from conex_core.graph.blocks.flatten import flatten
from conex_core.graph.checks.context import Context, Running, context_of, value_of
from conex_core.graph.model.document import MAIN
from conex_core.graph.model.kinds import SYNAPSE_GROUP
from conex_core.graph.model.memoized import memoized
from conex_core.graph.model.sizes import neuron_count

if TYPE_CHECKING:
    from conex_core.catalog import Catalog
    from conex_core.graph.model.document import Document, Node

__all__ = ["available_memory", "estimate_memory", "needed_memory", "pairs_of", "synapse_count"]

_PER_NEURON = 20  # tensors of one value a neuron: state, parameters and scratch
_INDEX = 4  # bytes of a stored index
_COMPARTMENTS = ("proximal", "distal", "apical")


def estimate_memory(doc: Document, catalog: Catalog) -> int:
    """Return about how many bytes the tensors of this network take when it runs."""
    return needed_memory(context_of(flatten(doc), catalog))


@memoized
def needed_memory(context: Context) -> int:
    """Return what :func:`estimate_memory` does, from an indexed document."""
    width = 8 if context.doc.settings.dtype == "float64" else 4
    populations = [node for node in context.nodes if node.is_population]
    synapses = context.of_kind(SYNAPSE_GROUP)
    of_groups = (context.copies(node) * _of_group(context, node, width) for node in populations)
    of_synapses = (context.copies(node) * _of_synapses(context, node, width) for node in synapses)
    return sum(of_groups) + sum(of_synapses)


def synapse_count(context: Context, synapse: Node) -> int:
    """Return how many weights a synapse group stores; 0 if that cannot be known yet."""
    source, target = context.source(synapse), context.target(synapse)
    weights = context.first(synapse, "WeightInitializer")
    if source is None or target is None or weights is None:
        return 0
    shape = value_of(weights, "weight_shape")
    if shape:
        return math.prod(shape)
    pairs = neuron_count(source) * neuron_count(target)
    density = value_of(weights, "density")
    if value_of(weights, "true_sparsity") and density is not None and density < 1:
        return part_of(pairs, density)
    return pairs


def pairs_of(doc: Document, node_id: str, *, definition_id: str = MAIN) -> tuple[int, int]:
    """Return how many synapse groups a drawn one builds, and how many pairs of neurons they join.

    Between ports of blocks it is one for each source and target, in every copy.
    """
    flat = flatten(doc)
    network, pairs = flat.document.network, []
    for name in flat.copies(definition_id, node_id):
        names = [link.source for link in network.into(name, "source")]
        names += [link.target for link in network.out_of(name, "target")]
        ends = [network.nodes[end] for end in names if end in network.nodes]
        if len(ends) == 2:
            pairs.append(math.prod(neuron_count(end) for end in ends))
    return len(pairs), sum(pairs)


def available_memory() -> int | None:
    """Return how many bytes a new process may use; None where the system does not say."""
    known = [limit for limit in (_free_in_system(), _left_in_group()) if limit is not None]
    return min(known) if known else None


def _of_group(context: Context, node: Node, width: int) -> int:
    count = neuron_count(node)
    axon = context.first(node, "NeuronAxon")
    history = _whole(axon, "max_delay")
    dendrite = context.first(node, "SimpleDendriteStructure")
    names = [] if dendrite is None else [parameter.name for parameter in dendrite[1].parameters]
    rows = sum(
        _whole(dendrite, name)
        for name in names
        if name.lower() in [f"{part}_max_delay" for part in _COMPARTMENTS]
    )
    return count * (_PER_NEURON * width + history + rows * width)


def _of_synapses(context: Context, node: Node, width: int) -> int:
    count = synapse_count(context, node)
    weights = context.first(node, "WeightInitializer")
    density = None if weights is None else value_of(weights, "density")
    rules = sum(spec.priority == 500 for _, spec in context.running(node))
    if weights and density is not None and density < 1 and value_of(weights, "true_sparsity"):
        # One index by source; rules change what spikes touch, and need one by target.
        return count * (width + _INDEX + rules * (width + _INDEX))
    # Drawing needs the mask beside the values; learning needs one more for each change.
    return count * width * (2 + rules)


def _whole(running: Running | None, name: str) -> int:
    value = None if running is None else value_of(running, name)
    return value if isinstance(value, int) and value > 0 else 1


def _free_in_system() -> int | None:
    try:
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, AttributeError):
        return None


def _left_in_group() -> int | None:
    """Return what a container's limit leaves."""
    folder = Path("/sys/fs/cgroup")
    try:
        limit = int((folder / "memory.max").read_text(encoding="ascii"))
        used = int((folder / "memory.current").read_text(encoding="ascii"))
        return max(0, limit - used)
    except (OSError, ValueError):
        return None
