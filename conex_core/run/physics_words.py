"""The sentences of warnings about a run: what, where, when with units, and what mends it."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = [
    "crossed",
    "fast",
    "fast_input",
    "growing",
    "near_ceiling",
    "saturated",
    "silent",
    "silent_input",
    "span",
]

LEAST_PART = 0.005  # of the weights that is worth a word; less reads as 0 %


def fast(name: str, size: int, when: str, rate: float) -> str:
    """Say that a group fires more often than cells can."""
    return (
        f"{name} fires at {rate:,.0f} Hz ({_mean(size)} {when}), more than nearly all cells can."
        " Lower its input or weights, or raise its threshold."
    )


def near_ceiling(name: str, size: int, when: str, rate: float, ceiling: float, dt: float) -> str:
    """Say that a group fires in nearly every iteration."""
    return (
        f"{name} fires at {rate:,.0f} Hz ({_mean(size)} {when}), close to the {ceiling:,.0f} Hz"
        f" that a step of {dt:g} ms allows. Lower its input or weights, raise its threshold,"
        " or take a smaller step."
    )


def fast_input(name: str, size: int, when: str, rate: float) -> str:
    """Say that an input shows more spikes than cells can have."""
    return (
        f"{name} shows {rate:,.0f} Hz ({_mean(size)} {when}), more than cells fire."
        " Lower the rates that its data is encoded with."
    )


def silent(name: str, when: str, reason: str) -> str:
    """Say that a group does not fire, and why that is strange."""
    return (
        f"{name} did not fire {when}, although {reason}."
        " Raise its input or weights, or lower its threshold."
    )


def silent_input(name: str, when: str) -> str:
    """Say that an input shows no spikes."""
    return f"{name} showed no spike {when}. Look at its data and at how it is encoded."


def growing(name: str, size: int, when: str, low: float, high: float) -> str:
    """Say that the rate of a group does not come to rest."""
    return (
        f"{name} fires more and more: from {low:,.3g} Hz to {high:,.0f} Hz ({_mean(size)} {when})."
        " Raise inhibition, lower the weights among what excites it, or bound what learns."
    )


def saturated(name: str, time: float, ends: Iterable[tuple[str, float, float]]) -> str:
    """Say that most weights cannot learn on; ``ends`` are bounds: name, nA, part of the weights."""
    told = [end for end in ends if end[2] >= LEAST_PART]
    where = " and ".join(f"{part:.0%} to {end} ({value:g} nA)" for end, value, part in told)
    return (
        f"Most weights of {name} have reached a bound by {_ms(time)}: {where}."
        " Lower the learning rates, balance growth and loss, or widen the bounds."
    )


def crossed(name: str, time: float, lowest: float) -> str:
    """Say that spikes of an excitatory group inhibit by now."""
    return (
        f"Weights of {name} went below zero by {_ms(time)} (lowest {lowest:.3g} nA): spikes of its"
        " excitatory source inhibit through them. Set w_min to 0 and switch on clip in its"
        " learning rule, or weaken depression."
    )


def span(begin: float, end: float) -> str:
    """Return a span of simulated time in words."""
    return f"between {_ms(begin)} and {_ms(end)}"


def _mean(size: int) -> str:
    return f"mean of its {size:,} neurons" if size != 1 else "its one neuron"


def _ms(time: float) -> str:
    return f"{time:,.3f}".rstrip("0").rstrip(".") + " ms"
