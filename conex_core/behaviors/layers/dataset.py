"""SpikeNdDataset: data, sample by sample, as one frame of spikes per iteration.

A batch of the loader is (sensory, [location], label). Each tensor is read as
frames of its last dimensions, so that (batch, time, height, width) becomes
batch · time frames. When the data ends and ``loop`` is off, there is silence.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import torch

from conex_core.behavior import Behavior
from conex_core.behaviors.layers.source import Source
from conex_core.errors import ParameterError, ShapeError
from conex_core.parameters import Flag, Hook, Integer

__all__ = ["SpikeNdDataset"]

_FOREVER = 1 << 30  # iterations


@dataclass(frozen=True)
class _Batch:
    """Hold frames (count, N) and labels, and how many frames a sample has."""

    sensory: torch.Tensor | None
    location: torch.Tensor | None
    labels: torch.Tensor | None
    duration: int

    @property
    def samples(self) -> int:
        frames = self.sensory if self.sensory is not None else self.location
        return 0 if frames is None else frames.shape[0] // self.duration


class SpikeNdDataset(Behavior):
    """Show the samples of a data loader to an input layer.

    Writes ``layer.x`` (sensory), ``layer.loc`` (location) and ``layer.y``
    (label of the sample that is shown, kept during the silence after it, None
    before the first and after the last).

    A state holds the place in the data exactly. A loader whose iterators have
    ``state()`` and which has ``resumed(state)``, an iterator that goes on from
    there, is asked for it, as EncodedDataset is. Any other one is started again
    with the random numbers of its pass, and as many batches are drawn: its data
    must not change, and it may draw from torch's global generator or from its
    own ``generator``, no others. In a network with a seed, what the loader draws
    from the global one (its order, its transforms, the seeds of its workers)
    depends on that seed alone.
    """

    host = "layer"
    priority = 320
    provides = ("own.x", "own.loc", "own.y")
    equation = r"x(t) = \mathrm{frame}_t"
    source = "CoNeX, behaviors.layer"
    remembers = ("_place",)

    dataloader = Hook(
        default=None,
        optional=True,
        callable_only=False,
        help="Iterable of batches, such as a torch DataLoader; the input layer gives its own.",
    )
    instance_duration = Integer(
        default=0,
        low=0,
        unit="iterations",
        help="Frames per sample where there are no labels to count; 0 for a whole batch.",
    )
    ndim_sensory = Integer(default=2, low=1, help="Dimensions of one sensory frame.")
    ndim_location = Integer(default=2, low=1, help="Dimensions of one location frame.")
    have_location = Flag(default=False, help="Batches hold location frames.")
    have_sensory = Flag(default=True, help="Batches hold sensory frames.")
    have_label = Flag(default=True, help="Batches hold labels.")
    silent_interval = Integer(
        default=0, low=0, unit="iterations", help="Silence after each sample."
    )
    loop = Flag(default=True, help="Start again after the last batch; otherwise stay silent.")

    def check_together(self) -> None:
        """Refuse what no batches can be taken from."""
        if self.dataloader is not None and not hasattr(self.dataloader, "__iter__"):
            rule = "must be an iterable of batches"
            raise ParameterError("dataloader", rule, self.dataloader)

    def initialize(self, owner: Any) -> None:
        """Go to the start of the data."""
        super().initialize(owner)
        if self.dataloader is None:
            raise ParameterError("dataloader", "must be an iterable of batches", None)
        owner.x = owner.loc = owner.y = None
        if not hasattr(self, "_source"):
            seed = None if self.generator is None else self.generator.initial_seed()
            self._source = Source(self.dataloader, seed)
        self._source.start()
        self._batch: _Batch | None = None
        self._sample = self._frame = 0
        self._ended = False

    def forward(self, owner: Any) -> None:
        """Put this iteration's frame on ``owner``."""
        frames, _ = self.stretch(owner)
        for name, rows in frames.items():
            self._show(owner, name, None if rows is None else rows[0])
        self.go_on(1)

    def stretch(self, owner: Any) -> tuple[dict[str, torch.Tensor | None], int]:
        """Return what is shown from this iteration on, and for how many iterations.

        Frames are (iterations, N) by the name of the layer's attribute, None in
        silence. All are of one sample, whose label is put on ``owner``.
        """
        batch, shown = self._current(owner), self.shown()
        if batch is None:
            owner.y = None
            return dict.fromkeys(shown), _FOREVER
        if self._frame == 0 and batch.labels is not None:
            owner.y = _plain(batch.labels[self._sample])
        if self._frame >= batch.duration:
            return dict.fromkeys(shown), batch.duration + self.silent_interval - self._frame
        start = self._sample * batch.duration
        part = slice(start + self._frame, start + batch.duration)
        frames = {"x": batch.sensory, "loc": batch.location}
        return {name: _rows(frames[name], part) for name in shown}, part.stop - part.start

    def go_on(self, iterations: int) -> None:
        """Count iterations of a stretch as over."""
        if self._batch is not None:
            self._frame += iterations

    @property
    def _place(self) -> dict[str, Any]:
        """Return where in the data this is, with the batch that is shown."""
        batch = None if self._batch is None else vars(self._batch)
        shown = {"sample": self._sample, "frame": self._frame, "ended": self._ended}
        return {**shown, "batch": batch, "source": self._source.state()}

    @_place.setter
    def _place(self, place: dict[str, Any]) -> None:
        batch = place["batch"]
        self._sample, self._frame, self._ended = place["sample"], place["frame"], place["ended"]
        self._batch = None if batch is None else _Batch(**_on(self.device, batch))
        self._source.restore(place["source"])

    def _current(self, owner: Any) -> _Batch | None:
        """Return the batch that holds this iteration's frame; None after the end."""
        batch = self._batch
        if batch is not None and self._frame >= batch.duration + self.silent_interval:
            self._frame, self._sample = 0, self._sample + 1
        if batch is None or self._sample >= batch.samples:
            self._batch, self._sample, self._frame = self._next(owner), 0, 0
        return self._batch

    def _next(self, owner: Any) -> _Batch | None:
        if self._ended:
            return None
        unpack = partial(self._unpacked, owner)
        batch = self._source.draw(unpack)
        if batch is None and self.loop:
            self._source.again()
            batch = self._source.draw(unpack)
        self._ended = batch is None
        return batch

    def _unpacked(self, owner: Any, raw: Any) -> _Batch:
        parts = list(raw) if isinstance(raw, list | tuple) else [raw]
        if parts and isinstance(parts[0], list | tuple):
            parts = [*parts[0], *parts[1:]]
        wanted = self.have_sensory + self.have_location + self.have_label
        if len(parts) < wanted or not (self.have_sensory or self.have_location):
            problem = f"a batch has {len(parts)} parts, SpikeNdDataset expects {wanted}"
            raise ShapeError(owner.tags[0], problem, hint="(sensory, [location], label)")
        labels = torch.as_tensor(parts[-1]) if self.have_label else None
        sensory = location = None
        if self.have_sensory:
            sensory = self._frames(owner, parts[0], self.ndim_sensory)
        if self.have_location:
            location = self._frames(owner, parts[int(self.have_sensory)], self.ndim_location)
        count = len(sensory if sensory is not None else location)  # type: ignore[arg-type]  # one is set
        return _Batch(sensory, location, labels, self._duration(owner, labels, count))

    def _duration(self, owner: Any, labels: torch.Tensor | None, frames: int) -> int:
        duration = self.instance_duration or frames
        if labels is not None and labels.numel():
            duration = frames // labels.numel()
        if duration < 1 or duration > frames:
            problem = f"a batch of {frames} frames cannot hold samples of {duration}"
            raise ShapeError(owner.tags[0], problem, hint="check instance_duration and the labels")
        return duration

    def _frames(self, owner: Any, data: Any, dimensions: int) -> torch.Tensor:
        """Return ``data`` as boolean frames (count, N)."""
        data = torch.as_tensor(data)
        if data.dim() < dimensions:
            problem = f"data of {data.dim()} dimensions cannot hold frames of {dimensions}"
            raise ShapeError(owner.tags[0], problem)
        if data.dtype is not torch.bool and not bool(((data == 0) | (data == 1)).all()):
            problem = "the data holds values other than 0 and 1, which are no spikes"
            raise ShapeError(owner.tags[0], problem, hint="encode it, e.g. with PoissonEncoder")
        size = data.shape[data.dim() - dimensions :].numel()
        frames: torch.Tensor = data.to(owner.device).bool().reshape(-1, size).contiguous()
        return frames

    def shown(self) -> list[str]:
        """Return the names of the layer's attributes that hold frames."""
        pairs = (("x", self.have_sensory), ("loc", self.have_location))
        return [name for name, is_shown in pairs if is_shown]

    def _show(self, owner: Any, name: str, frame: torch.Tensor | None) -> None:
        current = getattr(owner, name)
        if frame is None:
            if current is not None:
                current.zero_()
        elif current is None or current.shape != frame.shape:
            setattr(owner, name, frame.clone())
        else:
            current.copy_(frame)


def _rows(frames: torch.Tensor | None, part: slice) -> torch.Tensor | None:
    return None if frames is None else frames[part]


def _on(device: Any, values: dict[str, Any]) -> dict[str, Any]:
    return {k: v.to(device) if isinstance(v, torch.Tensor) else v for k, v in values.items()}


def _plain(label: torch.Tensor) -> Any:
    # Once per sample, not per iteration: readers of labels compare them with numbers.
    return label.item() if label.dim() == 0 else label
