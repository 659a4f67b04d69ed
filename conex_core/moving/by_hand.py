"""What a script does that imports alone do not bring over: each with line and advice.

Looked for are things that CoNeX or pymonntorch of any version took and that are
refused here, or do nothing. A script is read, never run.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator

from conex_core.distributions import parse_mode
from conex_core.errors import ParameterError
from conex_core.moved import ARGUMENTS, NAMES
from conex_core.moving.text_edits import Remaining
from conex_core.moving.upstream_names import CONEX, root_of

__all__ = ["INPUTS", "RULES", "left_by_hand"]

_OWNERS = ("n", "neurons", "s", "synapse")
_VARIABLE = r"(?:(?:n|s|neurons|synapse)\.)?[A-Za-z_]\w*"
_KINDS = "(?:mean|sum|std|min|max)"
_READ = re.compile(
    rf"\s*(?:{_VARIABLE}|(?:(?:torch|np)\.)?{_KINDS}\(\s*{_VARIABLE}\s*\)|{_VARIABLE}\.{_KINDS}\(\))\s*"
)
_NAMES_OF_MODULES = re.compile(r"\b(?:pymonntorch|conex)\b", re.IGNORECASE)

# Methods and calls of pymonntorch before 0.1 and of PymoNNto.
_OLD_METHODS = {"set_variables": "initialize", "new_iteration": "forward", "iteration": "forward"}
_OLD_CALLS = {
    "get_init_attr": "parameter",
    "get_neuron_vec": "vector",
    "get_synapse_mat": "matrix",
    "get_random_neuron_vec": 'vector("random")',
}
# Behaviors of CoNeX that read spikes and traces of their synapse group; until 0.1.5 of PyPI they
# took them from the neurons.
INPUTS = (
    "AveragePool2D",
    "Conv2dDendriticInput",
    "LateralDendriticInput",
    "Local2dDendriticInput",
    "One2OneDendriticInput",
    "SimpleDendriticInput",
    "SparseDendriticInput",
)
RULES = tuple(
    f"{shape}{rule}"
    for rule, shapes in {
        "STDP": ("Conv2d", "Local2d", "One2One", "Simple", "Sparse"),
        "RSTDP": ("Conv2d", "Local2d", "One2One", "Simple", "Sparse"),
        "iSTDP": ("One2One", "Simple", "Sparse"),
    }.items()
    for shape in shapes
)
_CATCHERS = {
    "PreSpikeCatcher": "PreSpikeCatcher()",
    "PostSpikeCatcher": "PostSpikeCatcher()",
    "PreTrace": "PreTrace(tau_s=20)",
    "PostTrace": "PostTrace(tau_s=20)",
}
_LISTS = {"built_structures", "all_structures_required"}


def left_by_hand(tree: ast.Module) -> Iterator[Remaining]:
    """Yield what is left in ``tree``, line by line."""
    found: list[Remaining] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            for look in (_arguments, _recorder, _mode, _evaluation, _old_call, _time):
                found.extend(look(node))
        elif isinstance(node, ast.ClassDef):
            found.extend(_old_methods(node))
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found.extend(_ancestor(node))
    found.extend(_spikes(tree))
    yield from sorted(found, key=lambda item: item.line)


def _called(node: ast.Call) -> str:
    function = node.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _arguments(node: ast.Call) -> Iterator[Remaining]:
    """Yield arguments of structures that are gone; None and empty ones are taken."""
    for keyword in node.keywords:
        line, name = keyword.value.lineno, keyword.arg
        if name == "behaviour":
            yield Remaining(line, "behaviour is spelled behavior", "behavior=")
        if name is None or _is_empty(keyword.value):
            continue
        if name == "settings" and _called(node) == "Network":
            continue  # taken there, as in pymonntorch
        if name in ARGUMENTS and _called(node) in CONEX:
            yield Remaining(line, f"{name} is gone: {ARGUMENTS[name]}", f"leave {name}= out")
        elif name in _LISTS:
            problem = f"{name} is not kept by the caller any more"
            yield Remaining(line, problem, f"leave {name}= out; it is found by itself")


def _is_empty(value: ast.expr) -> bool:
    if isinstance(value, ast.Constant):
        return not value.value
    if isinstance(value, ast.Dict):
        return not value.keys
    return isinstance(value, ast.List | ast.Tuple) and not value.elts


def _spikes(tree: ast.Module) -> Iterator[Remaining]:
    """Yield readers of spikes in a script that catches none."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    names = {_called(node) for node in calls}
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom | ast.Import)]
    if not any(_brings_conex(node) for node in imports):
        return
    own = {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
    own |= {alias.name for node in imports if not _brings_conex(node) for alias in node.names}
    for readers, wanted in ((INPUTS, ("PreSpikeCatcher",)), (RULES, tuple(_CATCHERS))):
        missing = [name for name in wanted if name not in names]
        found = [node for node in calls if _called(node) in readers and _called(node) not in own]
        if missing and found:
            first = min(found, key=lambda node: node.lineno)
            problem = f"{_called(first)} needs {', '.join(missing)} on its synapse group"
            yield Remaining(first.lineno, problem, ", ".join(_CATCHERS[name] for name in missing))


def _brings_conex(node: ast.Import | ast.ImportFrom) -> bool:
    modules = (
        [alias.name for alias in node.names]
        if isinstance(node, ast.Import)
        else [node.module or ""]
    )
    return any(root_of(name) == "conex" or name.startswith("conex_core") for name in modules)


def _recorder(node: ast.Call) -> Iterator[Remaining]:
    """Yield recorded expressions: only names, and some functions of one name, are read."""
    if not _called(node).endswith("Recorder"):
        return
    given = [*node.args[:1], *(key.value for key in node.keywords if key.arg == "variables")]
    for each in given:
        items = each.elts if isinstance(each, ast.List | ast.Tuple) else [each]
        for item in items:
            text = item.value if isinstance(item, ast.Constant) else None
            if isinstance(text, str) and not _READ.fullmatch(text):
                problem = f"{text!r} is not evaluated: a recorder reads variables and functions"
                yield Remaining(item.lineno, problem, _as_function(text))


def _as_function(text: str) -> str:
    """Return the argument of a recorder that records what ``text`` was evaluated to."""
    name = re.sub(r"\W+", "_", text).strip("_") or "value"
    name = name if name.isidentifier() else f"value_{name}"
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return f'functions={{"{name}": lambda n: ...}}'
    body = ast.unparse(_OfTheOwner().visit(tree))
    return f'functions={{"{name}": lambda n: {body}}}'


class _OfTheOwner(ast.NodeTransformer):
    """Write ``n.v`` for ``v`` and for ``neurons.v``."""

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in _OWNERS:
            return ast.Name("n", node.ctx)
        if node.id in ("torch", "np", "math") or node.id in dir(builtins):
            return node
        return ast.Attribute(ast.Name("n", ast.Load()), node.id, node.ctx)


def _mode(node: ast.Call) -> Iterator[Remaining]:
    """Yield texts of distributions that were evaluated as Python."""
    if _called(node) not in CONEX:
        return
    for keyword in node.keywords:
        value = keyword.value
        text = value.value if isinstance(value, ast.Constant) else None
        if keyword.arg not in ("mode", "init_v", "offset") or not isinstance(text, str):
            continue
        try:
            parse_mode(text)
        except ParameterError as error:
            problem = f"{keyword.arg}={text!r} is not evaluated: it {error.rule}"
            yield Remaining(
                value.lineno, problem, "a distribution such as Normal(0, 1), or a tensor"
            )


def _evaluation(node: ast.Call) -> Iterator[Remaining]:
    """Yield code in strings, and modules that are imported by a string."""
    name = _called(node)
    texts = [
        arg.value
        for arg in node.args
        if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
    ]
    is_plain = isinstance(node.func, ast.Name)
    if is_plain and name in ("eval", "exec", "compile"):
        problem = f"{name}() runs text, in which nothing was rewritten"
        if any(map(_NAMES_OF_MODULES.search, texts)):
            problem += "; it names a module that moved"
        yield Remaining(
            node.lineno, problem, "the code itself, or look whether it imports anything"
        )
    elif name in ("import_module", "__import__") and any(root_of(text) for text in texts):
        problem = f"{name}() imports a module that moved by its name"
        yield Remaining(node.lineno, problem, f'{name}("conex_core")')


def _old_call(node: ast.Call) -> Iterator[Remaining]:
    name = _called(node)
    if name == "compute_dw" and isinstance(node.func, ast.Attribute):
        problem = "compute_dw is a step of CoNeX's learning rules that is not here"
        yield Remaining(node.lineno, problem, NAMES["BaseLearning"])
    if name in _OLD_CALLS and isinstance(node.func, ast.Attribute):
        problem = f"{name} is of an older pymonntorch"
        yield Remaining(node.lineno, problem, _OLD_CALLS[name])


def _time(node: ast.Call) -> Iterator[Remaining]:
    """Yield times as text, which pymonntorch's Clock took for a number of iterations."""
    if _called(node) != "simulate_iterations":
        return
    for value in [*node.args[:2], *(keyword.value for keyword in node.keywords)]:
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*\*?\s*ms\s*", value.value)
            problem = f"{value.value!r} is no number of iterations"
            yield Remaining(
                value.lineno, problem, f"round({found[1] if found else '...'} / net.dt)"
            )


def _old_methods(node: ast.ClassDef) -> Iterator[Remaining]:
    bases = {
        base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "")
        for base in node.bases
    }
    if not any(base.endswith(("Behavior", "Behaviour")) for base in bases):
        return
    for item in node.body:
        if isinstance(item, ast.FunctionDef) and item.name in _OLD_METHODS:
            problem = f"{node.name}.{item.name} is never called: it is of an older pymonntorch"
            arguments = ", ".join(argument.arg for argument in item.args.args)
            yield Remaining(item.lineno, problem, f"def {_OLD_METHODS[item.name]}({arguments}):")


def _ancestor(node: ast.Import | ast.ImportFrom) -> Iterator[Remaining]:
    """Yield imports of PymoNNto, which computes with numpy, and of CoNeX's first names."""
    modules = (
        [alias.name for alias in node.names]
        if isinstance(node, ast.Import)
        else [node.module or ""]
    )
    for module in modules:
        root = module.partition(".")[0]
        if root == "PymoNNto":
            problem = "PymoNNto computes with numpy, and its behaviors are not moved"
            yield Remaining(node.lineno, problem, "write its behaviors with torch first")
        elif root in ("CCSNN", "CorticalColumn") and "." in module:
            problem = f"{root} is CoNeX before its first release"
            yield Remaining(node.lineno, problem, "from conex_core import ..., name by name")
