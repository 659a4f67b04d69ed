"""Two cortical layers in one column, driven by spikes from a retina.

Each layer has 100 excitatory and 25 inhibitory neurons. The retina shows random
images; a Synapsis brings their spikes to the input of the column, which is the
input of L4, and L4 drives L2/3. Printed are the mean rates of all groups.

    python cortical_layers.py --time 1000 --seed 1
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Any

import torch

from conex_core import (
    LIF,
    CorticalColumn,
    CorticalLayer,
    CorticalLayerConnection,
    Fire,
    InherentNoise,
    InputLayer,
    Neocortex,
    NeuronAxon,
    NeuronGroup,
    Normal,
    Port,
    PreSpikeCatcher,
    SimpleDendriteComputation,
    SimpleDendriteStructure,
    SimpleDendriticInput,
    SynapseGroup,
    SynapseInit,
    Synapsis,
    Uniform,
    WeightInitializer,
    prioritize_behaviors,
)
from conex_core.helpers import EncodedDataset, PoissonEncoder
from conex_core.run.session import Session

SIDE = 28  # pixels


def neurons(net: Neocortex, tag: str, size: int) -> NeuronGroup:
    """Return leaky neurons that are close enough to threshold to answer their input."""
    stack = [
        SimpleDendriteStructure(),
        SimpleDendriteComputation(I_tau=5.0),
        LIF(init_v=Uniform(-65, -50)),
        InherentNoise(mode=Normal(0, 1)),
        Fire(),
        NeuronAxon(),
    ]
    return NeuronGroup(net, size, prioritize_behaviors(stack), tag)


def wiring(mean: float) -> dict[Any, Any]:
    """Return the behaviors of synapses from all to all, with weights around ``mean`` nA."""
    stack = [
        SynapseInit(),
        WeightInitializer(mode=Uniform(0, 2 * mean)),
        SimpleDendriticInput(),
        PreSpikeCatcher(),
    ]
    return prioritize_behaviors(stack)


def cortical_layer(net: Neocortex, name: str) -> CorticalLayer:
    """Return a layer whose input and output are its excitatory neurons."""
    exc, inh = neurons(net, f"{name} exc", 100), neurons(net, f"{name} inh,inh", 25)
    pairs = [(exc, exc, 0.03), (exc, inh, 0.3), (inh, exc, 0.5), (inh, inh, 0.3)]
    synapses = [
        SynapseGroup(net, src, dst, "Proximal", wiring(mean), key=f"{src.name} to {dst.name}")
        for src, dst, mean in pairs
    ]
    return CorticalLayer(
        net,
        excitatory_neurongroup=exc,
        inhibitory_neurongroup=inh,
        synapsegroups=synapses,
        input_ports={"input": (None, [Port(exc)])},
        output_ports={"output": (None, [Port(exc)])},
        tag=name,
    )


def retina(net: Neocortex, seed: int) -> InputLayer:
    """Return an input layer that shows random images, 50 ms each, at 20 Hz for white."""
    images = torch.rand(20, SIDE, SIDE, generator=torch.Generator().manual_seed(seed))
    encoder = PoissonEncoder(rate=20, duration=50)
    return InputLayer(
        net,
        EncodedDataset(images, torch.arange(20), encoder, seed=seed),
        sensory_size=(1, SIDE, SIDE),
        tag="Retina",
        output_ports={"spikes": (None, [("sensory_pop", {})])},
    )


def build(seed: int) -> Neocortex:
    """Return the network: a retina and a column of two layers."""
    net = Neocortex(dt=1.0, seed=seed)
    shown = retina(net, seed)
    l4, l23 = cortical_layer(net, "L4"), cortical_layer(net, "L2/3")
    upward = CorticalLayerConnection(
        net, connections=[("exc_pop", "exc_pop", wiring(0.3), "Proximal")]
    )
    column = CorticalColumn(
        net,
        layers={"L4": l4, "L2/3": l23},
        layer_connections=[("L4", "L2/3", upward)],
        input_ports={"input": (None, [Port(l4, label="input")])},
    )
    Synapsis(
        net,
        src=shown,
        dst=column,
        input_port="spikes",
        output_port="input",
        synapsis_behavior=wiring(0.07),
        synaptic_tag="Proximal",
    )
    return net


def main(arguments: Sequence[str] | None = None) -> None:
    """Build, run, and print the rates of all groups."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--time", type=float, default=1000.0, metavar="MS", help="how long to run")
    parser.add_argument("--seed", type=int, default=1, help="of all random numbers")
    options = parser.parse_args(arguments)
    session = Session(build(options.seed))
    sys.stdout.write(f"{session.run(max(round(options.time), 1)).summary()}\n")


if __name__ == "__main__":
    main()
