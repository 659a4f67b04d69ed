"""Golden numbers: every file of a folder is built, run and compared.

The folder is ``tests/golden``, or the one that the environment variable
CONEX_GOLDEN names. A file that cannot be run fails; none is skipped. Files of
kind "network" list groups and synapses with behaviors by class name; files of
kind "function" name a class of ``conex_core`` and its arguments.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from golden_networks import CASES, FOLDER, ForcedSpikes, built, decoded

import conex_core
from conex_core import (
    Constant,
    Container,
    InputLayer,
    Layer,
    Neocortex,
    NeuronDimension,
    NeuronGroup,
    Port,
    PreSpikeCatcher,
    SimpleDendriticInput,
    SynapseInit,
    Synapsis,
    WeightInitializer,
)
from conex_core.behaviors.recording import EventRecorder, Recorder
from conex_core.structures.replication import create_structure_from_dict, save_structure


def test_there_are_golden_files() -> None:
    assert CASES, f"no golden files in {FOLDER}"


@pytest.mark.parametrize("engine", ["auto", "reference"])
@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_golden(path: Path, engine: str) -> None:
    case = json.loads(path.read_text(encoding="utf-8"))

    found = run_network(case, engine) if case["kind"] == "network" else run_function(case)

    compare(found, case["expected"], case["tolerance"], path.stem)


# Networks


def run_network(case: dict[str, Any], engine: str) -> dict[str, Any]:
    network = built(case)
    network.engine = engine
    if "seed" in case:
        torch.manual_seed(case["seed"])
    network.initialize()
    initial = {path: value_at(network, path) for path in case.get("initial", ())}
    steps: dict[str, list[Any]] = {path: [] for path in case["record"]}
    for _ in range(case["steps"]):
        network.simulate_iteration()
        for path, rows in steps.items():
            rows.append(value_at(network, path))
    return {"initial": initial, "steps": steps}


def value_at(network: Neocortex, path: str) -> Any:
    owner, _, attribute = path.partition(".")
    value = getattr(network if owner == "net" else getattr(network, owner), attribute)
    if not isinstance(value, torch.Tensor):
        return value
    dense = value if value.layout is torch.strided else value.to_dense()
    return dense.clone()


# Functions


def run_function(case: dict[str, Any]) -> dict[str, Any]:
    runner = RUNNERS.get(case["target"], run_helper)
    return runner(case)


def run_helper(case: dict[str, Any]) -> dict[str, Any]:
    params = {key: decoded(value, listed=True) for key, value in case.get("params", {}).items()}
    target = getattr(conex_core, case["target"])(**params)
    if "input" not in case:
        return {"output": target}
    given = torch.tensor(case["input"])
    kept = given.clone()
    if "seed" in case:
        torch.manual_seed(case["seed"])
    result = target(given)
    assert torch.equal(given, kept), "the input was changed"
    names = list(case["expected"])
    return dict(zip(names, [result] if len(names) == 1 else result, strict=True))


def run_transforms(case: dict[str, Any]) -> dict[str, Any]:
    given, found = torch.tensor(case["input"]), {}
    for label in case["expected"]:
        name, arguments, suffix = re.fullmatch(r"(\w+?)(?:\((.*)\))?(_shape)?", label).groups()
        values = [int(item) for item in (arguments or "").split(",") if item]
        result = getattr(conex_core, name)(*values)(given)
        found[label] = list(result.shape) if suffix else result
    return found


def run_dimension(case: dict[str, Any]) -> dict[str, Any]:
    network = Neocortex(index=True)
    group = NeuronGroup(network, NeuronDimension(**case["params"]))
    return {name: getattr(group, name) for name in case["expected"]}


def run_input_layer(case: dict[str, Any]) -> dict[str, Any]:
    frames = [torch.tensor(sample["frames"], dtype=torch.bool) for sample in case["samples"]]
    labels = [sample["label"] for sample in case["samples"]]
    data = list(zip(frames, labels, strict=True))
    network = Neocortex()
    layer = InputLayer(
        network,
        torch.utils.data.DataLoader(data, batch_size=2),
        sensory_size=frames[0][0].numel(),
        silent_interval=case["silent_interval"],
        instance_duration=case["instance_duration"],
    )
    network.initialize()
    rows = []
    for _ in case["expected"]["steps"]:
        network.simulate_iteration()
        group = layer.sensory_pop
        row = {"x": layer.x, "y": layer.y, "spikes": group.spikes}
        row["axon_history0"] = group.axon.spike_history[0]
        rows.append({name: torch.as_tensor(value).clone() for name, value in row.items()})
    return {"steps": rows}


def run_recorders(case: dict[str, Any]) -> dict[str, Any]:
    rows = case["spike_table"]
    recorders = [cls("spikes", **case["params"]) for cls in (Recorder, EventRecorder)]
    network = Neocortex()
    group = NeuronGroup(network, len(rows[0]), [ForcedSpikes(rows), *recorders])
    network.initialize()
    network.simulate_iterations(len(rows))
    assert torch.equal(group["spikes", 0], recorders[0].variables["spikes"])
    return {"recorder": group["spikes", 0], "events": recorders[1].variables["spikes"]}


def run_save_structure(case: dict[str, Any]) -> dict[str, Any]:
    """Save what CoNeX's own dict makes here, as JSON has it."""
    given = with_class_names(case["expected"]["dict"])
    made = create_structure_from_dict(Neocortex(), given)
    return {"dict": json.loads(json.dumps(save_structure(made)))}


