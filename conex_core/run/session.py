"""The session: a built network, the loop that steps it, and the ways in and out.

Commands come in through a queue that any thread may fill; data goes out through
probes; everything else is called by the one thread that steps. A failure in a
step becomes one BehaviorError, after which nothing moves until it is told to go
on; all state can be read. Knows neither Qt nor threads.
"""

from __future__ import annotations

import hashlib
import logging
import queue
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch

from conex_core.catalog import Catalog
from conex_core.errors import BehaviorError, ParameterError, StructureError, UnknownName
from conex_core.graph.model.document import Document
from conex_core.parameters import Integer, Number
from conex_core.run import session_copies
from conex_core.run.learning import Learning
from conex_core.run.physics_probe import PhysicsProbe
from conex_core.run.planning import plan
from conex_core.run.probe import Probe, SpikeDigest, SpikeTap
from conex_core.run.results import GroupResult, RunResult, Status
from conex_core.run.run_warning import RunWarning
from conex_core.run.stepping import Stepper, call_all
from conex_core.state import State
from conex_core.structures.base import name_of
from conex_core.structures.interrupts import Hold
from conex_core.structures.iteration import ask, is_in_given_code

__all__ = ["Command", "Session"]

logger = logging.getLogger(__name__)

Command = Callable[["Session"], None]
ItemKey = tuple[str, str]

_STEPS = Integer(name="steps", low=0)
_MAX_STEPS = Integer(name="max_steps", low=0)
_BUDGET = Number(name="budget_s", low=0.0, unit="s")
_BATCH_SECONDS = 0.05
_BATCH_STEPS = 1 << 20


