"""Synapsis: synapses from every group behind one port to every group behind another."""

from __future__ import annotations

from typing import Any

from conex_core.errors import StructureError
from conex_core.structures.attributes import Checked
from conex_core.structures.base import stack_of
from conex_core.structures.joining import Joining, is_joined
from conex_core.structures.older import takes_older
from conex_core.structures.ports import resolve

__all__ = ["Synapsis"]

_ANOTHER = "Make another Synapsis; its synapses are made already"


class Synapsis(Joining):
    """Join every source group to every target group, with behaviors of their own.

    The behaviors of a synapse group are those of the source's ports, then of
    the target's, then ``synapsis_behavior``; later ones take the place of
    earlier ones with the same key. ``synapses`` lists the groups made.

    Parameters
    ----------
    net : Neocortex
    src, dst : NeuronGroup or structure with ports, or its tag, optional
        May be set later with ``connect_src`` and ``connect_dst``.
    input_port : str, optional
        An *output* port of ``src``; may be left out where it has only one.
    output_port : str, optional
        An *input* port of ``dst``; may be left out where it has only one.
    synapsis_behavior : dict or list of behaviors
    synaptic_tag : str
        Of every synapse group; its compartment is read off it.
    behavior, tag, device, key
        See :class:`Container`.

    Raises
    ------
    UnknownName
        If there is no such port; the message lists those there are.
    StructureError
        If there is no group behind a port.
    """

    input_port: Any = Checked(_ANOTHER, is_joined)
    output_port: Any = Checked(_ANOTHER, is_joined)
    synaptic_tag: Any = Checked(_ANOTHER, is_joined)
    synapsis_behavior: Any = Checked(_ANOTHER, is_joined)

    @takes_older
    def __init__(
        self,
        net: Any,
        src: Any = None,
        dst: Any = None,
        input_port: str | None = None,
        output_port: str | None = None,
        synapsis_behavior: Any = None,
        synaptic_tag: str | None = None,
        behavior: Any = None,
        tag: str | None = None,
        device: Any = None,
        *,
        key: str | None = None,
    ) -> None:
        super().__init__(net, behavior=behavior, tag=tag, device=device, key=key)
        self.input_port, self.output_port = input_port, output_port
        self.synapsis_behavior = stack_of(synapsis_behavior, self.name)
        self.synaptic_tag = synaptic_tag
        if src is not None:
            self.connect_src(src)
        if dst is not None:
            self.connect_dst(dst)

    def make_synapses(self) -> None:
        """Make one synapse group for every pair of groups."""
        sources = resolve(self.src, self.input_port, "output_ports")
        targets = resolve(self.dst, self.output_port, "input_ports")
        for structure, ends in ((self.src, sources), (self.dst, targets)):
            if not ends:
                hint = "give its port a group"
                problem = f"finds no neuron group in {structure.name}"
                raise StructureError(self.name, problem, hint=hint)
        for source in sources:
            for target in targets:
                behavior = {**source.behavior, **target.behavior, **self.synapsis_behavior}
                self.join(source.group, target.group, self.synaptic_tag, behavior)
