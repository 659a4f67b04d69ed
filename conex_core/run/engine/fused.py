"""The fused engine: runs a plan, and keeps the network as Python expects it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import nullcontext
from typing import Any

import torch

from conex_core.errors import BehaviorError
from conex_core.parameters import changes
from conex_core.run.engine.draft import Draft
from conex_core.run.engine.layout import laid_out
from conex_core.run.engine.lazy import Lazy
from conex_core.run.engine.planning import Called, Fused, Part, Plan, plan
from conex_core.run.engine.readers import SpikeReader, ValueReader
from conex_core.run.engine.team import Team
from conex_core.structures.base import name_of

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
        self.plan: Plan = plan(network)
        threads = network.threads if self.plan.is_pure else 1
        self._team = Team(self.plan.program, threads) if threads > 1 else None
        self._finish()
        self._own_rows = len(self.plan.program.rows)
        self._stale = set(self.plan.draft.stale)
        self.readers: tuple[Reader, ...] = ()
        self.readers_key: tuple[object, ...] = ()
        self._is_inside = False
        self._changes = -1

    def is_current(self) -> bool:
        """Tell whether every tensor still is where the plan found it."""
        return all(
            getattr(item.owner, item.name, None) is item.tensor
            for item in self.plan.program.watched.values()
        )

    def read(self, openings: Iterable[Callable[[Draft], Reader]]) -> tuple[Reader, ...]:
        """Let kernels keep what the readers want, instead of what they kept before."""
        self.settle()
        program, draft = self.plan.program, self.plan.draft
        del program.rows[self._own_rows :]
        draft.stale = set(self._stale)
        self.readers = tuple(opening(draft) for opening in openings)
        self._finish()
        return self.readers

    def run(self, steps: int) -> int:
        """Run up to ``steps`` iterations; return how many: fewer where a reader is full.

        Raises
        ------
        BehaviorError
            If a behavior that Python calls fails, or leaves something that is
            no number.
        """
        if steps <= 0:
            return 0
        self.enter()
        if self._is_full():
            return 0
        if self.plan.is_pure:
            return self._run_fused(steps)
        return self._run_mixed(steps)

    def enter(self) -> None:
        """Read what Python may have changed since the last run."""
        if self._is_inside:
            self._renew()
            return
        self.plan.program.iteration.value = int(self.network._iteration)
        for mirror in self.plan.draft.mirrors:
            mirror.pull()
        self._refresh()
        self._is_inside = True

    def rest(self) -> None:
        """Write back what kernels hold, but for weights, which wait until they are read."""
        if not self._is_inside:
            return
        self._is_inside = False
        for mirror in self.plan.draft.mirrors:
            if isinstance(mirror, Lazy):
                mirror.wait()
            else:
                mirror.push()

    def settle(self) -> None:
        """Write back all that kernels hold."""
        self.rest()
        for lazy in self.plan.draft.lazy.values():
            lazy.push()

    def _finish(self) -> None:
        program = self.plan.program
        program.finish(laid_out(program.rows, self._team.addresses) if self._team else ())

    def _run_fused(self, steps: int) -> int:
        program, done = self.plan.program, 0
        with self._team if self._team and program.is_shared else nullcontext():
            while done < steps:
                self._renew()
                done += program.run_all(self._prepared(min(steps - done, _BATCH)))
                if self._is_full():
                    break
        self.network._iteration = program.iteration.value
        return done

    def _prepared(self, wanted: int) -> int:
        """Have torch draw what kernels leave to it; return for how many iterations it did."""
        for ahead in self.plan.draft.ahead:
            if ahead.is_on:
                try:
                    wanted = min(wanted, ahead.fill(wanted))
                except Exception as error:
                    self.network._iteration = self.plan.program.iteration.value
                    parts = (item for item in self.plan.parts if item.behavior is ahead.behavior)
                    raise self._failure(next(parts), str(error), later=1) from error
        return wanted

    def _renew(self) -> None:
        for kept in self.plan.draft.kept:
            if not kept.spare():
                kept.push()
        for lazy in self.plan.draft.lazy.values():
            lazy.renew()

    def _is_full(self) -> bool:
        return not all(reader.spare() for reader in self.readers)

    def _refresh(self) -> None:
        self.plan.program.refresh()
        self._changes = changes()

    def _run_mixed(self, steps: int) -> int:
        done = 0
        while done < steps and not self._is_full():
            self._renew()
            keepers = [*self.readers, *self.plan.draft.kept]
            many = min([steps - done, *(keeper.spare() for keeper in keepers)])
            self._iterate(many)
            done += many
        return done

    def _iterate(self, steps: int) -> None:
        """Run iterations piece by piece; whatever is done here, users wait for in each."""
        network, program = self.network, self.plan.program
        iteration, draws = program.iteration, bool(self.plan.draft.ahead)
        pieces: list[Fused | Called] = [*self.plan.pieces]
        if self.readers:
            pieces.append(Fused(self._own_rows, len(program.rows)))
        for _ in range(steps):
            network._iteration = iteration.value = network._iteration + 1
            if draws:
                self._prepared(1)
            for piece in pieces:
                if isinstance(piece, Called):
                    self._call(piece)
                elif (refused := program.run(piece.first, piece.last)) < 0:
                    self._refuse(-1 - refused)

    def _call(self, called: Called) -> None:
        part = called.part
        if not part.behavior.behavior_enabled:
            return
        for place in called.places:
            place.push()
        try:
            part.behavior.forward(part.owner)
        except Exception as error:
            raise self._failure(part, str(error) or type(error).__name__) from error
        if called.has_replaced():
            for item in called.watched:
                if getattr(item.owner, item.name, None) is not item.tensor:
                    self._take_back(called, item)
        if changes() != self._changes:
            self._refresh()

    def _take_back(self, called: Called, item: Any) -> None:
        """Copy what Python put in the place of a tensor into that tensor."""
        value, mine = getattr(item.owner, item.name, None), item.tensor
        if not isinstance(value, torch.Tensor) or value.shape != mine.shape:
            got = tuple(value.shape) if isinstance(value, torch.Tensor) else repr(value)
            problem = f"changed {item.name} from the shape {tuple(mine.shape)} to {got}"
            raise self._failure(called.part, problem)
        mine.copy_(value)
        setattr(item.owner, item.name, mine)

    def _refuse(self, row: int) -> None:
        called = self.plan.checks[row]
        names = [
            f"{name_of(item.owner)}.{item.name}"
            for item in called.watched
            if item.tensor.is_floating_point() and not bool(torch.isfinite(item.tensor).all())
        ]
        raise self._failure(called.part, f"left values that are no numbers in {', '.join(names)}")

    def _failure(self, part: Part, problem: str, later: int = 0) -> BehaviorError:
        kind, iteration = type(part.behavior).__name__, int(self.network._iteration) + later
        return BehaviorError(name_of(part.owner), kind, int(part.key), iteration, problem)
