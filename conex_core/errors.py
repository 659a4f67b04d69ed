"""The errors of conex_core: one tree, each class with its facts as attributes.

A message says which object, which field, which rule, what came and what to do;
names in it are shortened, while the attributes hold them whole.
Nothing here knows torch or Qt.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

from conex_core.carried import copied, packed, unpacked
from conex_core.shown_names import NAME, shortened, shown_name

__all__ = [
    "ArgumentError",
    "BehaviorError",
    "ConexError",
    "FileError",
    "NetworkError",
    "ParameterError",
    "ProcessError",
    "ProjectError",
    "ReplacedName",
    "ShapeError",
    "StructureError",
    "UnknownName",
]


class ConexError(Exception):
    """Stand at the root of everything conex_core raises on purpose.

    Goes through pickle and deepcopy with its attributes, notes and cause, however
    a subclass writes its constructor. A value that cannot be pickled arrives as
    its description.
    """

    def __reduce__(self) -> tuple[Any, ...]:
        cause = self.__cause__ if self.__cause__ is not self else None
        args = tuple(packed(item) for item in self.args)
        facts = {name: packed(value) for name, value in _facts(self).items()}
        return _rebuilt, (type(self), args, facts, packed(cause))

    def __deepcopy__(self, memo: dict[int, Any]) -> ConexError:
        new = memo[id(self)] = _made(type(self), copied(self.args, memo))
        for name, value in _facts(self).items():
            setattr(new, name, copied(value, memo))
        new.__cause__ = copied(self.__cause__, memo)
        return new

    def __copy__(self) -> ConexError:
        new = _made(type(self), self.args)
        for name, value in _facts(self).items():
            setattr(new, name, value)
        new.__cause__ = self.__cause__
        return new


class ParameterError(ConexError, ValueError):
    """Report a parameter whose value breaks its rule.

    ``node`` and ``behavior`` are empty where the value was checked outside a
    network; :meth:`at` returns the same error with them filled in.
    """

    def __init__(
        self,
        field: str,
        rule: str,
        got: Any,
        *,
        hint: str = "",
        behavior: str = "",
        node: str = "",
    ) -> None:
        self.field, self.rule, self.got, self.hint = field, rule, got, hint
        self.behavior, self.node = behavior, node
        super().__init__(str(self))

    def __str__(self) -> str:
        parts = (self.node, self.behavior, self.field)
        place = " › ".join(shown_name(part) for part in parts if part)
        hint = f". {self.hint}" if self.hint else ""
        return f"{place} {self.rule}, got {_shown(self.got)}{hint}"

    def at(self, *, node: str = "", behavior: str = "") -> ParameterError:
        """Return this error with the place it happened filled in."""
        return ParameterError(
            self.field,
            self.rule,
            self.got,
            hint=self.hint,
            behavior=behavior or self.behavior,
            node=node or self.node,
        )


class UnknownName(ConexError, LookupError):
    """Report a name that nothing has, with the nearest known one, or what to write instead."""

    def __init__(self, kind: str, name: str, known: Iterable[str] = (), *, hint: str = "") -> None:
        self.kind, self.name, self.hint = kind, name, hint
        self.known = sorted(known)
        super().__init__(str(self))

    def __str__(self) -> str:
        name = shortened(self.name, NAME)
        if self.hint:
            return f"unknown {self.kind} {name!r}: {self.hint}"
        near = difflib.get_close_matches(self.name, self.known, n=1)
        if near:
            return f"unknown {self.kind} {name!r}. Did you mean {shortened(near[0], NAME)!r}?"
        listed = ", ".join(shown_name(each) for each in self.known[:12]) or "none"
        return f"unknown {self.kind} {name!r}. Known: {listed}"


class ArgumentError(ConexError, TypeError):
    """Report an argument that a structure or a function does not take, and what to write."""

    def __init__(
        self, callee: str, argument: str, known: Iterable[str] = (), *, hint: str = ""
    ) -> None:
        self.callee, self.argument, self.hint = callee, argument, hint
        self.known = list(known)
        super().__init__(str(self))

    def __str__(self) -> str:
        told = f"{self.callee} has no argument {shortened(self.argument, NAME)!r}"
        if self.hint:
            return f"{told}: {self.hint}"
        near = difflib.get_close_matches(self.argument, self.known, n=1)
        if near:
            return f"{told}. Did you mean {near[0]!r}?"
        return f"{told}. It takes {', '.join(self.known) or 'none'}"


class ReplacedName(ConexError, ImportError):
    """Report a name of CoNeX that is not here, and what does its work now.

    An ImportError, because Python hides the message of any AttributeError that
    is raised for ``from conex_core import ...``.
    """

    def __init__(self, name: str, hint: str) -> None:
        self.hint = hint
        super().__init__(f"there is no {name} in conex_core: {hint}", name=name)


class StructureError(ConexError, ValueError):
    """Report parts of a network that do not fit together."""

    def __init__(self, node: str, problem: str, *, hint: str = "") -> None:
        self.node, self.problem, self.hint = node, problem, hint
        super().__init__(f"{shown_name(node)}: {problem}" + (f". {hint}" if hint else ""))


class NetworkError(StructureError):
    """Report a network that cannot run; ``problems`` lists why, errors only."""

    def __init__(self, node: str, problems: Iterable[Any]) -> None:
        self.problems = tuple(problems)
        told = "\n".join(problem.message for problem in self.problems)
        super().__init__(node, f"is not ready to run\n{told}" if told else "is not ready to run")


class ShapeError(StructureError):
    """Report tensors or groups whose shapes cannot meet."""


class FileError(ConexError, ValueError):
    """Report a file that cannot be read or written, and how to mend it."""

    def __init__(self, path: object, problem: str, *, place: str = "", hint: str = "") -> None:
        self.path, self.problem, self.place, self.hint = str(path), problem, place, hint
        where = f"{self.path}: {place}" if place else self.path
        super().__init__(f"{where}: {problem}" + (f". {hint}" if hint else ""))


class ProjectError(ConexError, ValueError):
    """Report a project that cannot run; ``problems`` lists why."""

    def __init__(self, problems: Iterable[Any]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class ProcessError(ConexError, RuntimeError):
    """Report that the process in which a network ran failed, or ended by itself."""

    def __init__(self, problem: str, *, hint: str = "") -> None:
        self.problem, self.hint = problem, hint
        super().__init__(problem + (f". {hint}" if hint else ""))


class BehaviorError(ConexError, RuntimeError):
    """Report a behavior that failed during initialisation or in a step.

    The original exception is the ``__cause__``. ``iteration`` is 0 during
    initialisation.
    """

    def __init__(
        self, node: str, behavior: str, priority: int, iteration: int, problem: str
    ) -> None:
        self.node, self.behavior = node, behavior
        self.priority, self.iteration, self.problem = priority, iteration, problem
        when = f"in iteration {iteration}" if iteration else "while initialising"
        place = f"{shown_name(node)} › {shown_name(behavior)}"
        super().__init__(f"{place} (priority {priority}) failed {when}: {problem}")


def _facts(error: ConexError) -> dict[str, Any]:
    """Return the attributes of ``error``, with those of ImportError and the like."""
    reduced: tuple[Any, ...] = tuple(super(ConexError, error).__reduce__())
    return dict(reduced[2]) if len(reduced) > 2 else {}


def _made(kind: type[ConexError], args: tuple[Any, ...]) -> ConexError:
    """Return an error without calling its constructor, which may take anything."""
    new = kind.__new__(kind, *args)
    # Python's own class keeps some of its facts outside the dict, such as ImportError.msg.
    base = next(base for base in kind.__mro__ if base.__module__ == "builtins")
    base.__init__(new, *args)  # type: ignore[misc]  # not of a subclass: that is the point
    return new


def _rebuilt(
    kind: type[ConexError], args: tuple[Any, ...], facts: dict[str, Any], cause: Any
) -> ConexError:
    new = _made(kind, unpacked(args))
    for name, value in facts.items():
        setattr(new, name, unpacked(value))
    found = unpacked(cause)
    new.__cause__ = found if isinstance(found, BaseException) else _told(found)
    return new


def _told(cause: Any) -> Exception | None:
    """Return an exception that shows as a cause that could not come along."""
    return None if cause is None else Exception(repr(cause))


def _shown(value: Any) -> str:
    shape = getattr(value, "shape", None)
    if shape is not None and len(shape):
        return f"an array of shape {tuple(shape)}"
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
