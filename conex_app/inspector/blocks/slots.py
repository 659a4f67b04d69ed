"""Slots of blocks: values of promoted parameters, and what a block says of itself. No Qt.

The slots of a block, of its promoted parameters and of its tags act on the block that is seen,
which stands where the main network does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from conex_app.inspector.slots import Slot
from conex_core.catalog import Catalog
from conex_core.graph import edits
from conex_core.graph.blocks.definitions import parameter_of, value_inside
from conex_core.graph.edits.promotion import promoted_of
from conex_core.graph.model.document import MAIN, Document, Node, Promoted, Target
from conex_core.parameters import Number, Option, Parameter, Text

__all__ = [
    "KINDS_OF_BLOCKS",
    "block_slots",
    "instance_slots",
    "kind_words",
    "promoted_parameters",
    "promoted_slots",
]

# The kinds in the user's words, each with what it is for.
KINDS_OF_BLOCKS: dict[str, tuple[str, str]] = {
    "Container": ("Container", "Holds any parts together; nothing is asked of them."),
    "Layer": ("Layer", "Neuron groups with the synapses among them."),
    "CorticalLayer": (
        "Cortical layer",
        "One excitatory group, at most one inhibitory group, and their synapses.",
    ),
    "CorticalColumn": (
        "Cortical column",
        "Layers, each a block with a name of its own, and the connections between them.",
    ),
}


def kind_words(kind: str) -> tuple[str, str]:
    """Return the title of a kind of block, and what it is for."""
    return KINDS_OF_BLOCKS.get(kind, (kind, "A kind that is not known here; it is kept as it is."))


def promoted_parameters(doc: Document, definition_id: str, catalog: Catalog) -> list[Parameter]:
    """Return the promoted parameters of a block; the default is the value inside.

    A parameter that has lost what it points to is left out.
    """
    definition = doc.definitions.get(definition_id)
    found = []
    for one in definition.promoted if definition else ():
        parameter = parameter_of(doc, definition_id, one, catalog)
        if parameter is not None:
            inside = value_inside(doc, definition_id, one, catalog)
            found.append(replace(parameter, default=inside))
    return found


def instance_slots(doc: Document, nodes: Sequence[Node], catalog: Catalog) -> list[Slot]:
    """Return the slots of the promoted parameters that one or several instances share."""
    first, *others = [
        {one.name: one for one in promoted_parameters(doc, node.of, catalog)} for node in nodes
    ]
    shared = [
        parameter
        for name, parameter in first.items()
        if all(name in held and type(held[name]) is type(parameter) for held in others)
    ]
    return [_instance_slot(doc, parameter, nodes, catalog) for parameter in shared]


def block_slots() -> list[Slot]:
    """Return the slots of the kind, the description and the tags of the block that is seen."""
    titles = {title: name for name, (title, _meaning) in KINDS_OF_BLOCKS.items()}
    kind = Option(
        name="kind",
        default="Container",
        options=tuple(titles),
        help="Which structure a copy builds, and which parts are asked for.",
    )
    description = Text(name="description", default="", help="What this block is for.")
    tags = Text(name="tags", default="", help="Words to find it by, separated by commas.")
    return [
        _block_slot(kind, lambda name: kind_words(name)[0], lambda title: titles[title]),
        _block_slot(description, str, str),
        _block_slot(tags, ", ".join, _tags),
    ]


def promoted_slots(
    state: Callable[[], Document], promoted: Promoted, parameter: Parameter | None
) -> list[Slot]:
    """Return the slots of one promoted parameter of the block that is seen."""
    meaning = Text(name="help", default="", help="What it means, for those who use the block.")
    slots = [_promoted_slot(promoted, meaning, "")]
    if parameter is None or not hasattr(parameter, "low"):
        return slots
    for name in ("low", "high"):
        words = "least" if name == "low" else "most"
        bound = _Bound(
            name=name,
            default=None,
            optional=True,
            unit=parameter.unit,
            help=f"The {words} that a copy may set; empty for what the behavior itself allows.",
            other=partial(_other_bound, state, promoted.id, name),
        )
        slots.append(_promoted_slot(promoted, bound, None))
    return slots


@dataclass(frozen=True, kw_only=True)
class _Bound(Number):
    """One bound of a promoted parameter; ``other`` returns the opposite one."""

    other: Callable[[], float | None] = lambda: None

    def _checked(self, value: Any) -> float:
        number, other = super()._checked(value), self.other()
        if other is not None and self.name == "low" and number > other:
            raise self.error(f"must be at most {other:g}, the high bound", value)
        if other is not None and self.name == "high" and number < other:
            raise self.error(f"must be at least {other:g}, the low bound", value)
        return number


def _other_bound(state: Callable[[], Document], promoted_id: str, name: str) -> float | None:
    promoted = promoted_of(state().network, promoted_id)
    return promoted.high if name == "low" else promoted.low


def _instance_slot(
    made_of: Document, parameter: Parameter, nodes: Sequence[Node], catalog: Catalog
) -> Slot:
    name, ids = parameter.name, tuple(node.id for node in nodes)

    def held(doc: Document) -> list[Node]:
        return [doc.network.nodes[i] for i in ids if i in doc.network.nodes]

    def read(doc: Document) -> tuple[Any, ...]:
        return tuple(_value(doc, node, name, catalog) for node in held(doc))

    def write(doc: Document, value: Any) -> Document:
        for node_id in ids:
            doc = edits.set_param(doc, node_id, name, value)
        return doc

    def reset(doc: Document) -> Document:
        for node_id in ids:
            doc = edits.reset_param(doc, node_id, name)
        return doc

    return Slot(
        ("node", ids, name),
        parameter,
        nodes[0].name if len(nodes) == 1 else f"{len(nodes)} blocks",
        read,
        write,
        reset,
        label=promoted_of(made_of.definition(nodes[0].of), name).name,
        targets=tuple(Target(node_id, None, name) for node_id in ids),
        is_set=lambda doc: any(name in node.params for node in held(doc)),
    )


def _value(doc: Document, node: Node, name: str, catalog: Catalog) -> Any:
    if name in node.params:
        return node.params[name]
    definition = doc.definitions.get(node.of)
    shown = (
        next((one for one in definition.promoted if one.id == name), None) if definition else None
    )
    return None if shown is None else value_inside(doc, node.of, shown, catalog)


def _block_slot(
    parameter: Parameter, shown: Callable[[Any], str], meant: Callable[[str], Any]
) -> Slot:
    name = parameter.name
    change = partial(_with_field, name=name)
    return Slot(
        ("block", name),
        parameter,
        "block",
        lambda doc: (shown(getattr(doc.network, name)),),
        lambda doc, value: change(doc, value=meant(value)),
        lambda doc: change(doc, value=meant(parameter.default)),
        has_default=False,
    )


def _with_field(doc: Document, *, name: str, value: Any) -> Document:
    return edits.set_definition(doc, MAIN, **{name: value})


def _promoted_slot(promoted: Promoted, parameter: Parameter, empty: Any) -> Slot:
    name = parameter.name

    def read(doc: Document) -> tuple[Any, ...]:
        found = next((one for one in doc.network.promoted if one.id == promoted.id), None)
        return () if found is None else (getattr(found, name),)

    def write(doc: Document, value: Any) -> Document:
        value = empty if value is None else value
        return edits.set_promoted(doc, MAIN, promoted.id, **{name: value})

    return Slot(
        ("promoted", promoted.id, name),
        parameter,
        promoted.name,
        read,
        write,
        lambda doc: write(doc, None),
    )


def _tags(text: str) -> tuple[str, ...]:
    words = (" ".join(part.split()) for part in text.split(","))
    return tuple(dict.fromkeys(word for word in words if word))
