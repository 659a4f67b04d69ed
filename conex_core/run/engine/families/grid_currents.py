"""Currents on grids: kernels that slide over planes, kernels of one place, neighbours, means.

Planes are (depth, height, width): ``depth, high, wide`` of the source, ``outputs, down,
across`` of the target, ``tall, broad`` of a kernel, which goes ``step`` down and ``side``
across beside ``top`` and ``left`` rows of padding.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from conex_core.behaviors.synapses.sliding import neighbours
from conex_core.behaviors.synapses.spatial import (
    AveragePool2D,
    Conv2dDendriticInput,
    LateralDendriticInput,
    Local2dDendriticInput,
)
from conex_core.run.engine.builder import ProgramBuilder
from conex_core.run.engine.families.currents import factor_of, scaled
from conex_core.run.engine.kernel import Kernel, Row, kernel, njit
from conex_core.run.engine.lowering import Lowering
from conex_core.run.engine.taken import NotFused, Taken

__all__ = ["GEOMETRY", "LOWERINGS", "geometry_of", "grid_of", "span", "weights_on_grids"]

_NULL = np.float32(0.0)

GEOMETRY = "depth, high, wide, outputs, down, across, tall, broad, step, side, top, left: int"


@njit
def span(at: Any, length: Any, step: Any, count: Any) -> Any:
    """Return the first position whose kernel covers the padded place ``at``, and past the last."""
    first = (at - length) // step + 1 if at >= length else 0
    return first, min(at // step + 1, count)


@njit
def _add_reversed(
    current: Any, row: Any, first: Any, last: Any, weights: Any, line: Any, side: Any
) -> None:
    """Add weights from ``line`` backwards to one row of positions."""
    # Numbers without a sign spare the test for an index from the end.
    at, by = np.uint64(row + first), np.uint64(line)
    for k in range(np.uint64(last - first)):
        current[at + k] += weights[by - k * np.uint64(side)]


@njit
def _clear(current: Any) -> None:
    for j in range(current.size):
        current[j] = _NULL


_SLIDING = (
    "weights: f4[*cells]; listed: i4[sources]; count: i8[1]; I: f4[targets]; factor: real;"
    f" {GEOMETRY}"
)


@kernel(_SLIDING)
def shared_input(row: Row) -> int:
    """Add a plane's one kernel around every spike."""
    depth, high, wide, outputs, down, across = (
        row.depth, row.high, row.wide, row.outputs, row.down, row.across,
    )  # fmt: skip
    tall, broad, step, side, top, left = (
        row.tall, row.broad, row.step, row.side, row.top, row.left,
    )  # fmt: skip
    plane, positions = high * wide, down * across
    listed, count, current, weights = row.listed, row.count[0], row.I, row.weights
    _clear(current)
    for k in range(count):
        z, cell = listed[k] // plane, listed[k] % plane
        y, x = cell // wide + top, cell % wide + left
        upper, lower = span(y, tall, step, down)
        first, last = span(x, broad, side, across)
        for o in range(outputs):
            for r in range(upper, lower):
                line = ((o * depth + z) * tall + y - r * step) * broad + x - first * side
                _add_reversed(current, o * positions + r * across, first, last, weights, line, side)
    if count:
        scaled(current, row.factor)
    return 0


@kernel(_SLIDING)
def local_input(row: Row) -> int:
    """Add every place's own kernel around every spike."""
    depth, high, wide, outputs, down, across = (
        row.depth, row.high, row.wide, row.outputs, row.down, row.across,
    )  # fmt: skip
    tall, broad, step, side, top, left = (
        row.tall, row.broad, row.step, row.side, row.top, row.left,
    )  # fmt: skip
    plane, positions, length = high * wide, down * across, tall * broad
    listed, count, current, weights = row.listed, row.count[0], row.I, row.weights
    _clear(current)
    for k in range(count):
        z, cell = listed[k] // plane, listed[k] % plane
        y, x = cell // wide + top, cell % wide + left
        upper, lower = span(y, tall, step, down)
        first, last = span(x, broad, side, across)
        for o in range(outputs):
            for r in range(upper, lower):
                for c in range(first, last):
                    at = o * positions + r * across + c
                    q = (z * tall + y - r * step) * broad + x - c * side
                    current[at] += weights[at * depth * length + q]
    if count:
        scaled(current, row.factor)
    return 0


@kernel(
    "weights: f4[*cells]; listed: i4[sources]; count: i8[1]; I: f4[sources]; factor: real;"
    " depth, high, wide, deep, tall, broad: int"
)
def lateral_input(row: Row) -> int:
    """Add a centred kernel, ``deep, tall, broad``, around every spike."""
    depth, high, wide = row.depth, row.high, row.wide
    deep, tall, broad = row.deep, row.tall, row.broad
    plane = high * wide
    listed, count, current, weights = row.listed, row.count[0], row.I, row.weights
    _clear(current)
    for k in range(count):
        # Padded by half the kernel, so that the positions are those of a sliding kernel.
        cell = listed[k] % plane
        z, y, x = listed[k] // plane + deep // 2, cell // wide + tall // 2, cell % wide + broad // 2
        front, back = span(z, deep, 1, depth)
        upper, lower = span(y, tall, 1, high)
        first, last = span(x, broad, 1, wide)
        for d in range(front, back):
            for r in range(upper, lower):
                line = ((z - d) * tall + y - r) * broad + x
                for c in range(first, last):
                    current[d * plane + r * wide + c] += weights[line - c]
    if count:
        scaled(current, row.factor)
    return 0


