"""Build: a plan becomes a network of real objects.

Every object gets its node id as key, so that its random numbers depend on the
project's seed and on nothing else in the drawing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import torch

from conex_core.distributions import Array
from conex_core.errors import (
    ConexError,
    FileError,
    ParameterError,
    ProjectError,
    StructureError,
    UnknownName,
)
from conex_core.graph.files.weight_files import StoredWeights
from conex_core.graph.model.document import NETWORK
from conex_core.helpers.data import (
    EncodedDataset,
    Samples,
    load_digits,
    load_samples,
    noise_samples,
)
from conex_core.helpers.encoders import PoissonEncoder
from conex_core.introspect import behavior_classes
from conex_core.paths import inside
from conex_core.priorities import prioritize_behaviors
from conex_core.run.holders import structure_of
from conex_core.run.plan import GroupStep, InputStep, Plan, PlannedBehavior, SynapseStep
from conex_core.run.weightcheck import Start, fitting, fitting_value, sizes_of
from conex_core.state import State
from conex_core.structures import InputLayer, Neocortex, NeuronGroup, SynapseGroup
from conex_core.structures.settings import tag_of

__all__ = ["Built", "build"]

Progress = Callable[[int, int, str], object]

_DTYPES = {"float32": torch.float32, "float64": torch.float64}


@dataclass(frozen=True)
class Built:
    """Hold a network and its parts, by node id and by (node id, behavior id)."""

    network: Neocortex
    objects: Mapping[str, Any]
    behaviors: Mapping[tuple[str, str], Any]


def build(
    plan: Plan,
    *,
    device: str | None = None,
    seed: int | None = None,
    base: str | Path | None = None,
    progress: Progress | None = None,
) -> Built:
    """Return the network that ``plan`` describes, not yet initialised.

    Parameters
    ----------
    device, seed
        Override the project's own.
    base : path, optional
        The project's folder; files it names must lie inside it.
    progress : callable, optional
        Called with (steps done, steps in all, what is built).

    Raises
    ------
    ProjectError
        If the plan has errors.
    FileError, ParameterError, StructureError
        If a part cannot be built; the message names node and behavior.
    """
    if plan.errors:
        raise ProjectError(plan.errors)
    return _Builder(plan, device, seed, base, progress).built()


class _Builder:
    """Make the objects in the plan's order."""

    def __init__(
        self,
        plan: Plan,
        device: str | None,
        seed: int | None,
        base: str | Path | None,
        progress: Progress | None,
    ) -> None:
        settings = plan.document.settings
        self.plan, self.base, self.progress = plan, Path(base or "."), progress
        self.device = _device(settings.device if device is None else device)
        self.seed = settings.seed if seed is None else seed
        self.classes = {cls.__name__: cls for cls in behavior_classes()}
        self.objects: dict[str, Any] = {}
        self.behaviors: dict[tuple[str, str], Any] = {}
        self._files: dict[Path, State] = {}
        self._sizes = sizes_of(plan)

    def built(self) -> Built:
        plan = self.plan
        network = self._network()
        for place, group in enumerate(plan.groups):
            self._tell(place, len(plan.groups), "neuron groups")
            self.objects[group.node_id] = self._group(network, group)
        for place, layer in enumerate(plan.inputs):
            self._tell(place, len(plan.inputs), "inputs")
            self.objects[layer.node_id] = self._input(network, layer)
        for place, synapses in enumerate(plan.synapses):
            self._tell(place, len(plan.synapses), "synapse groups")
            self.objects[synapses.node_id] = self._synapses(network, synapses)
        for structure in plan.structures:
            self.objects[structure.path] = structure_of(network, structure, self.objects)
        return Built(network, self.objects, self.behaviors)

    def _network(self) -> Neocortex:
        step = self.plan.network
        settings = step.settings
        network = Neocortex(
            dt=settings.dt,
            behavior=self._stack(NETWORK, "Network", step.stack),
            dtype=_dtype(settings.dtype),
            device=self.device,
            seed=self.seed,
        )
        network.base = self.base
        network.told.update(problem.message for problem in self.plan.problems)
        self.objects[NETWORK] = network
        return network

    def _group(self, network: Neocortex, step: GroupStep) -> NeuronGroup:
        group = NeuronGroup(
            network,
            size=step.size,
            behavior=self._stack(step.node_id, step.name, step.stack),
            tag=tag_of(step.name),
            polarity=step.polarity,
            key=step.node_id,
        )
        group.initial_values = self._starts(step)
        return group

    def _input(self, network: Neocortex, step: InputStep) -> InputLayer:
        values, dt = step.params, self.plan.document.settings.dt
        samples = _at(step.name, partial(samples_of, step, self.base))
        encoder = _at(step.name, partial(PoissonEncoder, values["rate"], values["duration"], dt))
        dataset = EncodedDataset(
            samples.images,
            samples.labels,
            encoder,
            shuffle=values["shuffle"],
            seed=self.seed,
            key=step.node_id,
        )
        return InputLayer(
            network,
            input_dataloader=dataset,
            sensory_size=step.size,
            sensory_data_dim=samples.images.ndim - 1,
            silent_interval=step.silent_steps(dt),
            tag=tag_of(step.name),
            key=step.node_id,
        )

    def _synapses(self, network: Neocortex, step: SynapseStep) -> SynapseGroup:
        step = self._with_weights(step)
        synapses = SynapseGroup(
            network,
            src=_population(self.objects[step.source]),
            dst=_population(self.objects[step.target]),
            tag=f"{tag_of(step.name)},{step.compartment}",
            behavior=self._stack(step.node_id, step.name, step.stack),
            key=step.node_id,
        )
        synapses.initial_values = self._starts(step)
        return synapses

    def _with_weights(self, step: SynapseStep) -> SynapseStep:
        """Return a step whose learned weights are read, and fit."""
        stack = tuple(
            replace(item, params={**item.params, "weights": self._learned(step, item, stored)})
            if isinstance(stored := item.params.get("weights"), StoredWeights)
            else item
            for item in step.stack
        )
        return replace(step, stack=stack)

    def _learned(
        self, step: SynapseStep, item: PlannedBehavior, stored: StoredWeights
    ) -> torch.Tensor:
        start = Start(step, stored, item.params.get("weight_shape"))
        found = fitting(start, self._sizes, self.base)
        return self._read(found, stored)

    def _starts(self, step: GroupStep | SynapseStep) -> dict[str, torch.Tensor]:
        """Return what else an object starts from, by variable, such as thresholds."""
        return {
            name: self._read(fitting_value(step, stored, self.base), stored)
            for name, stored in step.starts.items()
        }

    def _read(self, path: Path, stored: StoredWeights) -> torch.Tensor:
        if path not in self._files:
            self._files[path] = State.load(path)
        value: torch.Tensor = self._files[path].values[stored.group][stored.variable]
        return value

    def _stack(self, node_id: str, name: str, stack: Iterable[PlannedBehavior]) -> dict[int, Any]:
        made = []
        for item in stack:
            behavior = _at(name, partial(self._behavior, item), item.kind)
            self.behaviors[node_id, item.item_id] = behavior
            made.append(behavior)
        return prioritize_behaviors(made)

    def _behavior(self, item: PlannedBehavior) -> Any:
        if item.kind not in self.classes:
            raise UnknownName("behavior", item.kind, self.classes)
        for value in item.params.values():
            if isinstance(value, Array):
                inside(self.base, value.path)
        switch = {} if item.enabled else {"behavior_enabled": False}
        return self.classes[item.kind](**item.params, **switch)

    def _tell(self, place: int, of: int, what: str) -> None:
        if self.progress is not None:
            plan = self.plan
            total = len(plan.inputs) + len(plan.groups) + len(plan.synapses)
            doing = f"Building {place + 1:,} of {of:,} {what}"
            self.progress(len(self.objects) - 1, total, doing)


