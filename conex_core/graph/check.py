"""The check: what is wrong with a document, where, and the edits that mend it.

Each rule is one small function in ``conex_core.graph.checks``; all of them are
in the list below. Errors block Run, warnings do not. Cheap enough to run after
every edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conex_core.graph.checks import (
    convolution,
    delays,
    needs,
    network,
    shapes,
    stability,
    synapses,
    values,
    wiring,
)
from conex_core.graph.checks.context import Context
from conex_core.graph.links import refusal
from conex_core.graph.problems import Fix, Problem
from conex_core.graph.stacks import stack_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conex_core.catalog import Catalog
    from conex_core.graph.state import Document

__all__ = ["RULES", "Fix", "Problem", "check", "nothing_to_run", "refusal", "stack_of"]

RULES: tuple[Callable[[Context], Iterator[Problem]], ...] = (
    values.kinds_are_known,
    values.names_differ,
    values.behaviors_are_known,
    values.values_obey,
    wiring.wires_fit,
    wiring.synapses_have_ends,
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
    network.inputs_fit_their_data,
    network.settings_are_sound,
    stability.steps_are_stable,
    network.memory_suffices,
    wiring.monitors_show_something,
)


def check(doc: Document, catalog: Catalog) -> list[Problem]:
    """Return every problem of ``doc``, errors first; an empty document has none."""
    context = Context(doc, catalog)
    found = [problem for rule in RULES for problem in rule(context)]
    return sorted(found, key=lambda problem: problem.severity != "error")


def nothing_to_run(doc: Document) -> list[Problem]:
    """Return the problem that there is no neuron group; asked only before a run."""
    if any(node.kind == "NeuronGroup" for node in doc.network.nodes.values()):
        return []
    text = "There is nothing to run yet. Add a neuron group."
    return [Problem("error", text, code="empty")]
