"""What the rules of the check look at, for a network of objects.

The network is described as a document, and the rules look at that; what only
objects have (attributes, layers, tags, foreign behaviors) is read off them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from conex_core.behavior import layer_of
from conex_core.graph.checks.context import Context, provided
from conex_core.graph.model.document import BehaviorItem, Node
from conex_core.structures.describe import describe
from conex_core.structures.own_behaviors import is_open, is_read_by_scripts

__all__ = ["NetworkContext"]

_OF_NETWORK = frozenset({"dt", "iteration"})


class _Anything(frozenset[str]):
    """Stand for attributes that nobody can list: a behavior of a script may make any."""

    def __contains__(self, name: object) -> bool:
        return True


class NetworkContext(Context):
    """Hold a network's description, and the objects behind its nodes by key."""

    for_scripts = True

    def __init__(self, network: Any) -> None:
        super().__init__(*describe(network))
        self.objects = {network.key_of(owner): owner for owner in network.all_objects()}
        self.live = network
        self._of_network: frozenset[str] | None = None

    def stack(self, node: Node) -> tuple[BehaviorItem, ...]:
        """Return the behaviors of a node; objects share none."""
        return node.stack

    def made(self, node: Node) -> frozenset[str]:
        """Return the attributes that an object has once its behaviors are set up.

        Attributes that a script has set count, and behaviors that are switched
        off, which are set up like the others.
        """
        if node.id not in self._made:
            self._made[node.id] = self._attributes(self.objects[node.id], node.stack)
        return self._made[node.id]

    def made_by_network(self) -> frozenset[str]:
        """Return the attributes of the network."""
        if self._of_network is None:
            made = self._attributes(self.live, self.doc.settings.stack)
            self._of_network = made if isinstance(made, _Anything) else made | _OF_NETWORK
        return self._of_network

    def giver(self, node: Node | None, place: str) -> tuple[Node | None, frozenset[str]]:
        """Return who shall have what ``node`` needs at ``place``, and all that it has."""
        if place != "layer" or node is None:
            return super().giver(node, place)
        layer = layer_of(self.objects[node.id])
        if layer is None:
            return None, frozenset()
        found = self.network.nodes[self.live.key_of(layer)]
        return found, self.made(found)

    def reads_currents(self, node: Node) -> bool:
        """Tell whether a behavior of a script may read synapses in its own way."""
        if isinstance(self.made(node), _Anything):
            return True
        own = (spec for _, spec in self.running(node) if not spec.module.startswith("conex_core."))
        return any("own.I" in spec.provides for spec in own)

    def reads_synapses(self, synapse: Node) -> bool:
        """Tell whether a behavior of a script may read ``synapse`` in its own way."""
        return is_read_by_scripts(self.objects[synapse.id])

    def _attributes(self, owner: Any, stack: Iterable[BehaviorItem]) -> frozenset[str]:
        if is_open(owner):
            return _Anything()
        known = self.catalog.behaviors
        made = provided((item, known[item.kind]) for item in stack)
        return made | frozenset(vars(owner))
