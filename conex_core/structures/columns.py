"""Cortical columns: named layers, and the connections between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from conex_core.errors import StructureError, UnknownName
from conex_core.structures.attributes import Checked
from conex_core.structures.base import stack_of
from conex_core.structures.container import Container, listed, structure_in
from conex_core.structures.joining import Joining, is_joined
from conex_core.structures.older import takes_older

__all__ = ["CorticalColumn", "CorticalLayerConnection"]

Connection = tuple[str, str, Any, str | None]


class CorticalLayerConnection(Joining):
    """Join groups of one layer to groups of another.

    Parameters
    ----------
    net : Neocortex
    src, dst : CorticalLayer or its tag, optional
        May be set later with ``connect_src`` and ``connect_dst``, in any order.
    connections : list of (source attribute, target attribute, behaviors, synapse tag)
        The attributes name groups of the layers, such as "exc_pop". Each
        synapse group gets copies of the behaviors.
    behavior, tag, device, key
        See :class:`Container`.

    Raises
    ------
    StructureError
        If a layer has no such group.
    """

    connections: Any = Checked("Make another one; its synapses are made already", is_joined)

    @takes_older
    def __init__(
        self,
        net: Any,
        src: Any = None,
        dst: Any = None,
        connections: Iterable[Any] | None = None,
        behavior: Any = None,
        tag: str | None = None,
        device: Any = None,
        *,
        key: str | None = None,
    ) -> None:
        super().__init__(net, behavior=behavior, tag=tag, device=device, key=key)
        self.connections = [_checked(self.name, item) for item in listed(self.name, connections)]
        if src is not None:
            self.connect_src(src)
        if dst is not None:
            self.connect_dst(dst)

    def make_synapses(self) -> None:
        """Make one synapse group for every connection."""
        ends = [
            (self._group(self.src, source), self._group(self.dst, target))
            for source, target, _, _ in self.connections
        ]
        for (src, dst), (_, _, behavior, tag) in zip(ends, self.connections, strict=True):
            self.join(src, dst, tag, stack_of(behavior, self.name))

    def _group(self, layer: Any, attribute: str) -> Any:
        group = getattr(layer, attribute, None)
        if hasattr(group, "afferent_synapses"):
            return group
        known = [name for name, value in vars(layer).items() if hasattr(value, "afferent_synapses")]
        hint = f"{layer.name} has {', '.join(sorted(known))}" if known else "give it one"
        problem = f"finds no neuron group {attribute!r} in {layer.name}"
        raise StructureError(self.name, problem, hint=hint)


class CorticalColumn(Container):
    """Hold layers by name and the connections between them.

    Parameters
    ----------
    net : Neocortex
    layers : dict of name to layer (or its tag)
    layer_connections : list of (source name, target name, CorticalLayerConnection)
        A connection gets the layers as those ends that it does not have yet.
    input_ports, output_ports, behavior, tag, device, key
        See :class:`Container`.
    """

    @takes_older
    def __init__(
        self,
        net: Any,
        layers: Any = None,
        layer_connections: Iterable[tuple[str, str, Any]] | None = None,
        input_ports: Any = None,
        output_ports: Any = None,
        behavior: Any = None,
        tag: str | None = None,
        device: Any = None,
        *,
        key: str | None = None,
    ) -> None:
        super().__init__(net, None, input_ports, output_ports, behavior, tag, device, key=key)
        if layers is not None and not isinstance(layers, Mapping):
            hint = 'pass a dict, {"L4": layer}'
            raise StructureError(self.name, f"cannot take {layers!r} as its layers", hint=hint)
        self.layers = {
            name: structure_in(self, layer, Container) for name, layer in (layers or {}).items()
        }
        self.layer_connections = [
            self._joined(item) for item in listed(self.name, layer_connections)
        ]
        connections = [connection for _, _, connection in self.layer_connections]
        self.add_sub_structures([*self.layers.values(), *connections])
        net.cortical_columns.append(self)

    def _joined(self, item: Any) -> tuple[str, str, CorticalLayerConnection]:
        form = "(source name, target name, CorticalLayerConnection)"
        if not isinstance(item, tuple | list) or len(item) != 3:
            raise StructureError(self.name, f"cannot take {item!r} as a connection", hint=form)
        source, target, connection = item
        connection = structure_in(self, connection, CorticalLayerConnection)
        for name in (source, target):
            if name not in self.layers:
                raise UnknownName(f"layer of {self.name}", str(name), self.layers)
        for end, name in (("src", source), ("dst", target)):
            layer, known = self.layers[name], getattr(connection, end)
            if known is not None and known is not layer:
                problem = f"cannot join {name!r} by {connection.name}, whose {end} is {known.name}"
                raise StructureError(self.name, problem, hint=f"name {known.name} as the layer")
        if connection.src is None:
            connection.connect_src(self.layers[source])
        if connection.dst is None:
            connection.connect_dst(self.layers[target])
        return source, target, connection


def _checked(owner: str, item: Any) -> Connection:
    form = "(source attribute, target attribute, behaviors, synapse tag)"
    if not isinstance(item, tuple | list) or not 3 <= len(item) <= 4:
        raise StructureError(owner, f"cannot take {item!r} as a connection", hint=form)
    source, target, behavior = item[:3]
    tag = item[3] if len(item) == 4 else None
    if not isinstance(source, str) or not isinstance(target, str):
        raise StructureError(owner, f"cannot take {item!r} as a connection", hint=form)
    stack_of(behavior, owner)
    return source, target, behavior, tag
