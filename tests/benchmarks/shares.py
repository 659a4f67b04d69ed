"""Where the time of a step goes on the reference engine, behavior by behavior."""

from __future__ import annotations

from collections import Counter, defaultdict

from conex_core import Neocortex

__all__ = ["shares"]


def shares(net: Neocortex, steps: int) -> list[tuple[str, float]]:
    """Run ``steps`` iterations; return behaviors and their µs per step, costly ones first."""
    spent: Counter[float] = Counter()
    for _ in range(steps):
        spent.update(net.simulate_iteration(measure_behavior_execution_time=True))
    names = _names(net)
    costs = [(names[key], taken / steps * 1000) for key, taken in spent.items()]
    return sorted(costs, key=lambda row: -row[1])


def _names(net: Neocortex) -> dict[float, str]:
    """Return the classes at each place in the order, with how many behaviors they have."""
    found: dict[float, Counter[str]] = defaultdict(Counter)
    for key, _, behavior in net.sorted_behavior_execution_list:
        found[key][type(behavior).__name__] += 1
    return {
        key: ", ".join(name if count == 1 else f"{name} × {count}" for name, count in kinds.items())
        for key, kinds in found.items()
    }
