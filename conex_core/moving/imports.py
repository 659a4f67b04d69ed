"""Import statements of CoNeX and pymonntorch, each rewritten where it stands.

Only the words that have to change do: a list of names in brackets keeps its
lines and comments. What is nowhere in conex_core stays imported from
pymonntorch where that has it, and is told where nothing has it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from conex_core.moved import NAMES
from conex_core.moving.scopes import bound_before, names_at, unbound_names
from conex_core.moving.text_edits import Remaining, TextEdit, ending_of, lines_of, span
from conex_core.moving.upstream_names import (
    CONEX,
    LEAKED,
    PYMONNTORCH,
    PYMONNTORCH_MODULES,
    advice_for,
    is_module,
    public_names,
    root_of,
)

__all__ = ["import_changes"]

_MODULE = re.compile(r"from[ \t]+([\w.]+)[ \t]+import")
_REST = re.compile(r"[ \t]*(#[^\r\n]*)?\r?\n?\Z")

Found = Iterator["TextEdit | Remaining"]


def import_changes(tree: ast.Module, text: str, name: str) -> Found:
    """Yield what becomes of each import of CoNeX and pymonntorch in ``text``."""
    lines = lines_of(text)
    stars = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and not node.level and root_of(node.module or ""):
            if node.names[0].name == "*":
                stars.append(node)
            else:
                yield from _named(node, lines)
        elif isinstance(node, ast.Import):
            yield from _whole(node, tree, lines)
    if stars:
        yield from _starred(stars, tree, text, name)


def _named(node: ast.ImportFrom, lines: list[str]) -> Found:
    """Yield changes of ``from module import names``."""
    module = node.module or ""
    home, unknown = _home(module, [alias.name for alias in node.names])
    if home is None:
        yield Remaining(node.lineno, f"{module} is no module of CoNeX or pymonntorch")
        return
    elsewhere = [alias for alias in node.names if _elsewhere(alias.name, module)]
    if len(elsewhere) < len(node.names):
        yield _module_word(node, home, lines)
        yield from _taken_out(node, elsewhere, lines)
    elif any(_line_of(alias) != f"from {module} import {_written(alias)}" for alias in elsewhere):
        yield _statement(node, "; ".join(map(_line_of, elsewhere)), lines)
    for name in unknown:
        if not _elsewhere(name, module):
            yield _missing(name, node.lineno)


def _home(module: str, names: list[str]) -> tuple[str | None, list[str]]:
    """Return the module of conex_core to take ``names`` from, and those that it has not."""
    path = module.partition(".")[2]
    unknown = [name for name in names if name not in public_names()]
    if root_of(module) == "pymonntorch":
        known = not path or path in PYMONNTORCH_MODULES or _is_package_of_pymonntorch(path)
        return ("conex_core" if known or len(unknown) < len(names) else None), unknown
    if is_module(path):
        dotted = f"{path}." if path else ""
        unknown = [name for name in unknown if not is_module(dotted + name)]
        return f"conex_core.{path}".rstrip("."), unknown
    has_some = any(name in public_names() or name in NAMES for name in names)
    return ("conex_core" if has_some else None), unknown


def _is_package_of_pymonntorch(path: str) -> bool:
    return any(known.startswith(f"{path}.") for known in PYMONNTORCH_MODULES)


def _elsewhere(name: str, module: str) -> bool:
    """Tell whether ``name`` is taken from another package than conex_core from now on."""
    if name in public_names() or name in NAMES:
        return False
    is_upstream = root_of(module) == "pymonntorch" and name in PYMONNTORCH
    return is_upstream or (name in LEAKED and not is_module(name))


def _line_of(alias: ast.alias) -> str:
    if alias.name in PYMONNTORCH:
        return f"from pymonntorch import {_written(alias)}"
    line = LEAKED[alias.name]
    return line if alias.asname is None else f"{line.partition(' as ')[0]} as {alias.asname}"


def _written(alias: ast.alias) -> str:
    return alias.name if alias.asname is None else f"{alias.name} as {alias.asname}"


def _missing(name: str, line: int) -> Remaining:
    if name in NAMES:
        return Remaining(line, f"there is no {name} in conex_core", NAMES[name])
    return Remaining(line, f"there is no {name} in conex_core or CoNeX", advice_for(name))


def _module_word(node: ast.ImportFrom, home: str, lines: list[str]) -> TextEdit:
    """Return the edit that changes the module of an import and nothing else."""
    start, end = span(node, lines)
    match = _MODULE.match(lines[start[0] - 1], start[1])
    told = f"{node.module} became {home}"
    if match is None or match[1] != node.module:  # written over several lines, or with spaces
        names = ", ".join(map(_written, node.names))
        return TextEdit(start, end, f"from {home} import {names}", told)
    return TextEdit((start[0], match.start(1)), (start[0], match.end(1)), home, told)


def _taken_out(node: ast.ImportFrom, taken: list[ast.alias], lines: list[str]) -> Found:
    """Yield edits that import ``taken`` in lines of their own, and not in ``node`` any more."""
    if not taken:
        return
    yield from _lines_beside(node, [_line_of(alias) for alias in taken], lines)
    spans = [span(alias, lines) for alias in node.names]
    last_kept = max(at for at, alias in enumerate(node.names) if alias not in taken)
    for at, alias in enumerate(node.names):
        if alias in taken and at < last_kept:
            yield TextEdit(spans[at][0], spans[at + 1][0], "")
    if last_kept + 1 < len(node.names):
        yield TextEdit(spans[last_kept][1], spans[-1][1], "")


def _lines_beside(node: ast.stmt, wanted: list[str], lines: list[str]) -> Found:
    """Yield edits that put ``wanted`` after ``node``, or before it where more follows there."""
    if not wanted:
        return
    start, end = span(node, lines)
    before, after = lines[start[0] - 1][: start[1]], lines[end[0] - 1][end[1] :]
    told = ", ".join(f"{line} added" for line in wanted)
    if before.strip() or not _REST.match(after):
        yield TextEdit(start, start, "".join(f"{line}; " for line in wanted), told)
        return
    stop, ending = len(lines[end[0] - 1].rstrip("\r\n")), ending_of(lines, end[0])
    place = (end[0], stop)
    yield TextEdit(place, place, "".join(f"{ending}{before}{line}" for line in wanted), told)


def _statement(node: ast.stmt, text: str, lines: list[str], told: str = "") -> TextEdit:
    start, end = span(node, lines)
    return TextEdit(start, end, text, told or f"now {text}")


def _whole(node: ast.Import, tree: ast.Module, lines: list[str]) -> Found:
    """Yield changes of ``import module`` and of the places that name the module."""
    for alias in node.names:
        root, path = alias.name.partition(".")[0], alias.name.partition(".")[2]
        if not root_of(root):
            continue
        bound = alias.asname or root
        if root_of(root) == "pymonntorch":
            known, home = not path or path in PYMONNTORCH_MODULES, "conex_core"
        else:
            known, home = is_module(path), f"conex_core.{path}".rstrip(".")
        if not known:
            yield Remaining(node.lineno, f"there is no module {home} for {alias.name}")
            continue
        yield from _bound(alias, home, bound, tree, lines)
        yield from _attributes(tree, bound, path if alias.asname else "")


def _bound(alias: ast.alias, home: str, bound: str, tree: ast.Module, lines: list[str]) -> Found:
    start, end = span(alias, lines)
    if alias.asname is not None:
        words = f"{home} as {alias.asname}"
    elif _is_made_otherwise(tree, bound):
        words = home if home == "conex_core" else f"{home}, conex_core"
        words += f" as {bound}"
    else:
        words = home
        yield from _renamed(tree, bound, lines)
    yield TextEdit(start, end, words, f"import {alias.name} became import {words}")


def _is_made_otherwise(tree: ast.Module, name: str) -> bool:
    """Tell whether anything but imports of the module makes ``name``."""
    for node in ast.walk(tree):
        made = {
            getattr(node, "name", None),
            getattr(node, "asname", None),
            getattr(node, "arg", None) if isinstance(node, ast.arg) else None,
            node.id if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load) else None,
        }
        if name in made and not (isinstance(node, ast.alias) and node.asname is None):
            return True
    return False


def _renamed(tree: ast.Module, name: str, lines: list[str]) -> Found:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == name:
            start, end = span(node, lines)
            yield TextEdit(start, end, "conex_core", f"{name} became conex_core")


def _attributes(tree: ast.Module, bound: str, path: str) -> Found:
    """Yield what ``bound.name`` asks for and conex_core does not have."""
    seen = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
            continue
        name, dotted = node.attr, f"{path}.{node.attr}" if path else node.attr
        if node.value.id != bound or name in seen or name in public_names():
            continue
        if not is_module(dotted):
            seen.add(name)
            yield _missing(name, node.lineno)


def _starred(stars: list[ast.ImportFrom], tree: ast.Module, text: str, name: str) -> Found:
    """Yield changes of star imports, with what came along through them."""
    lines, used = lines_of(text), unbound_names(text, name)
    stars.sort(key=lambda node: node.lineno)
    for node in stars:
        yield from _star(node, tree, used, lines)
    extra = used - public_names()
    brought = [LEAKED[word] for word in sorted(extra & LEAKED.keys())]
    kept = [f"from pymonntorch import {word}" for word in sorted(extra & PYMONNTORCH)]
    if any(root_of(node.module or "") == "pymonntorch" for node in stars):
        brought += kept
    yield from _lines_beside(stars[0], brought, lines)
    _, is_open = bound_before(tree, len(lines) + 2)
    places = names_at(tree, extra - LEAKED.keys() - PYMONNTORCH)
    for word, line in sorted(places.items(), key=lambda item: item[1]):
        if word in NAMES or not is_open:
            yield _missing(word, line)


def _star(node: ast.ImportFrom, tree: ast.Module, used: frozenset[str], lines: list[str]) -> Found:
    """Yield the change of one star import: a star again, unless it would hide names of others.

    conex_core gives more names than pymonntorch did. Where one of them was made
    before, the names are written out that upstream's star gave.
    """
    module, path = node.module or "", (node.module or "").partition(".")[2]
    given = _given_by(module)
    if given is None:
        near = advice_for(path.rpartition(".")[2])
        yield Remaining(node.lineno, f"there is no module conex_core.{path} for {module}", near)
        return
    made, is_open = bound_before(tree, node.lineno)
    home = "conex_core" if root_of(module) == "pymonntorch" else f"conex_core.{path}".rstrip(".")
    hidden = (made & public_names()) - given
    is_part = root_of(module) == "pymonntorch" and bool(path)
    if not (hidden or is_open or is_part):
        yield _module_word(node, home, lines)
        return
    names = sorted(given & public_names())
    if root_of(module) == "conex":
        names = [name for name in names if name in used] or names
    why = f"{module} became {home}, name by name"
    if hidden:
        why += f", so that {', '.join(sorted(hidden))} made before stays as it is"
    yield _statement(node, f"from {home} import {', '.join(names)}", lines, why)


def _given_by(module: str) -> frozenset[str] | None:
    """Return what a star import of ``module`` gave; None for a module that is nowhere."""
    path = module.partition(".")[2]
    if root_of(module) == "pymonntorch":
        if path and path not in PYMONNTORCH_MODULES:
            return None
        return frozenset(PYMONNTORCH_MODULES[path]) if path else PYMONNTORCH
    return CONEX if is_module(path) else None
