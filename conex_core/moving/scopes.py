"""Which names a script makes for itself, and which it takes from elsewhere."""

from __future__ import annotations

import ast
import builtins
import symtable
from collections.abc import Iterator

from conex_core.moving.upstream_names import root_of

__all__ = ["bound_before", "names_at", "unbound_names"]

_GIVEN = {*dir(builtins), "__file__", "__path__", "get_ipython", "display", "__annotations__"}


def unbound_names(text: str, name: str) -> frozenset[str]:
    """Return the global names that ``text`` reads and never makes, imports or defines."""
    try:
        table = symtable.symtable(text, name, "exec")
    except SyntaxError:  # what a notebook may do, such as to await outside of functions
        return frozenset()
    made = {
        symbol.get_name()
        for scope in _scopes(table)
        for symbol in scope.get_symbols()
        if _makes(scope, symbol)
    }
    read = {
        symbol.get_name()
        for scope in _scopes(table)
        for symbol in scope.get_symbols()
        if symbol.is_referenced() and (scope is table or symbol.is_global())
    }
    return frozenset(read - made - _GIVEN)


def names_at(tree: ast.AST, wanted: frozenset[str]) -> dict[str, int]:
    """Return the first line where each of ``wanted`` is read."""
    found: dict[str, int] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in wanted and isinstance(node.ctx, ast.Load):
            found[node.id] = min(node.lineno, found.get(node.id, node.lineno))
    return found


def bound_before(tree: ast.Module, line: int) -> tuple[frozenset[str], bool]:
    """Return the names made at the top before ``line``, but by CoNeX and pymonntorch.

    The flag tells whether a star import of another module made names that
    cannot be known.
    """
    names: set[str] = set()
    is_open = False
    for node in _at_the_top(tree):
        if getattr(node, "lineno", line) >= line:
            continue
        if isinstance(node, ast.ImportFrom) and not root_of(_absolute(node)):
            is_open = is_open or any(alias.name == "*" for alias in node.names)
            names |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {alias.asname or alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return frozenset(names - {"*"}), is_open


def _absolute(node: ast.ImportFrom) -> str:
    return "" if node.level else node.module or ""


def _at_the_top(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield nodes that run in the module's own scope."""
    for node in ast.iter_child_nodes(tree):
        yield node
        if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from _at_the_top(node)


def _scopes(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _scopes(child)


def _makes(scope: symtable.SymbolTable, symbol: symtable.Symbol) -> bool:
    made = symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace()
    return made and (scope.get_type() == "module" or symbol.is_declared_global())
