"""Rules about names and values: kinds, behaviors and parameters that exist and obey."""

from __future__ import annotations

import difflib
from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from conex_core.distributions import from_data, is_data
from conex_core.errors import ConexError, ParameterError, UnknownName
from conex_core.graph import edits
from conex_core.graph.checks.problems import Fix, Problem
from conex_core.graph.model.defaults import STARTING_VALUES
from conex_core.graph.model.document import NETWORK, BehaviorItem, Document, Node
from conex_core.graph.model.kinds import INSTANCE, KINDS, kind_of
from conex_core.graph.model.names import unique_name
from conex_core.graph.model.stacks import host_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from conex_core.graph.checks.context import Context
    from conex_core.parameters import Parameter

__all__ = ["behaviors_are_known", "kinds_are_known", "names_differ", "values_obey"]


def kinds_are_known(context: Context) -> Iterator[Problem]:
    """See that every node is of a kind that this version knows."""
    for node in context.nodes:
        if kind_of(node.kind) is None:
            error = UnknownName("kind of node", node.kind, KINDS)
            remove = Fix(f"Remove {_called(node)}", partial(edits.remove, node_ids=[node.id]))
            yield Problem(
                "error", f"{_called(node)}: {error}", node.id, fixes=(remove,), code="unknown-node"
            )


def names_differ(context: Context) -> Iterator[Problem]:
    """See that every node but a note has a name of its own."""
    called = defaultdict(list)
    for node in context.nodes:
        if not node.is_note:
            # A port may have the name of the group that it leads to.
            side = node.kind if node.is_port else ""
            called[node.name.strip(), side].append(node)
    taken = {node.name.strip() for node in context.nodes}
    for (name, _), nodes in called.items():
        for node in nodes if not name else nodes[1:]:
            kind = kind_of(node.kind)
            free = unique_name(name or (kind.first_name if kind else "Node"), taken)
            message = f"Two nodes are called {name}." if name else f"A {node.kind} has no name."
            rename = Fix(f"Rename it to {free}", partial(edits.rename, node_id=node.id, name=free))
            text = f"{message} {rename.title}."
            yield Problem("error", text, node.id, field="name", fixes=(rename,), code="name")


def behaviors_are_known(context: Context) -> Iterator[Problem]:
    """See that every behavior is in the catalog and stands where its kind belongs."""
    for owner, stack, host in _stacks(context):
        for item in stack:
            spec = context.catalog.behaviors.get(item.kind)
            if spec is None:
                yield _unknown_behavior(context, owner, item, host)
            elif host is not None and host != spec.host:
                remove = _remove(owner, item)
                message = f"{owner.title} cannot run {item.kind}, which is for {spec.host}."
                text = f"{message} {remove.title}."
                yield Problem("error", text, owner.id, item.id, None, (remove,), "wrong-host")


def values_obey(context: Context) -> Iterator[Problem]:
    """See that every parameter exists, has a value where it needs one, and keeps its rule."""
    for node in context.nodes:
        kind = kind_of(node.kind)
        if kind not in (None, INSTANCE):  # whose parameters are of its block
            place = _Place(node.id, _called(node))
            yield from _of_params(place, node.params, kind.parameters)
    specs = context.catalog.behaviors
    incomplete = {
        name for name, spec in specs.items() if any(one.required for one in spec.parameters)
    }
    for owner, stack, _ in _stacks(context):
        for item in stack:
            spec = specs.get(item.kind)
            if spec is not None and (item.params or spec.name in incomplete):
                place = _Place(owner.id, owner.title, item)
                yield from _of_params(place, item.params, spec.parameters)


@dataclass(frozen=True)
class _Place:
    """Say whose parameters are looked at, and edit them."""

    id: str
    title: str
    item: BehaviorItem | None = None

    @property
    def words(self) -> str:
        return self.title if self.item is None else f"{self.title} › {self.item.kind}"

    def reset(self, name: str) -> partial[Document]:
        if self.item is None:
            return partial(edits.reset_param, node_id=self.id, name=name)
        return partial(edits.reset_behavior_param, node_id=self.id, item_id=self.item.id, name=name)

    def set(self, doc: Document, name: str, value: Any) -> Document:
        if self.item is None:
            return edits.set_param(doc, self.id, name, value)
        return edits.set_behavior_param(doc, self.id, self.item.id, name, value)

    def problem(self, message: str, field: str, fixes: Iterable[Fix], code: str) -> Problem:
        item_id = None if self.item is None else self.item.id
        return Problem("error", message, self.id, item_id, field, tuple(fixes), code)


