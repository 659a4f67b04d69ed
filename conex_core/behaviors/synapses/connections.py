"""How weights join sources and targets: all to all, one to one, sparse, kernels, local.

A learning rule combines a value per source neuron and one per target neuron
into a change per weight. These mixins say how, for each way that weights are
stored; the rules themselves do not depend on it.
"""

from __future__ import annotations

from typing import Any

import torch
from torch.nn.functional import unfold

from conex_core.behavior import name_of
from conex_core.behaviors.synapses.events import spiking
from conex_core.behaviors.synapses.sliding import Sliding, in_planes, sliding_of
from conex_core.behaviors.synapses.storage import (
    ByTarget,
    entries_of,
    is_by_source,
    source_values,
)
from conex_core.errors import ShapeError

__all__ = ["Connection", "Dense", "Kernels", "Local", "OneToOne", "Sparse", "patches"]


class Connection:
    """Say which weights a rule takes and what a pair of neurons gives each of them."""

    def check_weights(self, owner: Any) -> None:
        """Raise ShapeError if the weights of ``owner`` are of another kind."""
        raise NotImplementedError(f"{type(self).__name__} does not say which weights it takes")

    def stored(self, owner: Any) -> torch.Tensor:
        """Return the tensor of weights that changes in place."""
        weights: torch.Tensor = owner.weights
        return weights

    def combine(self, owner: Any, source: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        """Return source (S) times target (D) for every weight, shaped like ``stored``."""
        raise NotImplementedError(f"{type(self).__name__} does not combine its ends")

    def _refused(self, owner: Any, needed: str) -> ShapeError:
        kind = "dense" if owner.weights.layout is torch.strided else "sparse"
        problem = f"{type(self).__name__} needs {needed}, got {kind} ones"
        return ShapeError(name_of(owner), f"{problem} of shape {tuple(owner.weights.shape)}")


class Dense(Connection):
    """Weights (S, D)."""

    weight_kind = "dense"

    def check_weights(self, owner: Any) -> None:
        """Raise ShapeError unless the weights are a dense (S, D) matrix."""
        matrix = (owner.src.size, owner.dst.size)
        if owner.weights.layout is not torch.strided or tuple(owner.weights.shape) != matrix:
            raise self._refused(owner, f"dense weights {matrix}")

    def combine(self, owner: Any, source: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        """Return the outer product."""
        dtype = owner.weights.dtype
        return torch.outer(source.to(dtype), target.to(dtype))


class OneToOne(Connection):
    """Weights (N) between two groups of N neurons."""

    weight_kind = "pairs"

    def check_weights(self, owner: Any) -> None:
        """Raise ShapeError unless there is one weight per pair."""
        size = owner.src.size
        if owner.dst.size != size or tuple(owner.weights.shape) != (size,):
            raise self._refused(owner, "one weight per neuron of two groups of one size")

    def default_weight_shape(self, owner: Any) -> tuple[int, ...]:
        """Return (N,)."""
        return (owner.src.size,)

    def combine(self, owner: Any, source: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        """Return the elementwise product."""
        return source.to(owner.weights.dtype) * target


class Sparse(Connection):
    """Stored weights (nnz) of a sparse (S, D) matrix."""

    weight_kind = "sparse"

    _by_target: ByTarget | None = None

    def check_weights(self, owner: Any) -> None:
        """Raise ShapeError unless the weights are sparse."""
        if not is_by_source(owner.weights):
            raise self._refused(owner, "sparse weights")

    def stored(self, owner: Any) -> torch.Tensor:
        """Return the stored values, in the order of ``src_idx`` and ``dst_idx``."""
        values: torch.Tensor = owner.weights.values()
        return values

    def combine(self, owner: Any, source: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        """Return the product of both ends of every stored weight."""
        weights = owner.weights
        at_targets = target.to(weights.dtype).index_select(0, weights.col_indices())
        return source_values(weights, source.to(weights.dtype)).mul_(at_targets)

    def touched(self, owner: Any) -> tuple[torch.Tensor, torch.Tensor] | None:
        """Return the places of the stored weights of spiking targets, and of spiking sources.

        None where the device would have to be asked; all weights are changed then.
        """
        targets, sources = spiking(owner.post_spike), spiking(owner.pre_spike)
        if targets is None or sources is None:
            return None
        return self.of_targets(owner, targets), entries_of(owner.weights.crow_indices(), sources)

    def of_targets(self, owner: Any, targets: torch.Tensor) -> torch.Tensor:
        """Return the places of the stored weights of ``targets``."""
        # A state may have brought other connections since the last time.
        if self._by_target is None or self._by_target.weights is not owner.weights:
            self._by_target = ByTarget(owner.weights)
        return self._by_target.entries_of(targets)


class Kernels(Connection):
    """Weights (out, in, height, width) shared by all positions; changes are means."""

    weight_kind = "kernels"

    _sliding: Sliding | None = None

    def check_weights(self, owner: Any) -> None:
        """Raise ShapeError unless the weights are 4-D kernels."""
        if owner.weights.dim() != 4:
            raise self._refused(owner, "kernels (out, in, height, width)")

    def combine(self, owner: Any, source: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        """Return the mean over positions of target times what the kernel sees.

        Of the two, one is spikes; on a CPU only these are looked at, in their order.
        """
        shape, positions = owner.weights.shape, owner.dst.height * owner.dst.width
        is_by_source = source.dtype is torch.bool
        spikes = spiking(source if is_by_source else target)
        if spikes is None:
            planes = target.to(owner.weights.dtype).view(owner.dst.depth, positions)
            total = planes @ patches(owner, source, tuple(shape[2:]))
        elif is_by_source:
            total = self._by_source(owner, spikes, target)
        else:
            total = self._by_target(owner, source, spikes)
        return total.view(shape).div_(positions)

    def _by_source(self, owner: Any, sources: torch.Tensor, values: torch.Tensor) -> torch.Tensor:
        """Return the sums of the targets' ``values`` that the ``sources`` reach."""
        sliding, (outputs, inputs, *_) = self._sliding_of(owner), owner.weights.shape
        cells, planes = in_planes(sources, sliding.cells, inputs)
        reached = sliding.reached.index_select(0, cells)
        added = _padded(values, outputs).index_select(1, reached.view(-1))
        places = planes * sliding.length + torch.arange(sliding.length)
        return _summed(owner.weights, outputs, inputs * sliding.length, places, added)

    def _by_target(self, owner: Any, values: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """Return the sums of the sources' ``values`` that the ``targets`` see."""
        sliding, (outputs, inputs, *_) = self._sliding_of(owner), owner.weights.shape
        positions, planes = in_planes(targets, sliding.positions, outputs)
        seen = sliding.seen.index_select(0, positions)
        added = _padded(values, inputs).index_select(1, seen.view(-1))
        places = planes * (inputs * sliding.length) + torch.arange(sliding.length)
        return _summed(owner.weights, inputs, sliding.length, places, added)

    def _sliding_of(self, owner: Any) -> Sliding:
        if self._sliding is None:
            self._sliding = sliding_of(owner, tuple(owner.weights.shape[2:]))
        return self._sliding


class Local(Connection):
    """Weights (out, positions, cells): a kernel of its own at every position."""

    weight_kind = "local"

    def check_weights(self, owner: Any) -> None:
        """Raise ShapeError unless the weights are (out, positions, cells)."""
        if owner.weights.dim() != 3:
            raise self._refused(owner, "local weights (out, positions, cells)")

    def combine(self, owner: Any, source: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        """Return target times what its own kernel sees."""
        outputs, positions, _ = owner.weights.shape
        planes = target.to(owner.weights.dtype).view(outputs, positions, 1)
        return planes * patches(owner, source, tuple(owner.kernel_shape[-2:]))


def patches(owner: Any, values: torch.Tensor, kernel: tuple[int, ...]) -> torch.Tensor:
    """Return what each position of a ``kernel`` (height, width) sees of the source's values.

    The result is (positions, in · height · width), positions row by row.
    """
    source = owner.src
    frame = values.to(owner.weights.dtype).view(1, source.depth, source.height, source.width)
    return unfold(frame, kernel, padding=owner.padding, stride=owner.stride)[0].t()


def _padded(values: torch.Tensor, planes: int) -> torch.Tensor:
    """Return ``values`` plane by plane, with a nought behind each for what lies outside."""
    by_plane = values.view(planes, -1)
    return torch.cat([by_plane, by_plane.new_zeros(planes, 1)], 1)


def _summed(
    weights: torch.Tensor, planes: int, step: int, places: torch.Tensor, values: torch.Tensor
) -> torch.Tensor:
    """Return the sum of ``values`` (planes, spikes · cells) at each place of ``weights``.

    The places are those of the first plane, (spikes, cells), and ``step`` further
    for each plane; every sum runs over the spikes in their order.
    """
    starts = torch.arange(0, planes * step, step)[:, None, None]
    spikes = values.shape[1] // places.shape[-1]
    places = (places + starts).expand(-1, spikes, -1)
    total = weights.new_zeros(weights.numel())
    return total.index_add_(0, places.reshape(-1), values.view(-1).to(weights.dtype))
