"""What every rule of the check looks at: the document with its wires and stacks indexed."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar

from conex_core.catalog import BehaviorSpec, Catalog
from conex_core.errors import ParameterError
from conex_core.graph.checks.alike import alike
from conex_core.graph.model.document import BehaviorItem, Document, Link, Node
from conex_core.graph.model.kinds import INPUT_LAYER, NEURON_GROUP, SYNAPSE_GROUP, NodeKind
from conex_core.graph.model.memoized import memoized
from conex_core.graph.model.sizes import size_of
from conex_core.graph.model.stacks import joined_stack

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from conex_core.graph.blocks.flatten import Flat
    from conex_core.graph.blocks.opening import Origin

__all__ = ["Context", "Running", "context_of", "provided", "required", "value_of"]

Running = tuple[BehaviorItem, BehaviorSpec]

_GIVEN = {
    NEURON_GROUP.name: frozenset({"size"}),
    INPUT_LAYER.name: frozenset({"size", "axon", "spikes"}),
    SYNAPSE_GROUP.name: frozenset({"src", "dst"}),
}
_GIVEN_BY_NETWORK = frozenset({"dt", "iteration"})
_DIMENSIONS = frozenset({"depth", "height", "width"})


class Context:
    """Hold a document, its catalog, and what the rules ask for again and again.

    Given where the nodes are drawn, ``nodes`` holds one of each set of copies
    that are alike in everything that rules look at. ``for_scripts`` adds the
    names of attributes to the messages.
    """

    for_scripts: ClassVar[bool] = False

    def __init__(
        self, doc: Document, catalog: Catalog, origins: Mapping[str, Origin] | None = None
    ) -> None:
        self.doc, self.catalog, self.network = doc, catalog, doc.network
        every = sorted(self.network.nodes.values(), key=attrgetter("name", "id"))
        groups = alike(every, self.network, origins) if origins else [[node] for node in every]
        self.nodes: list[Node] = [group[0] for group in groups]
        self._copies = {group[0].id: len(group) for group in groups}
        self.links = self.network.ordered_links
        self._running: dict[str, list[Running]] = {}
        self._of_stack: dict[int, list[Running]] = {}
        self._made: dict[str, frozenset[str]] = {}
        self._first: dict[int, dict[str, Running]] = {}

    def of_kind(self, kind: NodeKind) -> list[Node]:
        """Return the nodes of one kind."""
        return [node for node in self.nodes if node.kind == kind.name]

    def copies(self, node: Node) -> int:
        """Return how many nodes one of :attr:`nodes` stands for."""
        return self._copies[node.id]

    def touching(self, node_id: str, port: str) -> Iterable[Link]:
        """Return the wires at one port."""
        return [*self.network.into(node_id, port), *self.network.out_of(node_id, port)]

    def stack(self, node: Node) -> tuple[BehaviorItem, ...]:
        """Return all behaviors of a node, those of wired stacks included, in order."""
        wires = self.network.into(node.id, "behaviors")
        return joined_stack(self.network, node, wires, self.catalog)

    def running(self, node: Node) -> list[Running]:
        """Return the enabled and known behaviors of a node, in order."""
        if node.id not in self._running:
            # Copies of a block share their stacks; so do these lists then.
            is_alone = not self.network.into(node.id, "behaviors")
            shared = self._of_stack.get(id(node.stack)) if is_alone else None
            found = list(self._known(self.stack(node))) if shared is None else shared
            self._running[node.id] = found
            if is_alone:
                self._of_stack[id(node.stack)] = found
        return self._running[node.id]

    def running_network(self) -> list[Running]:
        """Return the enabled and known behaviors of the network itself."""
        return list(self._known(self.doc.settings.stack))

    def made(self, node: Node) -> frozenset[str]:
        """Return the attributes that a node has once its behaviors are set up."""
        if node.id not in self._made:
            given = _GIVEN.get(node.kind, frozenset())
            if isinstance(size_of(node), tuple):
                given |= _DIMENSIONS
            self._made[node.id] = given | provided(self.running(node))
        return self._made[node.id]

    def made_by_network(self) -> frozenset[str]:
        """Return the attributes of the network."""
        return _GIVEN_BY_NETWORK | provided(self.running_network())

    def giver(self, node: Node | None, place: str) -> tuple[Node | None, frozenset[str]]:
        """Return who shall have what ``node`` needs at ``place``, and all that it has.

        None in place of a node, in and out, stands for the network; layers of a
        document give nothing.
        """
        if node is None or place == "network":
            return None, self.made_by_network()
        if place == "own":
            return node, self.made(node)
        if place in ("source", "target"):
            giver = self.source(node) if place == "source" else self.target(node)
            return giver, frozenset() if giver is None else self.made(giver)
        return None, frozenset()

    def reads_currents(self, node: Node) -> bool:
        """Tell whether something unknown may act on a group; never here."""
        return False

    def reads_synapses(self, synapse: Node) -> bool:
        """Tell whether something unknown may read a synapse group; never here."""
        return False

    def source(self, synapse: Node) -> Node | None:
        """Return the group that a synapse group comes from."""
        ends = [link.source for link in self.network.into(synapse.id, "source")]
        return self._present(ends)

    def target(self, synapse: Node) -> Node | None:
        """Return the group that a synapse group leads to."""
        ends = [link.target for link in self.network.out_of(synapse.id, "target")]
        return self._present(ends)

    def _present(self, names: list[str]) -> Node | None:
        return next(
            (self.network.nodes[name] for name in names if name in self.network.nodes), None
        )

    def first(self, node: Node, kind: str) -> Running | None:
        """Return the first running behavior of a node that is ``kind`` or extends it."""
        running = self.running(node)
        if id(running) not in self._first:
            firsts: dict[str, Running] = {}
            for one in running:
                for name in (one[1].name, *one[1].ancestors):
                    firsts.setdefault(name, one)
            self._first[id(running)] = firsts
        return self._first[id(running)].get(kind)

    def owner(self, item: BehaviorItem, node: Node) -> str:
        """Return the id of the node that holds ``item``: this one or a wired stack."""
        if any(own.id == item.id for own in node.stack):
            return node.id
        for link in self.network.into(node.id, "behaviors"):
            stack = self.network.nodes.get(link.source)
            if stack is not None and any(own.id == item.id for own in stack.stack):
                return stack.id
        return node.id

    def _known(self, stack: Iterable[BehaviorItem]) -> Iterator[Running]:
        for item in stack:
            spec = self.catalog.behaviors.get(item.kind)
            if item.enabled and spec is not None:
                yield item, spec


@memoized
def context_of(flat: Flat, catalog: Catalog) -> Context:
    """Return the context of a flat network; rules and estimates that ask for it share one."""
    return Context(flat.document, catalog, flat.origins if flat.has_blocks else None)


def value_of(running: Running, name: str) -> Any:
    """Return a parameter's value, its default if unset; None if it is not valid."""
    item, spec = running
    for parameter in spec.parameters:
        if parameter.name == name:
            value = item.params.get(name, parameter.default)
            try:
                return parameter.check(value)
            except ParameterError:
                return None
    return None


def required(running: Running) -> Iterator[str]:
    """Yield what a behavior requires, with the values that it has."""
    spec = running[1]
    yield from spec.requires
    for name, requirement in spec.requires_if:
        if value_of(running, name) is not None:
            yield requirement


def provided(running: Iterable[Running]) -> frozenset[str]:
    """Return the attributes that behaviors give their own object."""
    return frozenset(
        name.removeprefix("own.")
        for _, spec in running
        for name in spec.provides
        if name.startswith("own.")
    )
