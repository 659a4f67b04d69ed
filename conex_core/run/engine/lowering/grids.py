"""Connections on grids as rows: convolution, local and lateral kernels, pooling."""

from __future__ import annotations

from typing import Any

from conex_core.behaviors.synapses.spatial import (
    AveragePool2D,
    Conv2dDendriticInput,
    LateralDendriticInput,
    Local2dDendriticInput,
)
from conex_core.behaviors.synapses.stdp import Conv2dSTDP, Local2dSTDP
from conex_core.run.engine.draft import Draft
from conex_core.run.engine.lowering.currents import factor_of
from conex_core.run.engine.lowering.plasticity import bounds_of, rates

__all__ = ["LOWERINGS"]


def _sliding(behavior: Conv2dDendriticInput, synapse: Any, draft: Draft) -> None:
    kernel = "shared_input" if type(behavior) is Conv2dDendriticInput else "local_input"
    _add(kernel, behavior, synapse, draft, _geometry(synapse))


def _lateral(behavior: LateralDendriticInput, synapse: Any, draft: Draft) -> None:
    sizes = (*_grid(synapse.src), *synapse.weights.shape[2:])
    _add("lateral_input", behavior, synapse, draft, sizes)


def _add(kernel: str, behavior: Any, synapse: Any, draft: Draft, sizes: tuple[int, ...]) -> None:
    program, caught = draft.program, draft.caught_by(synapse, "pre_spike")
    numbers = (program.attribute(synapse, "weights"), caught.listed.address, caught.count.address)
    current = program.attribute(synapse, "I")
    program.add(kernel, *numbers, current, *sizes, reals=factor_of(behavior), behavior=behavior)


def _pool(behavior: AveragePool2D, synapse: Any, draft: Draft) -> None:
    program, caught = draft.program, draft.caught_by(synapse, "pre_spike")
    numbers = (caught.address, caught.count.address, program.attribute(synapse, "I"))
    sizes = (*_grid(synapse.src), *_grid(synapse.dst)[1:])
    program.add("pool_input", *numbers, *sizes, reals=factor_of(behavior), behavior=behavior)


def _stdp(behavior: Conv2dSTDP | Local2dSTDP, synapse: Any, draft: Draft) -> None:
    program, is_shared = draft.program, type(behavior) is Conv2dSTDP
    up, down = bounds_of(behavior)
    weights = program.attribute(synapse, "weights")
    ends = []
    for spikes, trace in (("pre_spike", "pre_trace"), ("post_spike", "post_trace")):
        caught = draft.caught_by(synapse, spikes)
        flags = () if is_shared else (caught.address,)
        lists = (caught.listed.address, caught.count.address)
        ends += [*lists, *flags, program.attribute(synapse, trace)]
    if is_shared:
        ends.append(program.cell(size=2 * synapse.weights.numel(), dtype="float32").address)
    program.add(
        "shared_stdp" if is_shared else "local_stdp",
        *(weights, *ends, up + 3 * down, *_geometry(synapse)),
        reals=lambda: rates(behavior),
        behavior=behavior,
    )


def _geometry(synapse: Any) -> tuple[int, ...]:
    """Return the sizes of both grids and of the kernel, its steps and the padding."""
    shape = synapse.weights.shape if synapse.weights.dim() == 4 else synapse.kernel_shape
    ends = (*_grid(synapse.src), *_grid(synapse.dst))
    return (*ends, *(int(size) for size in shape[-2:]), *synapse.stride, *synapse.padding)


def _grid(group: Any) -> tuple[int, int, int]:
    return (group.depth, group.height, group.width)


LOWERINGS: dict[type, Any] = {
    AveragePool2D: _pool,
    Conv2dDendriticInput: _sliding,
    Conv2dSTDP: _stdp,
    LateralDendriticInput: _lateral,
    Local2dDendriticInput: _sliding,
    Local2dSTDP: _stdp,
}