@kernel(
    "spikes: b1[sources]; count: i8[1]; I: f4[targets]; factor: real;"
    " depth, high, wide, down, across: int"
)
def pool_input(row: Row) -> int:
    """Take the mean of the spikes in each patch.

    A patch reaches from the last cell at or before its share of a side to the first one after it.
    """
    high, wide, down, across = row.high, row.wide, row.down, row.across
    spikes, count, current = row.spikes, row.count[0], row.I
    if not count:
        _clear(current)
        return 0
    for z in range(row.depth):
        for r in range(down):
            upper, lower = r * high // down, -(-(r + 1) * high // down)
            for c in range(across):
                first, last = c * wide // across, -(-(c + 1) * wide // across)
                total = 0
                for y in range(upper, lower):
                    for x in range(first, last):
                        total += spikes[(z * high + y) * wide + x]
                mean = np.float32(total) / np.float32(lower - upper)
                current[(z * down + r) * across + c] = mean / np.float32(last - first)
    scaled(current, row.factor)
    return 0


def geometry_of(synapse: Any) -> dict[str, int]:
    """Return the sizes of both grids and of the kernel, its steps and the padding.

    Raises
    ------
    NotFused
        If they do not belong together: every place that a kernel reaches must exist.
    """
    weights = vars(synapse)["weights"]
    shape = weights.shape if weights.dim() == 4 else synapse.kernel_shape
    given = (*grid_of(synapse.src), *grid_of(synapse.dst), *shape[-2:])
    names = ("depth", "high", "wide", "outputs", "down", "across", "tall", "broad")
    found = dict(zip(names, map(int, given), strict=True))
    for start, extent, length, pad, step in (
        ("high", "down", "tall", synapse.padding[0], synapse.stride[0]),
        ("wide", "across", "broad", synapse.padding[1], synapse.stride[1]),
    ):
        reach = (found[start] + 2 * pad - found[length]) // step + 1 if step > 0 else 0
        if pad < 0 or reach != found[extent]:
            raise NotFused("its kernels do not lead from the one grid to the other")
    steps = (*synapse.stride, *synapse.padding)
    return {**found, **dict(zip(("step", "side", "top", "left"), map(int, steps), strict=True))}


def grid_of(group: Any) -> tuple[int, int, int]:
    """Return (depth, height, width) of a group."""
    grid = (int(group.depth), int(group.height), int(group.width))
    if grid[0] * grid[1] * grid[2] != group.size:
        raise NotFused(f"{group.name} is no grid")
    return grid


def weights_on_grids(
    synapse: Any, builder: ProgramBuilder, is_shared: bool
) -> tuple[Taken, dict[str, int]]:
    """Return kernels of planes, or of single places, which fit the grids; and the geometry."""
    weights = builder.program.take(synapse, "weights")
    if len(weights.shape) != (4 if is_shared else 3):
        raise NotFused(f"weights has the shape {weights.shape}")
    geometry = geometry_of(synapse)
    sizes = {**geometry, "places": geometry["down"] * geometry["across"]}
    sizes["cells"] = geometry["depth"] * geometry["tall"] * geometry["broad"]
    form = "f4[outputs, depth, tall, broad]" if is_shared else "f4[outputs, places, cells]"
    builder.expect(weights, form, **sizes)
    return weights, geometry


def _sliding(
    behavior: Conv2dDendriticInput | Local2dDendriticInput, synapse: Any, builder: ProgramBuilder
) -> None:
    is_shared = type(behavior) is Conv2dDendriticInput
    weights, geometry = weights_on_grids(synapse, builder, is_shared)
    if (behavior.stride, behavior.padding) != (synapse.stride, synapse.padding):
        raise NotFused("its stride or padding was changed")
    given = {"weights": weights, "targets": int(synapse.dst.size), **geometry}
    _add(shared_input if is_shared else local_input, behavior, synapse, builder, given)


def _lateral(behavior: LateralDendriticInput, synapse: Any, builder: ProgramBuilder) -> None:
    weights = builder.program.take(synapse, "weights")
    builder.expect(weights, "f4[1, 1, deep, tall, broad]")
    grid = grid_of(synapse.src)
    known = neighbours(grid, tuple(weights.shape[2:]))
    builder.expect_values(behavior, "_neighbours", known, synapse)
    sizes = zip(
        ("depth", "high", "wide", "deep", "tall", "broad"),
        (*grid, *weights.shape[2:]),
        strict=True,
    )
    _add(lateral_input, behavior, synapse, builder, {"weights": weights, **dict(sizes)})


def _add(
    kernel: Kernel,
    behavior: Any,
    synapse: Any,
    builder: ProgramBuilder,
    given: dict[str, Any],
) -> None:
    sources = int(synapse.src.size)
    builder.add(
        kernel,
        behavior,
        sources=sources,
        **given,
        **builder.of(synapse, "I"),
        **builder.spikes_of(synapse, "pre_spike", sources).lists(),
        live=factor_of(behavior),
    )


def _pool(behavior: AveragePool2D, synapse: Any, builder: ProgramBuilder) -> None:
    sources, targets = int(synapse.src.size), int(synapse.dst.size)
    (depth, high, wide), (other, down, across) = grid_of(synapse.src), grid_of(synapse.dst)
    if depth != other:
        raise NotFused("its groups are of different depths")
    caught = builder.spikes_of(synapse, "pre_spike", sources)
    builder.add(
        pool_input,
        behavior,
        sources=sources,
        targets=targets,
        depth=depth,
        high=high,
        wide=wide,
        down=down,
        across=across,
        spikes=caught.flags,
        count=caught.count,
        **builder.of(synapse, "I"),
        live=factor_of(behavior),
    )


LOWERINGS: dict[type, Lowering] = {
    AveragePool2D: _pool,
    Conv2dDendriticInput: _sliding,
    LateralDendriticInput: _lateral,
    Local2dDendriticInput: _sliding,
}
