"""Convolutional connections: one kernel per output plane, shared by all positions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from torch.nn.functional import conv2d

from conex_core.behaviors.synapses.currents import BaseDendriticInput
from conex_core.parameters import Integers

if TYPE_CHECKING:
    import torch

__all__ = ["Conv2dDendriticInput"]


class Conv2dDendriticInput(BaseDendriticInput):
    """Send the 2-D correlation of the source's spikes with a kernel per output plane.

    Weights are (out depth, in depth, kernel height, kernel width). Both groups
    need a size of (depth, height, width); the target's must be what the
    kernel, stride and padding give.
    """

    catalogued = True
    requires = (*BaseDendriticInput.requires, "source.depth", "target.depth")
    provides = (*BaseDendriticInput.provides, "own.stride", "own.padding")
    equation = r"I_{o,p} = c\,\sigma \sum_{i,q} w_{o,i,q}\, s_{i,\ p \cdot stride + q - pad}"
    source = "CoNeX, behaviors.synapses"

    stride = Integers(default=(1, 1), length=2, low=1, help="Step of the kernel: height, width.")
    padding = Integers(
        default=(0, 0), length=2, low=0, help="Zeros around the input: height, width."
    )

    def initialize(self, owner: Any) -> None:
        """Check that kernel and groups fit, and keep stride and padding."""
        super().initialize(owner)
        owner.stride, owner.padding = self.stride, self.padding
        if owner.weights.dim() != 4:
            problem = f"the weights have {owner.weights.dim()} dimensions"
            raise self.refused(owner, problem, "needed are (out, in, height, width)")
        outputs, inputs, *kernel = owner.weights.shape
        if inputs != owner.src.depth or outputs != owner.dst.depth:
            ends = f"{owner.src.depth} to {owner.dst.depth}"
            raise self.refused(owner, f"a kernel of {inputs} to {outputs} planes joins {ends}")
        needed = tuple(
            (size + 2 * pad - length) // step + 1
            for size, pad, length, step in zip(
                (owner.src.height, owner.src.width), self.padding, kernel, self.stride, strict=True
            )
        )
        if needed != (owner.dst.height, owner.dst.width):
            have = f"{owner.dst.height} × {owner.dst.width}"
            hint = f"give {owner.dst.tags[0]} the size {outputs} × {needed[0]} × {needed[1]}"
            raise self.refused(owner, f"the target is {have}", hint)

    def default_weight_shape(self, owner: Any) -> tuple[int, ...]:
        """Return the shape of the kernel that makes the two groups fit."""
        kernel = [
            getattr(owner.src, side) + 2 * pad - (getattr(owner.dst, side) - 1) * step
            for side, pad, step in zip(("height", "width"), self.padding, self.stride, strict=True)
        ]
        if min(kernel) < 1:
            raise self.refused(owner, "no kernel fits the sizes of the two groups")
        return (owner.dst.depth, owner.src.depth, *kernel)

    def current(self, owner: Any, out: torch.Tensor) -> None:
        """Correlate the spikes with the kernels."""
        source = owner.src
        frame = owner.pre_spike.view(1, source.depth, source.height, source.width)
        result = conv2d(
            frame.to(owner.weights.dtype), owner.weights, stride=self.stride, padding=self.padding
        )
        out.copy_(result.view(-1))
