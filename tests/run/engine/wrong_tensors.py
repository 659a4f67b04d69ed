"""Put wrong and unusual tensors in the place of all that kernels use, and compare the engines.

``python -m tests.run.engine.wrong_tensors --all`` tries every way on every tensor of
every network, between two runs and in the middle of one; without ``--all`` a sample.
Cases run in processes of their own, so that a crash is a failure with a name. Prints
the seed and the totals; the exit status says whether both engines agreed everywhere.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch

from conex_core import Behavior
from conex_core.errors import ConexError
from tests.run.engine.nets import equal
from tests.run.engine.spoiling import kinds_for
from tests.run.engine.wrong_networks import NETWORKS

__all__ = ["Case", "Outcome", "cases", "difference", "sampled", "tried_apart"]

_BEFORE, _AFTER, _AT = 5, 6, 8  # iterations before a change and after it; the one of a change
_WHEN = {"between": None, "early": 150, "middle": 270, "late": 470}  # priority in an iteration


@dataclass(frozen=True)
class Case:
    """Say what is done: to which tensor, how and when."""

    network: str
    place: str
    kind: str
    when: str

    def __str__(self) -> str:
        return f"{self.network} | {self.place} | {self.kind} | {self.when}"


@dataclass
class Outcome:
    """Hold the state that a run left, or the error that ended it."""

    state: Any = None
    error: str = ""
    is_finite: bool = True


class Spoiler(Behavior):
    """Change a tensor in the middle of a run, as a behavior of a user might."""

    def __init__(self, place: str, kind: str) -> None:
        super().__init__()
        self.place, self.kind = place, kind

    def forward(self, owner: Any) -> None:
        if owner.iteration == _AT:
            spoil(owner.network, self.place, self.kind)


def cases() -> list[Case]:
    """Return every case there is."""
    found = []
    for network, make in NETWORKS.items():
        for place, _, _, tensor in tensors_of(make("reference")):
            for kind in kinds_for(tensor):
                found += [Case(network, place, kind, when) for when in _WHEN]
    return found


def sampled(count: int, seed: int) -> list[Case]:
    """Return some cases, the same ones for the same seed."""
    return random.Random(seed).sample(cases(), count)


def tensors_of(net: Any) -> Iterator[tuple[str, Any, str, torch.Tensor]]:
    """Yield a name for every tensor that an object or a behavior of ``net`` holds."""
    for owner in net.all_objects():
        key = net.key_of(owner)
        yield from _held(key, owner)
        for number, behavior in sorted(owner.behavior.items()):
            yield from _held(f"{key}/{type(behavior).__name__}@{number}", behavior)
        axon = getattr(owner, "axon", None)
        rings = [getattr(axon, "_history", None), getattr(owner, "proximal_input", None)]
        for ring in rings:
            if ring is not None:
                yield from _held(f"{key}/{type(ring).__name__}", ring)


def _held(path: str, owner: Any) -> Iterator[tuple[str, Any, str, torch.Tensor]]:
    for name, value in sorted(vars(owner).items()):
        if isinstance(value, torch.Tensor):
            yield f"{path}.{name}", owner, name, value


def spoil(net: Any, place: str, kind: str) -> None:
    """Change one tensor."""
    owner, name, tensor = next(item[1:] for item in tensors_of(net) if item[0] == place)
    kinds_for(tensor)[kind](owner, name)


def outcome(case: Case, engine: str) -> Outcome:
    """Run a network of which a tensor is changed."""
    net = NETWORKS[case.network](engine)
    priority = _WHEN[case.when]
    if priority is not None:
        _host_of(net, case.place).add_behavior(priority + 0.5, Spoiler(case.place, case.kind))
    try:
        net.simulate_iterations(_BEFORE)
        if priority is None:
            spoil(net, case.place, case.kind)
        net.simulate_iterations(_AFTER)
        net.simulate_iterations(2)
        state = dict(net.state().values)
    except (ConexError, RuntimeError, TypeError, ValueError, AttributeError, IndexError) as error:
        told = str(getattr(error, "problem", error)).partition("\n")[0]
        return Outcome(None, f"{type(error).__name__}: {told}")
    return Outcome(state, is_finite=_is_finite(net))


def difference(case: Case) -> str:
    """Say in what the engines differ; nothing if they do not."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reference, fused = outcome(case, "reference"), outcome(case, "fused")
    if case.kind.endswith("unnoticed"):
        return ""  # neither has to notice, as long as the program goes on
    if reference.error or fused.error:
        told = reference.error.partition(": ")[2]
        if reference.error and (told in fused.error or _is_late(case, fused.error)):
            return ""
        if "no numbers" in fused.error and not reference.is_finite:
            return ""
        return f"errors: {reference.error or 'none'} <> {fused.error or 'none'}"
    for key, values in reference.state.items():
        for name, value in values.items():
            if not _alike(fused.state[key][name], value):
                return f"{key}.{name} differs"
    return ""


