"""What there is, as text for a terminal: one paragraph per behavior, structure or plot."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

from conex_core.catalog import BehaviorSpec
from conex_core.graph.model.kinds import NodeKind
from conex_core.parameters import Parameter
from conex_core.plot_specs import PlotSpec

__all__ = ["behavior_page", "plot_page", "structure_page"]

WIDTH = 100
_INDENT = "    "
_HOSTS = {
    "network": "the network",
    "neurons": "neuron groups",
    "synapses": "synapse groups",
    "layer": "input layers",
}


def behavior_page(spec: BehaviorSpec) -> str:
    """Return what a user wants to know of a behavior before using it."""
    lines = [
        f"{spec.name}  (of {_HOSTS[spec.host]}, priority {spec.priority})",
        *_wrapped(spec.summary, "  "),
        *_labelled("equation", spec.equation),
        *_parameters(spec.parameters),
        *_labelled("needs", ", ".join(spec.requires)),
        *_labelled("gives", ", ".join(spec.provides)),
        *_labelled("source", spec.source),
    ]
    return "\n".join(lines)


def structure_page(kind: NodeKind) -> str:
    """Return what a user wants to know of a kind of node."""
    ports = ", ".join(f"{port.name} ({port.direction}, {port.signal})" for port in kind.ports)
    lines = [
        kind.name,
        *_wrapped(kind.summary, "  "),
        *_parameters(kind.parameters),
        *_labelled("ports", ports),
    ]
    return "\n".join(lines)


def plot_page(spec: PlotSpec) -> str:
    """Return what a user wants to know of a plot."""
    watched = (
        f"{watch.variable} ({watch.form} of {', '.join(watch.of)})" for watch in spec.watches
    )
    lines = [
        f"{spec.kind}  ({spec.title}{', ' + spec.shortcut if spec.shortcut else ''})",
        *_wrapped(spec.summary, "  "),
        *_parameters(spec.parameters),
        *_labelled("watches", ", ".join(watched)),
    ]
    return "\n".join(lines)


def _parameters(parameters: Sequence[Parameter]) -> list[str]:
    rows = [(parameter.name, _default(parameter)) for parameter in parameters]
    names, defaults = (max((len(row[at]) for row in rows), default=0) for at in (0, 1))
    lines: list[str] = []
    for (name, default), parameter in zip(rows, parameters, strict=True):
        start = f"{_INDENT}{name:<{names}}  {default:<{defaults}}  "
        parts = (parameter.help, _rule(parameter), _condition(parameter))
        told = ". ".join(part.rstrip(".") for part in parts if part)
        lines += _wrapped(f"{told}." if told else "", start, " " * len(start))
    return lines


def _default(parameter: Parameter) -> str:
    value, unit = parameter.default, parameter.unit
    if parameter.required or value is None:
        word = "required" if parameter.required else "none"
        return f"{word} ({unit})" if unit else word
    if isinstance(value, bool):
        return str(value).lower()
    if parameter.kind == "names":
        return ", ".join(value)
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return f"{text} {unit}" if unit else text


def _rule(parameter: Parameter) -> str:
    rule = parameter.rule()
    return rule[:1].upper() + rule[1:]


def _condition(parameter: Parameter) -> str:
    condition = parameter.condition()
    return f"Acts only while {condition}" if condition else ""


def _labelled(label: str, text: str) -> Iterable[str]:
    return _wrapped(text, f"  {label}: ", _INDENT) if text else []


def _wrapped(text: str, start: str, rest: str = "") -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=start,
        subsequent_indent=rest or start,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [start.rstrip()]
