"""The fused engine: runs a plan, and keeps the network as Python expects it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import nullcontext
from typing import Any

import torch

from conex_core.errors import BehaviorError
from conex_core.parameters import changes
from conex_core.run.engine.builder import FLAGS, Keeper, shared_flags
from conex_core.run.engine.copies import Copy, Place
from conex_core.run.engine.guard import questions
from conex_core.run.engine.lazy import Lazy
from conex_core.run.engine.planning import Called, EnginePlan, Fused, Part, plan
from conex_core.run.engine.program import Watched
from conex_core.run.engine.readers import SpikeReader, ValueReader
from conex_core.run.engine.sharing import laid_out
from conex_core.run.engine.taken import NotFused, Taken
from conex_core.run.engine.threads import Threads
from conex_core.structures.base import name_of
from conex_core.structures.interrupts import Hold
from conex_core.structures.iteration import Step, failure

__all__ = ["Engine"]

_BATCH = 4096

Reader = SpikeReader | ValueReader


class Engine:
    """Step a network by its plan.

    Between :meth:`run` and :meth:`settle` kernels hold the places of rings, the
    generators and weights that are changed lazily.
    """

    def __init__(self, network: Any) -> None:
        self.network = network
        self.readers: tuple[Reader, ...] = ()
        self.readers_key: tuple[object, ...] = ()
        self.pace = 0.0  # seconds that an iteration took lately; 0 where that is unknown
        self._changes = -1
        self._hold: Hold | None = None
        self._make_plan()

    def _make_plan(self) -> None:
        self.plan: EnginePlan = plan(self.network)
        threads = self.network.threads if self.plan.is_pure else 1
        self._threads = Threads(threads - 1) if threads > 1 else None
        self._own_rows = len(self.plan.program.rows)
        self._stale = set(self.plan.builder.stale)
        self._is_inside = self._is_left = False
        for reader in self.readers:
            reader.attach(self.plan.builder)
        self._finish()

    def is_current(self) -> bool:
        """Tell whether every tensor still is what and where the plan found it."""
        if self._is_left:
            return False
        for lazy in self.plan.builder.lazy.values():
            lazy.push()
        return self._is_kept() and all(holds() for _, holds in self.plan.program.conditions)

    def read(self, openings: Iterable[Callable[[], Reader]]) -> tuple[Reader, ...]:
        """Let kernels keep what the readers want, instead of what they kept before."""
        self.settle()
        self.readers_key = ()
        program, builder = self.plan.program, self.plan.builder
        del program.rows[self._own_rows :]
        builder.stale = set(self._stale)
        self.readers = tuple(opening() for opening in openings)
        for reader in self.readers:
            reader.attach(builder)
        self._finish()
        return self.readers

    def run(self, steps: int, hold: Hold | None = None) -> int:
        """Run up to ``steps`` iterations; return how many.

        They are fewer where a reader is full, and where Ctrl-C waits in ``hold``.

        Raises
        ------
        BehaviorError
            If a behavior that Python calls fails, or leaves something that is
            no number.
        """
        if self._is_inside and not self._is_kept():  # a probe has changed something
            self.settle()
            self._make_plan()
        self._hold, done = hold, 0
        while done < steps:
            self.enter()
            if self._is_full():
                break
            is_alone = self.plan.is_pure and not self._looking
            run = self._run_fused if is_alone else self._run_mixed
            done += run(steps - done)
            if hold is not None and hold.is_pressed:
                break
        return done

    def enter(self) -> None:
        """Read what Python may have changed since the last run."""
        if self._is_inside:
            self._renew()
            return
        self.plan.program.iteration.value = int(self.network._iteration)
        for copy in self.plan.builder.copies:
            copy.pull()
        self._refresh()
        self._is_inside = True

    def rest(self) -> None:
        """Write back what kernels hold, but for weights, which wait until they are read.

        What cannot be written, such as rows of a recorder on a full disk, is kept
        for the next time; all else is written, and the failure is raised.
        """
        if not self._is_inside:
            self._push(self.plan.builder.keepers)
            return
        self._is_inside = False
        self._push(self.plan.builder.copies)

    def settle(self) -> None:
        """Write back all that kernels hold; in the middle of an iteration, its rest is Python's."""
        if self._is_inside and self.network.loop.running is not None:
            self._let_go()
        try:
            self.rest()
        finally:
            for lazy in self.plan.builder.lazy.values():
                lazy.push()

    def _push(self, copies: Iterable[Copy | Keeper]) -> None:
        failures: list[BehaviorError] = []
        for copy in copies:
            try:
                if isinstance(copy, Lazy):
                    copy.wait()
                else:
                    copy.push()
            except BehaviorError as error:
                failures.append(error)
        if failures:
            raise failures[0]

    def _is_kept(self) -> bool:
        return self.plan.attributes.are_kept() and self.plan.is_unmoved()

    def _finish(self) -> None:
        program = self.plan.program
        self._looking = [reader for reader in self.readers if reader.is_by_hand]
        self.plan.complete()
        program.finish(laid_out(program.rows, self._threads.jobs) if self._threads else ())

    def _run_fused(self, steps: int) -> int:
        program, done = self.plan.program, 0
        with self._threads if self._threads and program.is_shared else nullcontext():
            while done < steps:
                self._renew()
                done += program.run_all(self._prepared(min(steps - done, _BATCH)))
                self.network._iteration = program.iteration.value
                if self._is_full() or (self._hold is not None and self._hold.is_pressed):
                    break
        return done

    def _prepared(self, wanted: int, called: Called | None = None) -> int:
        """Have torch draw what kernels leave to it; return for how many iterations it did.

        ``called`` is the behavior after which an iteration stands, None between two.
        """
        for ahead in self.plan.builder.ahead:
            if ahead.is_on:
                try:
                    wanted = min(wanted, ahead.fill(wanted))
                except Exception as error:
                    raise self._failure_ahead(ahead.behavior, error, called) from error
        return wanted

    def _renew(self) -> None:
        for keeper in self.plan.builder.keepers:
            if not keeper.spare():
                keeper.push()
        for lazy in self.plan.builder.lazy.values():
            lazy.renew()

    def _is_full(self) -> bool:
        return not all(reader.spare() for reader in self.readers)

    def _refresh(self) -> None:
        self.plan.program.refresh()
        self._changes = changes()

    def _run_mixed(self, steps: int) -> int:
        keepers = [*self.readers, *self.plan.builder.keepers]
        spare = [keeper.spare() for keeper in keepers]
        # Rows that end a run of kernels are not asked here; without calls they may have to.
        return self._iterate(1 if self.plan.is_pure else min([steps, *spare]))

    def _iterate(self, steps: int) -> int:
        """Run iterations piece by piece; return how many, fewer where a new plan is needed.

        Whatever is done here, users wait for in each of them.
        """
        network, program = self.network, self.plan.program
        iteration, draws = program.iteration, bool(self.plan.builder.ahead)
        pieces: list[Fused | Called] = [*self.plan.pieces]
        if self._own_rows < len(program.rows):
            pieces.append(Fused(self._own_rows, len(program.rows)))
        called, hold = None, self._hold
        for done in range(1, steps + 1):
            if draws:
                self._prepared(1)
            network._iteration = iteration.value = network._iteration + 1
            for piece in pieces:
                if isinstance(piece, Called):
                    called, fits = piece, self._call(piece)
                else:
                    fits = self._run_piece(piece)
                if not fits:
                    assert called is not None  # nobody else changes anything
                    self._go_on_by_reference(called)
                    return done
            for reader in self._looking:
                reader.look(network._iteration)
            if hold is not None and hold.is_pressed:
                return done
        return steps

    def _call(self, called: Called) -> bool:
        """Call a behavior; return whether kernels can go on after it."""
        part = called.part
        if not part.behavior.__dict__["behavior_enabled"]:  # the property takes longer
            return True
        for place in called.places:
            place.push()
        try:
            self.network.loop.call(part.behavior, part.owner)
        except BaseException as error:
            self._stop_at(part)
            if isinstance(error, Exception):
                raise self._failure(part, error) from error
            raise
        if self._is_left:  # it has saved a state
            return False
        if not called.attributes.are_kept() and not self._adopt([called]):
            return False
        # Guards do not see gradients, which only a behavior of ours could bring from elsewhere.
        if called.is_ours and not self._is_plain():
            return False
        if not questions() and not self.plan.is_unmoved():
            return False
        if called.has_disturbed():
            return False
        if changes() != self._changes:
            self._refresh()
            if called.number + 1 < len(self.plan.parts):
                self._prepared(1, called)  # noise that was switched on
        return True

    def _run_piece(self, piece: Fused) -> bool:
        """Run rows; return whether memory was where they expected it, or they can go there."""
        program = self.plan.program
        refused = program.run(piece.first, piece.last)
        if refused >= 0:
            return True
        row = -1 - refused
        if row in self.plan.checks:
            self._refuse(row)
        if not self._adopt(self.plan.guards[row]):
            return False
        rest = Fused(row, piece.last)  # rows before it have been run
        return self._run_piece(rest)

    def _is_plain(self) -> bool:
        """Tell whether all tensors are as they were, also in what torch keeps account of."""
        return all(taken.is_kept() for taken in self.plan.program.taken.values())

    def _adopt(self, calls: list[Called]) -> bool:
        """Let kernels work on what Python put in the place of tensors; return whether they can."""
        program = self.plan.program
        for called in calls:
            for item in called.attributes.watched:
                taken = program.taken.get((id(item.owner), item.name))
                value = vars(item.owner).get(item.name)
                if taken is None or not taken.is_movable:
                    if value is not item.value:
                        return False
                elif value is not item.value or not taken.is_kept():
                    if not self._exchange(taken, value):
                        return False
                    self._count_on(Watched(item.owner, item.name, value, item.host))
        return self.plan.is_unmoved()

    def _exchange(self, taken: Taken, value: Any) -> bool:
        """Take ``value`` instead of a tensor, if it has the same form."""
        if not isinstance(value, torch.Tensor) or value.dtype is not taken.form[1]:
            return False
        if tuple(value.shape) != taken.shape:
            return False
        try:
            taken.hold(value)
        except NotFused:
            return False
        self.plan.note(taken)
        if taken.name in FLAGS and (id(taken.owner), taken.name) in shared_flags(self.network):
            return False
        rows = self.plan.program.rows_of(taken)
        return all(row.is_apart() for row in rows)

    def _count_on(self, item: Watched) -> None:
        self.plan.program.watched[id(item.owner), item.name] = item
        self.plan.attributes.count_on(item)
        for piece in self.plan.pieces:
            if isinstance(piece, Called):
                piece.attributes.count_on(item)

    def _go_on_by_reference(self, called: Called) -> None:
        """Finish an iteration without kernels, after Python changed what they count on."""
        changed = self._reshaped(called)
        self._let_go()
        for part in self.plan.parts[called.number + 1 :]:
            self._step(part, called, changed)
        for reader in self.readers:
            reader.look(self.network._iteration)
        self._make_plan()

    def _step(self, part: Part, called: Called, changed: str) -> None:
        if not part.behavior.behavior_enabled:
            return
        try:
            self.network.loop.call(part.behavior, part.owner)
        except BaseException as error:
            self.network.loop.stop_at(part.behavior, self.plan.parts)
            if not isinstance(error, Exception):
                raise
            if not changed:
                raise self._failure(part, error) from error
            told = str(error) or type(error).__name__
            name = type(part.behavior).__name__
            problem = f"{changed}, and {name} of {name_of(part.owner)} cannot run: {told}"
            raise self._failure(called.part, problem) from error

    def _reshaped(self, called: Called) -> str:
        """Say which tensor has another shape now; nothing where none has."""
        for item in called.attributes.watched:
            taken = self.plan.program.taken.get((id(item.owner), item.name))
            value = vars(item.owner).get(item.name)
            if taken is None or taken.tensor is not item.value:
                continue  # no tensor of kernels, or one within it, as the values of sparse weights
            if getattr(value, "shape", None) == taken.shape:
                continue
            got = tuple(value.shape) if isinstance(value, torch.Tensor) else repr(value)
            return f"changed {item.name} from the shape {taken.shape} to {got}"
        return ""

    def _refuse(self, row: int) -> None:
        called = self.plan.checks[row]
        names = [
            f"{name_of(item.owner)}.{item.name}"
            for item in called.taken
            if item.owner is item.host  # what belongs to a behavior is known to nobody else
            and item.tensor.is_floating_point()
            and not bool(torch.isfinite(item.tensor).all())
        ]
        self._stop_at(called.part)
        raise self._failure(called.part, f"left values that are no numbers in {', '.join(names)}")

    def _let_go(self) -> None:
        """Write back what kernels hold in the middle of an iteration; the plan ends here."""
        self._is_inside, self._is_left = False, True
        for copy in self.plan.builder.copies:
            if not isinstance(copy, Place):  # which was written before the call
                copy.push()

    def _stop_at(self, part: Part) -> None:
        """Leave the network inside this iteration, before ``part``, for Python to go on with."""
        self._let_go()
        self.network.loop.stop_at(part.behavior, self.plan.parts)

    def _failure_ahead(
        self, behavior: Any, error: Exception, called: Called | None
    ) -> BehaviorError:
        """Return what to raise where the data of an iteration cannot be had.

        The network is left where it would fail without kernels: the behaviors that
        come before run in Python now, or, inside an iteration, when it goes on.
        """
        parts, network = self.plan.parts, self.network
        if called is not None:
            self._stop_at(parts[called.number + 1])
        else:
            self.settle()
            self._is_left = True
            network.loop.run_before(behavior)
        return self._failure(next(part for part in parts if part.behavior is behavior), error)

    def _failure(self, part: Part, error: Exception | str) -> BehaviorError:
        step = Step(part.behavior, part.behavior.forward, part.owner, part.key)
        return failure(step, int(self.network._iteration), error)
