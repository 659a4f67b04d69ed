"""Find what a behavior requires and nothing provides, and say what to add.

Checked before the first ``initialize``, from the declarations. Where a foreign
pymonntorch behavior may make the attribute, nothing is refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from conex_core.behavior import layer_of
from conex_core.errors import StructureError

__all__ = ["missing", "require"]

_WORDS = {
    "own": "object",
    "source": "source group",
    "target": "target group",
    "network": "network",
    "layer": "layer",
}


def require(owner: Any, behavior: Any) -> None:
    """Raise StructureError if ``behavior`` on ``owner`` misses something."""
    lacking = missing(owner, behavior)
    if not lacking:
        return
    kind, place = type(behavior).__name__, lacking[0].partition(".")[0]
    found = _place(owner, place)
    if found is None:
        raise StructureError(owner.tags[0], f"{kind} needs a {_WORDS[place]}, which is not set")
    names = [item.partition(".")[2] for item in lacking if item.startswith(f"{place}.")]
    where = "" if found is owner else f" of its {_WORDS[place]} {found.tags[0]}"
    needed = ", ".join(repr(name) for name in names)
    raise StructureError(
        owner.tags[0],
        f"{kind} needs {needed}{where}, and no behavior there provides that",
        hint=_advice(found, names[0]),
    )


def missing(owner: Any, behavior: Any) -> list[str]:
    """Return the requirements of ``behavior`` that nothing fulfils."""
    return [
        requirement
        for requirement in getattr(behavior, "requires", ())
        if not _fulfilled(owner, requirement, behavior)
    ]


def _fulfilled(owner: Any, requirement: str, asking: Any) -> bool:
    place, _, attribute = requirement.partition(".")
    found = _place(owner, place)
    if found is None:
        return False
    if attribute in vars(found):
        return True
    others = [item for item in found.behavior.values() if item is not asking]
    foreign = any(not hasattr(item, "provides") for item in others)
    return foreign or any(f"own.{attribute}" in item.provides for item in others)


def _place(owner: Any, place: str) -> Any:
    match place:
        case "own":
            return owner
        case "network":
            return owner.network
        case "source":
            return getattr(owner, "src", None)
        case "target":
            return getattr(owner, "dst", None)
    return layer_of(owner)


def _advice(found: Any, attribute: str) -> str:
    if attribute in ("depth", "height", "width", "shape"):
        return "give the group a size of (depth, height, width)"
    names = sorted(_providers(attribute, found))
    return f"add {' or '.join(names)} to {found.tags[0]}" if names else ""


def _providers(attribute: str, found: Any) -> Iterable[str]:
    from conex_core.introspect import behavior_classes

    host = {"src": "synapses", "sorted_behavior_execution_list": "network"}
    wanted = next((name for key, name in host.items() if hasattr(found, key)), "")
    for cls in behavior_classes():
        if f"own.{attribute}" in cls.provides and wanted in ("", cls.host):
            yield cls.__name__
