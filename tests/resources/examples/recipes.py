"""How the shipped examples are drawn: each function returns one project.

``python -m tests.resources.examples.recipes`` writes the files of ``resources/examples``
anew; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from conex_app.canvas.scene.placing import arranged
from conex_core import catalog
from conex_core.distributions import Constant, Normal, Uniform
from conex_core.graph import edits
from conex_core.graph.files import project_file
from conex_core.graph.model.document import Document, Link
from conex_core.resources import root

Stack = tuple[tuple[str, Mapping[str, Any]], ...]

DENDRITE: Stack = (("SimpleDendriteStructure", {}), ("SimpleDendriteComputation", {}))


def smallest() -> Document:
    """Return one group of neurons that fire from noise alone."""
    doc = edits.set_document(
        Document(),
        name="Smallest network",
        description="One group of neurons that spike from noise alone.\n"
        "The mean of the noise lifts the potential close to threshold, its fluctuations do the "
        "rest. Press Run and watch the raster; then change the noise while it runs.",
    )
    doc = edits.set_settings(doc, duration=1000.0, seed=1)
    stack: Stack = (
        ("LIF", {"init_v": Uniform(-65.0, -50.0)}),
        ("InherentNoise", {"mode": Normal(1.0, 2.0)}),
        ("Fire", {}),
    )
    doc = _group(doc, "n_neurons", "Neurons", 100, stack, at=(0, 0))
    doc = _note(
        doc,
        "One group of leaky integrate-and-fire neurons. InherentNoise adds 1 ± 2 mV to every "
        "potential in each millisecond; Fire turns threshold crossings into spikes.",
        at=(320, 0),
    )
    doc = edits.add_monitor(doc, "raster", targets=("n_neurons",), monitor_id="m_raster")
    return edits.add_monitor(
        doc,
        "voltage",
        targets=("n_neurons",),
        params={"neurons": (0, 1, 2)},
        monitor_id="m_voltage",
    )


def balanced() -> Document:
    """Return the classical network of sparse excitation and strong inhibition."""
    doc = edits.set_document(
        Document(),
        name="Balanced network",
        description="800 excitatory and 200 inhibitory neurons, sparsely connected, in balance.\n"
        "Inhibition is six times as strong as excitation, so that neurons stay below threshold "
        "on average and fire irregularly, each on its own, from the fluctuations of their input "
        "(Brunel 2000, doi:10.1023/A:1008925309027).",
    )
    doc = edits.set_settings(doc, duration=1000.0, seed=3)
    axon = (("NeuronAxon", {"max_delay": 4}),)
    lif = {
        "R": 1.0,
        "tau": 20.0,
        "v_reset": -55.0,
        "v_rest": -65.0,
        "threshold": -45.0,
        "init_v": Uniform(-65.0, -45.0),
    }
    cells: Stack = (
        *DENDRITE,
        ("LIF", lif),
        ("InherentNoise", {"mode": Normal(0.9, 2.0)}),
        ("Fire", {}),
        *axon,
    )
    doc = _group(doc, "n_exc", "Excitatory", 800, cells, at=(0, 0))
    doc = _group(doc, "n_inh", "Inhibitory", 200, cells, at=(0, 420), polarity="inhibitory")
    excitation, inhibition = 8.0, 48.0
    for name, source, target, weight, at in (
        ("E to E", "n_exc", "n_exc", excitation, (340, -140)),
        ("E to I", "n_exc", "n_inh", excitation, (340, 140)),
        ("I to E", "n_inh", "n_exc", inhibition, (-340, 140)),
        ("I to I", "n_inh", "n_inh", inhibition, (340, 560)),
    ):
        node_id = f"n_{source[2]}{target[2]}"
        stack: Stack = (
            ("SynapseInit", {}),
            ("WeightInitializer", {"mode": Normal(weight, weight / 5), "density": 0.1}),
            ("DelayInitializer", {"mode": Uniform(0.0, 4.0)}),
            ("SparseDendriticInput", {}),
            ("PreSpikeCatcher", {}),
        )
        doc = _synapses(doc, node_id, name, source, target, stack, at)
    doc = _note(
        doc,
        "The raster should look like rain: no stripes (asynchronous) and no regular rows "
        "(irregular). Weaken I to E (current_coef of its input) and watch the balance break.",
        at=(720, 0),
    )
    return _monitors(_in_order(doc), ("n_exc", "n_inh"), "n_exc")


def digits() -> Document:
    """Return the network that learns handwritten digits."""
    doc = edits.set_document(
        Document(),
        name="Handwritten digits",
        description="Real handwritten digits teach a layer of neurons their parts by STDP.\n"
        "1,437 images of 8 × 8 pixels become Poisson spike trains. The first neuron to reach its "
        "threshold wins: it spikes, its synapses move towards the image, and the inhibitory group "
        "silences the rest. Normalisation makes the synapses of a neuron compete (it does the work "
        "of depression, which is off: a_minus is 0), so that each neuron keeps to one way of "
        "writing one digit.",
    )
    doc = edits.set_settings(doc, duration=20_000.0, seed=7)
    doc = edits.add_node(
        doc,
        "InputLayer",
        name="Digits",
        at=(-420, 0),
        params={"rate": 250.0, "duration": 80.0},
        node_id="n_digits",
    )
    axon: Stack = (("NeuronAxon", {}),)
    winners: Stack = (
        *DENDRITE,
        ("LIF", {"tau": 20.0, "v_reset": -65.0}),
        ("KWTA", {"k": 1}),
        ("Fire", {}),
        *axon,
    )
    silencers: Stack = (*DENDRITE, ("LIF", {"v_reset": -65.0}), ("Fire", {}), *axon)
    doc = _group(doc, "n_exc", "Excitatory", 196, winners, at=(300, 0))
    doc = _group(doc, "n_inh", "Inhibitory", 20, silencers, at=(1020, 0), polarity="inhibitory")
    learning: Stack = (
        ("SynapseInit", {}),
        (
            "WeightInitializer",
            {"mode": Uniform(0.0, 1.0), "density": 0.12, "true_sparsity": False},
        ),
        ("SimpleDendriticInput", {"current_coef": 15.0}),
        ("PreSpikeCatcher", {}),
        ("PostSpikeCatcher", {}),
        ("PreTrace", {"tau_s": 20.0}),
        ("PostTrace", {"tau_s": 20.0}),
        ("SimpleSTDP", {"a_plus": 0.02, "a_minus": 0.0}),
        ("WeightNormalization", {"norm": 6.0}),
        ("WeightClip", {}),
    )
    doc = _synapses(doc, "n_learn", "Learning", "n_digits", "n_exc", learning, at=(-60, 0))
    for node_id, name, source, target, weight, at in (
        ("n_ei", "Recruit", "n_exc", "n_inh", 40.0, (660, -120)),
        ("n_ie", "Silence", "n_inh", "n_exc", 5.0, (660, 180)),
    ):
        stack: Stack = (
            ("SynapseInit", {}),
            ("WeightInitializer", {"mode": Constant(weight)}),
            ("SimpleDendriticInput", {}),
            ("PreSpikeCatcher", {}),
        )
        doc = _synapses(doc, node_id, name, source, target, stack, at)
    doc = _note(
        doc,
        "Every 80 ms another digit. After about 100 s of simulated time the weights of each "
        "excitatory neuron look like a digit or a part of one.",
        at=(-416, 256),
    )
    return _monitors(_in_order(doc), ("n_digits", "n_exc", "n_inh"), "n_exc")


RECIPES: Mapping[str, Callable[[], Document]] = {
    "smallest": smallest,
    "balanced": balanced,
    "digits": digits,
}


def _group(
    doc: Document,
    node_id: str,
    name: str,
    size: Any,
    stack: Stack,
    at: tuple[float, float],
    polarity: str = "excitatory",
) -> Document:
    params = {"size": size} | ({} if polarity == "excitatory" else {"polarity": polarity})
    doc = edits.add_node(doc, "NeuronGroup", name=name, at=at, params=params, node_id=node_id)
    return _with_stack(doc, node_id, stack)


def _synapses(
    doc: Document,
    node_id: str,
    name: str,
    source: str,
    target: str,
    stack: Stack,
    at: tuple[float, float],
) -> Document:
    doc = edits.add_node(doc, "SynapseGroup", name=name, at=at, node_id=node_id)
    doc = edits.add_link(doc, Link(source, "spikes", node_id, "source"))
    doc = edits.add_link(doc, Link(node_id, "target", target, "synapses"))
    return _with_stack(doc, node_id, stack)


def _with_stack(doc: Document, node_id: str, stack: Stack) -> Document:
    known = catalog.load()
    for kind, params in stack:
        item_id = f"b_{node_id[2:]}_{kind.lower()}"
        doc = edits.add_behavior(doc, node_id, kind, catalog=known, params=params, item_id=item_id)
    return doc


def _monitors(doc: Document, shown: tuple[str, ...], traced: str) -> Document:
    doc = edits.add_monitor(doc, "raster", targets=shown, monitor_id="m_raster")
    params = {"neurons": (0, 1, 2)}
    return edits.add_monitor(
        doc, "voltage", targets=(traced,), params=params, monitor_id="m_voltage"
    )


def _note(doc: Document, text: str, at: tuple[float, float]) -> Document:
    return edits.add_node(doc, "Note", at=at, params={"text": text}, node_id="n_note")


def _in_order(doc: Document) -> Document:
    """Return ``doc`` placed as the window's own arranging does it."""
    return edits.move(doc, arranged(doc.network))


def main() -> None:
    """Write the example files anew."""
    for name, recipe in RECIPES.items():
        project_file.save(recipe(), root() / "examples" / f"{name}{project_file.EXTENSION}")


if __name__ == "__main__":
    main()
