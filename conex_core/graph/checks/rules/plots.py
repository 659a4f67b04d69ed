"""Rules about plots: their kind is known, their settings obey, what they watch is there.

Plots never block a run: all of this is warnings.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conex_core.errors import ConexError, ParameterError, UnknownName
from conex_core.graph import edits
from conex_core.graph.checks.problems import Fix, Problem
from conex_core.graph.checks.recordable import recordable, watched_nodes
from conex_core.graph.model.kinds import kind_of
from conex_core.graph.model.sizes import neuron_count
from conex_core.plot_specs import MOST_UNITS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conex_core.graph.checks.context import Context
    from conex_core.graph.model.document import Document, Monitor, Node
    from conex_core.plot_specs import PlotSpec, Watch

__all__ = ["feeds_are_there", "plots_are_known", "settings_obey", "targets_can_be_shown"]


def plots_are_known(context: Context) -> Iterator[Problem]:
    """See that every plot is of a kind that this version knows."""
    if not context.catalog.plots:  # a catalog of behaviors alone says nothing of plots
        return
    for monitor in context.doc.monitors:
        if monitor.kind not in context.catalog.plots:
            error = UnknownName("kind of plot", monitor.kind, context.catalog.plots)
            text = (
                f"A plot cannot be shown: {_sentence(error)} It is kept as it is, and nothing else "
                "depends on it; a newer version of the program may know it."
            )
            yield Problem("warning", text, fixes=(_removal(monitor),), code="unknown-plot")


def settings_obey(context: Context) -> Iterator[Problem]:
    """See that the settings of every plot obey their rules."""
    for monitor, spec in _known(context):
        declared = [parameter.name for parameter in spec.parameters]
        for name in sorted(monitor.params.keys() - declared):
            error = UnknownName("setting", name, declared)
            text = f"{spec.title} plot: {_sentence(error)} It is kept as it is and does nothing."
            fix = _without(monitor, name, f"Remove {name}")
            yield Problem("warning", text, fixes=(fix,), code="plot-setting")
        for parameter in spec.parameters:
            if parameter.name not in monitor.params:
                continue
            try:
                parameter.check(monitor.params[parameter.name])
            except ParameterError as error:
                text = (
                    f"{spec.title} plot: {_sentence(error)} The plot takes the usual value instead."
                )
                title = f"Set {parameter.name} to the usual value"
                fix = _without(monitor, parameter.name, title)
                yield Problem("warning", text, fixes=(fix,), code="plot-setting")


def feeds_are_there(context: Context) -> Iterator[Problem]:
    """See that what a plot watches is made by some behavior of what it shows."""
    for monitor, spec in _known(context):
        nodes = watched_nodes(context.doc, spec, monitor.targets)
        settings = spec.settings(monitor.params)
        for watch in spec.watches:
            variable = watch.asked(settings)
            lacking = [node for node in nodes if _lacks(context, node, variable)]
            shows_none = bool(nodes) and len(lacking) == len(nodes)
            if watch.needed and lacking and (monitor.targets or shows_none):
                yield _missing(context, monitor, spec, watch, lacking[0])


def targets_can_be_shown(context: Context) -> Iterator[Problem]:
    """See that what a plot is to show is of a kind that it can show, and has the units chosen."""
    for monitor, spec in _known(context):
        there = context.network.nodes
        for name in monitor.targets:
            if name in there and there[name].kind not in spec.kinds:
                yield _wrong_target(monitor, spec, there[name])
        nodes = watched_nodes(context.doc, spec, monitor.targets)
        settings = spec.settings(monitor.params)
        for watch in spec.watches:
            yield from _units_problems(monitor, spec, watch, nodes, settings)


def _wrong_target(monitor: Monitor, spec: PlotSpec, node: Node) -> Problem:
    kind = kind_of(node.kind)
    what = kind.title.lower() if kind else node.kind
    text = f"The {spec.title.lower()} plot cannot show {node.name}, which is a {what}."
    drop = partial(_untargeted, monitor_id=monitor.id, target=node.id)
    fix = Fix("Take it off the plot", drop, monitor.id)
    return Problem("warning", text, fixes=(fix,), code="plot-target")


def _untargeted(doc: Document, monitor_id: str, target: str) -> Document:
    """Return ``doc`` with a node taken off a plot; one that showed nothing else goes too."""
    targets = next((one.targets for one in doc.monitors if one.id == monitor_id), ())
    kept = tuple(name for name in targets if name != target)
    if not kept:
        return edits.remove_monitor(doc, monitor_id)
    return edits.set_monitor(doc, monitor_id, targets=kept)


def _units_problems(
    monitor: Monitor,
    spec: PlotSpec,
    watch: Watch,
    nodes: list[Node],
    settings: dict[str, Any],
) -> Iterator[Problem]:
    """Tell of chosen neurons that nothing shown has, and of more than a plot keeps."""
    if watch.form != "trace" or not settings.get(watch.units):
        return
    given, title = settings[watch.units], spec.title.lower()
    fix = _without(monitor, watch.units, f"Set {watch.units} to the usual value")
    most = max((neuron_count(node) for node in nodes if node.is_population), default=0)
    beyond = [unit for unit in watch.chosen(settings) if most and unit >= most]
    if beyond:
        text = (
            f"The {title} plot shows neuron {beyond[0]}, but the largest group that it shows has "
            f"{most:,} neurons, 0 to {most - 1:,}."
        )
        yield Problem("warning", text, fixes=(fix,), code="plot-units")
    if len(set(given)) > MOST_UNITS:
        text = (
            f"The {title} plot is given {len(set(given)):,} neurons; it keeps the first "
            f"{MOST_UNITS}. Choose fewer."
        )
        yield Problem("warning", text, fixes=(fix,), code="plot-units")


def _without(monitor: Monitor, setting: str, title: str) -> Fix:
    """Return the mend that takes one setting off a plot."""
    return Fix(title, partial(_drop, monitor_id=monitor.id, name=setting), monitor.id)


def _drop(doc: Document, monitor_id: str, name: str) -> Document:
    """Return ``doc`` without one setting of a plot, whatever else has changed in between."""
    held = _params(doc, monitor_id)
    held.pop(name, None)
    return edits.set_monitor(doc, monitor_id, params=held)


def _put(doc: Document, monitor_id: str, name: str, value: str) -> Document:
    """Return ``doc`` with one setting of a plot set."""
    held = {**_params(doc, monitor_id), name: value}
    return edits.set_monitor(doc, monitor_id, params=held)


def _params(doc: Document, monitor_id: str) -> dict[str, Any]:
    return next((dict(one.params) for one in doc.monitors if one.id == monitor_id), {})


def _sentence(error: ConexError) -> str:
    text = str(error)
    return text if text.endswith(("?", ".")) else f"{text}."


def _known(context: Context) -> Iterator[tuple[Monitor, PlotSpec]]:
    plots = context.catalog.plots
    return ((one, plots[one.kind]) for one in context.doc.monitors if one.kind in plots)


def _lacks(context: Context, node: Node, variable: str) -> bool:
    """Tell whether a node surely has no such variable; a bare one has its own problem."""
    known = recordable(context, node)
    is_bare = node.is_neuron_group and not context.stack(node)
    return not is_bare and known is not None and variable not in known


def _missing(
    context: Context, monitor: Monitor, spec: PlotSpec, watch: Watch, node: Node
) -> Problem:
    settings = spec.settings(monitor.params)
    known = recordable(context, node) or ()
    error = UnknownName(f"variable of {node.name}", watch.asked(settings), known)
    text = f"The {spec.title.lower()} plot stays empty: {_sentence(error)}"
    fixes = [_removal(monitor)]
    if watch.named_by and watch.variable in known:
        show = partial(_put, monitor_id=monitor.id, name=watch.named_by, value=watch.variable)
        fixes.insert(0, Fix(f"Show {watch.variable}", show, monitor.id))
    return Problem("warning", text, fixes=tuple(fixes), code="plot-variable")


def _removal(monitor: Monitor) -> Fix:
    remove = partial(edits.remove_monitor, monitor_id=monitor.id)
    return Fix("Remove the plot", remove, monitor.id)
