"""Rules about synapses: currents that arrive, weights and delays that fit."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Any

from conex_core.distributions import Constant, Distribution, Uniform, parse_mode
from conex_core.errors import ParameterError
from conex_core.graph import edits
from conex_core.graph.checks.context import Context, Running, value_of
from conex_core.graph.defaults import DENDRITE, STARTING_VALUES
from conex_core.graph.problems import Fix, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conex_core.graph.state import BehaviorItem, Document, Node

__all__ = [
    "compartments_act",
    "currents_arrive",
    "delays_fit",
    "set_item",
    "weights_have_values",
    "weights_suit_their_input",
]

_DENSE_ONLY = ("SimpleDendriticInput", "Conv2dDendriticInput", "SimpleSTDP", "Conv2dSTDP")
_SPARSE_FOR = {"SimpleDendriticInput": "SparseDendriticInput", "SimpleSTDP": "SparseSTDP"}


def currents_arrive(context: Context) -> Iterator[Problem]:
    """See that synapses make a current, and their target has a dendrite to receive it."""
    for synapse in context.of_kind("SynapseGroup"):
        current = [spec for _, spec in context.running(synapse) if "own.I" in spec.provides]
        target = context.target(synapse)
        if not current:
            fixes = _additions(context, synapse, ("SimpleDendriticInput",))
            text = f"{synapse.name} causes no current in its target."
            yield _warning(text, synapse, fixes, "no-current")
        elif target is not None and target.kind == "NeuronGroup":
            missing = tuple(kind for kind in DENDRITE if not _does(context, target, kind))
            if missing:
                fixes = _additions(context, target, missing)
                text = f"{target.name} has no {_part(missing)}, so {synapse.name} has no effect."
                yield _warning(text, synapse, fixes, "no-dendrite")


def compartments_act(context: Context) -> Iterator[Problem]:
    """See that distal and apical currents have an effect on their target."""
    for synapse in context.of_kind("SynapseGroup"):
        compartment = str(synapse.params.get("compartment", "Proximal"))
        target = context.target(synapse)
        if compartment not in ("Distal", "Apical") or target is None:
            continue
        running = context.first(target, "SimpleDendriteComputation")
        name = f"{compartment.lower()}_provocativeness"
        if running is None or _unset(running, name) is False:
            continue
        owner = context.owner(running[0], target)
        awake = partial(
            edits.set_behavior_param, node_id=owner, item_id=running[0].id, name=name, value=1.0
        )
        near = partial(edits.reset_param, node_id=synapse.id, name="compartment")
        fixes = (
            Fix(f"Set {name} of {target.name} to 1", awake),
            Fix(f"Make {synapse.name} proximal", near),
        )
        text = (
            f"{compartment} input has no effect on {target.name} while "
            f"{name} is empty. {fixes[0].title}."
        )
        yield Problem("warning", text, synapse.id, None, "compartment", fixes, "silent-compartment")


def weights_suit_their_input(context: Context) -> Iterator[Problem]:
    """See that sparse and dense weights meet behaviors that can use them."""
    for synapse in context.of_kind("SynapseGroup"):
        weights = context.first(synapse, "WeightInitializer")
        if weights is None:
            continue
        sparse = _is_sparse(weights)
        for item, spec in context.running(synapse):
            if sparse and any(spec.is_a(kind) for kind in _DENSE_ONLY):
                yield _needs_dense(context, synapse, weights[0], item)
            elif sparse is False and spec.is_a("SparseDendriticInput"):
                yield _needs_sparse(context, synapse, weights[0], item)


def weights_have_values(context: Context) -> Iterator[Problem]:
    """See that weights are either drawn or read from a file."""
    for synapse in context.of_kind("SynapseGroup"):
        running = context.first(synapse, "WeightInitializer")
        if running is None:
            continue
        drawn, read = (_unset(running, name) is False for name in ("mode", "weights"))
        if not drawn and not read:
            value = STARTING_VALUES["WeightInitializer"]["mode"]
            fix = Fix(f"Set mode to {value}", set_item(context, synapse, running[0], "mode", value))
            text = f"{synapse.name} has no weights: the mode of WeightInitializer is empty."
            yield _of_weights(synapse, running[0], text, fix)
        elif drawn and read:
            fix = Fix("Reset mode", set_item(context, synapse, running[0], "mode", None))
            text = f"{synapse.name} has both a mode and a file of weights."
            yield _of_weights(synapse, running[0], text, fix)


def delays_fit(context: Context) -> Iterator[Problem]:
    """See that no delay is longer than the buffer that holds it."""
    for synapse in context.of_kind("SynapseGroup"):
        for running in context.running(synapse):
            if running[1].is_a("DelayInitializer"):
                yield from _long_delay(context, synapse, running)


def _does(context: Context, node: Node, kind: str) -> bool:
    """Tell whether something on ``node`` does the work of ``kind``."""
    spec = context.catalog.behaviors.get(kind)
    if spec is None or context.first(node, kind) is not None:
        return True
    made = {f"own.{name}" for name in context.made(node)}
    return bool(spec.provides) and set(spec.provides) <= made


def _part(missing: tuple[str, ...]) -> str:
    return "dendrite" if DENDRITE[0] in missing else DENDRITE[1]


def _additions(context: Context, node: Node, kinds: tuple[str, ...]) -> tuple[Fix, ...]:
    known = [kind for kind in kinds if kind in context.catalog.behaviors]

    def added(doc: Document) -> Document:
        for kind in known:
            doc = edits.add_behavior(doc, node.id, kind, catalog=context.catalog)
        return doc

    return (Fix(f"Add {' and '.join(known)} to {node.name}", added),) if known else ()


def _warning(text: str, node: Node, fixes: tuple[Fix, ...], code: str) -> Problem:
    mend = f" {fixes[0].title}." if fixes else ""
    return Problem("warning", f"{text}{mend}", node.id, fixes=fixes, code=code)


def _unset(running: Running, name: str) -> bool | None:
    """Tell whether a parameter is empty; None where there is no such parameter."""
    item, spec = running
    for parameter in spec.parameters:
        if parameter.name == name:
            return item.params.get(name, parameter.default) is None
    return None


def _is_sparse(weights: Running) -> bool | None:
    """Tell whether the weights will be stored sparse; None if that is not known."""
    density = value_of(weights, "density")
    sparsely = value_of(weights, "true_sparsity")
    if weights[0].params.get("weights") is not None or density is None or sparsely is None:
        return None
    return bool(density < 1 and sparsely)


def set_item(
    context: Context, synapse: Node, item: BehaviorItem, name: str, value: Any
) -> partial[Document]:
    """Return the edit that sets a parameter of a behavior, wherever it is stored."""
    owner = context.owner(item, synapse)
    return partial(edits.set_behavior_param, node_id=owner, item_id=item.id, name=name, value=value)


def _of_weights(synapse: Node, item: BehaviorItem, text: str, fix: Fix) -> Problem:
    text = f"{text} {fix.title}."
    return Problem("error", text, synapse.id, item.id, "mode", (fix,), "no-weights")


def _needs_dense(
    context: Context, synapse: Node, weights: BehaviorItem, item: BehaviorItem
) -> Problem:
    fixes = [
        Fix("Store the weights dense", set_item(context, synapse, weights, "true_sparsity", False))
    ]
    other = _SPARSE_FOR.get(item.kind, "")
    if other in context.catalog.behaviors:
        owner = context.owner(item, synapse)
        swap = partial(edits.replace_behavior, node_id=owner, item_id=item.id, kind=other)
        fixes.insert(0, Fix(f"Use {other}", swap))
    text = (
        f"{item.kind} on {synapse.name} needs dense weights, but a density below 1 makes "
        f"them sparse. {fixes[0].title}, or switch true_sparsity off."
    )
    return Problem("error", text, synapse.id, item.id, None, tuple(fixes), "sparse-weights")


def _needs_sparse(
    context: Context, synapse: Node, weights: BehaviorItem, item: BehaviorItem
) -> Problem:
    owner = context.owner(item, synapse)
    swap = partial(
        edits.replace_behavior, node_id=owner, item_id=item.id, kind="SimpleDendriticInput"
    )
    fixes = [Fix("Use SimpleDendriticInput", swap)]
    if weights.params.get("true_sparsity") is False and weights.params.get("density", 1) != 1:
        sparse = set_item(context, synapse, weights, "true_sparsity", True)
        fixes.insert(0, Fix("Store the weights sparse", sparse))
    text = f"{item.kind} on {synapse.name} needs sparse weights. {fixes[0].title}."
    return Problem("error", text, synapse.id, item.id, None, tuple(fixes), "dense-weights")


def _long_delay(context: Context, synapse: Node, running: Running) -> Iterator[Problem]:
    longest = _longest_delay(running)
    at_target = value_of(running, "destination") is True
    node = context.target(synapse) if at_target else context.source(synapse)
    if longest is None or node is None:
        return
    if node.kind == "InputLayer" and longest > 0:
        yield _delayed_input(context, synapse, node, running[0])
        return
    if at_target:
        compartment = str(synapse.params.get("compartment", "Proximal"))
        buffer, name = "SimpleDendriteStructure", f"{compartment.lower()}_max_delay"
    else:
        buffer, name = "NeuronAxon", "max_delay"
    holder = context.first(node, buffer)
    limit, exact = _limit(holder, name)
    if holder is None or limit is None or longest < limit:
        return
    widen = set_item(context, node, holder[0], exact, longest + 1)
    fix = Fix(f"Set {exact} of {buffer} on {node.name} to {longest + 1}", widen)
    text = (
        f"Delays of {synapse.name} reach {longest} steps, but {buffer} on {node.name} "
        f"keeps {limit - 1} at most. {fix.title}."
    )
    yield Problem("error", text, synapse.id, running[0].id, None, (fix,), "long-delay")


def _delayed_input(context: Context, synapse: Node, layer: Node, item: BehaviorItem) -> Problem:
    owner = context.owner(item, synapse)
    edit = partial(edits.remove_behavior, node_id=owner, item_id=item.id)
    fix = Fix(f"Remove {item.kind} from {synapse.name}", edit)
    text = f"{synapse.name} delays the spikes of {layer.name}, which keeps none. {fix.title}."
    return Problem("error", text, synapse.id, item.id, None, (fix,), "long-delay")


def _limit(holder: Running | None, name: str) -> tuple[int | None, str]:
    """Return the length of a buffer and the parameter that sets it."""
    if holder is None:
        return None, name
    for parameter in holder[1].parameters:
        if parameter.name.lower() == name:
            value = value_of(holder, parameter.name)
            return (value if isinstance(value, int) else None), parameter.name
    return None, name


def _longest_delay(running: Running) -> int | None:
    """Return the longest delay that can be drawn, in iterations; None if not known."""
    mode, scale = value_of(running, "mode"), value_of(running, "scale")
    offset = value_of(running, "offset")
    if running[0].params.get("delays") is not None or mode is None:
        return None
    top = _top(mode)
    if top is None or not isinstance(scale, int | float) or not isinstance(offset, int | float):
        return None
    reach = top * scale + offset
    open_end = isinstance(mode, Uniform) and scale > 0
    return max(0, math.ceil(reach) - 1 if open_end else int(reach))


def _top(mode: Any) -> float | None:
    if isinstance(mode, str):
        try:
            mode = parse_mode(mode)
        except ParameterError:
            return None
    if isinstance(mode, Constant | Uniform):
        return mode.bounds()[1]
    if isinstance(mode, Distribution) or not isinstance(mode, int | float):
        return None
    return float(mode)
