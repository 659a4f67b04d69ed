"""Rules about blocks: definitions that are there, values that fit, kinds that are kept."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from conex_core.errors import ParameterError
from conex_core.graph import edits
from conex_core.graph.blocks.block_kinds import LAYER_KINDS, groups_by_polarity
from conex_core.graph.blocks.definitions import cycle, parameter_of, used_definitions
from conex_core.graph.checks.problems import Fix, Problem
from conex_core.graph.model.document import MAIN
from conex_core.graph.model.kinds import INPUT_PORT, INSTANCE, OUTPUT_PORT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conex_core.graph.checks.context import Context
    from conex_core.graph.model.document import Definition, Node, Promoted

__all__ = ["blocks_are_known", "kinds_are_kept", "ports_are_inside", "values_of_blocks_obey"]


def blocks_are_known(context: Context) -> Iterator[Problem]:
    """See that the definition of every instance is there and does not hold itself."""
    for node in context.of_kind(INSTANCE):
        remove = Fix(f"Remove {node.name}", partial(edits.remove, node_ids=[node.id]))
        if node.of not in context.doc.definitions:
            text = f"The block of {node.name} is missing. Insert it from the library again."
            yield Problem("error", text, node.id, fixes=(remove,), code="missing-block")
            continue
        circle = cycle(context.doc.definitions, node.of)
        if circle:
            circle = circle if len(circle) <= 8 else [*circle[:4], "...", *circle[-3:]]
            text = f"{node.name} holds itself ({' › '.join(circle)}). {remove.title}."
            yield Problem("error", text, node.id, fixes=(remove,), code="recursion")


def values_of_blocks_obey(context: Context) -> Iterator[Problem]:
    """See that an instance's values are of promoted parameters, and keep their rules."""
    for node in context.of_kind(INSTANCE):
        definition = context.doc.definitions.get(node.of)
        if definition is None:
            continue
        known = {one.id: one for one in definition.promoted}
        for name in sorted(node.params):
            yield from _of_value(context, node, definition, known.get(name), name)


def kinds_are_kept(context: Context) -> Iterator[Problem]:
    """See that a block of a kind has the groups and layers that this kind stands for."""
    kind = context.network.kind
    rule = _RULES.get(kind)
    if kind != "Container" and rule is None:
        yield _of_kind(context, f"is of the unknown kind {kind!r}")
        return
    for text in rule(context) if rule else ():
        yield _of_kind(context, text)


def ports_are_inside(context: Context) -> Iterator[Problem]:
    """See that the main network has no ports: nothing is outside of it."""
    for kind in (INPUT_PORT, OUTPUT_PORT):
        for node in context.of_kind(kind):
            remove = Fix(f"Remove {node.name}", partial(edits.remove, node_ids=[node.id]))
            text = f"{node.name} is a port, but the network has no outside. {remove.title}."
            yield Problem("error", text, node.id, fixes=(remove,), code="port-outside")


def _layer(context: Context) -> Iterator[str]:
    inner = used_definitions(context.doc.definitions).values()
    if not any(node.is_neuron_group for item in inner for node in item.nodes.values()):
        yield "is a layer, but holds no neuron group. Add one"


def _cortical_layer(context: Context) -> Iterator[str]:
    groups = groups_by_polarity(context.network)
    exc, inh = (groups.get(role, []) for role in ("excitatory", "inhibitory"))
    if len(exc) != 1:
        has = f"has {len(exc)} ({_names(exc)})" if exc else "has none"
        yield f"is a cortical layer and needs one excitatory group, but {has}"
    if len(inh) > 1:
        has = f"has {len(inh)} ({_names(inh)})"
        yield f"is a cortical layer and takes one inhibitory group at most, but {has}"


def _column(context: Context) -> Iterator[str]:
    definitions = context.doc.definitions
    blocks = [node for node in context.of_kind(INSTANCE) if node.of in definitions]
    others = [node for node in blocks if definitions[node.of].kind not in LAYER_KINDS]
    names = [node.name for node in blocks]
    twice = sorted({name for name in names if names.count(name) > 1})
    if not blocks:
        yield "is a cortical column, but holds no layer. Put a layer or cortical layer inside"
    if others:
        yield (
            f"is a cortical column, whose blocks are layers, but {_names(others)} is none. "
            "Make it a layer"
        )
    if twice:
        yield f"is a cortical column, but two of its layers are called {twice[0]}. Rename one"


_RULES = {"Layer": _layer, "CorticalLayer": _cortical_layer, "CorticalColumn": _column}


def _of_kind(context: Context, problem: str) -> Problem:
    plain = Fix(
        "Make it a plain block",
        partial(edits.set_definition, definition_id=MAIN, kind="Container"),
    )
    text = f"{context.network.name} {problem}, or make it a plain block."
    return Problem("error", text, fixes=(plain,), code="kind")


def _names(nodes: list[Node]) -> str:
    shown = [node.name for node in nodes[:3]]
    return ", ".join([*shown, "..."] if len(nodes) > 3 else shown)


def _of_value(
    context: Context, node: Node, definition: Definition, promoted: Promoted | None, name: str
) -> Iterator[Problem]:
    reset = Fix(
        f"Reset {promoted.name if promoted else name} of {node.name}",
        partial(edits.reset_param, node_id=node.id, name=name),
    )
    if promoted is None:
        text = f"{node.name} sets a parameter that {definition.name} does not show. {reset.title}."
        yield Problem("error", text, node.id, None, name, (reset,), "lost-value")
        return
    parameter = parameter_of(context.doc, definition.id, promoted, context.catalog)
    if parameter is None:
        return
    try:
        parameter.check(node.params[name])
    except ParameterError as error:
        shown = ParameterError(
            promoted.name, error.rule, error.got, hint=error.hint, node=node.name
        )
        yield Problem("error", str(shown), node.id, None, name, (reset,), "value")
