"""Neocortex: the network that holds every structure and steps it.

Initialises silently, gives each behavior a generator of its own when it has a
seed, and turns any failure into an error that names the object and behavior.
"""

from __future__ import annotations

import bisect
import hashlib
import logging
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from conex_core.behaviors.network.resolution import TimeResolution
from conex_core.errors import BehaviorError, ConexError, ParameterError, StructureError
from conex_core.keywords import is_of_scripts, may_set_more
from conex_core.parameters import Flag, Integer, Number, Option
from conex_core.structures import copied
from conex_core.structures.attributes import Checked, never, once_made
from conex_core.structures.base import StructureMixin, name_of, stack_of
from conex_core.structures.groups import publish
from conex_core.structures.interrupts import Hold
from conex_core.structures.iteration import Iteration, Step, Unfinished, failure, is_in_given_code
from conex_core.structures.mixing import Members, refuse_foreign
from conex_core.structures.older import takes_older
from conex_core.structures.places import places_of
from conex_core.structures.settings import checked_device, checked_dtype, checked_tag
from conex_core.upstream import Network as PymonntorchNetwork

if TYPE_CHECKING:
    from conex_core.graph.checks.problems import Problem
    from conex_core.run.engine.fused import Engine
    from conex_core.state import State

__all__ = ["Neocortex"]

logger = logging.getLogger(__name__)

_FIRST_BATCH, _PATIENCE = 64, 0.05  # iterations of the first batch; seconds of the later ones

_DT = Number(name="dt", default=1.0, unit="ms", above=0.0)
_SEED = Integer(name="seed", default=None, optional=True)
_INDEX = Flag(name="index")
_ITERATIONS = Integer(name="iterations", low=0)
_BATCH = Integer(name="batch_size", low=-1)
_THREADS = Integer(name="threads", default=1, low=1, high=64)
_MODE = Option(name="synapse_mode", default="SxD", options=("SxD", "DxS"))
_ENGINE = Option(name="engine", default="auto", options=("auto", "fused", "reference"))


