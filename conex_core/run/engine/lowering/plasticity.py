"""Traces, learning rules and limits as rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from conex_core.behaviors.synapses.currents import SimpleDendriticInput
from conex_core.behaviors.synapses.limits import WeightClip
from conex_core.behaviors.synapses.setup import DelayInitializer, SynapseInit
from conex_core.behaviors.synapses.spikes import (
    PostSpikeCatcher,
    PostTrace,
    PreSpikeCatcher,
    PreTrace,
)
from conex_core.behaviors.synapses.stdp import LearningRule, SimpleSTDP
from conex_core.behaviors.synapses.weights import WeightInitializer
from conex_core.behaviors.timing import time_step
from conex_core.run.engine.draft import Draft
from conex_core.run.engine.lazy import Lazy
from conex_core.run.engine.program import NotFused

__all__ = ["LOWERINGS", "bounds_of", "keep_within", "rates"]

_BOUNDS = {None: 0, "no_bound": 0, "soft_bound": 1, "hard_bound": 2}
_NO_LIMITS = (-float("inf"), float("inf"))

# Beside these nothing reads or writes the weights of a synapse group in an iteration.
_LEAVE_ROWS_ALONE = {
    *(DelayInitializer, PostSpikeCatcher, PostTrace, PreSpikeCatcher, PreTrace),
    *(SimpleDendriticInput, SimpleSTDP, SynapseInit, WeightClip, WeightInitializer),
}


def _trace(behavior: PreTrace | PostTrace, synapse: Any, draft: Draft) -> None:
    caught = draft.caught_by(synapse, behavior.spikes)
    memory = draft.program.attribute(synapse, behavior.trace)
    draft.program.add(
        "trace",
        *(caught.size, memory, caught.listed.address, caught.count.address),
        reals=lambda: (behavior.spike_scale, 1 - time_step(synapse) / behavior.tau_s),
        behavior=behavior,
    )


def _dense_stdp(behavior: SimpleSTDP, synapse: Any, draft: Draft) -> None:
    program = draft.program
    pre, post = draft.caught_by(synapse, "pre_spike"), draft.caught_by(synapse, "post_spike")
    x, y = program.attribute(synapse, "pre_trace"), program.attribute(synapse, "post_trace")
    weights, ends = program.attribute(synapse, "weights"), (synapse.src.size, synapse.dst.size)
    after = (post.address, y, post.listed.address, post.count.address, *bounds_of(behavior))
    lazy = _lazy(behavior, synapse, draft)
    program.add(
        "dense_stdp",
        *(*ends, weights, pre.address, x, *after),
        reals=lambda: rates(behavior),
        behavior=behavior,
        is_chosen=lambda: lazy is None or not lazy.is_on,
    )
    if lazy is not None:
        spikes = (pre.listed.address, pre.count.address)
        _wait(behavior, synapse, draft, lazy, (*ends, weights, *spikes, x, *after))
    # Weights that are not changed may lie outside as well.
    keep_within(behavior, synapse, draft, is_chosen=lambda: behavior.clip)


def _wait(
    behavior: SimpleSTDP, synapse: Any, draft: Draft, lazy: Lazy, numbers: tuple[int, ...]
) -> None:
    """Add what changes rows when their sources spike, and what brings all up to date."""

    def lazily() -> tuple[float, ...]:
        return (*rates(behavior)[:4], *lazy.limits(), 1 - time_step(synapse) / lazy.pre.tau_s)

    cells = (lazy.step, lazy.seen, lazy.traces, lazy.starts, lazy.events)
    numbers = (*numbers, *(cell.address for cell in cells), lazy.room)
    for kernel in ("lazy_stdp", "lazy_flush"):
        chosen = (lambda: lazy.is_on) if kernel == "lazy_stdp" else (lambda: False)
        draft.program.add(kernel, *numbers, reals=lazily, behavior=behavior, is_chosen=chosen)


def _clip(behavior: WeightClip, synapse: Any, draft: Draft) -> None:
    keep_within(behavior, synapse, draft, is_chosen=lambda: True)


def keep_within(
    behavior: WeightClip | LearningRule, synapse: Any, draft: Draft, is_chosen: Callable[[], bool]
) -> None:
    """Keep all weights between w_min and w_max, unless rows wait, which are within anyway."""
    weights = draft.program.watch(synapse, "weights")
    values = weights if weights.layout is torch.strided else weights.values()
    lazy = draft.lazy.get(id(synapse))
    draft.program.add(
        "clip",
        *(values.numel(), draft.program.tensor(values)),
        reals=lambda: (behavior.w_min, behavior.w_max),
        behavior=behavior,
        is_chosen=lambda: is_chosen() and (lazy is None or not lazy.is_on),
    )


def rates(behavior: LearningRule) -> tuple[float, ...]:
    """Return a_plus, a_minus, w_min, w_max, and the limits that are kept to."""
    found = (behavior.a_plus, behavior.a_minus, behavior.w_min, behavior.w_max)
    return (*found, *((behavior.w_min, behavior.w_max) if behavior.clip else _NO_LIMITS))


def bounds_of(behavior: LearningRule) -> tuple[int, int]:
    """Return the numbers of the bounds of growth and of loss.

    Raises
    ------
    NotFused
        If one is a function of the user.
    """
    bounds = (behavior.positive_bound, behavior.negative_bound)
    if any(bound not in _BOUNDS for bound in bounds):
        raise NotFused("a bound of its own has no kernel")
    return (_BOUNDS[bounds[0]], _BOUNDS[bounds[1]])


def _lazy(behavior: SimpleSTDP, synapse: Any, draft: Draft) -> Lazy | None:
    """Return what lets rows wait, where nothing looks at rows of sources that are silent."""
    kinds = [type(item) for item in synapse.behavior.values()]
    once = all(kinds.count(kind) == 1 for kind in (PreSpikeCatcher, PreTrace, SimpleSTDP))
    if draft.mixed or not once or not _LEAVE_ROWS_ALONE.issuperset(kinds):
        return None
    place = len(draft.program.rows) + 2  # eager, lazy, and the row that brings all up to date
    found = draft.keep(Lazy(draft.program, synapse, lambda: draft.program.call(place)))
    draft.lazy[id(synapse)] = found
    return found


LOWERINGS: dict[type, Any] = {
    PreTrace: _trace,
    PostTrace: _trace,
    SimpleSTDP: _dense_stdp,
    WeightClip: _clip,
}
