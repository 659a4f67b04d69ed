"""Encoders: turn intensities into spike trains, one bool tensor (T, *shape).

Calling an encoder with a tuple of tensors encodes each of them on its own. An
encoder never changes its input. Those that draw random numbers take a
``seed`` (their own stream, carried on from call to call) or a ``generator``;
with neither they draw from torch's global generator, without seeding it.
Numbers are drawn where the generator lives, so the CPU decides the spikes.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Generator, Tensor

from conex_core.counting import iterations_of
from conex_core.errors import ParameterError
from conex_core.helpers.inputs import checked_room, tensor_of
from conex_core.parameters import Integer, Number

__all__ = ["Intensity2Latency", "Poisson", "PoissonEncoder", "SimplePoisson"]

SEED = Integer(name="seed")
_DT = Number(name="dt", above=0.0, unit="ms")
_DURATION = Number(name="duration", above=0.0, unit="ms")
_RATE = Number(name="rate", low=0.0, unit="Hz")
_RATIO = Number(name="ratio", low=0.0)
_TIME_WINDOW = Integer(name="time_window", low=1)
_MIN_VAL, _MAX_VAL = Number(name="min_val"), Number(name="max_val")
_SPARSITY = Number(name="sparsity", optional=True, low=0.0, high=1.0)
_THRESHOLD = Number(name="threshold", optional=True)


class _Encoder:
    """Let an encoder be called: with one tensor, or with a tuple of them."""

    def __call__(self, x: Any) -> Any:
        """Return :meth:`encode` of ``x``, or of each part of a tuple of tensors."""
        if isinstance(x, tuple) and all(hasattr(part, "shape") for part in x):
            return tuple(self.encode(part) for part in x)
        return self.encode(x)

    def encode(self, x: Any) -> Tensor:
        raise NotImplementedError


class PoissonEncoder(_Encoder):
    """Draw Poisson spike trains whose rate grows with intensity.

    A value ``x`` spikes in each step with probability
    ``clip(x, 0, 1) * rate * dt / 1000``.

    Parameters
    ----------
    rate : float, Hz
        Rate at intensity 1; at most one spike a step, ``1000 / dt``.
    duration : float, ms
        Length of the spike train, the nearest number of steps.
    dt : float, ms
    seed, generator
        Where the random numbers come from; give at most one.

    Examples
    --------
    >>> PoissonEncoder(rate=20, seed=1).encode(torch.rand(8, 8)).shape
    torch.Size([100, 8, 8])
    """

    def __init__(
        self,
        rate: float = 20,
        duration: float = 100,
        dt: float = 1.0,
        seed: int | None = None,
        generator: Generator | None = None,
    ) -> None:
        self.dt: float = _DT.check(dt)
        self.duration: float = _DURATION.check(duration)
        self.rate = _rate(rate, self.dt)
        self.seed = seed if seed is None else SEED.check(seed)
        self.generator = random_source(seed, generator)

    @property
    def steps(self) -> int:
        """Return the number of steps T of one spike train."""
        return iterations_of(self.duration, self.dt)

    def encode(self, x: Any) -> Tensor:
        """Return spikes, bool (T, *shape of ``x``)."""
        values = _intensities(x)
        checked_room("duration", self.duration, self.steps, values.numel())
        chance = values.clamp(0, 1) * (self.rate * self.dt / 1000)
        return _uniform((self.steps, *values.shape), values, self.generator) < chance

    def __repr__(self) -> str:
        seed = "" if self.seed is None else f", seed={self.seed}"
        return f"PoissonEncoder(rate={self.rate}, duration={self.duration}, dt={self.dt}{seed})"


class _RatioEncoder(_Encoder):
    """Hold what the encoders of CoNeX share: a window, a ratio and where chance comes from."""

    def __init__(
        self,
        time_window: int,
        ratio: float,
        *,
        seed: int | None = None,
        generator: Generator | None = None,
    ) -> None:
        self.time_window: int = _TIME_WINDOW.check(time_window)
        self.ratio: float = _RATIO.check(ratio)
        self.generator = random_source(seed, generator)

    def _values(self, x: Any) -> Tensor:
        values = _intensities(x)
        checked_room("time_window", self.time_window, self.time_window, values.numel())
        return values

    def __repr__(self) -> str:
        return f"{type(self).__name__}(time_window={self.time_window}, ratio={self.ratio})"


class SimplePoisson(_RatioEncoder):
    """Spike in each step with probability ``x * ratio``.

    Parameters
    ----------
    time_window : int
        Number of steps T.
    ratio : float
        Spike probability a step at intensity 1.
    """

    def encode(self, x: Any) -> Tensor:
        """Return spikes, bool (T, *shape of ``x``)."""
        values = self._values(x)
        shape = (self.time_window, *values.shape)
        return _uniform(shape, values, self.generator) < values * self.ratio


class Poisson(_RatioEncoder):
    """Spike with Poisson-distributed whole-step intervals of mean ``1 / (x * ratio)``.

    Intervals of 0 steps count as 1, so the rate is a little low when
    ``x * ratio`` is large. Values of 0 never spike.
    """

    def encode(self, x: Any) -> Tensor:
        """Return spikes, bool (T, *shape of ``x``)."""
        values = self._values(x)
        steps, chance = self.time_window, (values * self.ratio).reshape(-1)
        active = chance > 0
        mean = torch.where(active, 1 / chance, torch.zeros_like(chance)).expand(steps, -1)
        device = mean.device if self.generator is None else self.generator.device
        intervals = torch.poisson(mean.to(device), generator=self.generator).to(mean.device)
        times = intervals.clamp(min=1).cumsum(0)  # (T, n), counted from 1
        inside = (times <= steps) & active
        spikes = torch.zeros(steps + 1, chance.numel(), dtype=torch.bool, device=mean.device)
        spikes.scatter_(0, torch.where(inside, times, torch.zeros_like(times)).long(), True)
        return spikes[1:].reshape(steps, *values.shape)


class Intensity2Latency(_Encoder):
    """Give every value one spike, the earlier the stronger it is.

    Parameters
    ----------
    time_window : int
        Number of steps T.
    threshold : float, optional
        Values below it stay silent; ``min_val`` if not given.
    sparsity : float, optional
        Fraction of values that may spike, taken anew from each input;
        overrides ``threshold``.
    min_val, max_val : float
        Range of the input.
    lower_trim, higher_trim : bool
        Put the weakest spike into the last, the strongest into the first step.
    """

    def __init__(
        self,
        time_window: int,
        threshold: float | None = None,
        sparsity: float | None = None,
        min_val: float = 0.0,
        max_val: float = 1.0,
        lower_trim: bool = True,
        higher_trim: bool = True,
    ) -> None:
        min_val, max_val = _MIN_VAL.check(min_val), _MAX_VAL.check(max_val)
        if not max_val > min_val:
            raise ParameterError("max_val", f"must be above min_val {min_val}", max_val)
        sparsity, threshold = _SPARSITY.check(sparsity), _THRESHOLD.check(threshold)
        self.time_window = _TIME_WINDOW.check(time_window)
        self.threshold = min_val if threshold is None else threshold
        self.sparsity = sparsity
        self.min_val, self.max_val = min_val, max_val
        self.lower_trim, self.higher_trim = lower_trim, higher_trim

    def encode(self, x: Any) -> Tensor:
        """Return spikes, bool (T, *shape of ``x``), at most one per value."""
        values = _intensities(x)
        checked_room("time_window", self.time_window, self.time_window, values.numel())
        silent = values < self._threshold_for(values)
        spikes = torch.zeros(
            self.time_window + 1, *values.shape, dtype=torch.bool, device=values.device
        )
        if values.numel() and not silent.all():
            strength = self._relative_strength(values, silent)
            rank = (strength * (self.time_window - 1)).ceil().long() + 1  # 1 last .. T first
            rank = rank.clamp(1, self.time_window).masked_fill(silent, 0)
            spikes.scatter_(0, rank.unsqueeze(0), True)
        return spikes[1:].flip(0)

    def _threshold_for(self, values: Tensor) -> Tensor | float:
        if self.sparsity is None or not values.numel():
            return self.threshold
        return torch.quantile(values, 1 - self.sparsity)

    def _relative_strength(self, values: Tensor, silent: Tensor) -> Tensor:
        above, span = values - self.min_val, values.new_tensor(self.max_val - self.min_val)
        if self.lower_trim:
            weakest = above[~silent].min()
            above, span = above - weakest, span - weakest
        strongest = above[~silent].max()
        if self.higher_trim and strongest != 0:
            span = strongest
        # All kept values alike: nothing to rank, they spike together.
        return above / span if span != 0 else torch.zeros_like(above)

    def __repr__(self) -> str:
        return (
            f"Intensity2Latency(time_window={self.time_window}, threshold={self.threshold}, "
            f"sparsity={self.sparsity}, min_val={self.min_val}, max_val={self.max_val}, "
            f"lower_trim={self.lower_trim}, higher_trim={self.higher_trim})"
        )


def random_source(seed: int | None, generator: Generator | None) -> Generator | None:
    """Return the generator that ``seed`` or ``generator`` name; None is torch's own."""
    if generator is not None and not isinstance(generator, Generator):
        raise ParameterError("generator", "must be a torch.Generator", generator)
    if seed is None:
        return generator
    if generator is not None:
        raise ParameterError("seed", "cannot be given together with generator", seed)
    return Generator().manual_seed(SEED.check(seed))


def _uniform(shape: tuple[int, ...], like: Tensor, generator: Generator | None) -> Tensor:
    device = like.device if generator is None else generator.device
    return torch.rand(shape, generator=generator, device=device, dtype=like.dtype).to(like.device)


def _intensities(x: Any) -> Tensor:
    values = tensor_of(x)
    values = values if values.is_floating_point() else values.to(torch.get_default_dtype())
    if not torch.isfinite(values).all():
        raise ParameterError("x", "must hold finite numbers", x)
    return values


def _rate(rate: float, dt: float) -> float:
    rate = float(_RATE.check(rate))
    if rate * dt > 1000:
        hint = f"A step of {dt} ms holds at most one spike: {1000 / dt:g} Hz"
        raise ParameterError("rate", f"must be at most {1000 / dt:g} Hz", rate, hint=hint)
    return rate
