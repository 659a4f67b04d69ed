"""The state of a whole network: taken, put back all or nothing, and the start anew."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from conex_core.errors import StructureError, UnknownName
from conex_core.state import files
from conex_core.state.names import Labels, label_of
from conex_core.state.objects import (
    behaviors_of,
    capture,
    check,
    put,
    settle,
    variables_of,
)
from conex_core.state.values import write

__all__ = ["State", "reset", "restore", "state_of"]


@dataclass(frozen=True)
class State:
    """Hold what :meth:`Neocortex.state` returned.

    ``values`` maps the key of an object to its variables by name. ``random`` is
    the state of torch's global generator where the network has no seed. ``labels``
    say what a variable is called in a file; they tell nothing that restoring needs.
    ``unfinished`` names the object and the behavior, ``("exc", "LIF[0]")``, that go on
    in an iteration that a failure left half-way, or in whose middle a behavior took
    the state; None between two iterations.
    """

    values: Mapping[str, Mapping[str, Any]]
    iteration: int
    dt: float
    random: torch.Tensor | None = None
    labels: Labels = field(default_factory=dict, compare=False)
    unfinished: tuple[str, str] | None = None

    def save(self, path: str | Path) -> None:
        """Write this state as a safetensors file, in one step.

        Raises
        ------
        FileError
            If the file cannot be written; an old one is unchanged then.
        """
        files.save(self._data(), path, self.labels)

    def entries(self) -> dict[str, torch.Tensor]:
        """Return every tensor by the name that it has in a file, ``Excitatory/LIF/v``."""
        return files.named(self._data(), self.labels)

    def _data(self) -> dict[str, Any]:
        return {
            "values": self.values,
            "iteration": self.iteration,
            "dt": self.dt,
            "random": self.random,
        } | ({"unfinished": list(self.unfinished)} if self.unfinished else {})

    @classmethod
    def load(cls, path: str | Path) -> State:
        """Return the state in a file that :meth:`save` wrote.

        Raises
        ------
        FileError
            If the file is missing, damaged, of a newer version or holds something else.
        """
        data, labels = files.load(path)
        place = data.get("unfinished")
        found = (data["values"], data["iteration"], data["dt"], data["random"])
        return cls(*found, labels, None if place is None else (place[0], place[1]))


def state_of(network: Any) -> State:
    """Return the state of ``network``, which is initialised first where it was not."""
    network.ensure_initialized()
    owners = {network.key_of(owner): owner for owner in network.all_objects()}
    values = {key: capture(owner) for key, owner in owners.items()}
    random = torch.get_rng_state() if network.seed is None else None
    labels = {
        key: {name: label_of(owner, name) for name in values[key]} for key, owner in owners.items()
    }
    count, dt = int(network.iteration), float(network.dt)
    return State(values, count, dt, random, labels, _unfinished(network))


def restore(network: Any, state: State, only: Collection[str] | None = None) -> None:
    """Write ``state``, or the variables named in ``only``, into ``network``.

    All or nothing. With ``only``, the iteration and all else stay as they are.
    """
    network.ensure_initialized()
    owners = {network.key_of(owner): owner for owner in network.all_objects()}
    _check_network(network, state, owners)
    for key, owner in owners.items():
        check(owner, state.values[key])
    _check_unfinished(network, state, owners)
    chosen = state.values if only is None else _chosen(state, only)
    for key, owner in owners.items():
        put(owner, chosen[key])
    if only is None:
        network._iteration = state.iteration
        network.loop.leave()
        if state.unfinished is not None:
            key, place = state.unfinished
            network.loop.stop_at(behaviors_of(owners[key])[place])
    for owner in owners.values():
        settle(owner)
    if only is None and state.random is not None:  # last: reading data anew may draw
        torch.set_rng_state(state.random)


def reset(network: Any, keep: Collection[str] = ()) -> None:
    """Go back to before the first iteration, keeping the variables named in ``keep``."""
    owners = list(network.all_objects())
    known = {name for owner in owners for name in variables_of(owner)}
    _check_names(keep, known)
    kept = [
        (owner, name, capture(owner)[name])
        for owner in owners
        for name in variables_of(owner)
        if name in keep
    ]
    if network.seed is None and network._random_before is not None:
        torch.set_rng_state(network._random_before)
    try:
        network.initialize()
        for owner, name, value in kept:
            write(owner, name, value)
        for owner in owners if kept else ():
            put(owner, {})
            settle(owner)
    except BaseException:
        network.initialized = False  # what was to be kept is lost: nobody may run on without it
        raise


def _check_network(network: Any, state: State, owners: Mapping[str, Any]) -> None:
    hint = "restore it into a network of the same groups, sizes and behaviors"
    for key in sorted(set(state.values) ^ set(owners)):
        problem = "is not in the state" if key in owners else "is in the state, not in the network"
        shown = str(owners[key].tags[0]) if key in owners else key
        raise StructureError(shown, problem, hint=hint)
    if state.dt != float(network.dt):
        problem = f"has dt = {network.dt:g} ms, the state {state.dt:g} ms"
        raise StructureError(str(network.tags[0]), problem, hint="make them equal")


def _unfinished(network: Any) -> tuple[str, str] | None:
    """Return what an iteration that stopped half-way goes on with, as a state names it."""
    step = network.loop.next_step()
    if step is None:
        return None
    behaviors = behaviors_of(step.owner).items()
    place = next(place for place, behavior in behaviors if behavior is step.behavior)
    return network.key_of(step.owner), place


def _check_unfinished(network: Any, state: State, owners: Mapping[str, Any]) -> None:
    key, place = state.unfinished or ("", "")
    if key and (key not in owners or place not in behaviors_of(owners[key])):
        problem = f"stopped at {place} of {key} when the state was saved, which is not here"
        raise StructureError(str(network.tags[0]), problem, hint="add that behavior")


def _chosen(state: State, only: Collection[str]) -> dict[str, dict[str, Any]]:
    known = {name for values in state.values.values() for name in values if "." not in name}
    _check_names(only, known)
    return {
        key: {name: value for name, value in values.items() if name in only}
        for key, values in state.values.items()
    }


def _check_names(names: Collection[str], known: Collection[str]) -> None:
    for name in names:
        if name not in known:
            raise UnknownName("variable", name, known)
