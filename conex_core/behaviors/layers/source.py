"""Source: the batches of a loader, in an order that can be taken up again.

What a loader draws from torch's generators at the start of a pass is noted, so
that a pass can be made again up to any batch. With a seed, what it draws from
torch's global generator comes from a stream of this source alone: a loader that
shuffles without a generator of its own gives the same order for the same seed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import torch

__all__ = ["Source"]

_T = TypeVar("_T")

_OWN_PLACES = ("generator", "encoder.generator", "sampler.generator", "dataset.encoder.generator")


class Source:
    """Draw batches from ``loader``, pass after pass."""

    def __init__(self, loader: Any, seed: int | None = None) -> None:
        self._loader, self._seed = loader, seed
        self._stream: torch.Tensor | None = None  # where the global generator stands for us
        self._is_torn = False  # a batch failed half-way
        self._first = self._random()["own"]
        self.start()

    def start(self) -> None:
        """Go to the first batch of the first pass."""
        if self._seed is not None:
            self._stream = torch.Generator().manual_seed(self._seed).get_state()
        self._set_own(self._first)
        self.again()

    def again(self) -> None:
        """Start a pass."""
        self._before = self._random()
        self._drawn, self._is_torn = 0, False
        with self._drawing():
            self._batches: Iterator[Any] = iter(self._loader)

    def draw(self, unpack: Callable[[Any], _T]) -> _T | None:
        """Return the next batch, unpacked; None after the last of this pass.

        A batch that cannot be read or unpacked is drawn again by the next call: the
        iterator may have gone beyond it, or be at its end.
        """
        self._mend()
        self._is_torn = True
        with self._drawing():
            raw = next(self._batches, None)
        batch = None if raw is None else unpack(raw)
        self._drawn += raw is not None
        self._is_torn = False
        return batch

    def __getstate__(self) -> dict[str, Any]:
        kept = {name: vars(self)[name] for name in ("_loader", "_seed", "_stream", "_first")}
        if self._batches is self._loader:  # an iterator, which knows its own place
            return {**vars(self), "place": None}
        return {**kept, "place": self.state()}

    def __setstate__(self, kept: dict[str, Any]) -> None:
        place = kept.pop("place")
        vars(self).update(kept)
        if place is not None:
            self.restore(place)

    def state(self) -> dict[str, Any]:
        """Return where this is, as tensors and plain values."""
        self._mend()
        place = {"before": self._before, "drawn": self._drawn, "own": self._random()["own"]}
        if self._stream is not None:
            place["stream"] = self._stream
        if hasattr(self._batches, "state"):
            place["iterator"] = self._batches.state()
        return place

    def restore(self, place: dict[str, Any]) -> None:
        """Go to where :meth:`state` was called; torch's own generator stays as it is."""
        self._before, self._drawn, self._is_torn = place["before"], place["drawn"], False
        if "iterator" in place and hasattr(self._loader, "resumed"):
            self._batches = self._loader.resumed(place["iterator"])
        else:
            self._draw_again()
        self._set_own(place["own"])
        self._stream = place.get("stream", self._stream)

    @contextmanager
    def _drawing(self) -> Iterator[None]:
        """Let torch's global generator be ours meanwhile, if there is a seed."""
        if self._stream is None:
            yield
            return
        with torch.random.fork_rng(devices=[]):
            torch.set_rng_state(self._stream)
            yield
            self._stream = torch.get_rng_state()

    def _mend(self) -> None:
        """Go back to before a batch that failed half-way; an iterator cannot."""
        if self._is_torn and self._batches is not self._loader:
            self._draw_again()
        self._is_torn = False

    def _draw_again(self) -> None:
        with torch.random.fork_rng(devices=[]):
            torch.set_rng_state(self._before["torch"])
            self._set_own(self._before["own"])
            self._batches = iter(self._loader)
            for _ in range(self._drawn):
                next(self._batches, None)
            if self._stream is not None:
                self._stream = torch.get_rng_state()

    def _random(self) -> dict[str, Any]:
        own = [generator.get_state() for generator in _generators(self._loader)]
        now = torch.get_rng_state() if self._stream is None else self._stream
        return {"torch": now, "own": own}

    def _set_own(self, states: list[torch.Tensor]) -> None:
        for generator, state in zip(_generators(self._loader), states, strict=False):
            generator.set_state(state)


def _generators(loader: Any) -> list[torch.Generator]:
    """Return the generators that a loader holds, each once."""
    found: list[torch.Generator] = []
    for place in _OWN_PLACES:
        value = loader
        for name in place.split("."):
            value = getattr(value, name, None)
        if isinstance(value, torch.Generator) and all(value is not other for other in found):
            found.append(value)
    return found
