"""STDP of dense weights: at once, or row by row when their sources spike.

Growth and loss read the weights from before either, like the rules in
``conex_core.behaviors.synapses``; see ``limits`` for bounds.
"""

from __future__ import annotations

from typing import Any

import numpy as np
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
from conex_core.behaviors.synapses.stdp import SimpleSTDP
from conex_core.behaviors.synapses.weights import WeightInitializer
from conex_core.behaviors.timing import time_step
from conex_core.run.engine.builder import ProgramBuilder
from conex_core.run.engine.families.limits import (
    bounds_of,
    growth,
    keep_within,
    limited,
    limits_of,
    loss,
    rates_of,
)
from conex_core.run.engine.kernel import Row, kernel, njit
from conex_core.run.engine.lazy import Lazy
from conex_core.run.engine.lowering import Lowering
from conex_core.run.engine.taken import Given

__all__ = ["LOWERINGS"]

# Beside these nothing reads or writes the weights of a synapse group in an iteration.
_LEAVE_ROWS_ALONE = {
    *(DelayInitializer, PostSpikeCatcher, PostTrace, PreSpikeCatcher, PreTrace),
    *(SimpleDendriticInput, SimpleSTDP, SynapseInit, WeightClip, WeightInitializer),
}

_ENDS = (
    "weights: f4[sources, width]; pre_trace: f4[sources]; post_spikes: b1[width];"
    " post_trace: f4[width]; post_listed: i4[width]; post_count: i8[1]; up, down: int;"
    " grow, shrink, low, high, least, most: real"
)
_WAITING = (
    "pre_listed: i4[sources]; pre_count: i8[1]; step: i8[1]; seen: i8[sources];"
    " memory: f4[sources]; starts: i8[room+2]; events: u4[room]; kept: real"
)


@kernel(f"pre_spikes: b1[sources]; {_ENDS}")
def dense_stdp(row: Row) -> int:
    """Change a matrix now."""
    weights, up, down = row.weights, row.up, row.down
    pre, x, post, y = row.pre_spikes, row.pre_trace, row.post_spikes, row.post_trace
    listed, count = row.post_listed, row.post_count[0]
    grow, shrink, low, high = row.grow, row.shrink, row.low, row.high
    least, most = row.least, row.most
    for i in range(row.sources):
        own = weights[i]
        if pre[i]:
            _change(own, x[i], post, y, up, down, grow, shrink, low, high, least, most)
        else:
            for k in range(count):
                w = own[listed[k]]
                w = w + x[i] * growth(up, w, low, high, grow)
                own[listed[k]] = limited(w, least, most)
    return 0


@njit
def _replay(  # numba passes each of them in a register
    own: Any, x: Any, kept: Any, first: Any, until: Any, starts: Any, events: Any,
    up: Any, grow: Any, low: Any, high: Any, least: Any, most: Any,
) -> None:  # fmt: skip
    """Let the events of the steps from ``first`` to before ``until`` change a row."""
    for q in range(first, until):
        x *= kept
        # Numbers without a sign spare the test for an index from the end.
        begin, end = np.uint64(starts[q]), np.uint64(starts[q + 1])
        if up == 0:
            change = x * grow
            for k in range(begin, end):
                own[events[k]] = limited(own[events[k]] + change, least, most)
        else:
            for k in range(begin, end):
                w = own[events[k]]
                own[events[k]] = limited(w + x * growth(up, w, low, high, grow), least, most)


@njit
def _unbounded(own: Any, grown: Any, post: Any, y: Any, shrink: Any, least: Any, most: Any) -> None:
    """Change the row of a source that spiked, whatever its weights are."""
    for j in range(own.size):
        # A flag of 0 or 1 makes the product exact, and the loop free of branches.
        w = (own[j] + grown * np.float32(post[j])) - y[j] * shrink
        own[j] = limited(w, least, most)


@njit
def _bounded(
    own: Any, x: Any, post: Any, y: Any, up: Any, down: Any, grow: Any, shrink: Any,
    low: Any, high: Any, least: Any, most: Any,
) -> None:  # fmt: skip
    """Change the row of a source that spiked; both changes read the weight from before."""
    for j in range(own.size):
        w = own[j]
        change = y[j] * loss(down, w, low, high, shrink)
        if post[j]:
            w = w + x * growth(up, w, low, high, grow)
        own[j] = limited(w - change, least, most)


@njit
def _change(
    own: Any, x: Any, post: Any, y: Any, up: Any, down: Any, grow: Any, shrink: Any,
    low: Any, high: Any, least: Any, most: Any,
) -> None:  # fmt: skip
    if up == 0 and down == 0:
        _unbounded(own, x * grow, post, y, shrink, least, most)
    else:
        _bounded(own, x, post, y, up, down, grow, shrink, low, high, least, most)