def samples_of(step: InputStep, base: Path) -> Samples:
    """Return the samples that an input layer shows, cut to their number.

    Raises
    ------
    FileError
        If the file cannot be used or lies outside ``base``.
    StructureError
        If the samples do not fit the layer's size.
    """
    values = step.params
    if values["source"] == "digits":
        samples = load_digits(values["split"])
    elif values["source"] == "npz":
        samples = load_samples(inside(base, values["path"]))
    else:
        shape = (step.size,) if isinstance(step.size, int) else step.size
        samples = noise_samples(shape)
    first = samples.images[: values["samples"]]
    if first[0].numel() != step.count:
        shown = " × ".join(str(length) for length in first.shape[1:])
        raise StructureError(
            step.name,
            f"its samples are {shown}, which is not {step.count} neurons",
            hint=f"Set the size to {_fitting_size(first)}",
        )
    return Samples(first, samples.labels[: len(first)])


def _population(structure: Any) -> Any:
    return structure.sensory_pop if isinstance(structure, InputLayer) else structure


def _at(node: str, make: Callable[[], Any], behavior: str = "") -> Any:
    """Return what ``make`` gives; its errors name the node and the behavior."""
    try:
        return make()
    except ParameterError as error:
        raise error.at(node=node, behavior=behavior) from error
    except FileError as error:
        place = " › ".join(part for part in (node, behavior) if part)
        raise FileError(error.path, error.problem, place=place, hint=error.hint) from error
    except StructureError:
        raise
    except ConexError as error:
        raise StructureError(node, f"{behavior}: {error}" if behavior else str(error)) from error


def _device(name: str) -> str:
    try:
        torch.empty(0, device=torch.device(name))
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        reason = str(error).partition("\n")[0]
        raise ParameterError(
            "device", f"cannot be used here ({reason})", name, hint="cpu always works"
        ) from None
    return name


def _dtype(name: str) -> torch.dtype:
    if name not in _DTYPES:
        raise ParameterError("dtype", f"must be one of {', '.join(_DTYPES)}", name)
    return _DTYPES[name]


def _fitting_size(images: torch.Tensor) -> str:
    shape = tuple(images.shape[1:])
    padded = (1,) * (3 - len(shape)) + shape
    if len(padded) == 3:
        return " × ".join(str(length) for length in padded)
    return str(math.prod(shape))
