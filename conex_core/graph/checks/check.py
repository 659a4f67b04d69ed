"""The check: what is wrong with a document, where, and the edits that mend it.

Each rule is one small function in ``conex_core.graph.checks.rules``; all of them are
in the list below. Errors block Run, warnings do not. Cheap enough to run after
every edit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from conex_core.graph.blocks.definitions import focus, used_definitions
from conex_core.graph.blocks.flatten import flatten
from conex_core.graph.checks.context import Context, context_of
from conex_core.graph.checks.locate import in_drawing, located
from conex_core.graph.checks.problems import Fix, Problem
from conex_core.graph.checks.rules import (
    blocks,
    convolution,
    delays,
    names_and_values,
    needs,
    network,
    plasticity,
    plots,
    shapes,
    stability,
    synapses,
    wiring,
)
from conex_core.graph.edits.links import refusal
from conex_core.graph.model.document import MAIN
from conex_core.graph.model.stacks import stack_of

if TYPE_CHECKING:
    from conex_core.catalog import Catalog
    from conex_core.graph.model.document import Document

__all__ = ["OF_GROUPS", "RULES", "Fix", "Problem", "check", "nothing_to_run", "refusal", "stack_of"]

Rule = Callable[[Context], Iterator[Problem]]

# What one drawing shows by itself: asked of the main network and of every block it uses.
OF_DRAWINGS: tuple[Rule, ...] = (
    names_and_values.kinds_are_known,
    names_and_values.names_differ,
    names_and_values.behaviors_are_known,
    names_and_values.values_obey,
    blocks.blocks_are_known,
    blocks.values_of_blocks_obey,
    blocks.kinds_are_kept,
    wiring.wires_fit,
)

# What groups and synapses must have, whether they were drawn or made by a script.
OF_GROUPS: tuple[Rule, ...] = (
    wiring.groups_run_something,
    needs.makers_are_single,
    needs.none_is_hidden,
    needs.dynamics_fire,
    needs.needs_are_met,
    synapses.currents_arrive,
    synapses.compartments_act,
    synapses.compartments_are_kept,
    synapses.weights_have_values,
    synapses.weights_suit_their_input,
    delays.delays_fit,
    shapes.ends_meet,
    shapes.winners_fit,
    convolution.convolutions_meet,
    stability.steps_are_stable,
    plasticity.weights_keep_their_sign,
)

# What only the whole shows: asked of the flat network, in which every block is opened.
OF_WHOLE: tuple[Rule, ...] = (
    wiring.synapses_have_ends,
    *OF_GROUPS,
    network.inputs_fit_their_data,
    network.settings_are_sound,
    network.memory_suffices,
    wiring.monitors_show_something,
    plots.plots_are_known,
    plots.settings_obey,
    plots.feeds_are_there,
    plots.targets_can_be_shown,
)

# What the main network, which no block holds, must not have.
OF_MAIN: tuple[Rule, ...] = (blocks.ports_are_inside,)

RULES: tuple[Rule, ...] = (*OF_DRAWINGS, *OF_MAIN, *OF_WHOLE)


def check(doc: Document, catalog: Catalog) -> list[Problem]:
    """Return every problem of ``doc``, errors first; an empty document has none."""
    flat = flatten(doc)
    if flat.document is doc:
        return _sorted(_found(context_of(flat, catalog), RULES))
    drawn = [
        in_drawing(problem, definition_id)
        for definition_id in used_definitions(doc.definitions)
        for problem in _found(
            Context(focus(doc, definition_id), catalog),
            (*OF_DRAWINGS, *(OF_MAIN if definition_id == MAIN else ())),
        )
    ]
    if flat.refusal:
        return _sorted([Problem("error", flat.refusal, code="too-large"), *drawn])
    found = _found(context_of(flat, catalog), OF_WHOLE)
    return _sorted([*drawn, *located(found, flat)])


def _found(context: Context, rules: tuple[Rule, ...]) -> Iterator[Problem]:
    return (problem for rule in rules for problem in rule(context))


def _sorted(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: problem.severity != "error")


def nothing_to_run(doc: Document) -> list[Problem]:
    """Return the problem that there is no neuron group; asked only before a run."""
    flat = flatten(doc)
    groups = (node for node in flat.document.network.nodes.values() if node.is_neuron_group)
    if flat.refusal or any(groups):
        return []
    text = "There is nothing to run yet. Add a neuron group."
    return [Problem("error", text, code="empty")]