class Session:
    """Step a network and read it.

    What it counts are the iterations that it has run itself: those of
    ``net.simulate_iterations`` or of another session are not among them. A network
    that is reset or initialised starts over, and so does what a session counts.

    Parameters
    ----------
    network : Neocortex
        Is initialised here unless it was before.
    objects : mapping of node id to structure, optional
    behaviors : mapping of (node id, behavior id) to Behavior, optional
    document : Document, optional
        What the network was built from.

    Raises
    ------
    BehaviorError
        If a behavior cannot be initialised.
    StructureError
        If the network asks for an engine that cannot be had.
    """

    def __init__(
        self,
        network: Any,
        *,
        objects: Mapping[str, Any] | None = None,
        behaviors: Mapping[ItemKey, Any] | None = None,
        document: Document | None = None,
    ) -> None:
        self.network, self.document = network, document
        self.objects: Mapping[str, Any] = dict(objects or {})
        self.behaviors: Mapping[ItemKey, Any] = dict(behaviors or {})
        self.error: BehaviorError | None = None
        self.learning: Learning | None = None
        self.wall_seconds = 0.0
        self._hold: Hold | None = None
        self._is_stepping = False
        self._pace = 0.0  # seconds that an iteration took lately
        network.ensure_initialized()
        network.fast_engine()  # kernels are compiled, or read from disk, before time counts
        self.groups: Mapping[str, Any] = dict(_named_groups(network))
        self._starts, self._at = network.starts, network.completed
        self._stretches: list[tuple[int, int]] = []  # of iterations, the first and the last
        self._commands: queue.SimpleQueue[Command] = queue.SimpleQueue()
        self._taps: dict[int, SpikeTap] = {}
        self._probes: list[Probe] = []
        self._digests = {
            name: SpikeDigest(group) for name, group in self.groups.items() if _spikes(group)
        }
        for digest in self._digests.values():
            self.attach(digest)
        self._physics = PhysicsProbe(self)
        self.attach(self._physics)

    @classmethod
    def of(
        cls,
        document: Document,
        catalog: Catalog,
        *,
        seed: int | None = None,
        device: str | None = None,
        engine: str | None = None,
        threads: int = 1,
        base: str | Path | None = None,
        progress: Callable[[int, int, str], object] | None = None,
    ) -> Session:
        """Return a session of ``document``, built and ready to run.

        ``engine`` and ``threads`` are those of :class:`Neocortex`.

        Raises
        ------
        ProjectError
            If the document has errors.
        FileError
            If a data file cannot be used.
        BehaviorError
            If a behavior cannot be initialised.
        """
        from conex_core.run.starting import start

        built = start(
            plan(document, catalog),
            seed=seed,
            device=device,
            engine=engine,
            threads=threads,
            base=base,
            progress=progress,
        )
        return cls(
            built.network, objects=built.objects, behaviors=built.behaviors, document=document
        )

    @property
    def iteration(self) -> int:
        """Return the number of the last iteration; 0 before the first."""
        return int(self.network.iteration)

    @property
    def dt(self) -> float:
        """Return the simulated time of one iteration in ms."""
        return float(self.network.dt)

    def status(self) -> Status:
        """Return where the session stands; any thread may ask."""
        unfinished = self.network.unfinished
        return Status(self.iteration, self.iteration * self.dt, self.dt, self.error, unfinished)

    @property
    def warnings(self) -> tuple[RunWarning, ...]:
        """Return what was unlikely to be meant so far, such as rates near 1/dt; logged too."""
        return self._physics.warnings

    def tap(self, group: Any) -> SpikeTap:
        """Return the one tap of a group's spikes; probes share it."""
        if id(group) not in self._taps:
            if not _spikes(group):
                raise UnknownName(f"variable of {group.tags[0]}", "spikes", ())
            self._taps[id(group)] = SpikeTap(group)
        return self._taps[id(group)]

    def attach(self, probe: Probe) -> None:
        """Let ``probe`` sample from the next iteration on."""
        probe.attach(self)
        self._probes.append(probe)

    def detach(self, probe: Probe) -> None:
        """Let ``probe`` go; nothing happens if it is not attached."""
        self._probes = [other for other in self._probes if other is not probe]

    def post(self, command: Command) -> None:
        """Have ``command`` called before the next step; any thread may post."""
        self._commands.put(command)

    def advance(self, max_steps: int, budget_s: float) -> int:
        """Run up to ``max_steps`` steps for about ``budget_s`` seconds; return how many.

        Runs the posted commands first and flushes the probes at the end. After
        a failure (``error``) it only runs commands, until :meth:`go_on`.

        Raises
        ------
        KeyboardInterrupt
            After Ctrl-C, between two iterations; the steps before are counted.
        StructureError
            If a probe or a behavior asks for it while the session steps.
        """
        max_steps, budget_s = _MAX_STEPS.check(max_steps), _BUDGET.check(budget_s)
        if self._is_stepping:
            hint = "do it when that run has ended"
            raise StructureError(self.network.name, "cannot be run while it runs", hint=hint)
        self._run_commands()
        self._follow()
        if self.error is not None or max_steps <= 0:
            return 0
        started = time.perf_counter()
        self._physics.begin(self._at)
        steps = min(max_steps, self._physics.due)
        with torch.no_grad(), self._held() as hold:
            self._is_stepping = True
            try:
                self._step_until(steps, started + budget_s, hold)
            finally:
                self._is_stepping = False
                done = self._count()
                self._guarded(self._flush)
                self.wall_seconds += time.perf_counter() - started
        return done

    def go_on(self) -> None:
        """Let the next steps be run after a failure, from the behavior that failed."""
        self.error = None

    def run(
        self,
        steps: int,
        *,
        progress: Callable[[int, int], None] | None = None,
        stop: Callable[[], bool] | None = None,
    ) -> RunResult:
        """Run ``steps`` steps and return what all steps so far gave.

        ``progress(done, steps)`` is called and ``stop()`` asked many times a second.
        After a failure, the first of the steps is the rest of the iteration that
        failed, from the behavior that did.

        Raises
        ------
        BehaviorError
            If a behavior fails; :meth:`result` still gives what ran before.
        KeyboardInterrupt
            After Ctrl-C; :meth:`result` and another ``run`` work as after any other end.
        """
        steps = _STEPS.check(steps)
        self.go_on()
        done = 0
        # Held all the time: raised in a finalizer, say, KeyboardInterrupt would be lost.
        with self._held() as hold:
            while done < steps and not (stop is not None and ask(stop)):
                done += self.advance(min(steps - done, _BATCH_STEPS), _BATCH_SECONDS)
                if self.error is not None:
                    raise self.error
                if progress is not None:
                    ask(progress, done, steps)
                hold.let_through()
        if self.network.awaits_records:
            self.network.tell_missing_records()
        return self.result(interrupted=done < steps)

    def result(self, *, interrupted: bool = False) -> RunResult:
        """Return what the session gave so far, of the iterations that it names."""
        self._follow()
        steps = sum(last - first + 1 for first, last in self._stretches)
        seconds = steps * self.dt / 1000
        return RunResult(
            steps=steps,
            sim_seconds=seconds,
            wall_seconds=self.wall_seconds,
            steps_per_second=steps / self.wall_seconds if self.wall_seconds else 0.0,
            groups=tuple(self._group_result(name, seconds) for name in self.groups),
            spike_hash=self.spike_hash(),
            interrupted=interrupted,
            iterations=tuple(self._stretches),
            warnings=self.warnings,
        )

    def watch_learning(self) -> None:
        """Let ``learning`` say from now on what this session has learned."""
        self.learning = Learning(self.objects, self.network)

    def restore(self, state: State) -> None:
        """Go on from ``state``; results count the steps before and after.

        Raises
        ------
        StructureError
            If it is of another network; nothing has changed then.
        """
        with torch.no_grad():
            self.network.restore(state)
        if self.learning is not None:
            self.learning.mark_saved()

    def spike_hash(self) -> str:
        """Return the SHA-256 over all spikes, by group name, time and neuron.

        Each group, in the order of names, adds its name in UTF-8, a zero byte
        and the SHA-256 of its little-endian int64 pairs (iteration, neuron).
        """
        self._follow()
        total = hashlib.sha256()
        nothing = hashlib.sha256().digest()
        for name in sorted(self.groups):
            digest = self._digests.get(name)
            total.update(
                name.encode("utf-8", "surrogatepass")
                + b"\0"
                + (digest.digest() if digest else nothing)
            )
        return total.hexdigest()

    def set_parameter(self, node_id: str, item_id: str, name: str, value: Any) -> None:
        """Set a live parameter; with a behavior stack's id, in all its groups.

        Raises
        ------
        UnknownName
            If there is no such behavior or parameter.
        ParameterError
            If the value breaks the parameter's rule or it is not ``live``.
        """
        changed: list[tuple[Any, Any, Any]] = []
        try:
            for owner, behavior in self._found(node_id, item_id):
                before = getattr(behavior, name, None)
                behavior.change_parameter(owner, name, value)
                changed.append((owner, behavior, before))
        except ParameterError:
            for owner, behavior, before in changed:
                behavior.change_parameter(owner, name, before)
            raise
        if self.learning is not None:
            for owner, _, _ in changed:
                self.learning.was_set(owner, name)

    def enable_behavior(self, node_id: str, item_id: str, enabled: bool) -> None:
        """Switch a behavior on or off from the next step on."""
        for _, behavior in self._found(node_id, item_id):
            behavior.behavior_enabled = enabled

    def __copy__(self) -> Session:
        session_copies.refuse()

    def __deepcopy__(self, memo: dict[int, Any]) -> Session:
        return session_copies.deep_copy(self, memo)  # type: ignore[no-any-return]  # one like this

    def __reduce__(self) -> tuple[Any, ...]:
        return session_copies.reduced(self)

    def _found(self, node_id: str, item_id: str) -> list[tuple[Any, Any]]:
        """Return (owner, behavior) of one behavior, or of every copy of a stack's."""
        keys = [key for key in self.behaviors if key == (node_id, item_id)] or [
            key for key in self.behaviors if key[1] == item_id
        ]
        if not keys:
            raise UnknownName("behavior", item_id, (key[1] for key in self.behaviors))
        return [(self.objects[key[0]], self.behaviors[key]) for key in keys]

    def _run_commands(self) -> None:
        while True:
            try:
                command = self._commands.get_nowait()
            except queue.Empty:
                return
            ask(command, self)

    @contextmanager
    def _held(self) -> Iterator[Hold]:
        """Hold Ctrl-C, once for a run and all of its batches."""
        if self._hold is not None:
            yield self._hold
            return
        with Hold(is_in_given_code) as hold:
            self._hold = hold
            try:
                yield hold
            finally:
                self._hold = None

    def _follow(self) -> None:
        """See what others did to the network since the last step here."""
        if self._is_stepping:  # a probe asks, or a behavior: what is new is counted later
            return
        network = self.network
        if network.starts != self._starts:
            self._starts, self._at = network.starts, network.completed
            self._stretches, self.wall_seconds, self.error = [], 0.0, None
            self._tell("start_over")
        elif network.completed != self._at:
            self._at = network.completed
            self._tell("leap", self._at)

    def _tell(self, what: str, *facts: int) -> None:
        """Call a method of the probes that have it."""
        for probe in self._probes:
            hear = getattr(probe, what, None)
            if hear is not None:
                hear(*facts)

    def _count(self) -> int:
        """Count what was run since the last count; return how many iterations that is."""
        before, self._at = self._at, self.network.completed
        done: int = self._at - before
        if done > 0:
            first = before + 1
            if self._stretches and self._stretches[-1][1] == before:
                first = self._stretches.pop()[0]
            self._stretches.append((first, self._at))
        return max(done, 0)

    def _step_until(self, max_steps: int, deadline: float, hold: Hold) -> None:
        stepper = Stepper(self.network, self._taps.values(), self._probes, self._pace, hold)
        self._guarded(lambda: stepper.run(max_steps, deadline))
        self._pace = stepper.pace

    def _guarded(self, act: Callable[[], object]) -> None:
        """Act; one of the few places that may catch anything, because it reports it."""
        try:
            act()
        except BehaviorError as error:
            self._fail(error)
        except Exception as error:  # noqa: BLE001  # a door: nothing may leave unreported
            failure = BehaviorError("Session", "probe", 0, self.iteration, str(error))
            failure.__cause__ = error
            self._fail(failure)

    def _fail(self, error: BehaviorError) -> None:
        """Keep the first failure of a call; what fails after it may do so because of it."""
        if self.error is None:
            self.error = error
        else:
            logger.error("After that: %s", error)

    def _flush(self) -> None:
        for tap in self._taps.values():
            tap.flush()
        call_all([probe.flush for probe in self._probes], self._at)

    def _group_result(self, name: str, seconds: float) -> GroupResult:
        digest = self._digests.get(name)
        spikes, size = digest.count if digest else 0, int(self.groups[name].size)
        rate = spikes / size / seconds if seconds and size else 0.0
        return GroupResult(name, size, spikes, rate)


def _spikes(group: Any) -> bool:
    spikes = getattr(group, "spikes", None)
    return isinstance(spikes, torch.Tensor) and spikes.numel() > 0


def _named_groups(network: Any) -> Iterator[tuple[str, Any]]:
    for group in network.NeuronGroups:
        yield name_of(group), group
