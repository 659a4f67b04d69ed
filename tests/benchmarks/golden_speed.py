"""What a step of each golden network costs: ``python -m tests.benchmarks.golden_speed``.

The same behaviors are held by conex_core's objects and by plain pymonntorch
ones, which step in turns within one run. Prints medians per step and their
ratio; below 1 means that conex_core is faster.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import torch
from pymonntorch import Network, NeuronGroup, SynapseGroup

sys.path.insert(0, str(Path(__file__).parents[1]))

from golden_networks import CASES, OURS, Parts, built  # a folder of scripts

__all__ = ["PLAIN", "compared", "rows"]


def plain_network(*, dt: float, dtype: torch.dtype, behavior: dict[float, Any]) -> Any:
    """Return a network of pymonntorch with a time step."""
    network = Network(behavior=behavior, dtype=dtype, index=False)
    network.dt = dt
    return network


def plain_group(network: Any, size: Any, behavior: dict[float, Any], tag: str) -> Any:
    """Return a neuron group of pymonntorch."""
    return NeuronGroup(size, network, behavior, tag)


def plain_synapses(network: Any, src: Any, dst: Any, tag: str, behavior: dict[float, Any]) -> Any:
    """Return a synapse group of pymonntorch."""
    return SynapseGroup(network, src, dst, tag, behavior)


PLAIN = Parts(plain_network, plain_group, plain_synapses)


def ready(case: dict[str, Any], parts: Parts) -> Any:
    """Return the initialized network of ``case``; pymonntorch's prints are dropped."""
    torch.manual_seed(case.get("seed", 0))
    network = built(case, parts)
    with contextlib.redirect_stdout(io.StringIO()):
        network.initialize(info=False, warnings=False)
    return network


def duration(network: Any) -> float:
    """Return the microseconds that one step takes."""
    begin = time.perf_counter()
    network.simulate_iteration()
    return (time.perf_counter() - begin) * 1e6


def compared(case: dict[str, Any], rounds: int) -> tuple[float, float]:
    """Return the median µs per step of conex_core's objects and of plain ones.

    A case has as many rows as steps, so every round starts anew; the two take
    turns step by step, and in who goes first.
    """
    ours: list[float] = []
    plain: list[float] = []
    for turn in range(rounds):
        pair = [(ready(case, OURS), ours), (ready(case, PLAIN), plain)]
        for _ in range(case["steps"]):
            for network, found in pair if turn % 2 else reversed(pair):
                found.append(duration(network))
    return statistics.median(ours), statistics.median(plain)


def rows(rounds: int) -> list[tuple[str, float, float]]:
    """Return name, µs of conex_core and µs of plain pymonntorch for each network file."""
    cases = [(path.stem, json.loads(path.read_text(encoding="utf-8"))) for path in CASES]
    return [(name, *compared(case, rounds)) for name, case in cases if case["kind"] == "network"]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    torch.set_num_threads(1)
    table = rows(parser.parse_args().rounds)
    width = max(len(name) for name, _, _ in table)
    lines = [f"{'network':<{width}}  conex_core  pymonntorch  ratio"]
    lines += [
        f"{name:<{width}}  {ours:>7.1f} µs  {plain:>8.1f} µs  {ours / plain:5.2f}"
        for name, ours, plain in table
    ]
    ratio = statistics.geometric_mean(ours / plain for _, ours, plain in table)
    sys.stdout.write("\n".join([*lines, f"geometric mean of the ratios: {ratio:.2f}", ""]))


if __name__ == "__main__":
    main()
