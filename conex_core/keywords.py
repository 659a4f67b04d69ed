"""What behaviors of scripts may do that those of conex_core may not.

Above all keywords that they declare nowhere and ask for by name. As in pymonntorch
the constructor keeps them for ``self.parameter("tau", 5.0)``, and those that nobody
asked for are the misspelled ones. Texts become distributions or numbers; unlike in
pymonntorch nothing is evaluated.
"""

from __future__ import annotations

import difflib
import logging
from typing import Any

import torch

from conex_core.distributions import Distribution, parse_mode
from conex_core.errors import ParameterError

__all__ = [
    "COMMON",
    "drawn",
    "is_of_scripts",
    "may_set_more",
    "read_text",
    "tensor_of",
    "unasked",
    "unasked_text",
]

logger = logging.getLogger(__name__)

COMMON = ("tag", "device", "behavior_enabled")  # what every behavior takes
_MOST_NAMES = 12


def is_of_scripts(cls: type) -> bool:
    """Tell whether a class was written outside conex_core."""
    return cls.__module__.partition(".")[0] != "conex_core"


def may_set_more(behavior: Any) -> bool:
    """Tell whether a behavior may set more than its class says: one of a script.

    A class that names what it ``provides`` is taken by its word.
    """
    return is_of_scripts(type(behavior)) and _says_nothing(type(behavior))


def _says_nothing(cls: type) -> bool:
    own = [base for base in cls.__mro__ if is_of_scripts(base)]
    return not hasattr(cls, "declared") or not any("provides" in vars(base) for base in own)


def unasked(behavior: Any) -> list[str]:
    """Return the keywords of ``behavior`` that it has not asked for so far."""
    asked = {*behavior.used_attr_keys, *getattr(behavior, "declared", ()), *COMMON}
    return [name for name in behavior.init_kwargs if name not in asked]


def unasked_text(behavior: Any, name: str, owner: str) -> str:
    """Return the sentence about one of :func:`unasked`, with what was meant."""
    kind, known = type(behavior).__name__, dict.fromkeys(behavior.used_attr_keys)
    known = dict.fromkeys([*known, *getattr(behavior, "declared", ())])
    asked = [each for each in known if each not in COMMON]
    told = f"{kind} on {owner} was given {name!r}, but has not asked for it."
    near = difflib.get_close_matches(name, asked, n=1)
    if near:
        return f"{told} Did you mean {near[0]!r}?"
    listed = ", ".join(asked[:_MOST_NAMES])
    if listed:
        return f"{told} It takes {listed}."
    return f"{told} Read it with self.parameter({name!r}, default) in initialize, or remove it."


def read_text(behavior: Any, value: str, default: Any, owner: Any) -> Any:
    """Return what a text stands for: values per neuron or synapse, a number, or itself."""
    text = value.replace(";plot", "").strip()
    if owner is not None and text.endswith(")") and "(" in text:
        return _values(behavior, text, owner)
    if not isinstance(default, int | float):
        return value
    share = text.endswith("%")
    try:
        number = float(text.rstrip("%")) / (100.0 if share else 1.0)
    except ValueError:
        hint = f"{default!r} is usual"
        raise ParameterError("value", "must be a number", value, hint=hint) from None
    return type(default)(number)


def tensor_of(value: Any, owner: Any) -> torch.Tensor:
    """Return ``value`` as a tensor on the device of ``owner``."""
    if owner is None:
        hint = "pass the object as well: self.parameter(name, default, owner, tensor=True)"
        raise ParameterError("tensor", "needs an object", None, hint=hint)
    made = torch.as_tensor(value, device=owner.device)
    return made.to(owner.network.def_dtype) if made.is_floating_point() else made


def _values(behavior: Any, text: str, owner: Any) -> Any:
    if text.startswith("same("):
        tag, _, name = text[5:-1].replace(" ", "").partition(",")
        if name:
            return getattr(owner[tag, 0], name)
    return drawn(behavior, parse_mode(text), owner)


def drawn(behavior: Any, distribution: Distribution, owner: Any) -> torch.Tensor:
    """Return a value per neuron of a group, or per synapse (as ``owner.matrix()`` has them)."""
    shape = owner.matrix_dim() if hasattr(owner, "matrix_dim") else (owner.size,)
    made: torch.Tensor = behavior.values(owner, distribution, tuple(shape))
    return made
