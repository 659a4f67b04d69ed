"""Slots: which value of the document a field shows, and how it is written. No Qt.

A slot joins one parameter to the places that hold it: one node, several
selected ones, a behavior in each of them, or the network's settings. It reads
values from a document and returns a changed document; widgets do the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from conex_core.catalog import BehaviorSpec
from conex_core.distributions import Constant
from conex_core.graph import edits
from conex_core.graph.model.document import NETWORK, BehaviorItem, Document, Node, Target
from conex_core.graph.model.kinds import NodeKind
from conex_core.parameters import Integer, Number, Option, Parameter, Text

__all__ = [
    "DOCUMENT_PARAMETERS",
    "SETTING_PARAMETERS",
    "Slot",
    "behavior_slots",
    "document_slots",
    "item_of",
    "node_slots",
    "setting_slots",
    "stack_of_node",
]

DOCUMENT_PARAMETERS: tuple[Parameter, ...] = (
    Text(name="name", default="Untitled", help="Name of the project."),
    Text(name="description", default="", help="What this network is for, in your own words."),
)

SETTING_PARAMETERS: tuple[Parameter, ...] = (
    Number(name="dt", default=1.0, unit="ms", above=0.0, help="Simulated time of one step."),
    Number(
        name="duration",
        default=1000.0,
        unit="ms",
        above=0.0,
        help="Simulated time of a run from the command line.",
    ),
    Integer(
        name="seed",
        default=42,
        low=0,
        help="Start of all random numbers; the same seed gives the same spikes.",
    ),
    Option(
        name="device",
        default="cpu",
        options=("cpu", "cuda"),
        help="Where the network is computed: the processor or a graphics card.",
    ),
    Option(
        name="dtype",
        default="float32",
        options=("float32", "float64"),
        help="Precision of all numbers: float64 is exact to 15 digits and slower.",
    ),
)


@dataclass(frozen=True)
class Slot:
    """Join ``parameter`` to the places in a document that hold its value.

    ``key`` tells slots apart; ``place`` names the place for undo texts. Names
    and descriptions have no default to go back to (``has_default`` is False).
    ``beside`` tells the values of the other parameters at each place.
    ``label`` is what the user calls it where that is not the parameter's name;
    ``targets`` are the places as a block can promote them; ``is_set``
    tells what is changed where being set counts, not the value.
    """

    key: tuple[Any, ...]
    parameter: Parameter
    place: str
    read: Callable[[Document], tuple[Any, ...]] = field(compare=False)
    write: Callable[[Document, Any], Document] = field(compare=False)
    reset: Callable[[Document], Document] = field(compare=False)
    has_default: bool = True
    label: str = ""
    targets: tuple[Target, ...] = ()
    is_set: Callable[[Document], bool] | None = field(default=None, compare=False)
    beside: Callable[[Document], tuple[Mapping[str, Any], ...]] | None = field(
        default=None, compare=False
    )

    @property
    def title(self) -> str:
        """Return what the user calls the parameter."""
        return self.label or self.parameter.name

    @property
    def way_back(self) -> str:
        """Return what a reset leads to, in words."""
        return "its default" if self.is_set is None else "the value in the block"

    def is_changed(self, document: Document) -> bool:
        """Tell whether any place holds something else than the default."""
        if self.is_set is not None:
            return self.is_set(document)
        if not self.has_default or self.parameter.required:
            return False
        default = _plain(self.parameter.default)
        return any(_plain(value) != default for value in self.read(document))

    def acts(self, document: Document) -> bool:
        """Tell whether the parameter has an effect at any place, as the others are."""
        if self.beside is None or not self.parameter.acts_if:
            return True
        return any(self.parameter.acts(values) for values in self.beside(document))

    def is_mixed(self, document: Document) -> bool:
        """Tell whether the places hold different values."""
        values = [_plain(value) for value in self.read(document)]
        return any(value != values[0] for value in values[1:])


def stack_of_node(document: Document, node_id: str) -> tuple[BehaviorItem, ...]:
    """Return a node's own behaviors, or the network's for ``"network"``."""
    if node_id == NETWORK:
        return document.settings.stack
    node = document.network.nodes.get(node_id)
    return node.stack if node else ()


def item_of(document: Document, node_id: str, item_id: str) -> BehaviorItem | None:
    """Return one behavior of a node, or None if it is gone."""
    stack = stack_of_node(document, node_id)
    return next((item for item in stack if item.id == item_id), None)


def document_slots() -> list[Slot]:
    """Return the slots of the project's name and description."""
    return [_document_slot(parameter) for parameter in DOCUMENT_PARAMETERS]


