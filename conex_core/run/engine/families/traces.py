"""Traces: decaying memories of the spikes of one end of a synapse group."""

from __future__ import annotations

from typing import Any

from conex_core.behaviors.synapses.spikes import PostTrace, PreTrace
from conex_core.behaviors.timing import time_step
from conex_core.run.engine.builder import ProgramBuilder
from conex_core.run.engine.kernel import Row, kernel
from conex_core.run.engine.lowering import Lowering

__all__ = ["LOWERINGS"]


@kernel("trace: f4[n]; listed: i4[n]; count: i8[1]; added, kept: real")
def decay(row: Row) -> int:
    """Add spikes and decay."""
    added, kept, memory, listed = row.added, row.kept, row.trace, row.listed
    for k in range(row.count[0]):
        memory[listed[k]] += added
    for j in range(row.n):
        memory[j] *= kept
    return 0


def _trace(behavior: PreTrace | PostTrace, synapse: Any, builder: ProgramBuilder) -> None:
    end = synapse.src if behavior.spikes == "pre_spike" else synapse.dst
    n = int(end.size)
    caught = builder.spikes_of(synapse, behavior.spikes, n)
    builder.add(
        decay,
        behavior,
        n=n,
        trace=builder.program.take(synapse, behavior.trace),
        **caught.lists(),
        live=lambda: {
            "added": behavior.spike_scale,
            "kept": 1 - time_step(synapse) / behavior.tau_s,
        },
    )


LOWERINGS: dict[type, Lowering] = {PostTrace: _trace, PreTrace: _trace}
