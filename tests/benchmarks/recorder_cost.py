"""What one recorded step costs, early and late: Recorder against pymonntorch's own.

Each recorder's ``forward`` is timed on a group that does nothing else, in blocks
of 100 steps; a figure is the median of the blocks around a step. pymonntorch's
history is set to its length beforehand, because recording it would take an hour.

    python tests/benchmarks/recorder_cost.py [neurons]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

import pymonntorch
import torch

from conex_core import Behavior, Neocortex, NeuronGroup
from conex_core.behaviors.recording import EventRecorder, Recorder

EARLY, LATE = 1_000, 50_000
AROUND, BLOCK = 1_000, 100


class Values(Behavior):
    """Give the group a potential and spikes of one neuron in a hundred."""

    priority = 260
    provides = ("own.v", "own.spikes")

    def initialize(self, owner: Any) -> None:
        """Draw both once."""
        owner.v = torch.rand(owner.size)
        owner.spikes = torch.rand(owner.size) < 0.01


def ours(size: int, recorder: Any) -> tuple[float, float]:
    """Return the microseconds of one step around EARLY and around LATE."""
    network = Neocortex()
    group = NeuronGroup(network, size, [Values(), recorder])
    network.initialize()
    blocks = []
    for _ in range((LATE + AROUND) // BLOCK):
        blocks.append(timed(lambda: forward(network, group, recorder), BLOCK))
    early = blocks[(EARLY - AROUND // 2) // BLOCK : (EARLY + AROUND // 2) // BLOCK]
    return statistics.median(early), statistics.median(blocks[-2 * AROUND // BLOCK :])


def forward(network: Any, group: Any, recorder: Any) -> None:
    """Record the next iteration."""
    network._iteration += 1
    recorder.forward(group)


def theirs(size: int, steps: int) -> float:
    """Return the microseconds of pymonntorch's step after ``steps`` of them."""
    network = pymonntorch.Network()
    recorder = pymonntorch.Recorder("v")
    group = pymonntorch.NeuronGroup(size, net=network, behavior={1: recorder}, tag="g")
    group.v = torch.rand(size)
    network.initialize(info=False)
    recorder.forward(group)
    recorder.variables["v"] = torch.rand(steps, size)
    return statistics.median(timed(lambda: recorder.forward(group), 1) for _ in range(10))


def timed(step: Callable[[], Any], times: int) -> float:
    """Return the microseconds of one call, of processor time: other load distorts that less."""
    begin = time.thread_time()
    for _ in range(times):
        step()
    return (time.thread_time() - begin) / times * 1e6


def tell(name: str, early: float, late: float) -> None:
    """Print one row."""
    print(f"{name:<34}{early:>12,.2f}{late:>12,.2f}{late / early:>9.2f}")  # noqa: T201  # a script


def main() -> None:
    """Print microseconds per step around both steps, and their ratio."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    torch.set_num_threads(1)
    heads = f"step {EARLY:,}", f"step {LATE:,}"
    print(f"{f'n = {size:,}, µs of CPU a step':<34}{heads[0]:>12}{heads[1]:>12}{'ratio':>9}")  # noqa: T201  # a script
    with tempfile.TemporaryDirectory() as folder:
        filed = Recorder("v", path=folder)
        for name, recorder in (
            ("Recorder('v')", Recorder("v")),
            ("Recorder('v', max_length=1000)", Recorder("v", max_length=1000)),
            ("Recorder('v', path=...)", filed),
            ("Recorder('v', neurons=(0, 1, 2))", Recorder("v", neurons=(0, 1, 2))),
            ("EventRecorder('spikes')", EventRecorder("spikes")),
        ):
            tell(name, *ours(size, recorder))
        filed.flush()
    tell("pymonntorch Recorder('v')", theirs(size, EARLY), theirs(size, LATE))


if __name__ == "__main__":
    main()
