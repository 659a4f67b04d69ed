"""The four workloads of the speed comparison: their figures, and the arrays that they store.

One step, in this order: input = weights of the spikes that arrive now; leak and input;
noise; threshold and reset; traces; learning; clipping. R · dt / τ is 1 everywhere, so
that a weight is a jump of the potential, as in simulators with delta synapses.

Every simulator makes the same arrays from the same seeds: with them, all count the
same spikes. No simulator is known here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

__all__ = [
    "PROMISES",
    "WARMUP",
    "WORKLOADS",
    "Drive",
    "Grid",
    "Learning",
    "Promise",
    "Sparse",
    "Workload",
    "delays_of",
    "dense_weights",
    "first_potentials",
    "kernels",
    "stored_frames",
    "stored_noise",
    "targets_of",
    "workload",
]

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]

_WEIGHTS, _DELAYS, _INPUT, _POTENTIALS = range(20240611, 20240615)  # seeds


@dataclass(frozen=True)
class Drive:
    """Uniform noise: ``scale`` · [0, 1) + ``offset`` mV per neuron and step."""

    scale: float
    offset: float = 0.0


@dataclass(frozen=True)
class Learning:
    """STDP with traces; weights are clipped to [0, w_max] in every step."""

    tau_s: float  # ms
    a_plus: float
    a_minus: float
    w_max: float  # nA


@dataclass(frozen=True)
class Sparse:
    """Random connections of excitatory and inhibitory neurons, delays per source."""

    density: float
    excitatory: int  # neurons; they come first
    j_exc: float  # nA
    j_inh: float  # nA, a size
    longest: int  # delays are 0 to this, in steps, beside the step that every spike takes


@dataclass(frozen=True)
class Grid:
    """Bernoulli input on a plane, seen by kernels that all positions share."""

    side: int
    kernel: int
    planes: int
    chance: float  # of an input neuron to spike in a step

    @property
    def seen(self) -> int:
        """Return the side of one plane of targets."""
        return self.side - self.kernel + 1


@dataclass(frozen=True)
class Workload:
    """Say what is simulated; ``size`` is the number of neurons whose spikes count."""

    name: str
    size: int
    tau: float  # ms, and R in MΩ
    threshold: float  # mV
    v_reset: float  # mV
    steps: int
    drive: Drive | None = None
    learning: Learning | None = None
    sparse: Sparse | None = None
    grid: Grid | None = None

    @property
    def neurons(self) -> int:
        """Return the number of all neurons, those of the input included."""
        return self.size + (self.grid.side**2 if self.grid else 0)

    @property
    def heaviest(self) -> float:
        """Return the upper end of the first dense weights, nA."""
        return 1.0 / self.size

    def static(self) -> Workload:
        """Return the workload without learning."""
        return replace(self, learning=None)


@dataclass(frozen=True)
class Promise:
    """Say how many spikes a workload with stored input has in the steps after the warm-up."""

    size: int | None
    steps: int
    spikes: int


WARMUP = 20  # steps

# Counted alike by upstream CoNeX, by Brian2 and by loops in torch and numba.
PROMISES: dict[str, Promise] = {
    "W1": Promise(1000, 100, 1239),
    "W2": Promise(None, 30, 885),
    "W3": Promise(None, 1000, 52328),
    "W4": Promise(None, 5000, 6179),
}


def _dense_plastic(size: int | None) -> Workload:
    n = size or 2500
    rule = Learning(tau_s=20.0, a_plus=0.010 / n, a_minus=0.0105 / n, w_max=2.0 / n)
    return Workload("W1", n, 10.0, 6.0, 0.0, 300, drive=Drive(1.0), learning=rule)


def _sparse_balanced(size: int | None) -> Workload:
    n = size or 4000
    less = (n / 4000) ** 0.5  # more connections, each of them weaker
    joined = Sparse(0.02, int(0.8 * n), j_exc=0.5 / less, j_inh=2.5 / less, longest=7)
    return Workload("W2", n, 20.0, 20.0, 10.0, 1000, drive=Drive(4.0, -1.3), sparse=joined)


def _convolution(size: int | None) -> Workload:
    if size is not None:
        raise ValueError("W3 has one size only")
    grid = Grid(side=28, kernel=5, planes=4, chance=0.05)
    rule = Learning(tau_s=10.0, a_plus=0.010, a_minus=0.0095, w_max=1.0)
    n = grid.planes * grid.seen**2
    return Workload("W3", n, 10.0, 8.0, 0.0, 1000, learning=rule, grid=grid)


def _small(size: int | None) -> Workload:
    return Workload("W4", size or 100, 10.0, 6.0, 0.0, 5000, drive=Drive(1.0))


WORKLOADS = {"W1": _dense_plastic, "W2": _sparse_balanced, "W3": _convolution, "W4": _small}


def workload(name: str, size: int | None = None) -> Workload:
    """Return a workload by name, with ``size`` neurons instead of its own number."""
    return WORKLOADS[name](size)


def dense_weights(work: Workload) -> Floats:
    """Return the first weights of W1 and W4, (N, N) nA."""
    drawn = _random(_WEIGHTS).random((work.size, work.size), dtype=np.float32)
    return (drawn * work.heaviest).astype(np.float32)


def kernels(grid: Grid) -> Floats:
    """Return the first kernels of W3, (planes, 1, kernel, kernel) nA."""
    return _random(_WEIGHTS).random((grid.planes, 1, grid.kernel, grid.kernel), dtype=np.float32)


def targets_of(work: Workload, sparse: Sparse) -> list[Integers]:
    """Return the targets of each neuron of W2, in order."""
    random, size = _random(_WEIGHTS), work.size
    counts = random.binomial(size, sparse.density, size)
    chosen = (random.choice(size, count, replace=False, shuffle=False) for count in counts)
    return [np.sort(targets).astype(np.int64) for targets in chosen]


def delays_of(work: Workload, sparse: Sparse) -> Integers:
    """Return the delay of each neuron of W2, (N,) steps."""
    return _random(_DELAYS).integers(0, sparse.longest + 1, work.size).astype(np.int64)


def first_potentials(work: Workload) -> Floats:
    """Return where the potentials start, (N,) mV."""
    drawn = _random(_POTENTIALS).random(work.size, dtype=np.float32)
    return (drawn * work.threshold).astype(np.float32)


def stored_noise(work: Workload, steps: int) -> Floats:
    """Return the noise of each step, (steps, N), before scale and offset."""
    return _random(_INPUT).random((steps, work.size), dtype=np.float32)


def stored_frames(grid: Grid, steps: int) -> npt.NDArray[np.bool_]:
    """Return the input spikes of each step of W3, (steps, side, side)."""
    drawn = _random(_INPUT).random((steps, grid.side, grid.side), dtype=np.float32)
    return np.asarray(drawn < grid.chance)


def _random(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)
