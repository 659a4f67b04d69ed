"""Connections on grids: convolution, local kernels, lateral kernels and pooling.

Both groups need a size of (depth, height, width).
"""

from __future__ import annotations

from typing import Any

import torch
from torch.nn.functional import adaptive_avg_pool2d, conv2d, conv3d

from conex_core.behavior import name_of
from conex_core.behaviors.synapses.connections import patches
from conex_core.behaviors.synapses.currents import BaseDendriticInput
from conex_core.behaviors.synapses.events import spiking
from conex_core.behaviors.synapses.sliding import in_planes, neighbours, sliding_of
from conex_core.errors import ShapeError
from conex_core.parameters import Flag, Integers

__all__ = [
    "AveragePool2D",
    "Conv2dDendriticInput",
    "LateralDendriticInput",
    "Local2dDendriticInput",
]


class GridInput(BaseDendriticInput):
    """Add up what spikes send to places on a grid.

    On a CPU this is done spike by spike, in their order; elsewhere finding the
    spikes would wait for the device, and all places are worked out at once.
    """

    def current(self, owner: Any, out: torch.Tensor) -> None:
        """Write the sums into ``out``."""
        sources = spiking(owner.pre_spike)
        if sources is None:
            out.copy_(self.whole(owner).view(-1))
        elif sources.numel():
            _add_up(out, *self.sent(owner, sources))
        else:
            out.zero_()

    def whole(self, owner: Any) -> torch.Tensor:
        """Return f(spikes, weights) for all targets."""
        raise NotImplementedError(f"{type(self).__name__} does not say what its current is")

    def sent(self, owner: Any, sources: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return where ``sources`` send to, and what, as ``_add_up`` takes it."""
        raise NotImplementedError(f"{type(self).__name__} does not say what a spike sends")


class SlidingInput(GridInput):
    """Send what a kernel gives at every position of the source's planes."""

    requires = (*BaseDendriticInput.requires, "source.depth", "target.depth")
    provides = (*BaseDendriticInput.provides, "own.stride", "own.padding")

    stride = Integers(default=(1, 1), length=2, low=1, help="Step of the kernel: height, width.")
    padding = Integers(
        default=(0, 0), length=2, low=0, help="Zeros around the input: height, width."
    )

    def initialize(self, owner: Any) -> None:
        """Keep stride and padding for the learning rules."""
        super().initialize(owner)
        owner.stride, owner.padding = self.stride, self.padding

    def fitting_kernel(self, owner: Any) -> tuple[int, int]:
        """Return the height and width of the kernel that makes the two groups fit."""
        height, width = (
            getattr(owner.src, side) + 2 * pad - (getattr(owner.dst, side) - 1) * step
            for side, pad, step in zip(("height", "width"), self.padding, self.stride, strict=True)
        )
        if min(height, width) < 1:
            raise self.refused(owner, "no kernel fits the sizes of the two groups")
        return height, width

    def check_kernel(self, owner: Any, outputs: int, inputs: int, kernel: list[int]) -> None:
        """Raise ShapeError unless the kernel leads from the source's to the target's grid."""
        source, target = owner.src, owner.dst
        if inputs != source.depth or outputs != target.depth:
            ends = f"{source.depth} to {target.depth}"
            raise self.refused(owner, f"a kernel of {inputs} to {outputs} planes joins {ends}")
        height, width = (
            (size + 2 * pad - length) // step + 1
            for size, pad, length, step in zip(
                (source.height, source.width), self.padding, kernel, self.stride, strict=True
            )
        )
        if (height, width) != (target.height, target.width):
            problem = f"the target is {target.height} × {target.width}"
            hint = f"give {name_of(target)} the size {outputs} × {height} × {width}"
            raise self.refused(owner, problem, hint)


class Conv2dDendriticInput(SlidingInput):
    """Send the 2-D correlation of the source's spikes with a kernel per output plane.

    Weights are (out depth, in depth, kernel height, kernel width). The target's
    size must be what the kernel, stride and padding give.
    """

    catalogued = True
    weight_kind = "kernels"
    equation = r"I_{o,p} = c\,\sigma \sum_{i,q} w_{o,i,q}\, s_{i,\ p \cdot stride + q - pad}"

    def initialize(self, owner: Any) -> None:
        """Check that kernel and groups fit."""
        super().initialize(owner)
        if owner.weights.dim() != 4:
            problem = f"the weights have {owner.weights.dim()} dimensions"
            raise self.refused(owner, problem, "needed are (out, in, height, width)")
        outputs, inputs, *kernel = owner.weights.shape
        self.check_kernel(owner, outputs, inputs, kernel)
        self._sliding = sliding_of(owner, tuple(kernel))

    def default_weight_shape(self, owner: Any) -> tuple[int, ...]:
        """Return the shape of the kernel that makes the two groups fit."""
        return (owner.dst.depth, owner.src.depth, *self.fitting_kernel(owner))

    def whole(self, owner: Any) -> torch.Tensor:
        """Correlate the spikes with the kernels."""
        frame = _frame(owner, owner.weights.dtype)
        return conv2d(frame, owner.weights, stride=self.stride, padding=self.padding)

    def sent(self, owner: Any, sources: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the positions that the kernel covers, and its weights for every plane."""
        sliding, (outputs, inputs, *_) = self._sliding, owner.weights.shape
        cells, planes = in_planes(sources, sliding.cells, inputs)
        values = owner.weights.view(outputs, inputs, -1).index_select(1, planes[:, 0])
        reached = sliding.reached.index_select(0, cells)
        return reached, values.expand(outputs, *reached.shape)


class Local2dDendriticInput(SlidingInput):
    """Send what a kernel of its own at every position gives.

    Weights are (out depth, positions, cells), cells being in depth · kernel
    height · kernel width. ``kernel_shape`` of WeightInitializer says how they
    are meant: (out depth, height, width, in depth, kernel height, width).
    """

    catalogued = True
    weight_kind = "local"
    equation = r"I_{o,p} = c\,\sigma \sum_q w_{o,p,q}\, s_{p \cdot stride + q - pad}"

    def initialize(self, owner: Any) -> None:
        """Check that kernel and groups fit."""
        super().initialize(owner)
        source, target = owner.src, owner.dst
        if owner.kernel_shape is None:
            grid = (target.depth, target.height, target.width)
            owner.kernel_shape = (*grid, source.depth, *self.fitting_kernel(owner))
        outputs, height, width, inputs, *kernel = owner.kernel_shape
        self.check_kernel(owner, outputs, inputs, kernel)
        needed = (outputs, height * width, inputs * kernel[0] * kernel[1])
        if tuple(owner.weights.shape) != needed or (height, width) != (
            target.height,
            target.width,
        ):
            problem = f"the weights are {tuple(owner.weights.shape)}, needed are {needed}"
            raise self.refused(owner, problem, "check kernel_shape")
        self._sliding = sliding_of(owner, tuple(kernel))

    def default_weight_shape(self, owner: Any) -> tuple[int, ...]:
        """Return the shape that makes the two groups fit."""
        height, width = self.fitting_kernel(owner)
        target = owner.dst
        cells = owner.src.depth * height * width
        return (target.depth, target.height * target.width, cells)

    def whole(self, owner: Any) -> torch.Tensor:
        """Multiply what each position sees with its own kernel."""
        seen = patches(owner, owner.pre_spike, tuple(owner.kernel_shape[-2:]))
        total: torch.Tensor = (owner.weights * seen).sum(dim=2)
        return total

    def sent(self, owner: Any, sources: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the positions that the kernels cover, and the weight that each has for it."""
        sliding, (outputs, positions, size) = self._sliding, owner.weights.shape
        cells, planes = in_planes(sources, sliding.cells, owner.src.depth)
        reached = sliding.reached.index_select(0, cells)
        within = planes * sliding.length + torch.arange(sliding.length)
        places = reached.clamp(max=positions - 1).mul_(size).add_(within)
        values = owner.weights.view(outputs, -1).index_select(1, places.view(-1))
        return reached, values.view(outputs, *reached.shape)


class LateralDendriticInput(GridInput):
    """Send each neuron a weighted sum of its neighbours in the same group.

    Weights are one kernel (1, 1, depth, height, width) of odd sizes, centred
    on the neuron itself, which is included; beyond the border there is nothing.
    """

    catalogued = True
    weight_kind = "lateral"
    requires = (*BaseDendriticInput.requires, "source.depth")
    equation = r"I_p = c\,\sigma \sum_q w_q\, s_{p + q}"

    inhibitory = Flag(
        default=None, optional=True, help="Sign of the current; empty for the group's polarity."
    )

    def initialize(self, owner: Any) -> None:
        """Check that the group is joined to itself by an odd kernel."""
        super().initialize(owner)
        if owner.src is not owner.dst:
            raise self.refused(owner, "source and target must be the same group")
        shape = tuple(owner.weights.shape)
        if len(shape) != 5 or shape[:2] != (1, 1) or any(size % 2 == 0 for size in shape):
            hint = "needed are (1, 1, depth, height, width), all odd"
            raise self.refused(owner, f"the weights are {shape}", hint)
        if self.inhibitory is not None:
            self.sign = -1.0 if self.inhibitory else 1.0
        grid = (owner.src.depth, owner.src.height, owner.src.width)
        self._neighbours = neighbours(grid, shape[2:])

    def default_weight_shape(self, owner: Any) -> tuple[int, ...]:
        """Return a kernel over the direct neighbours in the plane."""
        return (1, 1, 1, 3, 3)

    def whole(self, owner: Any) -> torch.Tensor:
        """Correlate the spikes with the kernel."""
        frame = _frame(owner, owner.weights.dtype).unsqueeze(1)
        return conv3d(frame, owner.weights, padding=[size // 2 for size in owner.weights.shape[2:]])

    def sent(self, owner: Any, sources: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the neighbours, and the one kernel."""
        reached = self._neighbours.index_select(0, sources)
        return reached, owner.weights.view(1, 1, -1).expand(1, *reached.shape)


class AveragePool2D(BaseDendriticInput):
    """Send the mean of the source's spikes over a patch for each target; no weights."""

    catalogued = True
    requires = ("own.pre_spike", "source.depth", "target.depth")
    equation = r"I_{o,p} = c\,\sigma\,\langle s_o \rangle_{\mathrm{patch}(p)}"

    def initialize(self, owner: Any) -> None:
        """Check that both groups have the same depth."""
        super().initialize(owner)
        if owner.src.depth != owner.dst.depth:
            problem = f"AveragePool2D joins depth {owner.src.depth} to {owner.dst.depth}"
            raise ShapeError(name_of(owner), problem, hint="make them equal")

    def current(self, owner: Any, out: torch.Tensor) -> None:
        """Average the spikes patch by patch."""
        grid = (owner.dst.height, owner.dst.width)
        out.copy_(adaptive_avg_pool2d(_frame(owner, out.dtype), grid).view(-1))


def _add_up(out: torch.Tensor, positions: torch.Tensor, values: torch.Tensor) -> None:
    """Write the sum of ``values`` at ``positions`` into ``out``, spike after spike.

    ``positions`` are (spikes, cells) and ``values`` (planes, spikes, cells); a
    position past the last one of a plane is nowhere.
    """
    outputs = len(values)
    planes = out.new_zeros(outputs, out.numel() // outputs + 1)
    starts = torch.arange(0, planes.numel(), planes.shape[1])[:, None, None]
    places = (positions + starts).view(-1)
    planes.view(-1).index_add_(0, places, values.reshape(-1))
    out.view(outputs, -1).copy_(planes[:, :-1])


def _frame(owner: Any, dtype: torch.dtype) -> torch.Tensor:
    """Return the source's spikes as (1, depth, height, width)."""
    source = owner.src
    shape = (1, source.depth, source.height, source.width)
    frame: torch.Tensor = owner.pre_spike.to(dtype).view(shape)
    return frame
