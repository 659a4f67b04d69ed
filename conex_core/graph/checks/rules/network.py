"""Rules about the whole network: settings, inputs, memory, something to run."""

from __future__ import annotations

import math
import re
from functools import partial
from typing import TYPE_CHECKING, Any

from conex_core.graph import edits
from conex_core.graph.checks.memory import available_memory, needed_memory
from conex_core.graph.checks.problems import Fix, Problem
from conex_core.graph.model.document import NETWORK, Node, Settings
from conex_core.graph.model.kinds import INPUT_LAYER
from conex_core.graph.model.sizes import neuron_count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conex_core.graph.checks.context import Context

__all__ = ["inputs_fit_their_data", "memory_suffices", "settings_are_sound"]

_DEVICE = re.compile(r"cpu|cuda(:\d{1,3})?")
_DTYPES = ("float32", "float64")
_DIGIT = (1, 8, 8)
_MS_PER_SECOND = 1000.0
SHORTEST, LONGEST = 1e-6, 1000.0  # ms of a time step; beyond, counts of iterations mean nothing


def settings_are_sound(context: Context) -> Iterator[Problem]:
    """See that time step, duration, seed, device and number type can be used."""
    settings = context.doc.settings
    rules = (
        ("dt", _positive(settings.dt), "must be above 0 ms"),
        ("dt", _is_time_step(settings.dt), f"must be from {SHORTEST:.6f} to {LONGEST:g} ms"),
        ("duration", _positive(settings.duration), "must be above 0 ms"),
        ("seed", _is_seed(settings.seed), "must be a whole number from 0 to 2^63 - 1"),
        ("device", _matches(settings.device), "must be cpu, cuda or cuda:N"),
        ("dtype", settings.dtype in _DTYPES, "must be float32 or float64"),
    )
    for name, good, rule in rules:
        if not good:
            usual = getattr(Settings(), name)
            fix = Fix(f"Set {name} to {usual}", partial(edits.set_settings, **{name: usual}))
            text = f"Network › {name} {rule}, got {getattr(settings, name)!r}. {fix.title}."
            yield Problem("error", text, NETWORK, None, name, (fix,), "settings")


def inputs_fit_their_data(context: Context) -> Iterator[Problem]:
    """See that an input layer has as many neurons as its data has values."""
    for node in context.of_kind(INPUT_LAYER):
        source = node.params.get("source", INPUT_LAYER.parameter("source").default)
        if source == "digits" and neuron_count(node) not in (0, math.prod(_DIGIT)):
            text = f"{node.name} has {neuron_count(node)} neurons, but the digits are 8 × 8."
            yield _input_problem(node, text, "size", "Make it 1 × 8 × 8", _DIGIT)
        if source == "npz" and not node.params.get("path"):
            text = f"{node.name} has no file to read. Choose a path."
            title = "Use the digits instead"
            yield _input_problem(node, text, "path", title, "digits", of="source")
        yield from _rate_fits(context, node)


def memory_suffices(context: Context) -> Iterator[Problem]:
    """See that the network fits into the memory of this machine."""
    needed, free = needed_memory(context), available_memory()
    if free is not None and needed > free:
        text = (
            f"This network needs about {_shown(needed)} of memory, but {_shown(free)} are free. "
            "Make groups smaller or synapses sparse (density)."
        )
        yield Problem("error", text, code="memory")


def _rate_fits(context: Context, node: Node) -> Iterator[Problem]:
    """See that no channel is asked for more than one spike per step."""
    rate = node.params.get("rate", INPUT_LAYER.parameter("rate").default)
    dt = context.doc.settings.dt
    if _positive(rate) and _positive(dt) and rate * dt > _MS_PER_SECOND:
        most = math.floor(_MS_PER_SECOND / dt * 1000) / 1000
        text = f"{node.name} cannot spike at {rate:g} Hz: a step of {dt:g} ms holds one spike."
        yield _input_problem(node, text, "rate", f"Set its rate to {most:g} Hz", most)


def _input_problem(
    node: Node, text: str, field: str, title: str, value: Any, of: str | None = None
) -> Problem:
    edit = partial(edits.set_param, node_id=node.id, name=of or field, value=value)
    fix = Fix(title, edit)
    return Problem("error", f"{text} {title}.", node.id, None, field, (fix,), "input")


def _is_time_step(dt: float) -> bool:
    """Tell whether ``dt`` is in the range, where it is a time at all."""
    return not _positive(dt) or SHORTEST <= dt <= LONGEST


def _positive(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and math.isfinite(value) and value > 0


def _is_seed(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63


def _matches(device: Any) -> bool:
    return isinstance(device, str) and _DEVICE.fullmatch(device) is not None


def _shown(size: float) -> str:
    for unit in ("bytes", "kB", "MB", "GB", "TB"):
        if size < 1000:
            return f"{size:.3g} {unit}"
        size /= 1000
    return f"{size:.3g} PB"
