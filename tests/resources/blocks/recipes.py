"""How the shipped blocks are drawn: each function returns one block.

``python -m tests.resources.blocks.recipes`` writes the files of ``resources/blocks``
anew; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from conex_core.distributions import Constant, Normal, Uniform
from conex_core.graph.files import project_file
from conex_core.graph.files.block_file import EXTENSION, Block, block_to_text
from conex_core.graph.library.inserting import linked
from conex_core.resources import root
from tests.resources.blocks.drawing import AXON, CATCHER, DENDRITE, Drawing, Stack, dense

TAU = "Membrane time constant of all neurons."
NOISE: tuple[str, Mapping[str, Any]] = ("InherentNoise", {"mode": Normal(0.0, 1.0)})
NOISY: Stack = (*DENDRITE, ("LIF", {}), NOISE, ("Fire", {}), *AXON)


def excitatory_inhibitory_pair() -> Block:
    """Return excitatory neurons with the inhibition that they call up."""
    drawing = Drawing("ei_pair", "E/I pair")
    drawing.group("exc", "Exc", 80, NOISY)
    drawing.group("inh", "Inh", 20, NOISY, "inhibitory")
    drawing.synapses("ei", "Exc to Inh", "exc", "inh", dense(2.5))
    drawing.synapses("ie", "Inh to Exc", "inh", "exc", dense(5.0))
    drawing.takes("drive", "exc")
    drawing.gives("excitation", "exc")
    drawing.gives("inhibition", "inh", key="out_inh", order=1)
    return drawing.block(
        "An excitatory/inhibitory pair: 80 neurons recruit 20, which hold them back.\n"
        "The smallest circuit with feedback inhibition: drive the excitatory neurons and watch "
        "the inhibitory ones follow and limit their rate.",
        ("motif", "inhibition", "feedback"),
        {
            "tau": ((("exc", "LIF", "tau"), ("inh", "LIF", "tau")), TAU),
            "excitation": (
                (("ei", "WeightInitializer", "scale"),),
                "Largest weight from the excitatory to the inhibitory neurons.",
            ),
            "inhibition": (
                (("ie", "WeightInitializer", "scale"),),
                "Largest weight from the inhibitory to the excitatory neurons.",
            ),
        },
    )


def winner_take_all() -> Block:
    """Return neurons of which only the fastest may spike."""
    drawing = Drawing("winner_take_all", "Winner-take-all layer", "Layer")
    cells: Stack = (*DENDRITE, ("LIF", {}), NOISE, ("KWTA", {"k": 1}), ("Fire", {}), *AXON)
    drawing.group("cells", "Cells", 50, cells)
    drawing.takes("in", "cells")
    drawing.gives("winners", "cells")
    return drawing.block(
        "50 neurons compete; at most k of them spike in one iteration, the rest are reset.\n"
        "Put it behind plastic synapses, so that its neurons learn to answer different inputs.",
        ("layer", "competition", "k-winners"),
        {
            "k": ((("cells", "KWTA", "k"),), "How many neurons may spike in one iteration."),
            "size": ((("cells", "", "size"),), "Number of neurons."),
            "tau": ((("cells", "LIF", "tau"),), TAU),
        },
    )


def cortical_layer() -> Block:
    """Return a cortical layer: excitatory and inhibitory neurons, all four ways connected."""
    drawing = Drawing("cortical_layer", "Cortical layer", "CorticalLayer")
    drawing.group("exc", "Exc", 80, NOISY)
    drawing.group("inh", "Inh", 20, NOISY, "inhibitory")
    ways = (
        ("ee", "Exc to Exc", "exc", "exc", 1.25),
        ("ei", "Exc to Inh", "exc", "inh", 2.5),
        ("ie", "Inh to Exc", "inh", "exc", 12.0),
        ("ii", "Inh to Inh", "inh", "inh", 6.0),
    )
    for key, name, source, target, scale in ways:
        drawing.synapses(key, name, source, target, dense(scale))
    drawing.takes("in", "exc")
    drawing.takes("to inhibition", "inh", key="in_inh", order=1)
    drawing.gives("out", "exc")
    return drawing.block(
        "80 excitatory and 20 inhibitory neurons, recurrently connected in all four ways.\n"
        "Wires from outside drive the excitatory neurons, or the inhibitory ones at the second "
        "port (feed-forward inhibition); the excitatory spikes leave.",
        ("layer", "cortex", "recurrent"),
        {
            "tau": ((("exc", "LIF", "tau"), ("inh", "LIF", "tau")), TAU),
            "recurrence": (
                (("ee", "WeightInitializer", "scale"),),
                "Largest weight between the excitatory neurons.",
            ),
            "inhibition": (
                (("ie", "WeightInitializer", "scale"), ("ii", "WeightInitializer", "scale")),
                "Largest weight of all inhibitory synapses.",
            ),
        },
    )


def cortical_column() -> Block:
    """Return three copies of the cortical layer, one above the other."""
    layer = cortical_layer()
    drawing = Drawing("cortical_column", "Three-layer cortical column", "CorticalColumn")
    for definition in layer.definitions.values():
        drawing.doc = drawing.doc.with_definition(definition)
    drawing.doc = linked(drawing.doc, layer.definition_id, layer)
    for key, name in (("l4", "L4"), ("l23", "L2/3"), ("l5", "L5")):
        drawing.instance(key, name, layer.definition_id)
    for key, name, source, target in (
        ("l4_l23", "L4 to L2/3", "l4", "l23"),
        ("l23_l5", "L2/3 to L5", "l23", "l5"),
        ("l5_l4", "L5 to L4", "l5", "l4"),
    ):
        scale = 0.3 if key == "l5_l4" else 1.2
        drawing.synapses(key, name, f"{source}:n_out", f"{target}:n_in", dense(scale))
    drawing.port("InputPort", "in", "thalamus", "synapses", [("l4", "n_in")])
    drawing.port("InputPort", "in_top", "top-down", "synapses", [("l23", "n_in")], 1)
    drawing.port("OutputPort", "out_23", "L2/3", "spikes", [("l23", "n_out")])
    drawing.port("OutputPort", "out", "L5", "spikes", [("l5", "n_out")], 1)
    return drawing.block(
        "Layers 4, 2/3 and 5: input comes in at L4, goes up to L2/3 and down to L5.\n"
        "All three are copies of one cortical layer, so a change of that layer shows in each; L5 "
        "feeds back weakly to L4. Other columns and higher areas are driven by L2/3, everything "
        "below by L5 (Douglas & Martin 2004, doi:10.1146/annurev.neuro.27.070203.144152).",
        ("column", "cortex", "L4", "L2/3", "L5"),
        {
            "tau": (tuple((key, "", "p_tau") for key in ("l4", "l23", "l5")), TAU),
            "forward": (
                tuple((key, "WeightInitializer", "scale") for key in ("l4_l23", "l23_l5")),
                "Largest weight from L4 to L2/3 and from L2/3 to L5.",
            ),
            "feedback": (
                (("l5_l4", "WeightInitializer", "scale"),),
                "Largest weight from L5 back to L4.",
            ),
        },
    )


def stdp_layer() -> Block:
    """Return neurons that learn what comes in, by STDP."""
    drawing = Drawing("stdp_layer", "Feed-forward STDP layer")
    drawing.group("cells", "Cells", 50)
    drawing.synapses(
        "learn",
        "Learning",
        "",
        "cells",
        (
            ("SynapseInit", {}),
            ("WeightInitializer", {"mode": Uniform(0.0, 1.0)}),
            ("SimpleDendriticInput", {"current_coef": 4.0}),
            CATCHER,
            ("PostSpikeCatcher", {}),
            ("PreTrace", {"tau_s": 20.0}),
            ("PostTrace", {"tau_s": 20.0}),
            ("SimpleSTDP", {"a_plus": 0.01, "a_minus": 0.004}),
            ("WeightNormalization", {"norm": 20.0}),
            ("WeightClip", {}),
        ),
    )
    drawing.port("InputPort", "in", "spikes in", "spikes", [("learn", "source")])
    drawing.gives("out", "cells")
    return drawing.block(
        "50 neurons whose synapses learn by pair-based STDP; the synapses are inside.\n"
        "Wire the spikes of any group or input straight to its port. Normalisation makes the "
        "synapses of a neuron compete, so that it turns to inputs that spike together.",
        ("layer", "plasticity", "STDP", "learning"),
        {
            "size": ((("cells", "", "size"),), "Number of neurons."),
            "tau": ((("cells", "LIF", "tau"),), TAU),
            "learning rate": (
                (("learn", "SimpleSTDP", "a_plus"),),
                "Growth of a weight per pair of spikes.",
            ),
            "depression": (
                (("learn", "SimpleSTDP", "a_minus"),),
                "Loss of a weight per pair in the other order.",
            ),
            "gain": (
                (("learn", "SimpleDendriticInput", "current_coef"),),
                "Current per unit of weight.",
            ),
        },
    )


def convolution_stage() -> Block:
    """Return a convolution of spikes with 3 × 3 kernels, and its pooled result."""
    drawing = Drawing("convolution_stage", "Convolution and pooling stage")
    drawing.group("features", "Features", (4, 6, 6))
    drawing.group("pooled", "Pooled", (4, 3, 3))
    kernels = {"mode": Uniform(0.0, 1.0), "weight_shape": (4, 1, 3, 3)}
    drawing.synapses(
        "kernels",
        "Kernels",
        "",
        "features",
        (
            ("SynapseInit", {}),
            ("WeightInitializer", kernels),
            ("Conv2dDendriticInput", {"current_coef": 14.0}),
            CATCHER,
        ),
    )
    drawing.synapses(
        "pool",
        "Pool",
        "features",
        "pooled",
        (("SynapseInit", {}), ("AveragePool2D", {"current_coef": 70.0}), CATCHER),
    )
    drawing.port("InputPort", "in", "image", "spikes", [("kernels", "source")])
    drawing.gives("features", "features")
    drawing.gives("pooled", "pooled", key="out_pooled", order=1)
    return drawing.block(
        "Four 3 × 3 kernels over an image of 1 × 8 × 8, and their mean over 2 × 2 patches.\n"
        "The features are 4 × 6 × 6 neurons, the pooled ones 4 × 3 × 3. Wire an input of 1 × 8 × 8 "
        "(the digits, for one) to its port. For other sizes set those of the two groups inside: "
        "each side of the features is that of the image less 2.",
        ("vision", "convolution", "pooling"),
        {
            "tau": ((("features", "LIF", "tau"), ("pooled", "LIF", "tau")), TAU),
            "gain": (
                (("kernels", "Conv2dDendriticInput", "current_coef"),),
                "Current per unit of weight of the kernels.",
            ),
            "pooling gain": (
                (("pool", "AveragePool2D", "current_coef"),),
                "Current of a pooled neuron when all of its patch spikes.",
            ),
        },
    )


def delay_line() -> Block:
    """Return four groups, each of which repeats the one before it a little later."""
    drawing = Drawing("delay_line", "Delay line")
    cells: Stack = (*DENDRITE, ("LIF", {}), ("Fire", {}), ("NeuronAxon", {"max_delay": None}))
    for place in range(1, 5):
        drawing.group(f"s{place}", f"Stage {place}", 20, cells)
    for place in range(1, 4):
        step: Stack = (
            ("SynapseInit", {}),
            ("WeightInitializer", {"mode": Constant(60.0)}),
            ("DelayInitializer", {"mode": Constant(0.0), "offset": 10.0, "unit": "ms"}),
            ("One2OneDendriticInput", {}),
            CATCHER,
        )
        name = f"{place} to {place + 1}"
        drawing.synapses(f"d{place}", name, f"s{place}", f"s{place + 1}", step)
    drawing.takes("in", "s1")
    for place in range(1, 5):
        drawing.gives(f"stage {place}", f"s{place}", key=f"out{place}", order=place)
    faces = {
        "delay": (
            tuple((f"d{place}", "DelayInitializer", "offset") for place in range(1, 4)),
            "Delay from stage to stage, in ms.",
        ),
        "size": (
            tuple((f"s{place}", "", "size") for place in range(1, 5)),
            "Number of neurons of each stage.",
        ),
        "weight": (
            tuple((f"d{place}", "WeightInitializer", "scale") for place in range(1, 4)),
            "Factor of the weights from stage to stage.",
        ),
    }
    return drawing.block(
        "Four groups of 20 neurons, one to one: each repeats the spikes of the last 10 ms later.\n"
        "Read it at any stage to compare now with before. A weight that is strong enough "
        "makes each spike pass; a weaker one asks for several.",
        ("delay", "time", "memory"),
        faces,
    )


def memory_loop() -> Block:
    """Return neurons that keep on spiking after their input has gone."""
    drawing = Drawing("memory_loop", "Recurrent memory loop")
    cells: Stack = (*DENDRITE, ("LIF", {"tau": 20.0}), ("Fire", {}), *AXON)
    drawing.group("mem", "Memory", 80, cells)
    drawing.group("inh", "Control", 20, cells, "inhibitory")
    drawing.synapses("mm", "Hold", "mem", "mem", dense(2.5))
    drawing.synapses("mi", "Recruit", "mem", "inh", dense(2.0))
    drawing.synapses("im", "Limit", "inh", "mem", dense(12.0))
    drawing.takes("load", "mem")
    drawing.takes("clear", "inh", key="in_clear", order=1)
    drawing.gives("memory", "mem")
    return drawing.block(
        "80 neurons excite each other strongly enough to keep what was loaded going.\n"
        "A short burst at 'load' starts it; 20 inhibitory neurons limit its rate, and strong "
        "input at 'clear' ends it.",
        ("memory", "recurrent", "attractor"),
        {
            "hold": (
                (("mm", "WeightInitializer", "scale"),),
                "Largest weight between the neurons of the memory.",
            ),
            "limit": (
                (("im", "WeightInitializer", "scale"),),
                "Largest weight of the inhibition that limits it.",
            ),
            "tau": ((("mem", "LIF", "tau"), ("inh", "LIF", "tau")), TAU),
        },
    )


def poisson_input() -> Block:
    """Return random spikes, and neurons that encode the sum of some of them."""
    drawing = Drawing("poisson_input", "Poisson input with encoder")
    drawing.input("noise", "Poisson", source="noise", size=100, rate=60.0)
    drawing.group("code", "Encoder", 50)
    drawing.synapses("enc", "Encode", "noise", "code", dense(6.0, density=0.2))
    drawing.gives("encoded", "code")
    drawing.port("OutputPort", "out_raw", "Poisson", "spikes", [("noise", "spikes")], 1)
    return drawing.block(
        "100 Poisson channels, encoded by 50 neurons that each listen to a fifth of them.\n"
        "A source of spikes without any data: raise its rate to drive what follows harder. The "
        "raw channels leave at the second port.",
        ("input", "Poisson", "encoder", "noise"),
        {
            "rate": ((("noise", "", "rate"),), "Firing rate of each Poisson channel."),
            "channels": ((("noise", "", "size"),), "Number of Poisson channels."),
            "size": ((("code", "", "size"),), "Number of neurons of the encoder."),
            "gain": ((("enc", "WeightInitializer", "scale"),), "Largest weight onto the encoder."),
        },
    )


def rstdp_pair() -> Block:
    """Return two groups whose synapses learn from reward."""
    drawing = Drawing("rstdp_pair", "Dopamine-modulated RSTDP pair")
    drawing.group("pre", "Pre", 50)
    drawing.group("post", "Post", 20)
    drawing.synapses(
        "learn",
        "Learning",
        "pre",
        "post",
        (
            ("SynapseInit", {}),
            ("WeightInitializer", {"mode": Uniform(0.0, 1.0)}),
            ("SimpleDendriticInput", {"current_coef": 3.0}),
            CATCHER,
            ("PostSpikeCatcher", {}),
            ("PreTrace", {"tau_s": 20.0}),
            ("PostTrace", {"tau_s": 20.0}),
            ("SimpleRSTDP", {"tau_c": 200.0}),
            ("WeightClip", {}),
        ),
    )
    drawing.takes("in", "pre")
    drawing.takes("teacher", "post", key="in_post", order=1)
    drawing.gives("out", "post")
    return drawing.block(
        "Synapses between two groups remember which pairs spiked, and change when dopamine comes.\n"
        "The network needs Payoff and Dopamine: add them in the network's own settings, with a "
        "payoff of your own to reward what you want learned (Izhikevich 2007, "
        "doi:10.1093/cercor/bhl152).",
        ("plasticity", "reward", "dopamine", "RSTDP"),
        {
            "tau": ((("pre", "LIF", "tau"), ("post", "LIF", "tau")), TAU),
            "eligibility": (
                (("learn", "SimpleRSTDP", "tau_c"),),
                "How long a pair of spikes is remembered.",
            ),
            "learning rate": (
                (("learn", "SimpleRSTDP", "a_plus"),),
                "Growth of the eligibility per pair of spikes.",
            ),
            "gain": (
                (("learn", "SimpleDendriticInput", "current_coef"),),
                "Current per unit of weight.",
            ),
        },
    )


RECIPES: Mapping[str, Callable[[], Block]] = {
    "excitatory-inhibitory-pair": excitatory_inhibitory_pair,
    "winner-take-all-layer": winner_take_all,
    "cortical-layer": cortical_layer,
    "cortical-column": cortical_column,
    "stdp-layer": stdp_layer,
    "convolution-stage": convolution_stage,
    "delay-line": delay_line,
    "memory-loop": memory_loop,
    "poisson-input": poisson_input,
    "rstdp-pair": rstdp_pair,
}


def text_of(name: str) -> str:
    """Return the text of a block's file."""
    return block_to_text(RECIPES[name]())


def main() -> None:
    """Write the block files anew."""
    folder = root() / "blocks"
    folder.mkdir(exist_ok=True)
    for name in RECIPES:
        project_file.write(folder / f"{name}{EXTENSION}", text_of(name).encode("utf-8"))


if __name__ == "__main__":
    main()
