"""Problems of learned weights: a file that is lost or another one, sizes that no longer fit.

Apart from the other rules of the check, because it looks at the disk: files
come and go without an edit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from conex_core.errors import FileError, StructureError
from conex_core.graph.blocks.flatten import Flat, flatten
from conex_core.graph.checks.problems import Fix, Problem
from conex_core.graph.files.learned_weights import learned_groups, learned_values, without
from conex_core.graph.files.weight_files import StoredWeights, located
from conex_core.graph.files.weight_shapes import misfit, shape_of
from conex_core.graph.model.document import Document, Learned
from conex_core.graph.model.sizes import Extent

if TYPE_CHECKING:
    from conex_core.run.plan import GroupStep, Plan, SynapseStep

__all__ = [
    "LOST",
    "Start",
    "fitting",
    "fitting_value",
    "lost_weights",
    "sizes_of",
    "weight_problems",
]

_Judged: TypeAlias = "tuple[GroupStep | SynapseStep, StoredWeights, Callable[[], Path]]"

LOST = "weights-file"  # the code of problems of a file
_HINT = "Set the sizes that it had when it learned, or drop the learned weights"


def weight_problems(plan: Plan, base: Path) -> Iterator[Problem]:
    """Yield what keeps learned weights from being used, for a project in the folder ``base``.

    Files are looked for even if the plan has errors; sizes are known only without.
    What several copies of one block have in common is told of the first only.
    """
    found = _lost(plan.document, base)
    yield from found.values()
    told: set[tuple[str, Learned, str]] = set()
    for step, stored, judge in _judged(plan, base):
        place = (stored.definition, stored.learned)
        problem = None if place in found else _of_group(step, stored, judge, plan.flat)
        if problem is not None and (*place, stored.group) not in told:
            told.add((*place, stored.group))
            yield problem


def lost_weights(doc: Document, base: Path) -> tuple[Problem, ...]:
    """Return the files among :func:`weight_problems`: quick, because files are read once."""
    return tuple(_lost(doc, base).values())


def sizes_of(plan: Plan) -> dict[str, Extent]:
    """Return the sizes of all groups and inputs by node id."""
    sizes: dict[str, Extent] = {layer.node_id: layer.size for layer in plan.inputs}
    return sizes | {group.node_id: group.size for group in plan.groups}


class Start(NamedTuple):
    """Hold a synapse group that starts from stored weights, and what it asks for."""

    step: SynapseStep
    stored: StoredWeights
    asked: Any


def fitting(start: Start, sizes: dict[str, Extent], base: Path) -> Path:
    """Return the file that holds the weights, of which only the head is read.

    Raises
    ------
    FileError
        If it is lost or another one, or holds no weights of the group.
    StructureError
        If the weights do not fit between the ends of the group.
    """
    step, stored, asked = start
    path = located(stored.learned, base, stored.block)
    had = shape_of(path, stored.learned, stored.group)
    problem = misfit(stored, had, (sizes[step.source], sizes[step.target]), asked)
    if problem:
        raise StructureError(step.name, problem, hint=_HINT)
    return path


def fitting_value(step: GroupStep | SynapseStep, stored: StoredWeights, base: Path) -> Path:
    """Return the file that holds what else a group has learned, such as thresholds.

    Raises
    ------
    FileError
        If it is lost or another one, or holds no such variable of the group.
    StructureError
        If it has one value per neuron, of another number of neurons.
    """
    path = located(stored.learned, base, stored.block)
    had = shape_of(path, stored.learned, stored.group, stored.variable)
    size = getattr(step, "count", None)
    if size is not None and len(had) == 1 and had[0] != size:
        problem = (
            f"starts from a {stored.variable} that {had[0]:,} neurons learned, but has {size:,}"
        )
        raise StructureError(step.name, problem, hint=_HINT)
    return path


def _judged(plan: Plan, base: Path) -> Iterator[_Judged]:
    """Yield what starts from something stored, and what raises where that cannot be."""
    sizes = sizes_of(plan)
    for start in _starts(plan):
        yield start.step, start.stored, partial(fitting, start, sizes, base)
    steps: list[GroupStep | SynapseStep] = [*plan.groups, *plan.synapses]
    for step in steps:
        for stored in step.starts.values():
            yield step, stored, partial(fitting_value, step, stored, base)


def _starts(plan: Plan) -> Iterator[Start]:
    for step in plan.synapses:
        for item in step.stack:
            stored = item.params.get("weights")
            if isinstance(stored, StoredWeights) and item.enabled:
                yield Start(step, stored, item.params.get("weight_shape"))


def _lost(doc: Document, base: Path) -> dict[tuple[str, Learned], Problem]:
    """Return one problem for each file that a block cannot start from."""
    used: dict[tuple[str, Learned], StoredWeights] = {}
    for stored in _used(doc):
        used.setdefault((stored.definition, stored.learned), stored)
    found = {place: _of_file(stored, base) for place, stored in used.items()}
    return {place: problem for place, problem in found.items() if problem is not None}


def _used(doc: Document) -> list[StoredWeights]:
    """Return the weights of synapse groups that are there."""
    flat = flatten(doc)
    if flat.refusal:
        return []
    weights = learned_groups(doc).items()
    values = ((key, one) for key, more in learned_values(doc).items() for one in more.values())
    return [stored for key, stored in (*weights, *values) if key in flat.origins]


def _of_file(stored: StoredWeights, base: Path) -> Problem | None:
    try:
        located(stored.learned, base, stored.block)
    except FileError as error:
        drop = partial(without, definition_id=stored.definition, lost=stored.learned)
        fix = Fix(f"Drop the learned weights of {stored.block}", drop)
        place = stored.definition
        return Problem("error", f"{error}.", fixes=(fix,), code=LOST, definition=place)
    return None


def _of_group(
    step: GroupStep | SynapseStep,
    stored: StoredWeights,
    judge: Callable[[], Path],
    flat: Flat | None,
) -> Problem | None:
    try:
        judge()
    except (FileError, StructureError) as error:
        text = f"{error}."
    else:
        return None
    drop = partial(
        without, definition_id=stored.definition, lost=stored.learned, group=stored.group
    )
    of = "weights" if stored.variable == "weights" else stored.variable
    fix = Fix(f"Draw the {of} of {step.name} anew", drop)
    problem = Problem("error", text, step.node_id, fixes=(fix,), code="weights-fit")
    origin = flat.origins.get(step.node_id) if flat is not None else None
    if origin is None:
        return problem
    return replace(problem, node=origin.node, definition=origin.definition, path=origin.path)