def _stacks(
    context: Context,
) -> Iterator[tuple[_Place, tuple[BehaviorItem, ...], str | None]]:
    yield _Place(NETWORK, "Network"), context.doc.settings.stack, "network"
    for node in context.nodes:
        if node.stack and kind_of(node.kind) is not None:
            yield _Place(node.id, _called(node)), node.stack, host_of(node)


def _unknown_behavior(
    context: Context, owner: _Place, item: BehaviorItem, host: str | None
) -> Problem:
    known = [spec.name for spec in context.catalog.behaviors.values() if spec.host == host]
    near = difflib.get_close_matches(item.kind, known, n=1)
    fixes = [_remove(owner, item)]
    if near:
        fixes.insert(0, Fix(f"Replace it with {near[0]}", _replaced(owner.id, item, near[0])))
    error = UnknownName("behavior", item.kind, known)
    text = f"{owner.title}: {error}"
    return Problem("error", text, owner.id, item.id, None, tuple(fixes), "unknown-behavior")


def _replaced(node_id: str, item: BehaviorItem, kind: str) -> partial[Document]:
    return partial(edits.replace_behavior, node_id=node_id, item_id=item.id, kind=kind)


def _remove(owner: _Place, item: BehaviorItem) -> Fix:
    edit = partial(edits.remove_behavior, node_id=owner.id, item_id=item.id)
    return Fix(f"Remove {item.kind} from {owner.title}", edit)


def _of_params(
    place: _Place, params: Mapping[str, Any], parameters: tuple[Parameter, ...]
) -> Iterator[Problem]:
    if not params:
        yield from (_missing_value(place, one) for one in parameters if one.required)
        return
    known = {parameter.name: parameter for parameter in parameters}
    for name in sorted(params.keys() - known.keys()):
        yield _unknown_parameter(place, params, name, known)
    for name, parameter in known.items():
        if name in params:
            yield from _of_value(place, parameter, params[name])
        elif parameter.required:
            yield _missing_value(place, parameter)


def _unknown_parameter(
    place: _Place, params: Mapping[str, Any], name: str, known: Mapping[str, Parameter]
) -> Problem:
    error = UnknownName("parameter", name, known)
    near = difflib.get_close_matches(name, [other for other in known if other not in params], n=1)
    fixes = [Fix(f"Remove {name}", place.reset(name))]
    if near:

        def renamed(doc: Document) -> Document:
            return place.set(place.reset(name)(doc), near[0], params[name])

        fixes.insert(0, Fix(f"Rename it to {near[0]}", renamed))
    return place.problem(f"{place.words}: {error}", name, fixes, "unknown-parameter")


def _of_value(place: _Place, parameter: Parameter, value: Any) -> Iterator[Problem]:
    try:
        if parameter.kind == "hook":
            raise parameter.error("is for scripts only", value)
        parameter.check(_typed(parameter, value))
    except ParameterError as error:
        text = str(error.at(node=place.words))
        yield place.problem(text, parameter.name, _usual(place, parameter), "value")


def _typed(parameter: Parameter, value: Any) -> Any:
    """Return a distribution for data that describes one, which loading left as it was."""
    if not is_data(value):
        return value
    try:
        return from_data(dict(value))
    except (ConexError, TypeError) as error:
        raise parameter.error(f"cannot be read ({error})", value) from None


def _missing_value(place: _Place, parameter: Parameter) -> Problem:
    rule = f" ({parameter.rule()})" if parameter.rule() else ""
    unit = f" in {parameter.unit}" if parameter.unit else ""
    text = f"{place.words} › {parameter.name} needs a value{unit}{rule}."
    return place.problem(text, parameter.name, _starting(place, parameter), "missing-value")


def _usual(place: _Place, parameter: Parameter) -> tuple[Fix, ...]:
    if parameter.required:
        return _starting(place, parameter)
    title = f"Reset {parameter.name} to its default"
    return (Fix(title, place.reset(parameter.name)),)


def _starting(place: _Place, parameter: Parameter) -> tuple[Fix, ...]:
    kind = "" if place.item is None else place.item.kind
    value = STARTING_VALUES.get(kind, {}).get(parameter.name)
    if value is None:
        return ()
    title = f"Set {parameter.name} to {value}{' ' + parameter.unit if parameter.unit else ''}"

    def filled(doc: Document) -> Document:
        return place.set(doc, parameter.name, value)

    return (Fix(title, filled),)


def _called(node: Node) -> str:
    return node.name or node.id
