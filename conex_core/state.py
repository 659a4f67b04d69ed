"""What changes while a network runs, taken out and put back.

Not the structure: that is ``conex_core.structures.replication``. Not what was
recorded. A state belongs to a network of the same groups and behaviors.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["State", "apply", "capture", "reset", "restore", "state_of"]


@dataclass(frozen=True)
class State:
    """Hold what :meth:`Neocortex.state` returned."""

    values: Mapping[str, Mapping[str, Any]]  # key of an object -> name -> tensor or plain value
    iteration: int
    dt: float


def state_of(network: Any) -> State:
    """Return the state of ``network``."""
    owners = network.all_objects()
    values = {network.key_of(owner): capture(owner) for owner in owners}
    return State(values, int(network.iteration), float(network.dt))


def restore(network: Any, state: State) -> None:
    """Write ``state`` into ``network``."""
    for owner in network.all_objects():
        apply(owner, state.values[network.key_of(owner)])
    network._iteration = state.iteration


def reset(network: Any, keep: Collection[str] = ()) -> None:
    """Go back to before the first iteration."""
    network.initialize()


def capture(owner: Any) -> dict[str, Any]:
    """Return the variables of one object and its behaviors, copied."""
    return {}


def apply(owner: Any, values: Mapping[str, Any]) -> None:
    """Write what :func:`capture` returned into ``owner``, in place."""