class Neocortex(StructureMixin, PymonntorchNetwork):
    """A network of neuron groups and synapse groups, stepped together.

    Parameters
    ----------
    dt : float, ms
        Duration of one iteration.
    behavior : dict or list of network behaviors
    dtype : torch.dtype
        Type of every tensor that holds real numbers.
    device : str
    synapse_mode : "SxD" or "DxS"
        Weights are (source, target); with "DxS" ``synapse.matrix()`` is (target, source),
        for behaviors of your own: those of conex_core that take weights are refused then.
    index : bool
        Give groups ``id`` and, on a grid, ``x``, ``y``, ``z``.
    tag : str
    seed : int, optional
        With it, every behavior draws from its own generator, seeded by this
        number, its class and the place or key of its object; without it from torch's.
    engine : "auto", "fused" or "reference"
        Who runs the iterations: compiled kernels, as far as the behaviors are
        known to them, or each behavior's ``forward``. The numbers are the same.
        ``auto`` takes kernels where they can be had.
    threads : int
        How many processors the kernels may keep busy. More than one pays where
        several large synapse groups have much to do in every iteration.
    """

    dt: Any = Checked(
        "Make the network with it: Neocortex(dt=...)",
        rule=_DT,
        then=lambda network: network._set_time_step(),
    )
    seed: Any = Checked("Make the network with it: Neocortex(seed=...)", rule=_SEED)
    engine: Any = Checked("", never, _ENGINE, lambda network: network._forget_steps())
    threads: Any = Checked("", never, _THREADS, lambda network: network._forget_steps())
    index_neurons: Any = Checked("Make the network with it: Neocortex(index=...)", once_made)

    @takes_older
    def __init__(
        self,
        dt: float = 1,
        behavior: Any = None,
        dtype: torch.dtype = torch.float32,
        device: str = "cpu",
        synapse_mode: str = "SxD",
        index: bool = False,
        tag: str | None = None,
        *,
        seed: int | None = None,
        engine: str = "auto",
        threads: int = 1,
    ) -> None:
        tag = checked_tag(tag, "Neocortex")
        synapse_mode = _checked_mode(synapse_mode, tag)
        resolution = TimeResolution(dt)
        stack = _timed(stack_of(behavior, tag), resolution)
        self.dt = 1.0 if resolution.dt is None else float(resolution.dt)
        self.seed = _SEED.check(seed)
        self.base: Path | None = None
        self.progress: Callable[[int, int, str], object] | None = None  # of a long start
        self.key = ""
        self.input_layers: list[Any] = []
        self.output_layers: list[Any] = []
        self.cortical_columns: list[Any] = []
        self.initialized = False
        self._keys: dict[int, str] | None = None
        self._places: Mapping[int, str] | None = None
        self.told: set[str] = set()  # warnings that the user has seen
        self.awaits_records = False  # some recorder has not found a variable so far
        self._random_before: torch.Tensor | None = None
        self._starts = 0  # how often it was initialised
        self.loop = Iteration(self)
        self._engine: Engine | None = None
        self._set_up: list[Any] = []  # behaviors that were initialized
        self.engine = _ENGINE.check(engine)
        self.threads = _THREADS.check(threads)
        dtype, device = checked_dtype(dtype), checked_device(device)
        super().__init__(tag, stack, dtype, device, synapse_mode, _INDEX.check(index))
        self.Structures: list[Any] = Members()  # pymonntorch's groups add themselves
        self.parent_structure = None

    def initialize(
        self, info: bool = False, warnings: bool = True, storage_manager: Any = None
    ) -> None:
        """Bring every behavior to its state before the first iteration.

        Calling it again starts over.

        Parameters
        ----------
        info, storage_manager
            Of pymonntorch; they ask for prints that do not exist here.
        warnings : bool
            Log each warning of :meth:`check`, once.

        Raises
        ------
        NetworkError
            If :meth:`check` finds errors; the message says what to add.
        BehaviorError
            If a behavior fails for any other reason.
        """
        self.loop.check_rests("be initialised")
        self._forget_steps()
        self.loop.leave()
        self.initialized = self.awaits_records = False  # until all is done
        self._iteration = 0
        self.check_unique_tags(warnings=False)
        for group in self.NeuronGroups:  # those renamed now, under their new name
            publish(self, group)
        self._keys = self._places = None
        self._random_before = torch.get_rng_state() if self.seed is None else None
        self._pass_check(warnings)
        for _, owner, behavior in self.sorted_behavior_execution_list:
            self._seed_behavior(owner, behavior)
        self.initialize_behaviors()
        self.fill_substructures()
        self._start_from_given_states()
        self._set_up = [behavior for _, _, behavior in self.sorted_behavior_execution_list]
        self.initialized = True
        self._starts += 1
        if warnings:
            self._tell_unasked()

    def ensure_initialized(self) -> None:
        """Call :meth:`initialize` unless that was done, and keep no gradients of it."""
        if not self.initialized:
            with torch.no_grad():
                self.initialize()

    def check(self) -> list[Problem]:
        """Return what is wrong with this network, errors first, before or after initialize."""
        from conex_core.structures.check import check_network

        return check_network(self)

    def state(self) -> State:
        """Return everything that changes while the network runs, copied.

        Weights, membrane state, buffers, traces, random generators, live
        parameters and the iteration; see :class:`conex_core.state.State`.
        """
        from conex_core.state import state_of

        self._settle()
        return state_of(self)

    def restore(self, state: State, only: Collection[str] | None = None) -> None:
        """Go on from ``state``: the next iterations are those that followed it.

        Parameters
        ----------
        only : names of variables, optional
            Take no more than these, such as ``("weights",)``; the iteration stays.

        Raises
        ------
        StructureError
            If the state is of another network; nothing has changed then.
        """
        from conex_core.state import restore

        if only is None:
            self.loop.check_rests("be restored")
        with Hold(is_in_given_code):
            self._forget_steps()
            restore(self, state, only)

    def reset(self, keep: Collection[str] = ()) -> None:
        """Go back to before the first iteration: the same weights and random numbers.

        Parameters
        ----------
        keep : names of variables
            What stays as it is now, such as ``("weights",)`` between two trials.
        """
        from conex_core.state import reset

        self.loop.check_rests("be reset")
        self._forget_steps()
        reset(self, keep)

    def key_of(self, owner: Any) -> str:
        """Return the key of ``owner``, made unique among all objects of the network."""
        if self._keys is None or id(owner) not in self._keys:
            self._keys = dict(_unique_keys(self.all_objects()))
        return self._keys.get(id(owner), str(owner.key))

    def place_of(self, owner: Any) -> str:
        """Return the way from the network to ``owner``, ``column/L4/exc``; see :mod:`.places`.

        Its random numbers derive from it, so they do not depend on other objects.
        """
        if self._places is None or id(owner) not in self._places:
            self._places = places_of(self.all_objects())
        return self._places[id(owner)]

    def initialize_behaviors(self) -> None:
        """Initialise in order of priority, those marked ``initialize_last`` after all others.

        One of conex_core that lacks what a behavior of a script may set later waits for it.
        """
        plan = self.sorted_behavior_execution_list
        first = [item for item in plan if not item[2].initialize_on_init]
        ordered = sorted(first, key=lambda item: item[2].initialize_last)
        tell, waiting = self.progress, []
        try:
            for place, (key, owner, behavior) in enumerate(ordered):
                if tell is not None:
                    self.progress = partial(_tell_part, tell, place, len(ordered))
                    self.progress(0, 1, f"Preparing {name_of(owner)}")
                try:
                    self._initialize(key, owner, behavior)
                except BehaviorError as error:
                    if not _can_wait(behavior, error, ordered[place + 1 :]):
                        raise
                    waiting.append((key, owner, behavior))
        finally:
            self.progress = tell
        for key, owner, behavior in waiting:
            self._seed_behavior(owner, behavior)
            self._initialize(key, owner, behavior)

    def initialize_behavior(self, key: float, owner: Any, behavior: Any) -> None:
        """Initialise one behavior that was added later."""
        self._pass_check_of(owner, behavior)
        self._seed_behavior(owner, behavior)
        self._initialize(key, owner, behavior)
        self._set_up.append(behavior)

    def simulate_iteration(self, measure_behavior_execution_time: bool = False) -> Any:
        """Run one iteration; with the flag, return the milliseconds spent per priority.

        Raises
        ------
        BehaviorError
            If a behavior fails; it names the object, behavior and iteration. The
            network stays inside that iteration (:attr:`unfinished`), and the next
            call goes on at that behavior.
        """
        if measure_behavior_execution_time:
            self.loop.check_rests("be run")
            self._settle()
            with Hold(is_in_given_code):
                return self.loop.measure()
        self._advance(1)
        return None

    def simulate_iterations(
        self,
        iterations: int,
        batch_size: int = -1,
        measure_block_time: bool = False,
        disable_recording: bool = False,
        batch_progress_update_func: Callable[[float, Any], Any] | None = None,
    ) -> float:
        """Run ``iterations`` iterations and return the milliseconds they took.

        Prints nothing. After each batch, ``batch_progress_update_func`` gets
        the per cent done and the network. Ctrl-C acts between two iterations;
        a second one ends a behavior that does not come back.

        Raises
        ------
        BehaviorError
            As :meth:`simulate_iteration`; an iteration that is finished then
            counts as one of the next call's.
        """
        iterations, batch = _counted(_ITERATIONS, iterations), _counted(_BATCH, batch_size)
        begin, batch = time.perf_counter(), batch if batch > 0 else max(iterations, 1)
        if disable_recording:
            self.recording_off()
        try:
            for done in range(0, iterations, batch):
                many = min(batch, iterations - done)
                self._advance(many)
                if batch_progress_update_func is not None and many == batch:
                    batch_progress_update_func(100.0 * (done + many) / iterations, self)
        finally:
            if disable_recording:
                self.recording_on()
        if self.awaits_records:
            self.tell_missing_records()
        return (time.perf_counter() - begin) * 1000

    @property
    def unfinished(self) -> Unfinished | None:
        """Return where a failure or a second Ctrl-C left an iteration; None between two.

        The next iteration that is run is the rest of that one, from the behavior
        that stopped; :meth:`reset` and :meth:`restore` leave it.
        """
        return self.loop.unfinished()

    @property
    def starts(self) -> int:
        """Return how often this was initialised; a reset counts."""
        return self._starts

    @property
    def completed(self) -> int:
        """Return how many iterations are complete: not the one that was left half-way."""
        return int(self._iteration) - self.loop.is_unfinished

    def set_behaviors(self, tag: str, enabled: bool) -> None:
        """Enable or disable every behavior that has ``tag``."""
        for owner in self.all_objects():
            for behavior in owner.behavior.values():
                if tag in behavior.tags:
                    behavior.behavior_enabled = enabled

    def __deepcopy__(self, memo: dict[int, Any]) -> Neocortex:
        return copied.deep_copy(self, memo)  # type: ignore[no-any-return]  # a network like this

    def __reduce_ex__(self, protocol: Any) -> Any:
        return copied.reduced(self)

    def __repr__(self) -> str:
        groups, synapses = len(self.NeuronGroups), len(self.SynapseGroups)
        kind = type(self).__name__
        return f"{kind}({self.name!r}, {groups} groups, {synapses} synapse groups)"

    def _add_behavior_to_sorted_execution_list(self, key: float, owner: Any, behavior: Any) -> None:
        refuse_foreign(owner)
        self._forget_steps()
        item = (key, owner, behavior)
        bisect.insort(self.sorted_behavior_execution_list, item, key=lambda entry: entry[0])

    def _remove_behavior_from_sorted_execution_list(
        self, key: float, owner: Any, behavior: Any
    ) -> None:
        self._forget_steps()
        super()._remove_behavior_from_sorted_execution_list(key, owner, behavior)

    def fast_engine(self) -> Engine | None:
        """Return what runs this network by compiled kernels; None for the reference engine.

        Raises
        ------
        StructureError
            If the network asks for kernels that cannot be had.
        """
        if self.engine == "reference":
            return None
        if not self.initialized or self._engine is None or not self._engine.is_current():
            from conex_core.run.engine import engine_for

            self.refuse_late_objects()
            self._settle()
            self._engine = engine_for(self)
        return self._engine

    def _advance(self, iterations: int) -> None:
        """Run iterations, and leave everything as Python expects it."""
        self.loop.check_rests("be run")
        if iterations > 0 and self.loop.is_unfinished:
            self._settle()
            with Hold(is_in_given_code):
                self.loop.run()
            iterations -= 1
        engine = self.fast_engine()
        with Hold(is_in_given_code) as hold:
            if engine is None:
                self._run_by_reference(iterations, hold)
            else:
                self._run_by(engine, iterations, hold)

    def _run_by_reference(self, iterations: int, hold: Hold) -> None:
        run = self.loop.run
        for _ in range(iterations):
            run()
            if hold.is_pressed:
                hold.let_through()

    def _run_by(self, engine: Engine, iterations: int, hold: Hold) -> None:
        """Run by kernels, in batches that are short enough for Ctrl-C."""
        if engine.readers:  # of a session, which did not ask for these iterations
            engine.read(())
        now = time.perf_counter()
        try:
            while iterations > 0:
                batch = int(_PATIENCE / engine.pace) if engine.pace else _FIRST_BATCH
                done = engine.run(min(max(batch, 1), iterations), hold)
                if hold.is_pressed:
                    hold.let_through()
                before, now = now, time.perf_counter()
                iterations, engine.pace = iterations - done, (now - before) / max(done, 1)
        finally:
            engine.settle()

    def _set_time_step(self) -> None:
        """Let the behavior that sets dt when it starts know of a change before that."""
        for item in self.behavior.values():
            if isinstance(item, TimeResolution):
                item.dt = self.dt

    def _forget_steps(self) -> None:
        """Find out anew what an iteration is: behaviors or tensors were exchanged."""
        self._settle()
        self.loop.forget_order()
        self._engine = None

    def _settle(self) -> None:
        """Bring up to date what an engine left for later."""
        if self._engine is not None:
            self._engine.settle()

    def _pass_check(self, warnings: bool) -> None:
        """Raise NetworkError for errors, and log the warnings that were not logged before."""
        from conex_core.structures.check import refuse

        problems = self.check()
        refuse(self, problems)
        if warnings:
            self._tell(problems)

    def tell_missing_records(self) -> None:
        """Log the variables that recorders have not found in any iteration so far."""
        from conex_core.structures.own_behaviors import missing_records

        problems = list(missing_records(self))
        self.awaits_records = bool(problems)
        self._tell(problems)

    def _tell_unasked(self) -> None:
        """Log the keywords that no behavior asked for while it was initialised."""
        from conex_core.structures.own_behaviors import unasked_keywords

        self._tell(unasked_keywords(self))

    def _tell(self, problems: Iterable[Problem]) -> None:
        """Log each problem that was not logged before."""
        for problem in problems:
            if problem.message not in self.told:
                self.told.add(problem.message)
                logger.warning("%s", problem.message)

    def _pass_check_of(self, owner: Any, behavior: Any) -> None:
        """Raise NetworkError for errors that one behavior has."""
        from conex_core.structures.check import refuse

        kind, key = type(behavior).__name__, self.key_of(owner)
        mine = [item for item in self.check() if item.node == key and item.behavior]
        # Ids of items are names of classes, numbered where there are several.
        refuse(self, [item for item in mine if str(item.behavior).partition(" ")[0] == kind])

    def refuse_late_objects(self) -> None:
        """Raise StructureError unless everything here was initialized."""
        if not self.initialized:
            raise StructureError(self.name, "is not ready to run", hint="call initialize() first")
        known = {id(behavior) for behavior in self._set_up}
        for _, owner, behavior in self.sorted_behavior_execution_list:
            if id(behavior) not in known and not behavior.initialize_on_init:
                hint = "call initialize() again, which starts over, or make it before"
                raise StructureError(name_of(owner), "was made after initialize()", hint=hint)

    def _start_from_given_states(self) -> None:
        for owner in self.all_objects():
            if getattr(owner, "initial_state", None):
                from conex_core.state import apply

                apply(owner, owner.initial_state)
            if getattr(owner, "initial_values", None):
                from conex_core.state import overwrite

                overwrite(owner, owner.initial_values)

    def _initialize(self, key: float, owner: Any, behavior: Any) -> None:
        if hasattr(behavior, "declared"):
            behavior._network = self
        try:
            behavior.initialize(owner)
        except ParameterError as error:
            raise error.at(node=name_of(owner), behavior=type(behavior).__name__) from error
        except ConexError:
            raise
        except Exception as error:
            raise failure(Step(behavior, behavior.forward, owner, key), 0, error) from error

    def _seed_behavior(self, owner: Any, behavior: Any) -> None:
        if not hasattr(type(behavior), "generator"):
            return
        behavior.generator = None
        if self.seed is None:
            return
        kind = type(behavior).__name__
        stack = [item for _, item in sorted(owner.behavior.items())]
        number = [item for item in stack if type(item).__name__ == kind].index(behavior)
        place = f"{self.seed}/{self.place_of(owner)}/{kind}/{number}"
        digest = hashlib.sha256(place.encode()).digest()
        generator = torch.Generator(device=self.device)
        behavior.generator = generator.manual_seed(int.from_bytes(digest[:8], "little") >> 1)


