"""A very long run, and very many networks in one process: what grows?

``python -m tests.trials.long_runs --steps 10000000`` runs the example ``balanced``
with recorders that keep the last rows; ``--networks 2000`` builds that many small
networks, each with another seed and other sizes, runs and drops them. Told is the
cost of a step and the resident memory at the start and at the end.
"""

from __future__ import annotations

import argparse
import gc
import random
import time
from collections.abc import Iterator

from conex_core import (
    LIF,
    EventRecorder,
    Fire,
    InherentNoise,
    Neocortex,
    NeuronAxon,
    NeuronGroup,
    PreSpikeCatcher,
    Recorder,
    SimpleDendriteComputation,
    SimpleDendriteStructure,
    SimpleDendriticInput,
    SynapseGroup,
    SynapseInit,
    WeightInitializer,
    catalog,
    examples,
)
from conex_core.run.session import Session
from tests.trials import results
from tests.trials.plot_cycles import resident_mb

__all__ = ["long_run", "many_networks"]

KEPT = 1000  # rows that a recorder keeps
PARTS = 100
WARM_UP = 50


def long_run(steps: int, seed: int) -> dict[str, object]:
    """Run ``balanced``; return its figures, of the first and the last tenth where they differ."""
    session = Session.of(examples.load("balanced"), catalog.load(), seed=seed)
    for group in session.network.NeuronGroups:
        group.add_behavior(600, Recorder("v", max_length=KEPT))
        group.add_behavior(601, EventRecorder("spikes", max_length=KEPT))
    measured = list(_measured(session, steps // PARTS))
    first, last = measured[: PARTS // 10], measured[-(PARTS // 10) :]
    return {
        "steps": session.result().steps,
        "us_at_start": _median([cost for cost, _ in first]),
        "us_at_end": _median([cost for cost, _ in last]),
        "mb_at_start": round(first[0][1], 1),
        "most_growth_mb": round(last[-1][1] - first[0][1], 1),
        "spike_hash": session.spike_hash(),
    }


def _measured(session: Session, steps: int) -> Iterator[tuple[float, float]]:
    """Yield microseconds of this process per step, and the memory after each of the parts."""
    for _ in range(PARTS):
        begin = time.process_time()
        session.run(steps)
        yield (time.process_time() - begin) * 1e6 / steps, resident_mb()


def many_networks(count: int, seed: int) -> dict[str, object]:
    """Build, run and drop networks; return how much memory grew after the first ones."""
    chance, spikes, memory = random.Random(seed), 0, []
    begin = time.perf_counter()
    for number in range(count + WARM_UP + 1):
        if number >= WARM_UP and (number - WARM_UP) % max(count // 10, 1) == 0:
            gc.collect()  # networks are in circles
            memory.append(resident_mb())
        spikes += _one(chance).run(100).groups[0].spikes
    return {
        "networks": count,
        "spikes": spikes,
        "most_growth_mb": round(memory[-1] - memory[0], 1),
        "most_growth_of_second_half_mb": round(memory[-1] - memory[len(memory) // 2], 1),
        "seconds": round(time.perf_counter() - begin, 1),
    }


def _one(chance: random.Random) -> Session:
    net = Neocortex(seed=chance.randrange(10**6))
    size = chance.randrange(20, 200)
    own = [SimpleDendriteStructure(), SimpleDendriteComputation()]
    own += [LIF(tau=chance.uniform(5, 30)), InherentNoise(scale=9.0), Fire(), NeuronAxon()]
    group = NeuronGroup(net, size, [*own, Recorder("v")], "exc")
    joined = [SynapseInit(), PreSpikeCatcher(), WeightInitializer(mode="rand", scale=0.02)]
    SynapseGroup(net, group, group, "exc exc,Proximal", [*joined, SimpleDendriticInput()])
    return Session(net)


def _median(costs: list[float]) -> float:
    return round(sorted(costs)[len(costs) // 2], 2)


def main() -> None:
    """Measure, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=0)
    parser.add_argument("--networks", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    results.say(f"seed {given.seed}")
    if given.steps:
        results.write("long run", {"seed": given.seed, **long_run(given.steps, given.seed)})
    if given.networks:
        found = many_networks(given.networks, given.seed)
        results.write("many networks", {"seed": given.seed, **found})


if __name__ == "__main__":
    main()