def _is_late(case: Case, error: str) -> bool:
    """Tell whether kernels of a wrong shape failed before, and after, a table was made of them.

    Convolution makes its tables in the first iteration that Python runs.
    """
    return case.network == "grids" and case.place.endswith(".weights") and bool(error)


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, torch.Tensor) and one.layout is torch.strided and one.is_floating_point():
        same_form = isinstance(other, torch.Tensor) and one.shape == other.shape
        return same_form and torch.equal(one.nan_to_num(7.5e30), other.nan_to_num(7.5e30))
    return equal(one, other)


def _host_of(net: Any, place: str) -> Any:
    key = place.partition("/")[0] if "/" in place else place.rpartition(".")[0]
    return next(item for item in net.all_objects() if net.key_of(item) == key)


def _is_finite(net: Any) -> bool:
    held = (item for *_, item in tensors_of(net) if item.is_floating_point())
    plain = (item if item.layout is torch.strided else _values_of(item) for item in held)
    return all(bool(torch.isfinite(item).all()) for item in plain)


def _values_of(tensor: torch.Tensor) -> torch.Tensor:
    return tensor._values() if tensor.layout is torch.sparse_coo else tensor.values()


def tried_apart(chosen: list[Case]) -> list[str]:
    """Try cases in other processes; return what went wrong, crashes included."""
    wrong, rest = [], list(chosen)
    while rest:
        text = "\n".join(map(str, rest))
        call = [sys.executable, "-X", "faulthandler", "-m", __spec__.name, "--given"]
        done = subprocess.run(call, input=text, capture_output=True, text=True, check=False)
        lines = done.stdout.splitlines()
        told = [line for line in lines if not line.startswith("begin ")]
        wrong += told
        begun = sum(line.startswith("begin ") for line in lines)
        if done.returncode == 0:
            break
        last = done.stderr.strip().splitlines()[-1:]
        wrong.append(f"{rest[max(begun - 1, 0)]}: ended with {done.returncode} {last}")
        rest = rest[max(begun, 1) :]
    return wrong


def _try_given() -> None:
    for line in sys.stdin:
        case = Case(*line.strip().split(" | "))
        sys.stdout.write(f"begin {case}\n")
        sys.stdout.flush()
        found = difference(case)
        if found:
            sys.stdout.write(f"{case}: {found}\n")
            sys.stdout.flush()


def main() -> int:
    """Try what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="every case there is")
    parser.add_argument("--count", type=int, default=300, help="how many of them otherwise")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--only", default="", help="cases whose name holds this text")
    parser.add_argument("--given", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.given:
        _try_given()
        return 0
    seed = random.SystemRandom().randrange(1 << 32) if chosen.seed is None else chosen.seed
    found = cases() if chosen.all or chosen.only else sampled(chosen.count, seed)
    found = [case for case in found if chosen.only in str(case)]
    wrong = []
    for start in range(0, len(found), 500):
        new = tried_apart(found[start : start + 500])
        wrong += new
        sys.stdout.writelines(f"{line}\n" for line in new)
        sys.stdout.write(f"{min(start + 500, len(found))} of {len(found)}, {len(wrong)} wrong\n")
        sys.stdout.flush()
    sys.stdout.write(f"seed {seed}: {len(found)} cases, {len(wrong)} wrong\n")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
