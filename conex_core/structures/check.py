"""Check a network of objects by the rules that a document is checked by.

The rules look at the network's description as a document; those here, in ``tags``
and in ``loaders`` look at what only objects have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from conex_core.errors import NetworkError
from conex_core.graph.checks.check import OF_GROUPS
from conex_core.graph.checks.context import required
from conex_core.graph.checks.problems import Problem
from conex_core.graph.model.document import NETWORK, Node
from conex_core.graph.model.kinds import SYNAPSE_GROUP
from conex_core.structures.base import name_of
from conex_core.structures.loaders import data_can_be_repeated
from conex_core.structures.network_context import NetworkContext
from conex_core.structures.orientation import weights_are_source_first
from conex_core.structures.own_behaviors import missing_records, unasked_keywords
from conex_core.structures.tags import compartments_are_spelled, signs_are_spelled

__all__ = ["NETWORK_RULES", "check_network", "refuse"]


def check_network(network: Any) -> list[Problem]:
    """Return every problem of ``network``, errors first.

    ``Problem.node`` is the key of an object; fixes of documents are left out,
    their advice stands in the message.
    """
    context = NetworkContext(network)
    found = [problem for rule in NETWORK_RULES for problem in rule(context)]
    key = network.key_of(network)
    told = [
        replace(problem, fixes=(), node=key if problem.node == NETWORK else problem.node)
        for problem in found
    ]
    return sorted(told, key=lambda problem: problem.severity != "error")


def refuse(network: Any, problems: Iterable[Problem]) -> None:
    """Raise NetworkError if there are errors among ``problems``."""
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        names = {network.key_of(owner): name_of(owner) for owner in network.all_objects()}
        raise NetworkError(names.get(errors[0].node, name_of(network)), errors)


def ends_are_here(context: NetworkContext) -> Iterator[Problem]:
    """See that synapses join two groups of this network."""
    for synapse in context.of_kind(SYNAPSE_GROUP):
        for end, port in (("source", "src"), ("target", "dst")):
            links = context.touching(synapse.id, end)
            far = [link.source if end == "source" else link.target for link in links]
            if not far and synapse.stack:
                asking = _asking(context, synapse, end)
                text = f"{synapse.name} has no {end} group{asking}. Pass {port}, or remove it."
                yield Problem("error", text, synapse.id, field=port, code=f"no-{end}")
            elif far and far[0] not in context.network.nodes:
                text = f"The {end} of {synapse.name} is {far[0]}. Make both groups in one network."
                yield Problem("error", text, synapse.id, field=port, code="another-network")


def keywords_are_asked_for(context: NetworkContext) -> Iterator[Problem]:
    """See that behaviors ask for what they were given."""
    yield from unasked_keywords(context.live)


def records_are_made(context: NetworkContext) -> Iterator[Problem]:
    """See that recorders have found what they record, once there were steps."""
    yield from missing_records(context.live)


def _asking(context: NetworkContext, synapse: Node, end: str) -> str:
    """Return which behavior needs an end that is not there, as part of a sentence."""
    for running in context.running(synapse):
        if any(name.startswith(f"{end}.") for name in required(running)):
            return f", which {running[1].name} needs"
    return ""


NETWORK_RULES: tuple[Callable[[NetworkContext], Iterator[Problem]], ...] = (
    ends_are_here,
    *OF_GROUPS,
    compartments_are_spelled,
    signs_are_spelled,
    data_can_be_repeated,
    keywords_are_asked_for,
    records_are_made,
    weights_are_source_first,
)
