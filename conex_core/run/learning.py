"""What a run has learned since it began, and since it was last saved.

Weights and thresholds are watched whatever changes them, and variables that a
behavior declares in ``learns``. Compared are digests, so that the question costs
nothing until it is asked, and is exact. Potentials and traces are not learned.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch

from conex_core.graph.model.document import NETWORK

if TYPE_CHECKING:
    from conex_core.structures.neocortex import Neocortex

__all__ = ["Learning", "Variable"]

Digests = Mapping["Variable", bytes]

_ALWAYS = ("weights", "threshold")


@dataclass(frozen=True, order=True)
class Variable:
    """Name one variable of one node of the flat network."""

    node: str
    name: str


class Learning:
    """Compare what may be learned in a session with what it was.

    Made before the first step. ``started_at`` is the iteration of the last save
    or of the start.
    """

    def __init__(self, objects: Mapping[str, Any], network: Neocortex) -> None:
        self._owners = {
            key: owner
            for key, owner in objects.items()
            if key == NETWORK or hasattr(owner, "src") or hasattr(owner, "spikes")
        }
        self._nodes = {id(owner): key for key, owner in self._owners.items()}
        self._network = network
        self._begin = self._saved = self._digests()
        self.started_at = int(network.iteration)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "_nodes"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._nodes = {id(owner): key for key, owner in self._owners.items()}

    def unsaved(self) -> list[Variable]:
        """Return what differs from the start, and from what was saved last."""
        now = self._digests()
        return sorted(each for each in now if now[each] != self._saved.get(each))

    def since_start(self) -> list[Variable]:
        """Return what differs from what it was before the first step."""
        now = self._digests()
        return sorted(each for each in now if now[each] != self._begin.get(each))

    def mark_saved(self) -> None:
        """Take what there is now as saved."""
        self._saved, self.started_at = self._digests(), int(self._network.iteration)

    def was_set(self, owner: Any, name: str) -> None:
        """Take a value that the user has set as one that nothing has learned."""
        node = self._nodes.get(id(owner), "")
        value = getattr(owner, name, None)
        if (variable := Variable(node, name)) in self._begin and isinstance(value, torch.Tensor):
            digest = _digest(value)
            self._begin = {**self._begin, variable: digest}
            self._saved = {**self._saved, variable: digest}

    def value(self, variable: Variable) -> torch.Tensor:
        """Return a variable as it is now."""
        found: torch.Tensor = getattr(self._owners[variable.node], variable.name)
        return found

    def _digests(self) -> Digests:
        self._network._settle()
        return {each: _digest(self.value(each)) for each in self._variables()}

    def _variables(self) -> Iterator[Variable]:
        more = set(self._declared())
        for key, owner in self._owners.items():
            names = {*_ALWAYS, *(name for node, name in more if node == key)}
            for name in sorted(names):
                if isinstance(getattr(owner, name, None), torch.Tensor):
                    yield Variable(key, name)

    def _declared(self) -> Iterator[tuple[str, str]]:
        """Yield the node and the name of what behaviors say that they learn."""
        for owner in self._network.all_objects():
            ends = {"own": owner, "network": self._network}
            ends |= {"source": getattr(owner, "src", None), "target": getattr(owner, "dst", None)}
            for behavior in owner.behavior.values():
                for text in getattr(behavior, "learns", ()):
                    place, _, name = text.partition(".")
                    node = self._nodes.get(id(ends.get(place)))
                    if node is not None:
                        yield node, name


def _digest(value: torch.Tensor) -> bytes:
    """Return a hash of a tensor: its form, its numbers, and of a sparse one where they are."""
    found = hashlib.sha256(f"{value.dtype} {tuple(value.shape)} {value.layout}".encode())
    for part in _parts(value.detach()):
        flat = part.cpu().contiguous().reshape(-1)
        if flat.numel():
            found.update(flat.view(torch.uint8).numpy().data)
    return found.digest()


def _parts(value: torch.Tensor) -> tuple[torch.Tensor, ...]:
    if value.layout is torch.sparse_csr:
        return value.crow_indices(), value.col_indices(), value.values()
    if value.layout is torch.sparse_csc:
        return value.ccol_indices(), value.row_indices(), value.values()
    return (value if value.layout is torch.strided else value.to_dense(),)
