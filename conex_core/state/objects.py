"""The state of one object and its behaviors: taken out, checked, put back.

Variables of the object go by their name, those of a behavior by its class and
ordinal: ``NeuronAxon[0]._history``. ``[0].generator``, ``[0].behavior_enabled``
and the values of live parameters stand beside what the behavior remembers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import torch

from conex_core.behavior import name_of
from conex_core.behaviors.synapses.storage import is_by_source
from conex_core.distributions import Distribution, from_data, is_data, to_data
from conex_core.errors import ConexError, StructureError
from conex_core.state.values import NOTHING, copied, is_state, problem_with, write

__all__ = [
    "apply",
    "behaviors_of",
    "capture",
    "check",
    "overwrite",
    "put",
    "settle",
    "variables_of",
]

# Numbers that say what an object is, not where it stands.
_FIXED = {
    "training",
    "dt",
    "threads",
    "seed",
    "initialized",
    "index_neurons",
    "transposed_synapse_matrix_mode",
    "size",
    "depth",
    "height",
    "width",
    "recording",
    "mask",
    "group_weighting",
    "device",
    "is_keyed",
    "is_unnamed",
}
_AS_IT_WAS = "Drop what it has learned, or make it as it was then"
_SWITCH, _GENERATOR = "behavior_enabled", "generator"


def capture(owner: Any) -> dict[str, Any]:
    """Return the variables of one object and its behaviors, copied."""
    found = {name: copied(getattr(owner, name)) for name in variables_of(owner)}
    for place, behavior in _behaviors(owner):
        for name in _remembered(behavior):
            found[f"{place}.{name}"] = copied(getattr(behavior, name))
        for name in _live(behavior):
            found[f"{place}.{name}"] = _plain(getattr(behavior, name))
        found[f"{place}.{_SWITCH}"] = bool(behavior.behavior_enabled)
        generator = getattr(behavior, _GENERATOR, None)
        found[f"{place}.{_GENERATOR}"] = None if generator is None else generator.get_state()
    return found


def apply(owner: Any, values: Mapping[str, Any]) -> None:
    """Write what :func:`capture` returned into ``owner``, in place.

    Raises
    ------
    StructureError
        If it is of another object: other behaviors, shapes or types. Nothing
        has changed then.
    """
    check(owner, values)
    put(owner, values)
    settle(owner)
    for end in (getattr(owner, "src", None), getattr(owner, "dst", None)):
        if end is not None:  # their buffers are as deep as the delays of this object
            settle(end)


def overwrite(owner: Any, values: Mapping[str, torch.Tensor]) -> None:
    """Write some variables of ``owner`` itself, such as learned thresholds, in place.

    Raises
    ------
    StructureError
        If it has no such variable, or one of another shape or type. Nothing has
        changed then.
    """
    for name, value in values.items():
        current = getattr(owner, name, None)
        problem = problem_with(current, value)
        told = f"starts from a learned {name}, which {problem}" if problem else ""
        if not isinstance(current, torch.Tensor):
            told = f"has no {name}, but starts from a learned one"
        if told:
            raise StructureError(name_of(owner), told, hint=_AS_IT_WAS)
    for name, value in values.items():
        write(owner, name, value)
    settle(owner)


def variables_of(owner: Any) -> list[str]:
    """Return the names of the variables of ``owner`` that a state holds."""
    provided = {
        name.removeprefix("own.")
        for behavior in owner.behavior.values()
        for name in getattr(behavior, "provides", ())
    }
    return [
        name
        for name, value in vars(owner).items()
        if not name.startswith("_")
        and name not in _FIXED
        and (is_state(value) or (name in provided and (value is None or isinstance(value, str))))
    ]


def check(owner: Any, values: Mapping[str, Any]) -> None:
    """Raise StructureError if ``values`` are not those of an object like ``owner``."""
    behaviors = behaviors_of(owner)
    _check_behaviors(owner, behaviors, values)
    missing = [name for name in variables_of(owner) if name not in values]
    if missing and any(isinstance(getattr(owner, name), torch.Tensor) for name in missing):
        raise _refused(owner, f"has {missing[0]}, which the state has not")
    stored = _stored_counts(owner, values)
    for key, value in values.items():
        place, _, name = key.rpartition(".")
        problem = _problem(behaviors.get(place, owner), name, value, stored)
        if problem:
            raise _refused(owner, f"{key} {problem}")


def put(owner: Any, values: Mapping[str, Any]) -> None:
    """Write ``values``, which were checked, into ``owner`` and its behaviors."""
    behaviors = behaviors_of(owner)
    for key, value in values.items():
        place, _, name = key.rpartition(".")
        if not place:
            write(owner, name, value)
        elif name == _GENERATOR:
            _set_generator(behaviors[place], value)
        elif name in _live(behaviors[place]):
            behaviors[place].declared[name].store(behaviors[place], _given(value))
        else:
            write(behaviors[place], name, value)


def settle(owner: Any) -> None:
    """Tell every behavior of ``owner`` that a state was written."""
    for behavior in owner.behavior.values():
        if hasattr(behavior, "restored"):
            behavior.restored(owner)


def behaviors_of(owner: Any) -> dict[str, Any]:
    """Return the behaviors of ``owner`` by class and ordinal, ``LIF[0]``."""
    return dict(_behaviors(owner))


def _behaviors(owner: Any) -> Iterator[tuple[str, Any]]:
    seen: Counter[str] = Counter()
    for _, behavior in sorted(owner.behavior.items(), key=lambda item: item[0]):
        kind = type(behavior).__name__
        yield f"{kind}[{seen[kind]}]", behavior
        seen[kind] += 1


def _remembered(behavior: Any) -> list[str]:
    """Return the attributes that a behavior carries from one iteration to the next."""
    kind, given = type(behavior), getattr(behavior, "remembers", None)
    names = [name for name in given or () if hasattr(behavior, name)]
    # A subclass of a user that says nothing may keep more than the class it extends.
    told = "remembers" in vars(kind) or kind.__module__.startswith("conex_core.")
    if given is not None and told:
        return names
    declared = getattr(behavior, "declared", {})
    common = {"training", "is_complete", "empty_iteration_function", _SWITCH, *declared}
    more = [k for k, value in vars(behavior).items() if k not in common and is_state(value)]
    return list(dict.fromkeys([*names, *more]))


def _live(behavior: Any) -> list[str]:
    declared = getattr(behavior, "declared", {})
    return [name for name, item in declared.items() if item.live]


def _plain(value: Any) -> Any:
    return to_data(value) if isinstance(value, Distribution) else copied(value)


def _given(value: Any) -> Any:
    return from_data(value) if isinstance(value, dict) and is_data(value) else copied(value)


def _check_behaviors(owner: Any, here: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    there = {key.rpartition(".")[0] for key in values} - {""}
    for name in sorted(there ^ set(here)):
        where = "the state has not" if name in here else "it lacks"
        having = "has" if name in here else "needs"
        raise _refused(owner, f"{having} the behavior {name}, which {where}")


def _problem(holder: Any, name: str, value: Any, stored: tuple[int, int] | None) -> str:
    if name == _GENERATOR:
        return _generator_problem(holder, value)
    if name in _live(holder):
        return _parameter_problem(holder, name, value)
    current = getattr(holder, name, NOTHING)
    if current is NOTHING and name.isidentifier():
        return ""
    if not (current is None or isinstance(current, str | list | dict) or is_state(current)):
        return "is no variable here"
    tensors = isinstance(current, torch.Tensor) and isinstance(value, torch.Tensor)
    if tensors and stored and (current.shape, value.shape) == ((stored[0],), (stored[1],)):
        return "" if current.dtype == value.dtype else problem_with(current, value)
    return problem_with(current, value)


def _generator_problem(behavior: Any, value: Any) -> str:
    if value is None:
        return ""
    try:
        torch.Generator(device=getattr(behavior, "device", "cpu")).set_state(value)
    except (RuntimeError, TypeError) as error:
        return f"cannot be used on this device ({str(error).splitlines()[0]})"
    return ""


def _parameter_problem(behavior: Any, name: str, value: Any) -> str:
    try:
        behavior.declared[name].check(_given(value))
    except ConexError as error:
        return f"breaks its rule: {error}"
    return ""


def _set_generator(behavior: Any, value: Any) -> None:
    # Goes with the state: one of a network with a seed draws on from its own generators.
    if not hasattr(type(behavior), _GENERATOR):
        return
    behavior.generator = None
    if value is not None:
        behavior.generator = torch.Generator(device=behavior.device)
        behavior.generator.set_state(value)


def _stored_counts(owner: Any, values: Mapping[str, Any]) -> tuple[int, int] | None:
    """Return how many weights are stored here and in the state, where both are sparse."""
    pair = getattr(owner, "weights", None), values.get("weights")
    sparse = [item.values() for item in pair if item is not None and is_by_source(item)]
    return (len(sparse[0]), len(sparse[1])) if len(sparse) == 2 else None


def _refused(owner: Any, problem: str) -> StructureError:
    hint = "restore it into a network of the same groups, sizes and behaviors"
    return StructureError(str(owner.tags[0]), f"cannot take this state: {problem}", hint=hint)
