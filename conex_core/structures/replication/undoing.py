"""Changes of a network that happen as a whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["all_or_nothing"]


@contextmanager
def all_or_nothing(net: Any) -> Iterator[None]:
    """Take structures out of ``net`` again that joined it in a block that failed."""
    attributes = dict(vars(net))
    lists = [(value, list(value)) for value in attributes.values() if isinstance(value, list)]
    try:
        yield
    except BaseException:
        vars(net).clear()
        vars(net).update(attributes)
        for value, content in lists:
            value[:] = content
        _forget_others(net)
        net.clear_tag_cache()
        raise


def _forget_others(net: Any) -> None:
    """Drop synapses from the groups of ``net`` that are not in it."""
    kept = {id(structure) for structure in net.Structures}
    for group in net.NeuronGroups:
        for synapses in (group.afferent_synapses, group.efferent_synapses):
            for listed in synapses.values():
                listed[:] = [synapse for synapse in listed if id(synapse) in kept]
