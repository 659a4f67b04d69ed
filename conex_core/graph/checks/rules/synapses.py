"""Rules about synapses: currents that arrive, and weights that suit who reads them."""

from __future__ import annotations

import difflib
from functools import partial
from typing import TYPE_CHECKING, Any

from conex_core.graph import edits
from conex_core.graph.checks.context import Context, Running, value_of
from conex_core.graph.checks.problems import Fix, Problem
from conex_core.graph.model.defaults import DENDRITE, STARTING_VALUES
from conex_core.graph.model.kinds import SYNAPSE_GROUP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conex_core.catalog import BehaviorSpec
    from conex_core.graph.model.document import BehaviorItem, Document, Node

__all__ = [
    "compartments_act",
    "compartments_are_kept",
    "currents_arrive",
    "set_item",
    "weights_have_values",
    "weights_suit_their_input",
]


def currents_arrive(context: Context) -> Iterator[Problem]:
    """See that synapses make a current, and their target has a dendrite to receive it."""
    for synapse in context.of_kind(SYNAPSE_GROUP):
        target = context.target(synapse)
        if context.reads_synapses(synapse):
            continue
        if "I" not in context.made(synapse):
            fixes = _additions(context, synapse, ("SimpleDendriticInput",))
            text = f"{synapse.name} causes no current in its target."
            yield _warning(text, synapse, fixes, "no-current")
        elif target is not None and target.is_neuron_group and not context.reads_currents(target):
            missing = tuple(kind for kind in DENDRITE if not _does(context, target, kind))
            if missing:
                fixes = _additions(context, target, missing)
                text = f"{target.name} has no {_part(missing)}, so {synapse.name} has no effect."
                yield _warning(text, synapse, fixes, "no-dendrite")


def compartments_act(context: Context) -> Iterator[Problem]:
    """See that distal and apical currents have an effect on their target."""
    for synapse in context.of_kind(SYNAPSE_GROUP):
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


def compartments_are_kept(context: Context) -> Iterator[Problem]:
    """See that no synapses lead to a compartment that is left out."""
    for synapse in context.of_kind(SYNAPSE_GROUP):
        compartment, target = synapse.params.get("compartment", "Proximal"), context.target(synapse)
        holder = None if target is None else context.first(target, "SimpleDendriteStructure")
        name = f"{compartment}_max_delay"
        if target is not None and holder is not None and value_of(holder, name) == 0:
            fix = Fix(
                f"Set {name} of {target.name} to 1", set_item(context, target, holder[0], name, 1)
            )
            text = f"{compartment} input has no effect on {target.name} while {name} is 0."
            yield Problem(
                "warning",
                f"{text} {fix.title}.",
                synapse.id,
                None,
                "compartment",
                (fix,),
                "silent-compartment",
            )


def weights_suit_their_input(context: Context) -> Iterator[Problem]:
    """See that sparse and dense weights meet behaviors that can use them."""
    for synapse in context.of_kind(SYNAPSE_GROUP):
        weights = context.first(synapse, "WeightInitializer")
        if weights is None:
            continue
        sparse = _is_sparse(weights)
        for item, spec in context.running(synapse):
            if sparse and spec.weight_kind not in ("", "sparse"):
                yield _needs_dense(context, synapse, weights[0], (item, spec))
            elif sparse is False and spec.weight_kind == "sparse":
                yield _needs_sparse(context, synapse, weights[0], (item, spec))


def weights_have_values(context: Context) -> Iterator[Problem]:
    """See that weights are either drawn or read from a file."""
    for synapse in context.of_kind(SYNAPSE_GROUP):
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


def _does(context: Context, node: Node, kind: str) -> bool:
    """Tell whether something on ``node`` does the work of ``kind``."""
    spec = context.catalog.behaviors.get(kind)
    if spec is None or context.first(node, kind) is not None:
        return True
    made = context.made(node)
    return bool(spec.provides) and all(name.removeprefix("own.") in made for name in spec.provides)


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
    given = weights[0].params.get("weights")
    if given is not None:
        layout = getattr(given, "layout", None)  # of a tensor
        return None if layout is None else "sparse" in str(layout)
    density = value_of(weights, "density")
    sparsely = value_of(weights, "true_sparsity")
    if density is None or sparsely is None:
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
    context: Context, synapse: Node, weights: BehaviorItem, running: Running
) -> Problem:
    item, spec = running
    fixes = [
        Fix("Store the weights dense", set_item(context, synapse, weights, "true_sparsity", False))
    ]
    other = _twin(context, spec, "sparse") if spec.weight_kind == "dense" else None
    if other is not None:
        fixes.insert(0, _swap(context, synapse, item, other))
    needs = f"{item.kind} on {synapse.name} needs dense weights"
    text = (
        f"{needs}, but a density below 1 makes them sparse. "
        f"{fixes[0].title}, or switch true_sparsity off."
    )
    if weights.params.get("weights") is not None:
        text = f"{needs}, but the given ones are sparse."
    return Problem("error", text, synapse.id, item.id, None, tuple(fixes), "sparse-weights")


def _needs_sparse(
    context: Context, synapse: Node, weights: BehaviorItem, running: Running
) -> Problem:
    item, spec = running
    other = _twin(context, spec, "dense")
    fixes = [] if other is None else [_swap(context, synapse, item, other)]
    if weights.params.get("true_sparsity") is False and weights.params.get("density", 1) != 1:
        sparse = set_item(context, synapse, weights, "true_sparsity", True)
        fixes.insert(0, Fix("Store the weights sparse", sparse))
    advice = fixes[0].title if fixes else "Set a density below 1"
    text = f"{item.kind} on {synapse.name} needs sparse weights. {advice}."
    return Problem("error", text, synapse.id, item.id, None, tuple(fixes), "dense-weights")


def _twin(context: Context, spec: BehaviorSpec, weight_kind: str) -> str | None:
    """Return the behavior that does the same with weights that are stored otherwise."""
    twins = [
        other.name
        for other in context.catalog.of_host(spec.host)
        if other.weight_kind == weight_kind and other.priority == spec.priority
    ]
    return next(iter(difflib.get_close_matches(spec.name, twins, n=1)), None)


def _swap(context: Context, synapse: Node, item: BehaviorItem, kind: str) -> Fix:
    owner = context.owner(item, synapse)
    edit = partial(edits.replace_behavior, node_id=owner, item_id=item.id, kind=kind)
    return Fix(f"Use {kind}", edit)
