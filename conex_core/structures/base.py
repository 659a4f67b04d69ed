"""What every structure of conex_core adds to pymonntorch's objects.

Plain attributes instead of nn.Module's registration (an object tree with cycles
has no module tree), a ``key`` that seeds its random numbers, and behaviors given
as a list or a dict without touching the caller's.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

import torch

from conex_core.behavior import name_of
from conex_core.errors import ParameterError, StructureError
from conex_core.priorities import prioritize_behaviors, priority_of
from conex_core.structures import copied
from conex_core.structures.attributes import Checked, once_made

__all__ = ["StructureMixin", "copy_of", "name_of", "stack_of"]

_BOUNDS = 'Between 2 and 5: 2 + 3 * vector("uniform"); the same for matrix'


def _key_was_given(structure: Any) -> None:
    structure.is_keyed = True
    network = structure.network
    network._keys = network._places = None


class StructureMixin:
    """Make a pymonntorch object light, silent and seedable."""

    key: Any = Checked("Make it with that key", then=_key_was_given)
    device: Any = Checked('Make the network there: Neocortex(device="cuda")', once_made)
    is_keyed: bool = False  # the key was given, and says all that seeds its behaviors
    given_name: str = ""  # the first tag when it was made; a network may add a letter to it
    is_unnamed: bool = False  # that tag is but a number
    home: Any = None  # the first structure that it was put into
    joins: ClassVar[bool] = False  # its parts are named after what they join
    # Written over the state of the first iteration, as ``conex_core.state.capture`` gives it.
    initial_state: Mapping[str, Any] | None = None
    # Written over single variables then, such as learned thresholds.
    initial_values: Mapping[str, torch.Tensor] | None = None

    __setattr__ = object.__setattr__

    @property
    def name(self) -> str:
        """Return the first tag, by which messages call this object."""
        return str(self.tags[0])  # type: ignore[attr-defined]  # pymonntorch's attribute

    def _get_mat(self, mode: Any, *args: Any, **kwargs: Any) -> Any:
        """Return what ``vector`` and ``matrix`` do; a text they cannot read is told in words."""
        try:
            return super()._get_mat(mode, *args, **kwargs)  # type: ignore[misc]  # pymonntorch's
        except (AttributeError, NameError, SyntaxError, TypeError, ValueError) as error:
            if not isinstance(mode, str):
                raise
            rule = "must be a number, or a text such as uniform, normal(0.5, 0.1), zeros or ones"
            raise ParameterError("mode", rule, mode, hint=_BOUNDS, node=self.name) from error

    def __getitem__(self, key: Any) -> Any:
        """Return what has a tag; what recorders hold is looked up anew each time."""
        found = super().__getitem__(key)  # type: ignore[misc]  # pymonntorch's, which keeps it
        tag = key[0] if isinstance(key, tuple) else key
        kept = self.tag_shortcuts  # type: ignore[attr-defined]  # pymonntorch's attribute
        if any(isinstance(item, torch.Tensor) for item in kept.get(tag, ())):
            del kept[tag]
        return found

    def to(self, device: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Refuse to move: a network is made on its device.

        Raises
        ------
        StructureError
            Unless it is there already.
        """
        here = torch.device(self.device)
        if isinstance(device, str | torch.device) and torch.device(device) == here:
            return self
        hint = f"make it there: Neocortex(device={str(device)!r})"
        raise StructureError(self.name, f"cannot move from {here} to {device}", hint=hint)

    def state_dict(self, *args: Any, **kwargs: Any) -> Any:
        """Refuse: what changes is no parameter of a torch module.

        Raises
        ------
        StructureError
            Always; ``Neocortex.state`` returns the state.
        """
        hint = "use state() and restore() of the network"
        raise StructureError(self.name, "has no state_dict", hint=hint)

    def __copy__(self) -> Any:
        """Refuse: a structure without copies of its neighbours would act on theirs.

        Raises
        ------
        StructureError
            Always.
        """
        hint = "copy.deepcopy copies the whole network, replicate makes another part of it"
        raise StructureError(self.name, "cannot be copied alone", hint=hint)

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        """Return this one's place in a copy of the whole network."""
        copy.deepcopy(self.network, memo)  # type: ignore[attr-defined]  # pymonntorch's attribute
        return memo[id(self)] if id(self) in memo else copied.alone(self, memo)

    def __reduce_ex__(self, protocol: Any) -> Any:
        return copied.member(self) or super().__reduce_ex__(protocol)

    def add_sub_structure(self, new_structure: Any) -> None:
        """Put a structure of the same network into this one.

        Raises
        ------
        StructureError
            If it is none, of another network, or holds this one.
        """
        if not hasattr(new_structure, "sub_structures") or isinstance(new_structure, type):
            hint = "pass a structure object"
            raise StructureError(self.name, f"cannot hold {new_structure!r}", hint=hint)
        if new_structure is self.network or _holds(new_structure, self):  # type: ignore[attr-defined]
            problem = f"cannot hold {name_of(new_structure)}, which holds it"
            raise StructureError(self.name, problem, hint="put one into the other only")
        if new_structure.network is not self.network:  # type: ignore[attr-defined]
            problem = f"cannot take {name_of(new_structure)}, of another network"
            raise StructureError(self.name, problem, hint="make both in one network")
        inside = self.sub_structures  # type: ignore[attr-defined]  # pymonntorch's attribute
        if not any(other is new_structure for other in inside):
            inside.append(new_structure)
            new_structure.parent_structure = self
            if getattr(new_structure, "home", None) is None:
                new_structure.home = self

    def name_of_part(self, part: Any, place: Callable[[Any], str]) -> str:
        """Return what a part adds to the place of this structure, by which it is seeded."""
        return f"/{getattr(part, 'given_name', '') or part.tags[0]}"

    def set_behaviors(self, tag: str, enabled: bool) -> None:
        """Enable or disable every behavior here that has ``tag``."""
        for behavior in self.behavior.values():  # type: ignore[attr-defined]  # pymonntorch's
            if tag in behavior.tags:
                behavior.behavior_enabled = enabled

    def add_behavior(self, key: float, behavior: Any, initialize: bool = True) -> Any:
        """Add ``behavior`` at ``key``; one that is taken is an error.

        With ``initialize`` it is initialised at once, with its own generator.
        """
        stack = self.behavior  # type: ignore[attr-defined]  # pymonntorch's attribute
        if key in stack:
            hint = f"{type(stack[key]).__name__} is there; take a key slightly above"
            raise StructureError(self.name, f"has a behavior at {key} already", hint=hint)
        network = self.network  # type: ignore[attr-defined]  # pymonntorch's attribute
        stack[key] = behavior
        network._add_behavior_to_sorted_execution_list(key, self, behavior)
        network.clear_tag_cache()
        if initialize:
            network.initialize_behavior(key, self, behavior)
        return behavior


