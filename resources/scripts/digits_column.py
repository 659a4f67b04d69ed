"""A cortical column of three layers learns three handwritten digits by STDP.

Images of 8 × 8 pixels become Poisson spikes of an input layer. Synapses from it
to L4, from L4 to L2/3 and from L2/3 to L5 learn by STDP: in each layer the
neuron that fits best fires first, inhibition holds back the rest, and
normalisation lets the synapses of a neuron compete. Nobody tells the column the
labels; at the end they only serve to ask what its layers know.

    python digits_column.py --time 15000 --seed 1
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Any

from conex_core import (
    KWTA,
    LIF,
    CorticalColumn,
    CorticalLayer,
    CorticalLayerConnection,
    Fire,
    InputLayer,
    Neocortex,
    NeuronAxon,
    NeuronGroup,
    Port,
    PostSpikeCatcher,
    PostTrace,
    PreSpikeCatcher,
    PreTrace,
    SimpleDendriteComputation,
    SimpleDendriteStructure,
    SimpleDendriticInput,
    SimpleSTDP,
    SynapseGroup,
    SynapseInit,
    Synapsis,
    Uniform,
    WeightClip,
    WeightInitializer,
    WeightNormalization,
    prioritize_behaviors,
)
from conex_core.helpers import (
    EncodedDataset,
    PoissonEncoder,
    accuracy,
    assign_labels,
    load_digits,
    predict,
)
from conex_core.run.probe import SampleCounts
from conex_core.run.session import Session

SIZES = {"L4": (36, 10), "L2/3": (25, 10), "L5": (16, 10)}  # excitatory, inhibitory neurons
DIGITS = 3  # 0, 1 and 2
SHOWN = 60  # ms for each image


def neurons(net: Neocortex, tag: str, size: int, *more: Any) -> NeuronGroup:
    """Return leaky neurons that spike, with the behaviors in ``more``."""
    stack = [
        SimpleDendriteStructure(),
        SimpleDendriteComputation(I_tau=2.0),
        LIF(tau=20.0, v_reset=-65.0),
        Fire(),
        NeuronAxon(),
    ]
    return NeuronGroup(net, size, prioritize_behaviors([*stack, *more]), tag)


def fixed(weight: float, density: float = 1.0) -> dict[Any, Any]:
    """Return the behaviors of synapses that do not learn."""
    stack = [
        SynapseInit(),
        WeightInitializer(mode=f"full({weight})", density=density, true_sparsity=False),
        SimpleDendriticInput(),
        PreSpikeCatcher(),
    ]
    return prioritize_behaviors(stack)


def learning(current: float, total: float, density: float = 1.0) -> dict[Any, Any]:
    """Return the behaviors of synapses that learn; each neuron's weights sum to ``total``."""
    stack = [
        SynapseInit(),
        WeightInitializer(mode=Uniform(0, 1), density=density, true_sparsity=False),
        SimpleDendriticInput(current_coef=current),
        PreSpikeCatcher(),
        PostSpikeCatcher(),
        PreTrace(tau_s=20.0),
        PostTrace(tau_s=20.0),
        SimpleSTDP(a_plus=0.03, a_minus=0.0),
        WeightNormalization(norm=total),
        WeightClip(w_min=0.0, w_max=1.0),
    ]
    return prioritize_behaviors(stack)


def layer(net: Neocortex, name: str) -> CorticalLayer:
    """Return a layer in which one neuron at a time wins and the others are held back."""
    winners, silencers = SIZES[name]
    exc = neurons(net, f"{name} exc", winners, KWTA(k=1))
    inh = neurons(net, f"{name} inh,inh", silencers)
    synapses = [
        SynapseGroup(net, exc, inh, "Proximal", fixed(40.0, density=0.3), key=f"{name} recruit"),
        SynapseGroup(net, inh, exc, "Proximal", fixed(15.0), key=f"{name} silence"),
    ]
    return CorticalLayer(
        net,
        excitatory_neurongroup=exc,
        inhibitory_neurongroup=inh,
        synapsegroups=synapses,
        input_ports={"input": (None, [Port(exc)])},
        tag=name,
    )


def digits(net: Neocortex, seed: int) -> InputLayer:
    """Return the input layer that shows images of the first digits in a random order."""
    images, labels = load_digits("train")
    images, labels = images[labels < DIGITS], labels[labels < DIGITS]
    encoder = PoissonEncoder(rate=160, duration=SHOWN)
    return InputLayer(
        net,
        EncodedDataset(images, labels, encoder, seed=seed),
        sensory_size=(1, 8, 8),
        tag="Digits",
        output_ports={"spikes": (None, [("sensory_pop", {})])},
    )


def build(seed: int) -> tuple[Neocortex, InputLayer, dict[str, CorticalLayer]]:
    """Return the network, its input and the layers of its column."""
    net = Neocortex(dt=1.0, seed=seed)
    shown = digits(net, seed)
    layers = {name: layer(net, name) for name in SIZES}
    upward = [("exc_pop", "exc_pop", learning(150.0, total=4.0), "Proximal")]
    column = CorticalColumn(
        net,
        layers=layers,
        layer_connections=[
            ("L4", "L2/3", CorticalLayerConnection(net, connections=upward)),
            ("L2/3", "L5", CorticalLayerConnection(net, connections=upward)),
        ],
        input_ports={"input": (None, [Port(layers["L4"], label="input")])},
    )
    Synapsis(
        net,
        src=shown,
        dst=column,
        input_port="spikes",
        output_port="input",
        synapsis_behavior=learning(8.0, total=6.0, density=0.15),
        synaptic_tag="Proximal",
    )
    return net, shown, layers


def knowledge(probe: SampleCounts) -> float:
    """Return the part of the last quarter of images that a layer's spikes tell the digit of.

    Each neuron gets the label that it fired most for in the images before.
    """
    start, end = len(probe.labels) // 4, len(probe.labels) * 3 // 4
    assigned = assign_labels(probe.counts[start:end], probe.labels[start:end])
    return accuracy(predict(probe.counts[end:], assigned), probe.labels[end:])


def main(arguments: Sequence[str] | None = None) -> None:
    """Build, learn, and print the rates of all groups and what the layers know."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--time", type=float, default=15_000.0, metavar="MS", help="how long")
    parser.add_argument("--seed", type=int, default=1, help="of all random numbers")
    options = parser.parse_args(arguments)
    net, shown, layers = build(options.seed)
    session = Session(net)
    probes = {name: SampleCounts(each.exc_pop, shown, SHOWN) for name, each in layers.items()}
    for probe in probes.values():
        session.attach(probe)
    lines = [session.run(max(round(options.time), SHOWN)).summary()]
    for name, probe in probes.items():
        told = f"{knowledge(probe):.0%} of the images (chance is {1 / DIGITS:.0%})"
        lines.append(f"{name:<5} tells the digit of {told}")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
