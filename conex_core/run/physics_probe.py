"""Watch the physics of a session: what its taps have counted, and now and then its weights.

A probe like others, but nothing is sampled in any iteration: spikes are counted
when a batch ends, from what the taps hold for all, and judged once a window.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import torch

from conex_core.behaviors.neurons.noise import InherentNoise
from conex_core.counting import iterations_of
from conex_core.run.crossing import Crossing, may_cross
from conex_core.run.physics import Drive, Physics, WatchedGroup
from conex_core.run.probe import Tapped
from conex_core.run.run_warning import RunWarning
from conex_core.run.saturation import Saturation, WeightWatch, bounds_of
from conex_core.structures.base import name_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["PhysicsProbe"]

logger = logging.getLogger(__name__)

LOOK_MS = 2000.0  # from the start to the first look at weights; then as long as the run has lasted
SOON_MS = 500.0  # the same where weights may cross zero: what follows is not what was meant
MOST_MS = 60_000.0  # between two looks: looking costs a fast network more than stepping


class Watchable(Tapped, Protocol):
    """What is asked of the session that is watched."""

    network: Any
    objects: Mapping[str, Any]
    behaviors: Mapping[tuple[str, str], Any]
    groups: Mapping[str, Any]
    error: Any


class PhysicsProbe:
    """Tell what in a running network is unlikely to be meant; each thing once.

    ``warnings`` are all so far, in the order of simulated time.
    """

    is_idle = True

    def __init__(self, session: Watchable) -> None:
        self._session, self._dt = session, float(session.network.dt)
        self.warnings: tuple[RunWarning, ...] = ()
        owners = _Owners(session)
        spiking = {
            name: group
            for name, group in session.groups.items()
            if group.size and isinstance(getattr(group, "spikes", None), torch.Tensor)
        }
        self._taps = [session.tap(group) for group in spiking.values()]
        self._physics = Physics(list(owners.watched(spiking)), self._dt)
        self._looking = list(owners.learning())
        self._start = self._now = self._look_at = -1
        self.begin(int(session.network.iteration))

    def attach(self, session: Tapped) -> None:
        """Do nothing: the taps are there already."""

    def begin(self, iteration: int) -> None:
        """Get ready for a batch after ``iteration``; start anew where the time has jumped."""
        if iteration == self._now:
            return
        self._now = self._start = iteration
        self._partial = np.zeros(len(self._taps), np.int64)
        crossing = any(isinstance(each, Crossing) for each in self._looking)
        self._look_at = iteration + self._steps(SOON_MS if crossing else LOOK_MS)
        self._physics.begin(iteration)

    @property
    def due(self) -> int:
        """Return after how many iterations the batch should end, so that weights can be seen."""
        return self._look_at - self._now if self._looking else 1 << 62

    def sample(self, iteration: int) -> None:
        """Do nothing: the taps sample once for all."""

    def flush(self, iteration: int) -> None:
        """Judge the windows that have ended, and the weights if it is time."""
        counts = self._counts(iteration)
        self._now = iteration
        if len(counts):
            self._tell(self._physics.take(counts))
        if self._looking and iteration >= self._look_at and self._session.error is None:
            self._look()

    def _counts(self, iteration: int) -> NDArray[np.int64]:
        """Return the spikes in each window that ended in this batch, (windows, groups)."""
        steps = self._physics.steps
        done, now = (self._now - self._start) // steps, (iteration - self._start) // steps
        ends = self._start + steps * np.arange(done + 1, now + 1)
        counts = np.empty((len(ends), len(self._taps)), np.int64)
        for place, tap in enumerate(self._taps):
            if not len(ends):
                self._partial[place] += len(tap.t)
                continue
            upto = np.searchsorted(tap.t, ends, side="right")
            counts[:, place] = np.diff(upto, prepend=-self._partial[place])
            self._partial[place] = len(tap.t) - upto[-1]
        return counts

    def _look(self) -> None:
        time = self._now * self._dt
        found = {id(each): each.look(time) for each in self._looking}
        self._looking = [each for each in self._looking if found[id(each)] is None]
        self._tell([warning for warning in found.values() if warning is not None])
        lasted = self._now - self._start
        self._look_at = self._now + min(lasted, self._steps(MOST_MS))

    def _tell(self, found: list[RunWarning]) -> None:
        for warning in found:
            logger.warning("%s", warning)
        self.warnings = (*self.warnings, *found)

    def _steps(self, ms: float) -> int:
        return iterations_of(ms, self._dt)


class _Owners:
    """Find what is watched in a session, under the ids that its document knows."""

    def __init__(self, session: Watchable) -> None:
        self._network = session.network
        self._nodes = {id(owner): node for node, owner in session.objects.items()}
        self._items = {id(behavior): key[1] for key, behavior in session.behaviors.items()}
        self._inputs: set[int] = set()
        for layer in session.network.input_layers:
            for part in ("sensory_pop", "location_pop"):
                population = getattr(layer, part, None)
                if population is not None:
                    self._inputs.add(id(population))
                    self._nodes.setdefault(id(population), self._node(layer))

    def watched(self, spiking: Mapping[str, Any]) -> Iterator[WatchedGroup]:
        """Yield each group as the rules see it, in order."""
        places = {id(group): place for place, group in enumerate(spiking.values())}
        for name, group in spiking.items():
            drive = Drive(tuple(_sources(group, places)), _own_drive(group))
            is_input = id(group) in self._inputs
            yield WatchedGroup(self._node(group), name, int(group.size), drive, is_input)

    def learning(self) -> Iterator[WeightWatch]:
        """Yield what looks at each synapse group that learns: at its bounds, and at zero."""
        for synapse in self._network.SynapseGroups:
            if not hasattr(synapse, "weights"):
                continue
            place = (self._node(synapse), name_of(synapse), self._items)
            if bounds_of(synapse) is not None:
                yield Saturation(synapse, *place)
            if may_cross(synapse):
                yield Crossing(synapse, *place)

    def _node(self, owner: Any) -> str:
        return self._nodes.get(id(owner)) or str(self._network.key_of(owner))


def _sources(group: Any, places: Mapping[int, int]) -> Iterator[int]:
    """Yield the places of groups that excite ``group`` by synapses which carry a current."""
    synapses = {id(each): each for listed in group.afferent_synapses.values() for each in listed}
    for synapse in synapses.values():
        source = getattr(synapse.src, "BaseNeuronGroup", synapse.src)
        excites = getattr(source, "polarity", "") == "excitatory" and hasattr(synapse, "I")
        if excites and source is not group and id(source) in places:
            yield places[id(source)]


def _own_drive(group: Any) -> str:
    """Return in words what a group has itself that should make it fire."""
    noise = (item for item in group.behavior.values() if isinstance(item, InherentNoise))
    acts = any(item.behavior_enabled and (item.scale or item.offset) for item in noise)
    return "it has noise of its own" if acts else ""
