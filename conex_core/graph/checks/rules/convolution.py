"""The rule about convolutions: kernel, source and target have shapes that meet."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from conex_core.graph import edits
from conex_core.graph.checks.context import value_of
from conex_core.graph.checks.problems import Fix, Problem
from conex_core.graph.checks.rules.synapses import set_item
from conex_core.graph.model.kinds import SYNAPSE_GROUP
from conex_core.graph.model.sizes import size_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conex_core.graph.checks.context import Context, Running
    from conex_core.graph.model.document import Node

__all__ = ["convolutions_meet"]

_USUAL_KERNEL = 3  # cells a side


@dataclass(frozen=True)
class _Meeting:
    """Hold what a convolution brings together; sizes are (depth, height, width)."""

    context: Context
    synapse: Node
    source: Node
    target: Node
    before: tuple[int, int, int]
    after: tuple[int, int, int]
    running: Running
    weights: Running


def convolutions_meet(context: Context) -> Iterator[Problem]:
    """See that the kernel of a convolution fits its source and its target."""
    for synapse in context.of_kind(SYNAPSE_GROUP):
        meeting = _meeting(context, synapse)
        if meeting is not None:
            yield from _kernel_fits(meeting)


def _meeting(context: Context, synapse: Node) -> _Meeting | None:
    """Return the convolution of a synapse group; None where something is still missing."""
    running = context.first(synapse, "Conv2dDendriticInput")
    weights = context.first(synapse, "WeightInitializer")
    source, target = context.source(synapse), context.target(synapse)
    if running is None or weights is None or source is None or target is None:
        return None
    before, after = size_of(source), size_of(target)
    if not isinstance(before, tuple) or not isinstance(after, tuple):
        return None
    return _Meeting(context, synapse, source, target, before, after, running, weights)


def _kernel_fits(meeting: _Meeting) -> Iterator[Problem]:
    kernel = _kernel(meeting)
    name, channels = meeting.synapse.name, (meeting.after[0], meeting.before[0])
    if kernel is None:
        return
    if len(kernel) != 4:
        yield _bad_kernel(meeting, f"The kernel of {name} must be (out, in, height, width).")
    elif kernel[:2] != channels:
        text = (
            f"The kernel of {name} has {_shown(kernel[:2])} channels, but "
            f"{meeting.target.name} × {meeting.source.name} have {_shown(channels)}."
        )
        yield _bad_kernel(meeting, text, kernel[2:])
    else:
        yield from _result_fits(meeting, kernel)


def _kernel(meeting: _Meeting) -> tuple[int, ...] | None:
    """Return the shape of the kernel, by default the one that fits; None if not known."""
    given = meeting.weights[0].params.get("weights")
    if given is not None:
        return tuple(given.shape) if hasattr(given, "shape") else None
    shape: tuple[int, ...] | None = value_of(meeting.weights, "weight_shape")
    if shape is not None or meeting.weights[0].params.get("weight_shape") is not None:
        return shape
    stride, padding = (value_of(meeting.running, name) for name in ("stride", "padding"))
    if stride is None or padding is None:
        return None
    ends = zip(meeting.before[1:], meeting.after[1:], padding, stride, strict=True)
    sides = tuple(before + 2 * pad - (after - 1) * step for before, after, pad, step in ends)
    return (meeting.after[0], meeting.before[0], *sides)


def _result_fits(meeting: _Meeting, kernel: tuple[int, ...]) -> Iterator[Problem]:
    stride, padding = (value_of(meeting.running, name) for name in ("stride", "padding"))
    if stride is None or padding is None:
        return  # reported as a value that breaks its rule
    sides = zip(meeting.before[1:], kernel[2:], padding, stride, strict=True)
    made = (
        kernel[0],
        *((length + 2 * pad - side) // step + 1 for length, side, pad, step in sides),
    )
    if made == meeting.after and min(kernel) > 0:
        return
    name, target = meeting.synapse.name, meeting.target
    if min(kernel) < 1:
        ends = f"{_shown(meeting.before)} of {meeting.source.name} to {_shown(meeting.after)}"
        text = f"No kernel leads from the {ends} of {target.name}."
        yield _bad_kernel(meeting, text)
        return
    if min(made) < 1:
        text = f"The kernel of {name} is larger than {meeting.source.name} with its padding."
        yield _bad_kernel(meeting, text)
        return
    resize = partial(edits.set_param, node_id=target.id, name="size", value=made)
    fix = Fix(f"Make {target.name} {_shown(made)}", resize)
    text = f"{name} gives {_shown(made)} values, but {target.name} is {_shown(meeting.after)}."
    item = meeting.running[0]
    yield Problem(
        "error", f"{text} {fix.title}.", meeting.synapse.id, item.id, None, (fix,), "convolution"
    )


def _bad_kernel(meeting: _Meeting, text: str, sides: tuple[int, ...] | None = None) -> Problem:
    usual = tuple(min(_USUAL_KERNEL, length) for length in meeting.before[1:])
    shape = (meeting.after[0], meeting.before[0], *(sides or usual))
    item = meeting.weights[0]
    edit = set_item(meeting.context, meeting.synapse, item, "weight_shape", shape)
    fix = Fix(f"Set weight_shape to {_shown(shape)}", edit)
    text = f"{text} {fix.title}."
    return Problem(
        "error", text, meeting.synapse.id, item.id, "weight_shape", (fix,), "convolution-kernel"
    )


def _shown(shape: tuple[int, ...]) -> str:
    return " × ".join(str(part) for part in shape)
