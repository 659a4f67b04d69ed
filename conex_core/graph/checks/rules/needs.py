"""Rules about what behaviors need from their node, its partners and the network."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from conex_core.graph import edits
from conex_core.graph.checks.context import required
from conex_core.graph.checks.problems import Fix, Problem
from conex_core.graph.model.defaults import NEURON_STACK, STARTING_VALUES, SYNAPSE_STACK
from conex_core.graph.model.document import NETWORK, BehaviorItem, Node
from conex_core.graph.model.kinds import NEURON_GROUP, SYNAPSE_GROUP
from conex_core.graph.model.sizes import neuron_count
from conex_core.graph.model.stacks import host_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conex_core.catalog import BehaviorSpec, Host
    from conex_core.graph.checks.context import Context, Running

__all__ = ["dynamics_fire", "makers_are_single", "needs_are_met", "none_is_hidden", "words_of"]

_MOST_OFFERS = 3
_DIMENSIONS = ("depth", "height", "width")
_DYNAMICS = "own.spiking_neuron"
_SINGLE = (
    (NEURON_GROUP, _DYNAMICS, "neuron models"),
    (SYNAPSE_GROUP, "own.I", "behaviors that make its current"),
)
_WORDS = {
    "axon": "an axon",
    "I": "an input current",
    "I_apical": "an apical dendrite",
    "I_distal": "a distal dendrite",
    "I_proximal": "a dendrite",
    "payoff": "a payoff",
    "post_spike": "postsynaptic spikes",
    "post_trace": "a postsynaptic trace",
    "pre_spike": "presynaptic spikes",
    "pre_trace": "a presynaptic trace",
    "spikes": "spikes",
    "spiking_neuron": "a neuron model",
    "src_delay": "delays",
    "v": "a membrane potential",
    "weights": "weights",
}


def words_of(attribute: str) -> str:
    """Return what an attribute is, in the words of a message."""
    return _WORDS.get(attribute, f"'{attribute}'")


@dataclass(frozen=True)
class _Need:
    """Say which behavior needs which attribute, and which node should have it."""

    node: Node | None  # None: the network
    running: Running
    place: str
    attribute: str
    giver: Node | None  # None: the network or a layer
    named: bool = False  # say the attribute's name beside its words

    @property
    def owner(self) -> str:
        return "the network" if self.node is None else self.node.name

    @property
    def words(self) -> str:
        words, name = words_of(self.attribute), repr(self.attribute)
        return f"{words} ({name})" if self.named and name not in words else words


def needs_are_met(context: Context) -> Iterator[Problem]:
    """See that everything that an enabled behavior requires is there."""
    for node in context.nodes:
        if node.is_built:
            for running in context.running(node):
                yield from _unmet(context, node, running)
    for running in context.running_network():
        yield from _unmet(context, None, running)


def makers_are_single(context: Context) -> Iterator[Problem]:
    """See that a group has one neuron model, and synapses one behavior that makes the current."""
    for kind, attribute, words in _SINGLE:
        for node in context.of_kind(kind):
            makers = [item for item, spec in context.running(node) if attribute in spec.provides]
            for item in makers[1:]:
                fix = _removal(context, node, item)
                pair = f"{makers[0].kind} and {item.kind}"
                text = f"{node.name} has two {words}, {pair}. {fix.title}."
                yield Problem("error", text, node.id, item.id, None, (fix,), "two-makers")


def dynamics_fire(context: Context) -> Iterator[Problem]:
    """See that a group with a neuron model has Fire."""
    for node in context.of_kind(NEURON_GROUP):
        running = context.running(node)
        models = [item for item, spec in running if _DYNAMICS in spec.provides]
        if models and not _fires(running) and "Fire" in context.catalog.behaviors:
            fix = _offer(context, node, context.catalog.behaviors["Fire"])
            text = f"{node.name} has {models[0].kind} but never spikes. {fix.title}."
            yield Problem("warning", text, node.id, models[0].id, None, (fix,), "no-fire")


def none_is_hidden(context: Context) -> Iterator[Problem]:
    """See that no behavior overwrites what an equal one before it made."""
    for node in context.nodes:
        if node.is_behavior_stack:
            continue  # told of the groups that it feeds
        single = {attribute for kind, attribute, _ in _SINGLE if kind.name == node.kind}
        first: dict[str, BehaviorItem] = {}
        for item, spec in context.running(node):
            if not spec.provides or single.intersection(spec.provides):
                continue
            if first.setdefault(item.kind, item) is not item:
                fix = _removal(context, node, item)
                text = f"{node.name} has {item.kind} twice; the second hides the first."
                text = f"{text} {fix.title}."
                yield Problem("warning", text, node.id, item.id, None, (fix,), "hidden")


def _fires(running: list[Running]) -> bool:
    """Tell whether something beside the neuron model makes spikes."""
    return any(
        spec.is_a("Fire") or ("own.spikes" in spec.provides and _DYNAMICS not in spec.provides)
        for _, spec in running
    )


def _unmet(context: Context, node: Node | None, running: Running) -> Iterator[Problem]:
    shapeless: set[str] = set()
    for requirement in required(running):
        place, _, attribute = requirement.partition(".")
        giver, present = context.giver(node, place)
        if giver is None and place in ("source", "target"):
            continue  # an open end is a problem of its own
        if attribute in _DIMENSIONS and giver is not None:
            if giver.id in shapeless:
                continue  # one problem for depth, height and width together
            shapeless.add(giver.id)
        if attribute not in present:
            need = _Need(node, running, place, attribute, giver, context.for_scripts)
            yield _problem(context, need)


def _problem(context: Context, need: _Need) -> Problem:
    fixes = [*_switched_on(context, need), *_resized(need), *_added(context, need)]
    item, spec = need.running
    fixes = fixes or [_removal(context, need.node, item)]
    text = f"{_sentence(need, spec)} {fixes[0].title}."
    node_id = NETWORK if need.node is None else need.node.id
    return Problem("error", text, node_id, item.id, None, tuple(fixes), "requires")


def _sentence(need: _Need, spec: BehaviorSpec) -> str:
    if need.attribute in _DIMENSIONS and need.giver is not None:
        shape = "depth × height × width"
        names = " ('depth', 'height', 'width')" if need.named else ""
        return f"{spec.name} on {need.owner} needs {need.giver.name} to have a size {shape}{names}."
    if need.place in ("source", "target") and need.giver is not None:
        if need.attribute == "axon":
            lack = need.words.removeprefix("an ")
            return f"{need.giver.name} has no {lack}, so {need.owner} cannot see its spikes."
        return f"{spec.name} on {need.owner} needs {need.giver.name} to have {need.words}."
    if need.place == "layer":
        return f"{spec.name} on {need.owner} works inside an input layer only."
    return f"{spec.name} on {need.owner} needs {need.words}."


def _switched_on(context: Context, need: _Need) -> Iterator[Fix]:
    wanted = f"own.{need.attribute}"
    stack = context.doc.settings.stack if need.giver is None else context.stack(need.giver)
    for item in stack:
        spec = context.catalog.behaviors.get(item.kind)
        if not item.enabled and spec is not None and wanted in spec.provides:
            owner = NETWORK if need.giver is None else context.owner(item, need.giver)
            title = f"Switch {item.kind} on {_name(need.giver)} on"
            yield Fix(
                title,
                partial(edits.enable_behavior, node_id=owner, item_id=item.id, enabled=True),
            )


def _resized(need: _Need) -> Iterator[Fix]:
    if need.giver is None or need.attribute not in _DIMENSIONS:
        return
    count = neuron_count(need.giver)
    if count:
        height = next(part for part in range(math.isqrt(count), 0, -1) if count % part == 0)
        size = (1, height, count // height)
        title = f"Make {need.giver.name} 1 × {height} × {size[2]}"
        edit = partial(edits.set_param, node_id=need.giver.id, name="size", value=size)
        yield Fix(title, edit)


def _added(context: Context, need: _Need) -> Iterator[Fix]:
    host: Host | None = "network" if need.giver is None else host_of(need.giver)
    if host is None or need.place == "layer":
        return
    offers = sorted(context.catalog.providers(host, need.attribute), key=_unusual)
    for spec in offers[:_MOST_OFFERS]:
        yield _offer(context, need.giver, spec)


def _unusual(spec: BehaviorSpec) -> tuple[bool, bool, str]:
    usual = spec.name in (*NEURON_STACK, *SYNAPSE_STACK)
    incomplete = any(
        parameter.required and parameter.name not in STARTING_VALUES.get(spec.name, {})
        for parameter in spec.parameters
    )
    return (not usual, incomplete, spec.name)


def _offer(context: Context, node: Node | None, spec: BehaviorSpec) -> Fix:
    edit = partial(
        edits.add_behavior,
        node_id=NETWORK if node is None else node.id,
        kind=spec.name,
        catalog=context.catalog,
        params=STARTING_VALUES.get(spec.name),
    )
    return Fix(f"Add {spec.name} to {_name(node)}", edit)


def _removal(context: Context, node: Node | None, item: BehaviorItem) -> Fix:
    owner = NETWORK if node is None else context.owner(item, node)
    edit = partial(edits.remove_behavior, node_id=owner, item_id=item.id)
    return Fix(f"Remove {item.kind} from {_name(node)}", edit)


def _name(node: Node | None) -> str:
    return "the network" if node is None else node.name
