"""Measure what large sparse networks cost to build and to run.

Run ``python -m tests.benchmarks.scale [--million] [--engine reference|auto|fused]``: LIF
neurons with 100 drawn synapses each, one in a hundred of which spikes in
every step. Each size runs in a process of its own and prints a JSON line: bytes a
synapse of the weights and at the peak of building, seconds to build, µs a step.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import torch

from conex_core import (
    LIF,
    Behavior,
    Fire,
    InherentNoise,
    Neocortex,
    NeuronAxon,
    NeuronGroup,
    PreSpikeCatcher,
    SimpleDendriteComputation,
    SimpleDendriteStructure,
    SparseDendriticInput,
    SynapseGroup,
    SynapseInit,
    WeightInitializer,
    prioritize_behaviors,
)

ROOT = Path(__file__).resolve().parents[2]
SIZES = (10_000, 100_000)
MILLION = 1_000_000
DEGREE = 100
CHANCE = 0.01  # of a spike, in each step
WARMUP = 10


def main() -> int:
    """Measure every size in a fresh process, or one here."""
    given = _options()
    if given.n:
        sys.stdout.write(json.dumps(measured(given.n, given.steps, given.engine)) + "\n")
        return 0
    own = (*("--steps", str(given.steps)), *("--engine", given.engine))
    for n in (*SIZES, MILLION) if given.million else SIZES:
        command = [sys.executable, "-m", "tests.benchmarks.scale", "--n", str(n), *own]
        subprocess.run(command, cwd=ROOT, check=True)
    return 0


def measured(n: int, steps: int, engine: str) -> dict[str, Any]:
    """Return what ``n`` neurons cost."""
    torch.set_num_threads(1)
    network, synapses = built(n, engine)
    before, begin = _peak(), time.perf_counter()
    network.initialize(warnings=False)
    build_s, most = time.perf_counter() - begin, _peak() - before
    weights = synapses.weights
    count = weights.values().numel()
    network.simulate_iterations(WARMUP)  # compiles, too
    begin = time.perf_counter()
    network.simulate_iterations(steps)
    spent = time.perf_counter() - begin
    parts = (weights.crow_indices(), weights.col_indices(), weights.values())
    size = sum(part.numel() * part.element_size() for part in parts)
    return {
        "n": n,
        "synapses": count,
        "engine": engine,
        "bytes_per_synapse": round(size / count, 2),
        "peak_bytes_per_synapse": round(most / count, 1),
        "build_s": round(build_s, 3),
        "us_per_step": round(spent / steps * 1e6, 1),
        "active": round(float(synapses.pre_spike.float().mean()), 4),
    }


def built(n: int, engine: str) -> tuple[Neocortex, Any]:
    """Return a network whose neurons spike by chance, and its synapses."""
    network = Neocortex(seed=1, engine=engine)
    # At rest again after one step: noise alone decides who spikes.
    cells = LIF(R=0.0, tau=1.0, threshold=1.0 - CHANCE, v_reset=0.0, v_rest=0.0)
    parts: list[Behavior] = [SimpleDendriteStructure(), SimpleDendriteComputation()]
    stack = [*parts, cells, InherentNoise(), Fire(), NeuronAxon()]
    group = NeuronGroup(network, n, prioritize_behaviors(stack), "cells")
    weights = WeightInitializer("rand", density=DEGREE / n)
    items: list[Behavior] = [SynapseInit(), weights, PreSpikeCatcher(), SparseDendriticInput()]
    stacked = prioritize_behaviors(items)
    return network, SynapseGroup(network, group, group, "loop,Proximal", stacked)


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--million", action="store_true", help="measure 1,000,000 neurons too")
    parser.add_argument("--n", type=int, default=0, help="measure so many neurons only, here")
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--engine", choices=("auto", "fused", "reference"), default="reference")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
