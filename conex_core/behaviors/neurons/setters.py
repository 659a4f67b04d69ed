"""SensorySetter: the spikes of an input population come from its layer's data."""

from __future__ import annotations

from typing import Any, ClassVar

import torch

from conex_core.behavior import Behavior, layer_of, name_of
from conex_core.errors import ShapeError

__all__ = ["LocationSetter", "SensorySetter"]


class SensorySetter(Behavior):
    """Take the spikes of this iteration from the input layer's sensory data."""

    priority = 340
    requires = ("layer.x",)
    provides = ("own.spikes",)
    equation = r"s(t) = x(t)"
    source = "CoNeX, behaviors.neurons"

    attribute: ClassVar[str] = "x"
    remembers = ()

    def initialize(self, owner: Any) -> None:
        """Start without spikes: ``owner.spikes`` (N) bool."""
        super().initialize(owner)
        self._layer = layer_of(owner)
        owner.spikes = torch.zeros(owner.size, dtype=torch.bool, device=owner.device)

    def forward(self, owner: Any) -> None:
        """Copy the layer's current frame."""
        frame = getattr(self._layer, self.attribute)
        if frame is None:
            owner.spikes.zero_()
            return
        self.check(owner, frame)
        owner.spikes.copy_(frame)

    def check(self, owner: Any, frame: torch.Tensor) -> None:
        """Raise ShapeError unless ``frame`` has a value for each neuron."""
        if frame.shape != owner.spikes.shape:
            problem = (
                f"has {owner.size} neurons, but a frame of its data has {frame.numel()} values"
            )
            raise ShapeError(name_of(owner), problem, hint="make the sizes equal")


class LocationSetter(SensorySetter):
    """Take the spikes of this iteration from the input layer's location data."""

    requires = ("layer.loc",)
    equation = r"s(t) = loc(t)"

    attribute = "loc"
