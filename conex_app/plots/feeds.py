"""Which data the monitors of a document need, and what each plot reads of it. No Qt.

A feed is shared by all monitors that want the same; a new run gets new rings,
so that no plot ever reads two runs in one.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from conex_core.graph.model.document import Document, Monitor, Node
from conex_core.graph.model.kinds import kind_of
from conex_core.run.host import EventFeed, Feed, TraceFeed
from conex_core.run.ring import TraceRing

if TYPE_CHECKING:
    from conex_app.look.theme import Theme
    from conex_core.catalog import Catalog
    from conex_core.helpers.visualization.source import PlotSource

__all__ = ["choices_for", "colours", "missing_feeds", "neurons_of", "shown_nodes", "sources_of"]

SPIKING = ("NeuronGroup", "InputLayer")
TRACE_CAPACITY = 1 << 16
FIRST_NEURONS = (0, 1, 2)

Key = tuple[Hashable, ...]


def shown_nodes(document: Document, monitor: Monitor) -> list[Node]:
    """Return the nodes that a monitor shows: its targets, or every neuron group."""
    nodes = document.network.nodes
    if monitor.targets:
        choices = choices_for(document, monitor.kind)
        return [node for node in choices if node.id in monitor.targets]
    return _in_order(node for node in nodes.values() if node.kind == "NeuronGroup")


def choices_for(document: Document, kind: str) -> list[Node]:
    """Return the nodes that a plot of ``kind`` can show; inputs spike but have no potential."""
    wanted = SPIKING if kind == "raster" else ("NeuronGroup",)
    nodes = document.network.nodes.values()
    return _in_order(node for node in nodes if node.kind in wanted)


def neurons_of(monitor: Monitor, node: Node) -> tuple[int, ...]:
    """Return the neurons whose traces a monitor shows; those that the node has."""
    chosen = monitor.params.get("neurons", FIRST_NEURONS)
    held = chosen if isinstance(chosen, list | tuple) else FIRST_NEURONS
    size = size_of(node)
    return tuple(each for each in held if isinstance(each, int) and 0 <= each < size)


def size_of(node: Node) -> int:
    """Return the number of neurons of a node; 0 when its size makes no sense."""
    kind = kind_of(node.kind)
    size: Any = node.params.get("size", kind.parameter("size").default if kind else 0)
    try:
        return int(size) if isinstance(size, int | float) else math.prod(size)
    except (TypeError, ValueError, OverflowError):
        return 0


def missing_feeds(document: Document, held: Mapping[Key, Feed]) -> dict[Key, Feed]:
    """Return every feed that the monitors need; those ``held`` already stay the same."""
    needed: dict[Key, Feed] = {}
    for monitor in document.monitors:
        for node in shown_nodes(document, monitor):
            for key in _keys(monitor, node):
                needed[key] = held.get(key) or _new_feed(key)
    return needed


def sources_of(
    document: Document,
    monitor: Monitor,
    feeds: Mapping[Key, Feed],
    theme: Theme,
    catalog: Catalog,
) -> list[PlotSource]:
    """Return what the plot of ``monitor`` reads."""
    from conex_core.helpers.visualization.source import PlotSource

    tints, made = colours(document, theme), []
    for node in shown_nodes(document, monitor):
        found = [feeds[key] for key in _keys(monitor, node) if key in feeds]
        spikes = next((feed for feed in found if isinstance(feed, EventFeed)), None)
        trace = next((feed for feed in found if isinstance(feed, TraceFeed)), None)
        facts: dict[str, Any] = {"size": size_of(node), "colour": tints[node.id]}
        if trace is not None:
            facts |= _trace_facts(node, trace, catalog)
            facts["spikes"] = spikes.ring if spikes is not None else None
            made.append(PlotSource(node.name, trace.ring, **facts))
        elif spikes is not None:
            made.append(PlotSource(node.name, spikes.ring, **facts))
    return made


def colours(document: Document, theme: Theme) -> dict[str, str]:
    """Return the colour of each node that spikes: by polarity, told apart when several."""
    spares = {
        theme.excitatory: (theme.excitatory, theme.proximal, theme.distal),
        theme.inhibitory: (theme.inhibitory, theme.apical),
        theme.input: (theme.input,),
    }
    used: dict[str, int] = {}
    tints = {}
    nodes = document.network.nodes.values()
    for node in sorted(nodes, key=lambda each: (each.position, each.id)):
        if node.kind in SPIKING:
            polarity = node.params.get("polarity", "excitatory")
            base = theme.input if node.kind == "InputLayer" else theme.polarity(polarity)
            tints[node.id] = spares[base][used.get(base, 0) % len(spares[base])]
            used[base] = used.get(base, 0) + 1
    return tints


def _in_order(nodes: Iterable[Node]) -> list[Node]:
    return sorted(nodes, key=lambda node: (node.kind != "InputLayer", node.position, node.id))


def _keys(monitor: Monitor, node: Node) -> tuple[Key, ...]:
    spikes: Key = ("spikes", node.id)
    if monitor.kind == "raster":
        return (spikes,)
    neurons = neurons_of(monitor, node)
    variable = str(monitor.params.get("variable", "v"))
    return (("trace", node.id, variable, neurons), spikes) if neurons else ()


def _new_feed(key: Key) -> Feed:
    if key[0] == "spikes":
        return EventFeed(str(key[1]))
    _, node, variable, neurons = key
    assert isinstance(neurons, tuple)
    ring = TraceRing(len(neurons), TRACE_CAPACITY)
    return TraceFeed(str(node), ring, str(variable), neurons)


def _trace_facts(node: Node, trace: TraceFeed, catalog: Catalog) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "neurons": trace.neurons,
        "labels": tuple(str(neuron) for neuron in trace.neurons),
    }
    for item in node.stack:
        spec = catalog.behaviors.get(item.kind)
        if spec is None or not spec.is_a("LIF"):
            continue
        for fact, name in (("threshold", "threshold"), ("reset", "v_reset")):
            default = next((p.default for p in spec.parameters if p.name == name), None)
            value = item.params.get(name, default)
            if isinstance(value, int | float):
                facts[fact] = float(value)
    return facts
