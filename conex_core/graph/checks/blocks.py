"""Rules about blocks: definitions that are there, values that fit, kinds that are kept."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from conex_core.errors import ParameterError
from conex_core.graph import edits
from conex_core.graph.blocks import cycle, parameter_of
from conex_core.graph.problems import Fix, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conex_core.graph.checks.context import Context
    from conex_core.graph.state import Definition, Node, Promoted

__all__ = ["blocks_are_known", "kinds_are_kept", "values_of_blocks_obey"]


def blocks_are_known(context: Context) -> Iterator[Problem]:
    """See that the definition of every instance is there and does not hold itself."""
    for node in context.of_kind("Instance"):
        remove = Fix(f"Remove {node.name}", partial(edits.remove, node_ids=[node.id]))
        if node.of not in context.doc.definitions:
            text = f"The block of {node.name} is missing. Insert it from the library again."
            yield Problem("error", text, node.id, fixes=(remove,), code="missing-block")
            continue
        circle = cycle(context.doc.definitions, node.of)
        if circle:
            text = f"{node.name} holds itself ({' › '.join(circle)}). {remove.title}."
            yield Problem("error", text, node.id, fixes=(remove,), code="recursion")


def values_of_blocks_obey(context: Context) -> Iterator[Problem]:
    """See that an instance's values are of parameters on its face, and keep their rules."""
    for node in context.of_kind("Instance"):
        definition = context.doc.definitions.get(node.of)
        if definition is None:
            continue
        faces = {one.id: one for one in definition.promoted}
        for name in sorted(node.params):
            yield from _of_value(context, node, definition, faces.get(name), name)


def kinds_are_kept(context: Context) -> Iterator[Problem]:
    """See that a block of a kind has the groups that this kind stands for."""
    yield from ()


def _of_value(
    context: Context, node: Node, definition: Definition, face: Promoted | None, name: str
) -> Iterator[Problem]:
    reset = Fix(
        f"Reset {face.name if face else name} of {node.name}",
        partial(edits.reset_param, node_id=node.id, name=name),
    )
    if face is None:
        text = f"{node.name} sets a parameter that {definition.name} does not show. {reset.title}."
        yield Problem("error", text, node.id, None, name, (reset,), "lost-value")
        return
    parameter = parameter_of(context.doc, definition.id, face, context.catalog)
    if parameter is None:
        return
    try:
        parameter.check(node.params[name])
    except ParameterError as error:
        shown = ParameterError(face.name, error.rule, error.got, hint=error.hint, node=node.name)
        yield Problem("error", str(shown), node.id, None, name, (reset,), "value")
