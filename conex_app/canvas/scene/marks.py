"""What nodes wear beside their face: badges of problems, signs of plots, a glow of activity."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from conex_core.graph.blocks.definitions import used_definitions
from conex_core.graph.blocks.opening import inner_prefixes
from conex_core.graph.checks.recordable import shown_kind
from conex_core.graph.model.document import Definition, Node
from conex_core.graph.model.kinds import NEURON_GROUP
from conex_core.plot_specs import PlotSpec, Sign

if TYPE_CHECKING:
    from conex_app.canvas.scene.items import NodeCard
    from conex_app.project.document import ProjectDocument
    from conex_core.graph.checks.problems import Problem

__all__ = ["glow", "monitor_signs", "problems_by_node", "wear_marks"]

FULL_GLOW_HZ = 40.0
GLOW_STEPS = 12
UNKNOWN_SIGN: Sign = (((1, 1), (12, 1), (12, 11), (1, 11), (1, 1)),)

Definitions = Mapping[str, Definition]


def glow(rate: float) -> float:
    """Return a mean rate in Hz as a glow from 0 to 1, in few steps so that nothing flickers."""
    part = min(max(rate, 0.0) / FULL_GLOW_HZ, 1.0) ** 0.5
    return round(part * GLOW_STEPS) / GLOW_STEPS


def wear_marks(
    cards: Mapping[str, NodeCard],
    document: ProjectDocument,
    problems: Iterable[Problem],
    failed: str | None,
    newer: Collection[str] = (),
    plots: Mapping[str, PlotSpec] | None = None,
) -> None:
    """Give each node its badges, the mark of a failure and the signs of its plots."""
    plots = plots or {}
    found, monitors = problems_by_node(document, problems), monitor_signs(document, plots)
    nodes = document.state.network.nodes
    for key, card in cards.items():
        severities = [problem.severity for problem in found.get(key, ())]
        card.change(
            errors=severities.count("error"),
            warnings=severities.count("warning"),
            failed=key == failed,
            newer=key in nodes and nodes[key].of in newer,
            monitors=monitors.get(key, ()),
            signs=tuple(_sign(plots.get(kind)) for kind in monitors.get(key, ())),
        )


def problems_by_node(
    document: ProjectDocument, problems: Iterable[Problem]
) -> dict[str, list[Problem]]:
    """Return the problems of each node that is seen; a block has those inside it too."""
    here = document.definition_id
    found: dict[str, list[Problem]] = {}
    by_definition: dict[str, list[Problem]] = {}
    for problem in problems:
        by_definition.setdefault(problem.definition, []).append(problem)
    for problem in by_definition.get(here, ()):
        if problem.node is not None:
            found.setdefault(problem.node, []).append(problem)
    definitions = document.whole.definitions
    inside: dict[str, list[Problem]] = {}
    for node in document.state.network.nodes.values():
        if node.is_instance and by_definition:
            if node.of not in inside:
                names = used_definitions(definitions, node.of)
                inside[node.of] = [p for name in names for p in by_definition.get(name, ())]
            found.setdefault(node.id, []).extend(inside[node.of])
    return found


def monitor_signs(
    document: ProjectDocument, plots: Mapping[str, PlotSpec]
) -> dict[str, tuple[str, ...]]:
    """Return which kinds of plot show each node that is seen, or something inside it."""
    nodes, definitions = document.state.network.nodes, document.whole.definitions
    prefix = _prefix(document)
    signs: dict[str, tuple[str, ...]] = {}
    for monitor in document.state.monitors:
        usual = _usual_kind(plots.get(monitor.kind))
        shown = [key for key, node in nodes.items() if shown_kind(node) == usual]
        if monitor.targets:
            shown = [_drawn(nodes, definitions, prefix, each) for each in monitor.targets]
        for key in shown:
            if key and monitor.kind not in signs.get(key, ()):
                signs[key] = (*signs.get(key, ()), monitor.kind)
    return signs


def _usual_kind(spec: PlotSpec | None) -> str:
    """Return the kind of node that a plot without targets shows all of."""
    return spec.kinds[0] if spec is not None else NEURON_GROUP.name


def _sign(spec: PlotSpec | None) -> Sign:
    return spec.sign if spec is not None and spec.sign else UNKNOWN_SIGN


def _prefix(document: ProjectDocument) -> str:
    """Return what the ids of the nodes seen begin with in the flat network."""
    prefix, nodes = "", document.whole.network.nodes
    for node_id in document.level:
        prefix += inner_prefixes(nodes[node_id])[0]
        nodes = document.whole.definitions[nodes[node_id].of].nodes
    return prefix


def _drawn(nodes: Mapping[str, Node], definitions: Definitions, prefix: str, target: str) -> str:
    """Return the node seen that is a target or holds it; an empty text if none does."""
    if not target.startswith(prefix):
        return ""
    rest = target[len(prefix) :]
    if rest in nodes:
        return rest
    blocks = (node for node in nodes.values() if node.is_instance)
    return next((node.id for node in blocks if _holds(node, definitions, rest, frozenset())), "")


def _holds(instance: Node, definitions: Definitions, rest: str, around: frozenset[str]) -> bool:
    own, definition = inner_prefixes(instance)[0], definitions.get(instance.of)
    if definition is None or instance.of in around or not rest.startswith(own):
        return False
    rest = rest[len(own) :]
    return rest in definition.nodes or any(
        _holds(node, definitions, rest, around | {instance.of})
        for node in definition.nodes.values()
        if node.is_instance
    )
