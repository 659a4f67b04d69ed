"""What a run gave: counts and rates per group, speed, and the hash of all spikes."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from conex_core.errors import BehaviorError
from conex_core.run.run_warning import RunWarning
from conex_core.shown_names import shown_name

if TYPE_CHECKING:
    from conex_core.structures.iteration import Unfinished

__all__ = ["GroupResult", "RunResult", "Status"]

_CELL = 40  # signs of a name in a table


@dataclass(frozen=True)
class Status:
    """Hold where a session stands; ``sim_ms`` is simulated time, ``dt`` ms per iteration.

    ``unfinished`` says at which behavior the iteration stopped; None between two.
    """

    iteration: int
    sim_ms: float
    dt: float
    error: BehaviorError | None = None
    unfinished: Unfinished | None = None


@dataclass(frozen=True)
class GroupResult:
    """Hold what one group did: ``mean_rate_hz`` is spikes per neuron and second."""

    name: str
    size: int
    spikes: int
    mean_rate_hz: float


@dataclass(frozen=True)
class RunResult:
    """Hold what a run gave. ``interrupted`` means it ended before all its steps.

    ``iterations`` are those that all of this is of: the first and the last of each
    stretch that was run, several where a state was restored in between or others
    have stepped the network.
    """

    steps: int
    sim_seconds: float
    wall_seconds: float
    steps_per_second: float
    groups: tuple[GroupResult, ...]
    spike_hash: str
    interrupted: bool = False
    iterations: tuple[tuple[int, int], ...] = ()
    warnings: tuple[RunWarning, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """Return the result as JSON-ready data."""
        data = asdict(self)
        return data | {name: list(data[name]) for name in ("groups", "warnings")}

    def summary(self) -> str:
        """Return the result as a few lines of text."""
        ended = " (ended early)" if self.interrupted else ""
        lines = [
            f"{self.steps:,} steps, {self.sim_seconds:g} s simulated in {self.wall_seconds:.1f} s"
            f" ({self.steps_per_second:,.0f} steps/s){ended}"
        ]
        names = [shown_name(group.name, _CELL) for group in self.groups]
        width = max((len(name) for name in names), default=0)
        lines += [
            f"  {name:<{width}}  {group.size:>7,} neurons  {group.spikes:>10,} spikes"
            f"  {group.mean_rate_hz:8.2f} Hz"
            for name, group in zip(names, self.groups, strict=True)
        ]
        return "\n".join([*lines, f"spike hash {self.spike_hash}"])
