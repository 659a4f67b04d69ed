"""What only behaviors of scripts bring with them, and what the check says of it.

They may set any attribute on any object near them, read synapses in their own way,
and keep keywords that nobody declared. A class that names what it ``provides`` is
taken by its word.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from conex_core.behavior import name_of
from conex_core.behaviors.recording import Recorder
from conex_core.graph.checks.problems import Problem
from conex_core.keywords import is_of_scripts, may_set_more, unasked, unasked_text

__all__ = [
    "is_open",
    "is_read_by_scripts",
    "missing_records",
    "near",
    "unasked_keywords",
]


def is_open(owner: Any) -> bool:
    """Tell whether a behavior of ``owner``, of what it joins or of the network may set more."""
    return any(may_set_more(item) for each in near(owner) for item in each.behavior.values())


def is_read_by_scripts(synapse: Any) -> bool:
    """Tell whether a behavior of a script may read ``synapse`` in its own way."""
    owners = (synapse, synapse.network, synapse.src, synapse.dst)
    stacks = [getattr(owner, "behavior", {}) for owner in owners if owner is not None]
    return any(is_of_scripts(type(item)) for stack in stacks for item in stack.values())


def unasked_keywords(network: Any) -> Iterator[Problem]:
    """Yield a warning for each keyword that no behavior has asked for; none before initialize."""
    if not network.initialized:
        return
    for owner in network.all_objects():
        for behavior in owner.behavior.values():
            for name in unasked(behavior):
                text = unasked_text(behavior, name, name_of(owner))
                key = network.key_of(owner)
                yield Problem("warning", text, key, field=name, code="unasked-keyword")


def missing_records(network: Any) -> Iterator[Problem]:
    """Yield a warning for each variable that a recorder has not found in any step so far."""
    for owner in network.all_objects():
        for behavior in owner.behavior.values():
            for error in behavior.missing if isinstance(behavior, Recorder) else ():
                kind, key = type(behavior).__name__, network.key_of(owner)
                text = f"{kind} on {name_of(owner)} has recorded nothing of {error.name!r}: {error}"
                yield Problem("warning", text, key, field="variables", code="never-made")


def near(owner: Any) -> Iterator[Any]:
    """Yield ``owner``, the network, and what is joined to it directly."""
    network = getattr(owner, "network", owner)
    yield from (owner,) if owner is network else (owner, network)
    for end in (getattr(owner, "src", None), getattr(owner, "dst", None)):
        if end is not None and hasattr(end, "behavior"):
            yield end
    for side in ("afferent_synapses", "efferent_synapses"):
        yield from getattr(owner, side, {}).get("All", ())