def stack_of(behavior: Any, owner: str) -> dict[Any, Any]:
    """Return ``behavior`` (None, a dict, or a list) as a new dict by key.

    A list whose members all have a priority is ordered by it; any other list
    means what it means in pymonntorch, the index as key.
    """
    if behavior is None:
        return {}
    if isinstance(behavior, Mapping):
        return {key: _checked(item, owner) for key, item in behavior.items()}
    if not isinstance(behavior, Iterable):
        hint = "use prioritize_behaviors([...])"
        raise StructureError(owner, f"cannot take {behavior!r} as its behaviors", hint=hint)
    items = [_checked(item, owner) for item in behavior]
    try:
        ordered = all(priority_of(item) >= 0 for item in items)
    except StructureError:
        ordered = False
    return dict(prioritize_behaviors(items)) if ordered else dict(enumerate(items))


def copy_of(stack: Mapping[Any, Any]) -> dict[Any, Any]:
    """Return ``stack`` with a behavior of its own at every key."""
    return {
        key: item.copy() if hasattr(item, "copy") else copy.deepcopy(item)
        for key, item in stack.items()
    }


def _holds(structure: Any, inner: Any) -> bool:
    """Tell whether ``inner`` is ``structure`` or anywhere in it."""
    return structure is inner or any(_holds(item, inner) for item in structure.sub_structures)


def _checked(item: Any, owner: str) -> Any:
    if isinstance(item, type):
        hint = f"pass an object: {item.__name__}(...)"
        raise StructureError(owner, f"got the class {item.__name__} as a behavior", hint=hint)
    if not hasattr(item, "initialize") or not hasattr(item, "forward"):
        raise StructureError(owner, f"cannot take {item!r} as a behavior")
    return item
