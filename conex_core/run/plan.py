"""The plan as data: ordered build steps, the schedule of one iteration, and the problems.

How a document becomes a plan is the matter of ``conex_core.run.planning``.
Pure: no torch, no Qt.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from conex_core.counting import iterations_of
from conex_core.graph.blocks.flatten import Flat
from conex_core.graph.blocks.structures import StructureStep
from conex_core.graph.checks.problems import Problem
from conex_core.graph.files.weight_files import StoredWeights
from conex_core.graph.model.document import Document, Settings
from conex_core.graph.model.sizes import Extent, count_of

__all__ = [
    "GroupStep",
    "InputStep",
    "NetworkStep",
    "Plan",
    "PlannedBehavior",
    "ScheduleRow",
    "Stack",
    "SynapseStep",
]


@dataclass(frozen=True)
class PlannedBehavior:
    """Stand for one behavior of one object; ``params`` holds what differs from the defaults."""

    item_id: str
    kind: str
    priority: int
    params: Mapping[str, Any] = field(default_factory=dict)
    enabled: bool = True


Stack = tuple[PlannedBehavior, ...]


@dataclass(frozen=True)
class NetworkStep:
    """Build the network itself."""

    settings: Settings
    stack: Stack = ()


@dataclass(frozen=True)
class GroupStep:
    """Build a NeuronGroup; ``starts`` are learned values by the variable that they are of."""

    node_id: str
    name: str
    size: Extent
    polarity: str
    stack: Stack = ()
    starts: Mapping[str, StoredWeights] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """Return the number of neurons."""
        return count_of(self.size)


@dataclass(frozen=True)
class SynapseStep:
    """Build a SynapseGroup between two nodes built before; ``starts`` as in a GroupStep."""

    node_id: str
    name: str
    source: str
    target: str
    compartment: str
    stack: Stack = ()
    starts: Mapping[str, StoredWeights] = field(default_factory=dict)


@dataclass(frozen=True)
class InputStep:
    """Build an InputLayer; ``params`` holds every parameter, defaults included."""

    node_id: str
    name: str
    size: Extent
    params: Mapping[str, Any]

    @property
    def count(self) -> int:
        """Return the number of neurons."""
        return count_of(self.size)

    def silent_steps(self, dt: float) -> int:
        """Return the pause after each sample in iterations; one at least, if there is any."""
        silence = float(self.params["silence"])
        return iterations_of(silence, dt) if silence else 0


class ScheduleRow(NamedTuple):
    """Say that ``behavior`` of ``owner`` runs at this place of an iteration."""

    priority: int
    node_id: str
    owner: str
    behavior: str
    item_id: str


@dataclass(frozen=True)
class Plan:
    """Hold everything that building a document needs, and why it may not be built."""

    document: Document
    network: NetworkStep
    flat: Flat | None = None
    inputs: tuple[InputStep, ...] = ()
    groups: tuple[GroupStep, ...] = ()
    synapses: tuple[SynapseStep, ...] = ()
    structures: tuple[StructureStep, ...] = ()
    schedule: tuple[ScheduleRow, ...] = ()
    problems: tuple[Problem, ...] = ()
    neuron_count: int = 0
    synapse_count: int = 0
    memory_bytes: int = 0

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Return the problems that block a run."""
        return tuple(problem for problem in self.problems if problem.severity == "error")
