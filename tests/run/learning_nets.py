"""A small network that learns: weights by STDP, thresholds by homeostasis."""

from __future__ import annotations

from conex_core import catalog
from conex_core.distributions import Uniform
from conex_core.graph import edits
from conex_core.graph.model.document import Document, Link

__all__ = ["learner"]

_CELLS = ("SimpleDendriteStructure", "SimpleDendriteComputation", "LIF", "Fire", "NeuronAxon")
_JOINED = ("SynapseInit", "PreSpikeCatcher", "PostSpikeCatcher", "PreTrace", "PostTrace")


def learner(*, learns: bool = True, rate: float = 0.02, adapts: bool | None = None) -> Document:
    """Return 20 Poisson neurons In, 10 neurons Out and the synapses In to Out.

    ``rate`` is that of STDP; ``adapts`` is whether thresholds change.
    """
    adapts = learns if adapts is None else adapts
    doc = edits.set_settings(Document(name="Learner"), seed=7, duration=200.0)
    params = {"source": "noise", "size": 20, "rate": 100.0}
    doc = edits.add_node(doc, "InputLayer", name="In", node_id="in", params=params)
    doc = edits.add_node(doc, "NeuronGroup", name="Out", node_id="out", params={"size": 10})
    doc = edits.add_node(doc, "SynapseGroup", name="In to Out", node_id="syn", at=(120, 0))
    doc = edits.add_link(doc, Link("in", "spikes", "syn", "source"))
    doc = edits.add_link(doc, Link("syn", "target", "out", "synapses"))
    for kind in _CELLS:
        doc = _with(doc, "out", kind)
    for kind in _JOINED:
        doc = _with(doc, "syn", kind)
    doc = _with(doc, "syn", "WeightInitializer", mode=Uniform(0.5, 1.5))
    doc = _with(doc, "syn", "SimpleDendriticInput", current_coef=4.0)
    if learns:
        doc = _with(doc, "syn", "SimpleSTDP", a_plus=rate, a_minus=rate / 2, w_max=4.0)
    if adapts:
        doc = _with(doc, "out", "ActivityBaseHomeostasis", window_size=20.0, updating_rate=0.05)
        doc = _with(doc, "out", "VoltageBaseHomeostasis", max_ta=-60.0, min_ta=-70.0)
    return doc


def _with(doc: Document, node: str, kind: str, **params: object) -> Document:
    return edits.add_behavior(doc, node, kind, catalog=catalog.load(), params=params)
