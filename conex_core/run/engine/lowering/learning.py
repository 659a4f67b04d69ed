"""Learning of sparse and one-to-one weights, and inhibitory rules, as rows."""

from __future__ import annotations

from typing import Any

import torch

from conex_core.behaviors.synapses.istdp import One2OneiSTDP, SimpleiSTDP, SparseiSTDP
from conex_core.behaviors.synapses.stdp import One2OneSTDP, SparseSTDP
from conex_core.behaviors.synapses.storage import ByTarget
from conex_core.run.engine.draft import Draft
from conex_core.run.engine.lowering.plasticity import bounds_of, keep_within, rates
from conex_core.run.engine.program import NotFused

__all__ = ["LOWERINGS"]

_PRE, _POST = ("pre_spike", "pre_trace"), ("post_spike", "post_trace")


def _sparse_stdp(behavior: SparseSTDP, synapse: Any, draft: Draft) -> None:
    bounds, memory = bounds_of(behavior), _stored(behavior, synapse, draft)
    ends = (*_end(synapse, draft, *_PRE, flags=True), *_end(synapse, draft, *_POST, flags=True))
    draft.program.add(
        "sparse_stdp", *memory, *ends, *bounds, reals=lambda: rates(behavior)[:4], behavior=behavior
    )
    keep_within(behavior, synapse, draft, is_chosen=lambda: behavior.clip)


def _pair_stdp(behavior: One2OneSTDP, synapse: Any, draft: Draft) -> None:
    numbers = (*_pairs(synapse, draft), *bounds_of(behavior))
    draft.program.add("pair_stdp", *numbers, reals=lambda: rates(behavior), behavior=behavior)


def _dense_balance(behavior: SimpleiSTDP, synapse: Any, draft: Draft) -> None:
    weights = draft.program.attribute(synapse, "weights")
    ends = (*_end(synapse, draft, *_PRE), *_end(synapse, draft, *_POST))
    numbers = (synapse.src.size, synapse.dst.size, weights, *ends)
    draft.program.add("dense_balance", *numbers, reals=_aim(behavior), behavior=behavior)


def _sparse_balance(behavior: SparseiSTDP, synapse: Any, draft: Draft) -> None:
    ends = (*_end(synapse, draft, *_PRE), *_end(synapse, draft, *_POST))
    numbers = (*_stored(behavior, synapse, draft), *ends)
    draft.program.add("sparse_balance", *numbers, reals=_aim(behavior), behavior=behavior)


def _pair_balance(behavior: One2OneiSTDP, synapse: Any, draft: Draft) -> None:
    numbers = _pairs(synapse, draft)
    draft.program.add("pair_balance", *numbers, reals=_aim(behavior), behavior=behavior)


def _aim(behavior: Any) -> Any:
    return lambda: (behavior._aim, behavior._sign, behavior.lr)


def _end(
    synapse: Any, draft: Draft, spikes: str, trace: str, flags: bool = False
) -> tuple[int, ...]:
    """Return the list of spikes of one end, their flags if they are wanted, and the trace."""
    caught, memory = draft.caught_by(synapse, spikes), draft.program.attribute(synapse, trace)
    lists = (caught.listed.address, caught.count.address)
    return (*lists, *((caught.address,) if flags else ()), memory)


def _pairs(synapse: Any, draft: Draft) -> tuple[int, ...]:
    program = draft.program
    flags = [program.attribute(synapse, name, torch.bool) for name in (_PRE[0], _POST[0])]
    traces = [program.attribute(synapse, name) for name in (_PRE[1], _POST[1])]
    weights = program.attribute(synapse, "weights")
    return (synapse.src.size, weights, flags[0], traces[0], flags[1], traces[1])


def _stored(behavior: SparseSTDP | SparseiSTDP, synapse: Any, draft: Draft) -> tuple[int, ...]:
    """Return where sparse weights lie, by source and by target."""
    program, weights = draft.program, draft.program.watch(synapse, "weights")
    if weights.layout is not torch.sparse_csr or weights.crow_indices().dtype is not torch.int32:
        raise NotFused("its weights are not stored by source")
    if behavior._by_target is None or behavior._by_target.weights is not weights:
        behavior._by_target = ByTarget(weights)
    places, values = behavior._by_target, weights.values()
    indices = (weights.crow_indices(), weights.col_indices())
    return (
        *(synapse.src.size, synapse.dst.size, values.numel()),
        *(program.tensor(index, torch.int32) for index in indices),
        program.tensor(values),
        *(program.tensor(index, torch.int32) for index in (places.starts, places.order)),
    )


LOWERINGS: dict[type, Any] = {
    One2OneSTDP: _pair_stdp,
    One2OneiSTDP: _pair_balance,
    SimpleiSTDP: _dense_balance,
    SparseSTDP: _sparse_stdp,
    SparseiSTDP: _sparse_balance,
}
