"""Faults 34 to 43 of CoNeX: files, data, recording, state, helpers and the example.

Each test fails on what CoNeX 823cfeb does and says in its name what happens
here instead.
"""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.utils.data import DataLoader

from conex_core import (
    LIF,
    AveragePool2D,
    CorticalColumn,
    CorticalLayer,
    Fire,
    GridCropMask,
    GridEraseMask,
    GridKeepMask,
    InherentNoise,
    InputLayer,
    Intensity2Latency,
    LocationDataset,
    Neocortex,
    NeuronAxon,
    NeuronGroup,
    Normal,
    ParameterError,
    Poisson,
    Port,
    PreSpikeCatcher,
    Recorder,
    SimpleDendriticInput,
    SimplePoisson,
    SqueezeTransform,
    StructureError,
    SynapseGroup,
    SynapseInit,
    Synapsis,
    WeightInitializer,
)
from conex_core.errors import ConexError
from conex_core.structures.replication import (
    load_structure_dict_from_json,
    replicate,
    save_structure,
    save_structure_dict_to_json,
)

SCRIPTS = Path(__file__).parents[2] / "resources" / "scripts"
NOISY = [LIF(), InherentNoise(mode=Normal(1.0, 3.0)), Fire(), NeuronAxon()]


def noisy(net: Neocortex, tag: str, size: Any = 4) -> NeuronGroup:
    return NeuronGroup(net, size, [item.copy() for item in NOISY], tag)


def wired(net: Neocortex, src: Any, dst: Any, **weights: Any) -> SynapseGroup:
    given = weights or {"mode": "rand"}
    stack = [SynapseInit(), WeightInitializer(**given), PreSpikeCatcher(), SimpleDendriticInput()]
    return SynapseGroup(net, src, dst, "Proximal", stack)


def column(net: Neocortex) -> CorticalColumn:
    exc = noisy(net, "exc")
    layer = CorticalLayer(
        net,
        excitatory_neurongroup=exc,
        synapsegroups=[wired(net, exc, exc)],
        input_ports={"input": (None, [Port(exc)])},
        tag="L4",
    )
    ports = {"input": (None, [Port(layer, label="input")])}
    return CorticalColumn(net, layers={"L4": layer}, input_ports=ports, tag="column")


def spikes_of(net: Neocortex, group: Any, steps: int = 40) -> list[list[bool]]:
    rows = []
    for _ in range(steps):
        net.simulate_iteration()
        rows.append(group.spikes.tolist())
    return rows


def test_fault_34_a_column_is_replicated_with_its_layers_and_takes_a_synapsis() -> None:
    net = Neocortex(seed=1)
    sender = noisy(net, "sender")

    twin, _ = replicate(column(net), net)
    wire = Synapsis(
        net,
        src=sender,
        dst=twin,
        output_port="input",
        synapsis_behavior=[SynapseInit(), WeightInitializer(mode="ones")],
        synaptic_tag="Proximal",
    )

    assert twin.layers["L4"].exc_pop is not net.NeuronGroups[1]
    assert len(wire.sub_structures) == 1
    net.initialize()


def test_fault_34_weights_go_along_with_the_state() -> None:
    net = Neocortex(seed=1)
    group = noisy(net, "e")
    synapses = wired(net, group, group)
    net.initialize()

    twin, _ = replicate(synapses, net, state=True)

    assert torch.equal(twin.weights, synapses.weights)
    assert twin.weights is not synapses.weights


def test_fault_35_saving_twice_leaves_one_file_that_loads(tmp_path: Path) -> None:
    data, path = save_structure(noisy(Neocortex(), "e")), tmp_path / "e.json"

    save_structure_dict_to_json(data, path)
    save_structure_dict_to_json(data, path)

    assert load_structure_dict_from_json(path) == data


def test_fault_35_loading_runs_no_code(tmp_path: Path) -> None:
    path, trap = tmp_path / "trap.json", tmp_path / "executed"
    call = ["python_callable", "pathlib", f"Path({str(trap)!r}).touch"]
    path.write_text(json.dumps({"class": call, "behavior": [{"class": call}]}), encoding="utf-8")

    with pytest.raises(ConexError):
        load_structure_dict_from_json(path)

    assert not trap.exists()


