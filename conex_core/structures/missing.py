"""What a behavior looked for in vain, in words: whose it is, who sets it, and at which key."""

from __future__ import annotations

import dis
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from conex_core.behavior import name_of
from conex_core.catalog import BehaviorSpec
from conex_core.graph.checks.rules.needs import words_of
from conex_core.introspect import behavior_classes, spec_of
from conex_core.structures.own_behaviors import near

__all__ = ["words_for"]

_MOST_SETTERS = 3
_UNKNOWN = re.compile(r"'(\w+)' object has no attribute '(\w+)'")
_ARTICLE = re.compile(r"^an? ")
_WEIGHTS = re.compile(r"(.+) has no (weights)$")


def words_for(error: Exception | str, owner: Any) -> str:
    """Return who sets what ``error`` says is missing; empty where that is not known."""
    found = _UNKNOWN.search(str(error)) or _WEIGHTS.search(str(error))
    if not isinstance(error, AttributeError) or found is None:
        return ""
    kind, attribute = found.groups()
    for holder in near(owner):
        is_meant = kind in (type(holder).__name__, name_of(holder))
        setters = _setters(holder, attribute) if is_meant else ()
        if setters and not hasattr(holder, attribute):
            name, words = name_of(holder), _ARTICLE.sub("", words_of(attribute))
            shown = words if repr(attribute) in words else f"{words} ({attribute!r})"
            return (
                f"{name} has no {shown}. Add {_either(setters)} to {name}, "
                f"or set {attribute} in a behavior of your own."
            )
    return _own_words(str(error), attribute, owner)


def _own_words(told: str, attribute: str, owner: Any) -> str:
    """Return ``told`` with the behaviors of a script that set ``attribute``, or nothing."""
    found = [
        f"{type(behavior).__name__} (key {key}) of {name_of(holder)}"
        for holder in near(owner)
        for key, behavior in holder.behavior.items()
        if attribute in _set_by(type(behavior))
    ]
    if not found:
        return ""
    way = "give it a lower key, or set it in initialize"
    return f"{told}. It is set by {found[0]}, which has to come before: {way}"


def _set_by(kind: type) -> frozenset[str]:
    """Return the attributes that a behavior's own methods set on anything but itself."""
    methods = (getattr(kind, name, None) for name in ("initialize", "forward"))
    codes = (getattr(method, "__code__", None) for method in methods)
    return frozenset(name for code in codes if code is not None for name in _stored(code))


def _stored(code: Any) -> Iterator[str]:
    before: Any = None
    for step in dis.get_instructions(code):
        loaded = before[-1] if isinstance(before, tuple) and before else before
        if step.opname == "STORE_ATTR" and loaded != code.co_varnames[0]:
            yield step.argval
        before = step.argval


def _setters(holder: Any, attribute: str) -> tuple[BehaviorSpec, ...]:
    """Return which behaviors for objects such as ``holder`` set ``attribute``, the first ones."""
    if hasattr(holder, "SynapseGroups"):
        host = "network"
    else:
        host = "synapses" if hasattr(holder, "src") else "neurons"
    found = [spec for spec in _specs() if spec.host == host and f"own.{attribute}" in spec.provides]
    plain = [spec for spec in found if not any(other.name in spec.ancestors for other in found)]
    return tuple(sorted(plain, key=lambda spec: (spec.priority, len(spec.name))))[:_MOST_SETTERS]


@lru_cache(maxsize=1)
def _specs() -> tuple[BehaviorSpec, ...]:
    return tuple(spec_of(cls) for cls in behavior_classes())


def _either(setters: tuple[BehaviorSpec, ...]) -> str:
    *most, last = [f"{spec.name} (key {spec.priority})" for spec in setters]
    return f"{', '.join(most)} or {last}" if most else last
