"""Which data the plots of a document need, and what each plot reads of it. No Qt.

A feed is an object, a variable and a form, shared by all plots that want the
same; a new run gets new rings, so that no plot ever reads two runs in one.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conex_core.graph.checks.context import Context, context_of
from conex_core.graph.checks.recordable import can_show, levels_of, watched_nodes
from conex_core.graph.model.document import Document, Monitor, Node
from conex_core.graph.model.sizes import neuron_count
from conex_core.helpers.visualization.palette import tone
from conex_core.plot_specs import PlotSpec, Watch
from conex_core.run.host import Feed, new_feed

if TYPE_CHECKING:
    from conex_app.look.theme import Theme
    from conex_core.catalog import Catalog
    from conex_core.graph.blocks.flatten import Flat
    from conex_core.helpers.visualization.source import PlotSource

__all__ = ["ShownPlot", "choices_for", "colours", "missing_feeds", "shown_by", "sources_of"]

Key = tuple[Hashable, ...]


@dataclass(frozen=True)
class ShownPlot:
    """Hold what one plot shows: its declaration, its settings, its nodes."""

    spec: PlotSpec
    settings: Mapping[str, Any]
    nodes: tuple[Node, ...]
    context: Context

    def keys(self, node: Node) -> dict[str, Key]:
        """Return what is read of a node, by the variable that the plot calls it."""
        found: dict[str, Key] = {}
        for watch in self.spec.watches:
            units = self.units(watch, node)
            is_there = watch.needed or can_show(self.context, node, watch, self.settings)
            if is_there and (units or watch.form != "trace"):
                found[watch.variable] = (node.id, watch.asked(self.settings), watch.form, units)
        return found if self.spec.watches[0].variable in found else {}

    def units(self, watch: Watch, node: Node) -> tuple[int, ...]:
        """Return the chosen units that a node has."""
        chosen = watch.chosen(self.settings)
        if not node.is_population:
            return chosen
        return tuple(unit for unit in chosen if unit < neuron_count(node))


def shown_by(monitor: Monitor, flat: Flat, catalog: Catalog) -> ShownPlot | None:
    """Return what a plot shows; None where its kind is not known."""
    spec = catalog.plots.get(monitor.kind)
    if spec is None:
        return None
    nodes = watched_nodes(flat.document, spec, monitor.targets)
    return ShownPlot(spec, spec.settings(monitor.params), tuple(nodes), context_of(flat, catalog))


def choices_for(document: Document, spec: PlotSpec) -> list[Node]:
    """Return the nodes that a plot can be told to show; the network needs no telling."""
    return watched_nodes(document, spec, tuple(document.network.nodes))


def missing_feeds(flat: Flat, catalog: Catalog, held: Mapping[Key, Feed]) -> dict[Key, Feed]:
    """Return every feed that the plots need; those ``held`` already stay the same."""
    needed: dict[Key, Feed] = {}
    for key in _keys(flat, catalog):
        needed[key] = held.get(key) or new_feed(*key)  # type: ignore[arg-type]  # as in keys()
    return needed


def sources_of(
    shown: ShownPlot, feeds: Mapping[Key, Feed], tints: Mapping[str, str], usual: str
) -> list[PlotSource]:
    """Return what a plot reads; ``usual`` is the colour of what has none of its own."""
    from conex_core.helpers.visualization.source import PlotSource

    made = []
    for node in shown.nodes:
        keys = shown.keys(node)
        if not keys or not all(key in feeds for key in keys.values()):
            continue
        first, *others = keys
        units = shown.units(shown.spec.watches[0], node)
        made.append(
            PlotSource(
                node.name,
                feeds[keys[first]].ring,
                size=neuron_count(node) if node.is_population else 0,
                colour=tints.get(node.id, usual),
                labels=tuple(map(str, units)),
                neurons=units,
                levels=levels_of(shown.context, node, shown.spec.levels),
                more={name: feeds[keys[name]].ring for name in others},
            )
        )
    return made


def colours(document: Document, theme: Theme, shown: Collection[str] = ()) -> dict[str, str]:
    """Return the colour of each node that spikes: as on the canvas, in tones when several.

    Those that a plot shows come first, and then by name: none changes its colour because
    another one is moved, nor because a file keeps its nodes in another order.
    """
    used: dict[str, int] = {}
    tints = {}
    nodes = [node for node in document.network.nodes.values() if node.is_population]
    for node in sorted(nodes, key=lambda node: (node.id not in shown, node.name, node.id)):
        polarity = node.params.get("polarity", "excitatory")
        base = theme.input if node.is_input_layer else theme.polarity(polarity)
        tints[node.id] = tone(base, used.get(base, 0))
        used[base] = used.get(base, 0) + 1
    return tints


def _keys(flat: Flat, catalog: Catalog) -> Iterator[Key]:
    for monitor in flat.document.monitors:
        shown = shown_by(monitor, flat, catalog)
        if shown is not None:
            for node in shown.nodes:
                yield from shown.keys(node).values()