@pytest.mark.parametrize("build", [LIF, WeightInitializer, InherentNoise], ids=lambda c: c.__name__)
def test_fault_36_a_mode_is_read_and_never_evaluated(build: Any, tmp_path: Path) -> None:
    trap = tmp_path / "executed"
    code = f"__import__('pathlib').Path({str(trap)!r}).touch()"
    field = "init_v" if build is LIF else "mode"

    with pytest.raises(ParameterError):
        build(**{field: code})

    assert not trap.exists()


def test_fault_36_a_recorder_takes_names_and_no_code(tmp_path: Path) -> None:
    trap = tmp_path / "executed"

    with pytest.raises(ConexError):
        Recorder(variables=[f"__import__('pathlib').Path({str(trap)!r}).touch()"])

    assert not trap.exists()


def test_fault_37_an_input_population_keeps_its_layer_in_another_container() -> None:
    net = Neocortex()
    frames = torch.ones(1, 3, 1, 4, dtype=torch.bool)
    inputs = InputLayer(net, [(frames, torch.tensor([1]))], sensory_size=4)
    CorticalLayer(net, excitatory_neurongroup=inputs.sensory_pop)

    net.initialize()
    net.simulate_iteration()

    assert inputs.sensory_pop.spikes.all()


def shown(steps: int, data: Any, **changes: Any) -> list[list[int]]:
    net = Neocortex()
    inputs = InputLayer(net, data, **{"sensory_size": 2, **changes})
    net.initialize()
    rows = spikes_of(net, inputs.sensory_pop, steps)
    return [[int(spike) for spike in row] for row in rows]


def test_fault_38_data_that_ends_is_shown_once_and_then_silent() -> None:
    data = [(torch.tensor([[[[1, 0]], [[1, 1]]]], dtype=torch.bool), torch.tensor([3]))]

    assert shown(4, data, loop=False) == [[1, 0], [1, 1], [0, 0], [0, 0]]


def test_fault_38_data_without_labels_needs_no_duration() -> None:
    frames = torch.tensor([[[1, 0]], [[0, 1]]], dtype=torch.bool)

    assert shown(2, [frames], have_label=False) == [[1, 0], [0, 1]]


def test_fault_38_intensities_are_not_taken_for_spikes() -> None:
    grey = [(torch.tensor([[[[0.2, 0.7]]]]), torch.tensor([3]))]

    with pytest.raises(ConexError, match="PoissonEncoder"):
        shown(1, grey)


def test_fault_38_a_wrong_size_names_both_sizes() -> None:
    data = [(torch.ones(1, 1, 1, 3, dtype=torch.bool), torch.tensor([3]))]

    with pytest.raises(ConexError, match=r"2 neurons.*3 values"):
        shown(1, data)


def test_fault_38_the_layers_are_named_by_their_repr() -> None:
    assert repr(InputLayer(Neocortex(), [], tag="Retina")) == "InputLayer('Retina')"


def test_fault_39_what_was_recorded_is_as_long_as_the_run_at_every_look() -> None:
    net = Neocortex(seed=1)
    group = noisy(net, "e")
    group.add_behavior(600, Recorder(variables=["v"]), initialize=False)
    net.initialize()

    net.simulate_iterations(5)
    first = group["v", 0]
    net.simulate_iterations(7)

    assert first.shape == (5, 4)
    assert group["v", 0].shape == (12, 4)
    assert torch.equal(group["v", 0][:5], first)


def test_fault_39_a_number_can_be_recorded() -> None:
    net = Neocortex()
    net.add_behavior(600, recorder := Recorder(variables=["dt"]), initialize=False)
    net.initialize()

    net.simulate_iterations(3)

    assert recorder.variables["dt"].tolist() == [1.0, 1.0, 1.0]


def test_fault_40_a_restored_state_goes_on_as_before() -> None:
    net = Neocortex(seed=4)
    group = noisy(net, "e", 20)
    net.initialize()
    net.simulate_iterations(30)
    kept = net.state()

    first = spikes_of(net, group)
    net.restore(kept)
    again = spikes_of(net, group)

    assert again == first
    assert any(map(any, first))


def test_fault_40_a_second_initialize_starts_over() -> None:
    net = Neocortex(seed=4)
    group = noisy(net, "e", 20)
    net.initialize()
    first = spikes_of(net, group)

    net.initialize()

    assert net.iteration == 0
    assert spikes_of(net, group) == first


