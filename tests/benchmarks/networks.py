"""The four workloads as networks of conex_core, made of its public classes only.

Without stored input every behavior is a built-in one: uniform noise is InherentNoise,
Bernoulli input is a neuron that forgets its potential in one step. With stored input,
W3 shows it through an input layer; the others need ``StoredNoise``, which is a user's
behavior to the network.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import torch

from conex_core import (
    LIF,
    Behavior,
    Conv2dDendriticInput,
    Conv2dSTDP,
    DelayInitializer,
    EventRecorder,
    Fire,
    InherentNoise,
    InputLayer,
    Neocortex,
    NeuronAxon,
    NeuronGroup,
    PostSpikeCatcher,
    PostTrace,
    PreSpikeCatcher,
    PreTrace,
    SimpleDendriteComputation,
    SimpleDendriteStructure,
    SimpleDendriticInput,
    SimpleSTDP,
    SparseDendriticInput,
    SynapseGroup,
    SynapseInit,
    WeightClip,
    WeightInitializer,
    prioritize_behaviors,
)
from tests.benchmarks import workloads
from tests.benchmarks.workloads import Drive, Floats, Grid, Learning, Sparse, Workload

__all__ = ["StoredNoise", "built", "make_network"]

_SEED = 1


class StoredNoise(Behavior):
    """Add one row of a stored array to the potential in every iteration."""

    priority = InherentNoise.priority
    requires = ("own.v",)

    def __init__(self, rows: torch.Tensor, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._rows = rows  # (iterations, N) mV

    def forward(self, owner: Any) -> None:
        """Add the row of this iteration."""
        owner.v.add_(self._rows[owner.network.iteration - 1])


def make_network(engine: str) -> Neocortex:
    """Return an empty network that runs on ``engine``: auto, fused or reference."""
    return Neocortex(dt=1.0, seed=_SEED, engine=engine)


def built(
    work: Workload, *, engine: str = "auto", stored: int = 0, counted: bool = True
) -> Neocortex:
    """Return ``work`` as an initialised network.

    Parameters
    ----------
    stored : int
        Iterations for which input is stored; 0 draws it during the run.
    counted : bool
        Record the spikes of all neurons but those of the input.
    """
    net = make_network(engine)
    if work.grid is not None:
        _convolution(net, work, work.grid, stored, counted)
    elif work.sparse is not None:
        _sparse(net, work, work.sparse, stored, counted)
    else:
        _dense(net, work, stored, counted)
    net.initialize(warnings=False)
    return net


def _dense(net: Neocortex, work: Workload, stored: int, counted: bool) -> None:
    noise = _noise(work, stored)
    group = _population(net, work, slice(None), noise, counted, tag="neurons")
    weights = torch.from_numpy(workloads.dense_weights(work))
    rule = _rule(SimpleSTDP, work.learning)
    _join(net, group, group, weights, [SimpleDendriticInput(), *rule])


def _sparse(net: Neocortex, work: Workload, sparse: Sparse, stored: int, counted: bool) -> None:
    noise = _noise(work, stored)
    ends = {"exc": slice(0, sparse.excitatory), "inh": slice(sparse.excitatory, work.size)}
    groups = {
        tag: _population(net, work, part, noise, counted, tag=tag, remembered=sparse.longest + 1)
        for tag, part in ends.items()
    }
    rows = workloads.targets_of(work, sparse)
    delays = torch.from_numpy(workloads.delays_of(work, sparse))
    for source, sources in ends.items():
        size = sparse.j_exc if source == "exc" else sparse.j_inh  # the tag gives the sign
        for target, targets in ends.items():
            weights = _matrix(rows[sources], targets, size)
            stack = [DelayInitializer(delays=delays[sources].clone()), SparseDendriticInput()]
            _join(net, groups[source], groups[target], weights, [*stack, PreSpikeCatcher()])


def _convolution(net: Neocortex, work: Workload, grid: Grid, stored: int, counted: bool) -> None:
    seen = (grid.planes, grid.seen, grid.seen)
    group = _population(net, work, slice(None), None, counted, tag="seen", size=seen)
    weights = torch.from_numpy(workloads.kernels(grid))
    shown = _shown(net, grid, stored) if stored else _drawn(net, grid)
    rule = _rule(Conv2dSTDP, work.learning)
    _join(net, shown, group, weights, [Conv2dDendriticInput(), *rule])


def _population(
    net: Neocortex,
    work: Workload,
    part: slice,
    noise: InherentNoise | Floats | None,
    counted: bool,
    *,
    tag: str,
    size: Any = None,
    remembered: int = 1,
) -> NeuronGroup:
    potentials = torch.from_numpy(workloads.first_potentials(work)[part].copy())
    stack: list[Behavior] = [
        SimpleDendriteStructure(),
        SimpleDendriteComputation(),
        LIF(
            R=work.tau,
            tau=work.tau,
            threshold=work.threshold,
            v_reset=work.v_reset,
            v_rest=0.0,
            init_v=potentials,
        ),
        Fire(),
        NeuronAxon(max_delay=remembered),
    ]
    if isinstance(noise, np.ndarray):
        stack.append(StoredNoise(torch.from_numpy(noise[:, part].copy())))
    elif noise is not None:
        stack.append(noise.copy())
    if counted:
        stack.append(EventRecorder("spikes"))
    return NeuronGroup(net, size or len(potentials), prioritize_behaviors(stack), tag)


def _noise(work: Workload, stored: int) -> InherentNoise | Floats:
    drive = work.drive or Drive(0.0)
    if stored:
        return workloads.stored_noise(work, stored) * np.float32(drive.scale) + np.float32(
            drive.offset
        )
    return InherentNoise(scale=drive.scale, offset=drive.offset)


def _join(
    net: Neocortex,
    source: NeuronGroup,
    target: NeuronGroup,
    weights: torch.Tensor,
    extra: Iterable[Behavior],
) -> None:
    stack = [SynapseInit(), WeightInitializer(weights=weights), *extra]
    if not any(isinstance(item, PreSpikeCatcher) for item in stack):
        stack.append(PreSpikeCatcher())
    SynapseGroup(net, source, target, "Proximal", prioritize_behaviors(stack))


def _rule(kind: type[SimpleSTDP] | type[Conv2dSTDP], rule: Learning | None) -> list[Behavior]:
    if rule is None:
        return []
    return [
        PostSpikeCatcher(),
        PreTrace(tau_s=rule.tau_s),
        PostTrace(tau_s=rule.tau_s),
        kind(a_plus=rule.a_plus, a_minus=rule.a_minus),
        WeightClip(w_min=0.0, w_max=rule.w_max),
    ]


def _matrix(rows: list[workloads.Integers], targets: slice, size: float) -> torch.Tensor:
    """Return sparse weights from each source to those of its targets that are in ``targets``."""
    sources = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    flat = np.concatenate(rows)
    inside = (flat >= targets.start) & (flat < targets.stop)
    ends = torch.from_numpy(np.stack([sources[inside], flat[inside] - targets.start]))
    values = torch.full((ends.shape[1],), size)
    shape = (len(rows), targets.stop - targets.start)
    return torch.sparse_coo_tensor(ends, values, shape, is_coalesced=True, check_invariants=False)


def _shown(net: Neocortex, grid: Grid, stored: int) -> NeuronGroup:
    """Return an input population that shows the stored frames."""
    frames = torch.from_numpy(workloads.stored_frames(grid, stored))
    size = (1, grid.side, grid.side)
    layer = InputLayer(net, [(frames,)], have_label=False, sensory_size=size, tag="input")
    return layer.sensory_pop  # type: ignore[no-any-return]  # a NeuronGroup


def _drawn(net: Neocortex, grid: Grid) -> NeuronGroup:
    """Return neurons that spike by chance: noise alone, at rest again after one step."""
    stack: list[Behavior] = [
        LIF(R=0.0, tau=1.0, threshold=1.0 - grid.chance, v_reset=0.0, v_rest=0.0),
        InherentNoise(),
        Fire(),
        NeuronAxon(),
    ]
    return NeuronGroup(net, (1, grid.side, grid.side), prioritize_behaviors(stack), "input")
