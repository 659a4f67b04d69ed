"""Text in and out of fields: numbers as people type them, help and reasons. No Qt.

Numbers are read the same way everywhere, whatever the system's language:
spaces, thin spaces and underscores group digits, so do several commas, each before
exactly three digits. A single comma is a decimal comma, unless three digits follow it:
``1,250`` is 1.25 to some and 1250 to others, so it is asked about. Nothing is evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from conex_app.look.counts import number
from conex_app.look.plain_text import escaped
from conex_core.distributions import Constant, Distribution
from conex_core.errors import ParameterError
from conex_core.parameters import Option, Parameter

__all__ = [
    "UnclearNumber",
    "format_number",
    "format_size",
    "help_text",
    "parse_number",
    "parse_numbers",
    "reason_of",
    "shown_value",
    "step_of",
]

_SPACES = re.compile(r"[\s\u00a0\u2009\u202f_']+")
_GROUPED = re.compile(r"^[+-]?[1-9]\d{0,2}((,\d{3})+\.\d*|(,\d{3}){2,})$")
_POINTED = re.compile(r"^[+-]?[1-9]\d{0,2}((\.\d{3})+,\d*|(\.\d{3}){2,})$")
_UNCLEAR = re.compile(r"^[+-]?[1-9]\d{0,2},\d{3}$")
_PARTS = re.compile(r"\s*[x×*;]\s*|\s*,\s*|\s+", re.IGNORECASE)


class UnclearNumber(ValueError):
    """A text that means one number to some people and another to others.

    ``readings`` are both, as they can be typed without doubt.
    """

    def __init__(self, text: str) -> None:
        small, large = text.replace(",", "."), text.replace(",", "")
        self.readings = (f"{float(small):g}", large)
        self.rule = f"can mean {self.readings[0]} or {self.readings[1]}"
        self.hint = f"write {self.readings[0]} or {self.readings[1]}"
        super().__init__(f"{text} {self.rule}: {self.hint}")


def format_number(value: float) -> str:
    """Return the shortest text that reads back as ``value``, digits grouped."""
    text = repr(value)
    text = text.removesuffix(".0")
    if "e" in text:
        mantissa, exponent = text.split("e")
        return f"{mantissa}e{int(exponent)}".replace("-", "\u2212")
    whole, dot, rest = text.partition(".")
    if len(whole.lstrip("-")) > 4:
        whole = number(int(whole))
    return f"{whole}{dot}{rest}".replace("-", "\u2212")


def format_size(value: Any) -> str:
    """Return N, or depth × height × width, as text."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return " × ".join(format_number(part) for part in value)
    return format_number(value)


def parse_number(text: str, unit: str = "") -> float:
    """Return the number in ``text``; a unit behind it is understood.

    Raises
    ------
    UnclearNumber
        If it may be one of two numbers, such as ``1,250``.
    ValueError
        If it is not one number.
    """
    plain = text.strip().replace("\u2212", "-")
    if unit and plain.lower().endswith(unit.lower()):
        plain = plain[: -len(unit)]
    plain = _SPACES.sub("", plain)
    if _UNCLEAR.match(plain):
        raise UnclearNumber(plain)
    if _GROUPED.match(plain):
        plain = plain.replace(",", "")
    elif _POINTED.match(plain):
        plain = plain.replace(".", "").replace(",", ".")
    elif plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    return int(plain) if re.fullmatch(r"[+-]?\d+", plain) else float(plain)


def parse_numbers(text: str) -> list[float]:
    """Return the numbers of a text such as ``1 × 8 × 8`` or ``2, 2``."""
    parts = [part for part in _PARTS.split(text.strip().strip("()[]")) if part]
    return [parse_number(part) for part in parts]


def step_of(value: float) -> float:
    """Return by how much an arrow key changes ``value``: about a tenth of it."""
    if value == 0:
        return 0.1
    exponent = int(f"{abs(value):e}".split("e")[1])
    return float(f"1e{exponent - 1}")


def shown_value(value: Any) -> str:
    """Return any parameter value as short text."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, Constant):
        return format_number(value.value)
    if isinstance(value, Distribution):
        return str(value)
    if isinstance(value, int | float):
        return format_number(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        numbers = all(isinstance(part, int | float) for part in value)
        return format_size(value) if numbers else ", ".join(map(str, value))
    return str(value)


def reason_of(error: ParameterError) -> str:
    """Return why a value was refused, as sentences to stand under its field."""
    rule = error.rule[:1].upper() + error.rule[1:]
    hint = error.hint[:1].upper() + error.hint[1:]
    return f"{rule}. {hint}." if hint else f"{rule}."


def help_text(parameter: Parameter, source: str = "") -> str:
    """Return the hover help of a parameter as rich text."""
    symbol = f" &nbsp;<i>{escaped(parameter.symbol)}</i>" if parameter.symbol else ""
    lines = [f"<b>{escaped(parameter.name)}</b>{symbol}"]
    if parameter.help:
        lines.append(escaped(parameter.help))
    facts = [_rule_fact(parameter), _default_fact(parameter)]
    if parameter.acts_if:
        facts.append(f"Acts only while {parameter.condition()}")
    if parameter.live:
        facts.append("Can be changed while running")
    if source:
        facts.append(source)
    lines += [f"<small>{escaped(fact)}</small>" for fact in facts if fact]
    return "<div style='max-width:280px'>" + "<br>".join(lines) + "</div>"


def _rule_fact(parameter: Parameter) -> str:
    rule = "" if isinstance(parameter, Option) else parameter.rule()
    return rule[:1].upper() + rule[1:]


def _default_fact(parameter: Parameter) -> str:
    if parameter.required:
        return "Must be given"
    if parameter.default in (None, ""):
        return "May be left empty" if parameter.optional else ""
    unit = f" {parameter.unit}" if parameter.unit else ""
    return f"Default {shown_value(parameter.default)}{unit}"