def test_fault_41_latency_leaves_its_input_and_its_threshold_alone() -> None:
    encoder = Intensity2Latency(10, min_val=0.2, sparsity=0.7)
    x = torch.tensor([0.3, 0.6, 0.9])

    encoder(x)

    assert x.tolist() == pytest.approx([0.3, 0.6, 0.9])
    assert encoder.threshold == 0.2


@pytest.mark.parametrize("value", [1.0, 0.5])
def test_fault_41_a_uniform_image_spikes_once_everywhere(value: float) -> None:
    spikes = Intensity2Latency(10)(torch.full((3, 3), value))

    assert spikes.sum(0).eq(1).all()


def test_fault_41_bytes_are_intensities_too() -> None:
    spikes = Intensity2Latency(10, max_val=255)(torch.tensor([10, 200], dtype=torch.uint8))

    assert spikes.sum(0).tolist() == [1, 1]


@pytest.mark.parametrize("kind", [Poisson, SimplePoisson])
def test_fault_41_poisson_takes_any_layout_a_seed_and_has_a_repr(kind: Any) -> None:
    turned = torch.rand(4, 3, generator=torch.Generator().manual_seed(0)).T

    first, second = (kind(20, 0.5, seed=3)(turned) for _ in range(2))

    assert torch.equal(first, second)
    assert repr(kind(20, 0.5)).startswith(f"{kind.__name__}(")


@pytest.mark.parametrize(
    ("mask", "empty"), [(GridEraseMask, False), (GridKeepMask, True)], ids=["erase", "keep"]
)
def test_fault_42_the_left_gap_is_cut_from_the_columns(mask: Any, empty: bool) -> None:
    image = torch.ones(1, 4, 4)

    first = mask(2, 2, gap=(1, 0, 0, 0))(image)[0][0, 0]

    cell = torch.zeros(4, 4, dtype=torch.bool)
    cell[:2, 1:2] = True
    assert torch.equal(first.bool(), cell if empty else ~cell)


def test_fault_42_a_crop_keeps_its_rows_when_the_gap_is_left() -> None:
    image = torch.arange(16.0).reshape(1, 4, 4)

    assert GridCropMask(2, 2, gap=(1, 0, 0, 0))(image)[0][0].tolist() == [[[1.0], [5.0]]]


def test_fault_42_squeezing_everything_is_the_default() -> None:
    assert SqueezeTransform()(torch.ones(1, 2, 1)).shape == (2,)
    assert SqueezeTransform(None)(torch.ones(1, 2, 1)).shape == (2,)


def test_fault_42_pooling_between_unlike_depths_is_explained() -> None:
    net = Neocortex()
    src, dst = noisy(net, "src", (2, 4, 4)), noisy(net, "dst", (1, 2, 2))
    SynapseGroup(net, src, dst, "Proximal", [SynapseInit(), PreSpikeCatcher(), AveragePool2D()])

    with pytest.raises(StructureError, match="depth"):
        net.initialize()


def test_fault_42_locations_need_a_transform_that_makes_them() -> None:
    pairs = [(torch.rand(1, 4, 4), 3)]

    with pytest.raises(ParameterError, match="pre_transform"):
        LocationDataset(pairs)

    image, place, label = next(iter(DataLoader(LocationDataset(pairs, GridCropMask(2, 2)))))
    assert (image.shape, place.shape, label.tolist()) == ((1, 4, 1, 2, 2), (1, 4, 2, 2), [3])


def test_fault_43_the_core_imports_without_torchvision() -> None:
    code = (
        "import sys; sys.modules['torchvision'] = None\n"
        "from conex_core import *\n"
        "PreSpikeCatcher, GridCropMask"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


def test_fault_43_the_example_runs_and_its_neurons_spike_at_rates_of_cortex(
    capsys: pytest.CaptureFixture[str],
) -> None:
    example = runpy.run_path(str(SCRIPTS / "cortical_layers.py"))

    example["main"](["--time", "300"])

    lines = capsys.readouterr().out.splitlines()
    rates = [float(line.split()[-2]) for line in lines if line.endswith(" Hz")]
    assert len(rates) == 5
    assert all(1 <= rate <= 60 for rate in rates)