def run_synapsis(case: dict[str, Any]) -> dict[str, Any]:
    """Join the groups of each list of rows through ports of a container, its layer and a group.

    The groups on one side are behind a port of a layer, which is behind a port
    of a container; on the other side a layer's port or the group itself.
    """
    network = Neocortex()
    rows = [row for listed in case["expected"]["synapses"] for row in listed]
    names = dict.fromkeys(name for row in rows for name in row[:2])
    groups = {name: NeuronGroup(network, 2, None, name) for name in names}
    return {"synapses": [joined_rows(network, groups, r) for r in case["expected"]["synapses"]]}


def joined_rows(network: Any, groups: dict[str, Any], rows: list[Any]) -> list[Any]:
    """Make the synapses of ``rows``, a part of the behaviors at each place that may give some."""
    sources, targets = (
        [groups[name] for name in dict.fromkeys(row[side] for row in rows)] for side in (0, 1)
    )
    tag, (init, weights, current, catcher) = rows[0][2][0], rows[0][3]
    # The inner port's behavior takes the place of the outer one's at the same key.
    inner = {init: SynapseInit(), weights: WeightInitializer(mode="ones")}
    src = nested(network, sources, "output_ports", inner, {weights: WeightInitializer(mode=0)})
    dst = nested(network, targets, "input_ports", {catcher: PreSpikeCatcher()}, {})
    own = {current: SimpleDendriticInput()}
    made = Synapsis(network, src, dst, "deep", "deep", synapsis_behavior=own, synaptic_tag=tag)
    assert all(item.behavior[weights].mode == Constant(1.0) for item in made.synapses)
    return [
        [item.src.tags[0], item.dst.tags[0], list(item.tags), sorted(item.behavior)]
        for item in made.synapses
    ]


def nested(
    network: Any, groups: list[Any], side: str, inner: dict[Any, Any], outer: dict[Any, Any]
) -> Container:
    """Return a container whose port leads to a layer's port, which leads to ``groups``."""
    ports = {side: {"groups": (None, [Port(group, behavior=inner) for group in groups])}}
    layer = Layer(network, groups, **ports)
    deep = {side: {"deep": (None, [Port(layer, label="groups", behavior=outer)])}}
    return Container(network, [layer], **deep)


def with_class_names(data: Any) -> Any:
    """Return a dict of CoNeX with the names of its classes in place of what imports them."""
    if isinstance(data, dict):
        return {key: with_class_names(value) for key, value in data.items()}
    if isinstance(data, list):
        is_class = data[:1] == ["python_callable"]
        return data[-1] if is_class else [with_class_names(item) for item in data]
    return data


RUNNERS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "InputLayer": run_input_layer,
    "NeuronDimension": run_dimension,
    "Recorder": run_recorders,
    "Synapsis": run_synapsis,
    "misc": run_transforms,
    "save_structure": run_save_structure,
}


# Values


def compare(found: Any, expected: Any, tolerance: dict[str, float], place: str) -> None:
    if isinstance(expected, dict):
        for key, value in expected.items():
            compare(found[key], value, tolerance, f"{place}.{key}")
    elif found is None or isinstance(found, str):
        assert found == (expected[-1] if isinstance(expected, list) else expected), place
    elif isinstance(found, list):
        for step, (mine, theirs) in enumerate(zip(found, expected, strict=True), start=1):
            compare(mine, theirs, tolerance, f"{place}[{step}]")
    else:
        mine = torch.as_tensor(found).to(torch.float64)
        theirs = torch.tensor(expected, dtype=torch.float64)
        torch.testing.assert_close(mine, theirs, **tolerance, msg=lambda text: f"{place}: {text}")