@kernel(f"{_ENDS}; {_WAITING}")
def lazy_stdp(row: Row) -> int:
    """Change the rows of sources that spike, with all that they missed since they last did."""
    weights, width, up, down, room = row.weights, row.width, row.up, row.down, row.room
    listed, count, x = row.pre_listed, row.pre_count[0], row.pre_trace
    post, y, caught, many = row.post_spikes, row.post_trace, row.post_listed, row.post_count[0]
    step, seen, memory, starts, events = row.step, row.seen, row.memory, row.starts, row.events
    grow, shrink, low, high = row.grow, row.shrink, row.low, row.high
    least, most, kept = row.least, row.most, row.kept
    now = step[0]
    for k in range(count):
        i = np.uint64(listed[k])
        own = weights[i]
        _replay(
            own, memory[i], kept, seen[i], now, starts, events, up, grow, low, high, least, most
        )
        _change(own, x[i], post, y, up, down, grow, shrink, low, high, least, most)
        memory[i] = x[i]
        seen[i] = now + 1
    at = starts[now]
    for k in range(many):
        events[at + k] = caught[k]
    starts[now + 1] = at + many
    step[0] = now + 1
    return int(at + many + width > room or now + 2 > room)


@kernel(f"{_ENDS}; {_WAITING}")
def lazy_flush(row: Row) -> int:
    """Bring every row up to date and forget the events."""
    weights, up, x, step, seen = row.weights, row.up, row.pre_trace, row.step, row.seen
    memory, starts, events = row.memory, row.starts, row.events
    grow, low, high = row.grow, row.low, row.high
    least, most, kept = row.least, row.most, row.kept
    for i in range(row.sources):
        own = weights[i]
        _replay(
            own, memory[i], kept, seen[i], step[0], starts, events, up, grow, low, high, least, most
        )
        memory[i] = x[i]
        seen[i] = 0
    step[0] = 0
    starts[0] = 0
    return 0


def _dense_stdp(behavior: SimpleSTDP, synapse: Any, builder: ProgramBuilder) -> None:
    sources, width = int(synapse.src.size), int(synapse.dst.size)
    pre = builder.spikes_of(synapse, "pre_spike", sources)
    post = builder.spikes_of(synapse, "post_spike", width)
    given: Given = {
        **builder.of(synapse, "weights", "pre_trace", "post_trace"),
        **post.given("post_"),
        **bounds_of(behavior),
        **{"sources": sources, "width": width},
    }
    lazy = _lazy(behavior, synapse, builder)
    builder.add(
        dense_stdp,
        behavior,
        pre_spikes=pre.flags,
        **given,
        live=lambda: {**rates_of(behavior), **limits_of(behavior)},
        is_chosen=lambda: lazy is None or not lazy.is_on,
    )
    if lazy is not None:
        _wait(behavior, synapse, builder, lazy, {**given, **pre.lists("pre_")})
    # Weights that are not changed may lie outside as well.
    keep_within(behavior, synapse, builder, is_chosen=lambda: behavior.clip)


def _wait(
    behavior: SimpleSTDP,
    synapse: Any,
    builder: ProgramBuilder,
    lazy: Lazy,
    given: Given,
) -> None:
    """Add what changes rows when their sources spike, and what brings all up to date."""

    def live() -> dict[str, float]:
        least, most = lazy.limits()
        kept = 1 - time_step(synapse) / lazy.pre.tau_s
        return {**rates_of(behavior), "least": least, "most": most, "kept": kept}

    given = {**given, **lazy.given()}
    builder.add(lazy_stdp, behavior, **given, live=live, is_chosen=lambda: lazy.is_on)
    builder.add(lazy_flush, behavior, **given, live=live, is_chosen=lambda: False)


def _lazy(behavior: SimpleSTDP, synapse: Any, builder: ProgramBuilder) -> Lazy | None:
    """Return what lets rows wait, where nothing looks at rows of sources that are silent."""
    kinds = [type(item) for item in synapse.behavior.values()]
    once = all(kinds.count(kind) == 1 for kind in (PreSpikeCatcher, PreTrace, SimpleSTDP))
    if builder.mixed or not once or not _LEAVE_ROWS_ALONE.issuperset(kinds):
        return None
    if _is_shared(synapse, builder.network):
        return None
    place = len(builder.program.rows) + 2  # eager, lazy, and the row that brings all up to date
    found = builder.keep(Lazy(synapse, lambda: builder.program.call(place)))
    builder.lazy[id(synapse)] = found
    return found


def _is_shared(synapse: Any, network: Any) -> bool:
    """Tell whether another synapse group uses the memory of these weights."""
    own = vars(synapse)["weights"].untyped_storage().data_ptr()
    others = (vars(item).get("weights") for item in network.SynapseGroups if item is not synapse)
    return any(
        isinstance(weights, torch.Tensor)
        and weights.layout is torch.strided
        and weights.untyped_storage().data_ptr() == own
        for weights in others
    )


LOWERINGS: dict[type, Lowering] = {SimpleSTDP: _dense_stdp}
