"""Rules about synapses: currents that arrive, weights and delays that fit."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Any

from conex_core.distributions import Constant, Distribution, Uniform, parse_mode
from conex_core.errors import ParameterError
from conex_core.graph import edits
from conex_core.graph.checks.context import Context, Running, value_of
from conex_core.graph.defaults import DENDRITE, STARTING_VALUES, size_of
from conex_core.graph.problems import Fix, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conex_core.graph.state import BehaviorItem, Document, Node

__all__ = [
    "compartments_act",
    "convolutions_meet",
    "currents_arrive",
    "delays_fit",
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
    """See that weights are drawn from something."""
    for synapse in context.of_kind("SynapseGroup"):
        running = context.first(synapse, "WeightInitializer")
        if running is None or not (_unset(running, "mode") and _unset(running, "weights")):
            continue
        value = STARTING_VALUES["WeightInitializer"]["mode"]
        fix = Fix(f"Set mode to {value}", _set(context, synapse, running[0], "mode", value))
        text = (
            f"{synapse.name} has no weights: the mode of WeightInitializer is empty. {fix.title}."
        )
        yield Problem("error", text, synapse.id, running[0].id, "mode", (fix,), "no-weights")


def delays_fit(context: Context) -> Iterator[Problem]:
    """See that no delay is longer than the buffer that holds it."""
    for synapse in context.of_kind("SynapseGroup"):
        for running in context.running(synapse):
            if running[1].is_a("DelayInitializer"):
                yield from _long_delay(context, synapse, running)


def convolutions_meet(context: Context) -> Iterator[Problem]:
    """See that the kernel of a convolution fits its source and its target."""
    for synapse in context.of_kind("SynapseGroup"):
        running = context.first(synapse, "Conv2dDendriticInput")
        weights = context.first(synapse, "WeightInitializer")
        source, target = context.source(synapse), context.target(synapse)
        if running and weights and source and target:
            yield from _convolution(context, synapse, running, weights, source, target)


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


def _set(context: Context, synapse: Node, item: BehaviorItem, name: str, value: Any) -> Any:
    owner = context.owner(item, synapse)
    return partial(edits.set_behavior_param, node_id=owner, item_id=item.id, name=name, value=value)


def _needs_dense(
    context: Context, synapse: Node, weights: BehaviorItem, item: BehaviorItem
) -> Problem:
    fixes = [
        Fix("Store the weights dense", _set(context, synapse, weights, "true_sparsity", False))
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
        sparse = _set(context, synapse, weights, "true_sparsity", True)
        fixes.insert(0, Fix("Store the weights sparse", sparse))
    text = f"{item.kind} on {synapse.name} needs sparse weights. {fixes[0].title}."
    return Problem("error", text, synapse.id, item.id, None, tuple(fixes), "dense-weights")


def _long_delay(context: Context, synapse: Node, running: Running) -> Iterator[Problem]:
    longest = _longest_delay(running)
    at_target = value_of(running, "destination") is True
    node = context.target(synapse) if at_target else context.source(synapse)
    if longest is None or node is None:
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
    widen = _set(context, node, holder[0], exact, longest + 1)
    fix = Fix(f"Set {exact} of {buffer} on {node.name} to {longest + 1}", widen)
    text = (
        f"Delays of {synapse.name} reach {longest} steps, but {buffer} on {node.name} "
        f"keeps {limit - 1} at most. {fix.title}."
    )
    yield Problem("error", text, synapse.id, running[0].id, None, (fix,), "long-delay")


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


def _convolution(
    context: Context, synapse: Node, running: Running, weights: Running, source: Node, target: Node
) -> Iterator[Problem]:
    stride, padding = value_of(running, "stride"), value_of(running, "padding")
    kernel = value_of(weights, "weight_shape")
    sizes = (size_of(source), size_of(target))
    if stride is None or padding is None or not all(_is_shape(size) for size in sizes):
        return
    if kernel is None:
        if weights[0].params.get("weights") is None:
            yield _no_kernel(context, synapse, weights, source, target)
        return
    if len(kernel) != 4:
        text = f"The weights of {synapse.name} must have the shape (out, in, height, width)."
        yield _kernel_problem(context, synapse, weights, source, target, text)
        return
    (inputs, height, width), (outputs, *_) = sizes
    if kernel[:2] != (outputs, inputs):
        text = (
            f"The kernel of {synapse.name} has {kernel[0]} × {kernel[1]} channels, but "
            f"{target.name} × {source.name} have {outputs} × {inputs}."
        )
        yield _kernel_problem(context, synapse, weights, source, target, text, kernel[2:])
        return
    made = tuple(
        (length + 2 * pad - part) // step + 1
        for length, part, pad, step in zip(
            (height, width), kernel[2:], padding, stride, strict=True
        )
    )
    yield from _output_size(synapse, running[0], target, (outputs, *made))


def _output_size(
    synapse: Node, item: BehaviorItem, target: Node, made: tuple[int, ...]
) -> Iterator[Problem]:
    if made == size_of(target):
        return
    shown = " × ".join(str(part) for part in made)
    fixes: tuple[Fix, ...] = ()
    text = f"The kernel of {synapse.name} is larger than its source."
    if min(made) > 0:
        resize = partial(edits.set_param, node_id=target.id, name="size", value=made)
        fixes = (Fix(f"Make {target.name} {shown}", resize),)
        text = f"{synapse.name} gives {shown} values, but {target.name} has another size."
    mend = f" {fixes[0].title}." if fixes else " Use a smaller kernel or more padding."
    yield Problem("error", f"{text}{mend}", synapse.id, item.id, None, fixes, "convolution")


def _no_kernel(
    context: Context, synapse: Node, weights: Running, source: Node, target: Node
) -> Problem:
    text = f"{synapse.name} needs the shape of its kernel."
    return _kernel_problem(context, synapse, weights, source, target, text)


def _kernel_problem(
    context: Context,
    synapse: Node,
    weights: Running,
    source: Node,
    target: Node,
    text: str,
    kernel: tuple[int, ...] | None = None,
) -> Problem:
    (inputs, height, width), (outputs, *_) = size_of(source), size_of(target)
    shape = (outputs, inputs, *(kernel or (min(3, height), min(3, width))))
    shown = " × ".join(str(part) for part in shape)
    edit = _set(context, synapse, weights[0], "weight_shape", shape)
    fix = Fix(f"Set weight_shape to {shown}", edit)
    return Problem(
        "error",
        f"{text} {fix.title}.",
        synapse.id,
        weights[0].id,
        "weight_shape",
        (fix,),
        "convolution-kernel",
    )


def _is_shape(size: Any) -> bool:
    return (
        isinstance(size, tuple)
        and len(size) == 3
        and all(isinstance(part, int) and part > 0 for part in size)
    )
