"""Rules about tags that mean something, or look as if they did.

The compartment of a synapse group and the sign of a group are tags in scripts;
one that is spelled in another way is read by nothing.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from conex_core.graph.checks.problems import Problem
from conex_core.graph.model.kinds import NEURON_GROUP, SYNAPSE_GROUP
from conex_core.structures.groups import COMPARTMENTS

if TYPE_CHECKING:
    from conex_core.graph.model.document import Node
    from conex_core.structures.network_context import NetworkContext

__all__ = ["compartments_are_spelled", "signs_are_spelled"]

_SIGNS = ("inh", "gaba", "inhib", "inhibitory", "inhibition", "gabaergic")
_ALIKE = 0.8  # of 1; "Proximall" is alike, "Optimal" is not
_READ = {name.lower(): name for name in COMPARTMENTS}


def compartments_are_spelled(context: NetworkContext) -> Iterator[Problem]:
    """See that every current goes to a compartment of its target."""
    for synapse in context.of_kind(SYNAPSE_GROUP):
        if synapse.params["compartment"] is None and _has_compartments(context, synapse):
            near = _nearest(context.objects[synapse.id].tags)
            text = f"{synapse.name} is in no compartment, so its target does not get its current."
            advice = f"Tag it {', '.join(COMPARTMENTS[:-1])} or {COMPARTMENTS[-1]}."
            if near is not None:
                text = f"{synapse.name} has the tag {near[0]!r}, which nothing reads."
                advice = f"Write {near[1]!r}."
            yield Problem("warning", f"{text} {advice}", synapse.id, code="no-compartment")


def signs_are_spelled(context: NetworkContext) -> Iterator[Problem]:
    """See that what is called inhibitory is."""
    for group in context.of_kind(NEURON_GROUP):
        if group.params["polarity"] == "excitatory":
            tag = _first_sign(context.objects[group.id].tags, whole=False)
            if tag is not None:
                text = (
                    f"{group.name} is excitatory although it has the tag {tag!r}. "
                    "Pass polarity='inhibitory', or tag it 'inh'."
                )
                yield Problem("warning", text, group.id, field="polarity", code="sign")
    for synapse in context.of_kind(SYNAPSE_GROUP):
        source = context.source(synapse)
        if source is not None and source.params.get("polarity") == "excitatory":
            tag = _first_sign(context.objects[synapse.id].tags, whole=True)
            if tag is not None:
                text = (
                    f"{synapse.name} has the tag {tag!r}, but the sign of its current is that of "
                    f"{source.name}, excitatory. Make {source.name} inhibitory instead."
                )
                yield Problem("warning", text, synapse.id, field="polarity", code="sign")


def _has_compartments(context: NetworkContext, synapse: Node) -> bool:
    """Tell whether a current is made here that a dendrite sorts by compartment."""
    target = context.target(synapse)
    if target is None or "I" not in context.made(synapse) or context.reads_currents(target):
        return False
    return context.first(target, "SimpleDendriteStructure") is not None


def _nearest(tags: Iterable[str]) -> tuple[str, str] | None:
    """Return a tag that is nearly a compartment, and how that is spelled."""
    for tag in tags:
        near = difflib.get_close_matches(tag.lower(), _READ, n=1, cutoff=_ALIKE)
        if near:
            return tag, _READ[near[0]]
    return None


def _first_sign(tags: Iterable[str], *, whole: bool) -> str | None:
    """Return the first tag that speaks of inhibition, as a whole or in one of its words."""
    for tag in tags:
        words = [tag.lower()] if whole else re.split(r"[^a-z]+", tag.lower())
        if any(word in _SIGNS for word in words):
            return tag
    return None