def _counted(rule: Integer, value: Any) -> int:
    """Return a number of iterations; pymonntorch's Clock also took a time as text."""
    if isinstance(value, str):
        hint = "write how many: 10 ms are round(10 / net.dt)"
        raise ParameterError(rule.name, "must be a whole number", value, hint=hint)
    return int(rule.check(value))


def _timed(stack: dict[Any, Any], resolution: TimeResolution) -> dict[Any, Any]:
    """Return ``stack`` with something in it that sets dt, before what stands there."""
    if any(isinstance(item, TimeResolution) for item in stack.values()):
        return stack
    return {1 if 1 not in stack else min(stack) - 1: resolution, **stack}


def _can_wait(behavior: Any, error: BehaviorError, later: list[Any]) -> bool:
    """Tell whether a behavior of a script may still set what ``behavior`` looked for."""
    lacks = isinstance(error.__cause__, AttributeError) and not is_of_scripts(type(behavior))
    return lacks and any(may_set_more(other) for _, _, other in later)


def _checked_mode(mode: Any, tag: str) -> str:
    try:
        return str(_MODE.check(mode))
    except ParameterError as error:
        raise error.at(node=tag) from None


def _tell_part(
    tell: Callable[[int, int, str], object], place: int, of: int, done: int, parts: int, doing: str
) -> None:
    """Tell how far all behaviors are while one of them is ``done`` of ``parts``."""
    tell(1000 * place + 1000 * done // max(parts, 1), 1000 * of, doing)


def _unique_keys(owners: list[Any]) -> Iterator[tuple[int, str]]:
    """Yield a key per object: its own, with its parents' where that is taken, then a number."""
    keys = {id(owner): getattr(owner, "key", "") or owner.tags[0] for owner in owners}
    taken = Counter(keys.values())
    paths = {id(o): keys[id(o)] if taken[keys[id(o)]] == 1 else _path(o) for o in owners}
    given: set[str] = set()
    seen: Counter[str] = Counter()
    for owner in owners:
        path = key = paths[id(owner)]
        seen[path] += 1
        while key in given:
            key = f"{path}#{seen[path]}"
            seen[path] += key in given
        given.add(key)
        yield id(owner), key


def _path(owner: Any) -> str:
    own = getattr(owner, "key", "") or str(owner.tags[0])
    parent = getattr(owner, "parent_structure", None)
    if parent is None or parent is getattr(owner, "network", None):
        return own
    return f"{_path(parent)}/{own}"
