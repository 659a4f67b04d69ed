"""One workload, timed: prints a line of JSON like those of the peers.

``python -m tests.benchmarks W1 --n 1000`` prints build time, time per step, spikes and
memory; ``--check`` takes the stored input, with which every simulator counts the same
spikes. ``compile_s`` is what the warm-up took beyond its steps.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Sequence
from typing import Any

import torch

from conex_core import EventRecorder, Neocortex
from tests.benchmarks.networks import built
from tests.benchmarks.shares import shares
from tests.benchmarks.workloads import PROMISES, WARMUP, WORKLOADS, Workload, workload

__all__ = ["main", "measured"]

ENGINES = ("auto", "fused", "reference")


def main(arguments: Sequence[str]) -> int:
    """Measure one workload; return 1 where a promised count is missed."""
    given = _parser().parse_args(arguments)
    torch.set_num_threads(given.threads)
    work = workload(given.workload, given.n)
    work = work.static() if given.static else work
    steps = given.steps or work.steps
    if given.profile:
        return _profiled(work, steps, given)
    found = measured(
        work,
        steps=steps,
        warmup=given.warmup,
        engine=given.engine,
        check=given.check,
        counted=not given.uncounted,
    )
    sys.stdout.write(json.dumps(found) + "\n")
    return _judged(found, given) if given.check and not given.static else 0


def measured(
    work: Workload,
    *,
    steps: int,
    warmup: int = WARMUP,
    engine: str = "auto",
    check: bool = False,
    counted: bool = True,
) -> dict[str, Any]:
    """Return what a run of ``steps`` iterations after ``warmup`` of them took and gave."""
    begin = time.perf_counter()
    net = built(work, engine=engine, stored=(warmup + steps) * check, counted=counted)
    ready = time.perf_counter()
    net.simulate_iterations(warmup)
    before, warm = _spikes(net), time.perf_counter()
    net.simulate_iterations(steps)
    spent = time.perf_counter() - warm
    spikes = _spikes(net) - before
    return {
        "workload": work.name,
        "simulator": "conex_studio",
        "n": work.neurons,
        "steps": steps,
        "build_s": round(ready - begin, 3),
        "sim_s": round(spent, 5),
        "us_per_step": round(spent / steps * 1e6, 2),
        "spikes": spikes if counted else None,
        "mean_rate_hz": round(1000 * spikes / (work.size * steps), 3) if counted else None,
        "peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "engine": engine,
        "compile_s": round(max(warm - ready - warmup * spent / steps, 0.0), 3),
        "check": check,
        "learning": work.learning is not None,
        **_weights(net, work),
    }


def _profiled(work: Workload, steps: int, given: argparse.Namespace) -> int:
    stored = (given.warmup + steps) * given.check
    net = built(work, engine="reference", stored=stored, counted=not given.uncounted)
    net.simulate_iterations(given.warmup)
    rows = shares(net, steps)
    total = sum(taken for _, taken in rows)
    for name, taken in rows:
        sys.stdout.write(f"{name:<50}{taken:>12,.1f} µs{taken / total:>8.1%}\n")
    return 0


def _spikes(net: Neocortex) -> int:
    """Return how many spikes have been recorded so far."""
    stacks = (group.behavior.values() for group in net.NeuronGroups)
    recorders = [item for stack in stacks for item in stack if isinstance(item, EventRecorder)]
    return sum(len(recorder.variables["spikes"]) for recorder in recorders)


def _weights(net: Neocortex, work: Workload) -> dict[str, float]:
    """Return mean and spread of the learned weights, nA."""
    if work.learning is None:
        return {}
    weights = net.SynapseGroups[0].weights.double()
    found = {"w_mean": weights.mean(), "w_std": weights.std()}
    return {name: float(f"{float(value):.7g}") for name, value in found.items()}


def _judged(found: dict[str, Any], given: argparse.Namespace) -> int:
    promise = PROMISES[given.workload]
    same = (given.n, found["steps"], given.warmup) == (promise.size, promise.steps, WARMUP)
    if not same or found["spikes"] in (None, promise.spikes):
        return 0
    sys.stderr.write(f"{given.workload} must have {promise.spikes} spikes\n")
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("workload", choices=sorted(WORKLOADS))
    parser.add_argument("--n", type=int, help="neurons, instead of the workload's own number")
    parser.add_argument("--steps", type=int)
    parser.add_argument("--warmup", type=int, default=WARMUP, help="steps before the clock runs")
    parser.add_argument("--engine", choices=ENGINES, default="auto")
    parser.add_argument("--check", action="store_true", help="take the stored input")
    parser.add_argument("--static", action="store_true", help="leave out the learning rule")
    parser.add_argument("--uncounted", action="store_true", help="record no spikes")
    parser.add_argument("--profile", action="store_true", help="print µs per behavior instead")
    parser.add_argument("--threads", type=int, default=1, help="threads of torch")
    return parser