def setting_slots() -> list[Slot]:
    """Return the slots of the network's settings."""
    return [_setting_slot(parameter) for parameter in SETTING_PARAMETERS]


def node_slots(kind: NodeKind, nodes: Sequence[Node]) -> list[Slot]:
    """Return the slots of the parameters of one or several nodes of a kind."""
    return [_node_slot(parameter, nodes) for parameter in kind.parameters]


def behavior_slots(spec: BehaviorSpec, places: Sequence[tuple[str, str]]) -> list[Slot]:
    """Return the slots of a behavior held at ``places``: (node id, item id) pairs."""
    return [_behavior_slot(spec, parameter, tuple(places)) for parameter in spec.parameters]


def _document_slot(parameter: Parameter) -> Slot:
    name = parameter.name
    return Slot(
        ("document", name),
        parameter,
        "project",
        lambda doc: (getattr(doc, name),),
        lambda doc, value: edits.set_document(doc, **{name: value}),
        lambda doc: edits.set_document(doc, **{name: parameter.default}),
        has_default=False,
    )


def _setting_slot(parameter: Parameter) -> Slot:
    name = parameter.name
    return Slot(
        ("settings", name),
        parameter,
        "network",
        lambda doc: (getattr(doc.settings, name),),
        lambda doc, value: edits.set_settings(doc, **{name: value}),
        lambda doc: edits.set_settings(doc, **{name: parameter.default}),
    )


def _node_slot(parameter: Parameter, nodes: Sequence[Node]) -> Slot:
    name, ids = parameter.name, tuple(node.id for node in nodes)

    def read(doc: Document) -> tuple[Any, ...]:
        held = [doc.network.nodes[i] for i in ids if i in doc.network.nodes]
        return tuple(node.params.get(name, parameter.default) for node in held)

    def write(doc: Document, value: Any) -> Document:
        for node_id in ids:
            doc = edits.set_param(doc, node_id, name, value)
        return doc

    def reset(doc: Document) -> Document:
        for node_id in ids:
            doc = edits.reset_param(doc, node_id, name)
        return doc

    place = nodes[0].name if len(nodes) == 1 else f"{len(nodes)} nodes"
    loose = any(node.is_port or node.is_note for node in nodes)
    targets = () if loose else tuple(Target(node_id, None, name) for node_id in ids)
    return Slot(("node", ids, name), parameter, place, read, write, reset, targets=targets)


def _behavior_slot(
    spec: BehaviorSpec, parameter: Parameter, places: tuple[tuple[str, str], ...]
) -> Slot:
    name = parameter.name

    def read(doc: Document) -> tuple[Any, ...]:
        items = [item_of(doc, node_id, item_id) for node_id, item_id in places]
        return tuple(item.params.get(name, parameter.default) for item in items if item)

    def write(doc: Document, value: Any) -> Document:
        for node_id, item_id in places:
            doc = edits.set_behavior_param(doc, node_id, item_id, name, value)
        return doc

    def reset(doc: Document) -> Document:
        for node_id, item_id in places:
            doc = edits.reset_behavior_param(doc, node_id, item_id, name)
        return doc

    def beside(doc: Document) -> tuple[Mapping[str, Any], ...]:
        items = [item_of(doc, node_id, item_id) for node_id, item_id in places]
        defaults = {each.name: each.default for each in spec.parameters}
        return tuple({**defaults, **item.params} for item in items if item)

    targets = tuple(Target(node_id, item_id, name) for node_id, item_id in places)
    key = ("behavior", places, name)
    return Slot(key, parameter, spec.name, read, write, reset, targets=targets, beside=beside)


def _plain(value: Any) -> Any:
    """Return ``value`` in a form in which equal meanings compare equal."""
    if isinstance(value, Constant):
        return value.value
    return tuple(value) if isinstance(value, list) else value
