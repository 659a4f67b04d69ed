"""How each behavior depends on the duration of an iteration: the one table of it.

A behavior that is not listed fails ``test_conventions``; so does one whose code
or units say something else.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

__all__ = ["CONVENTIONS", "Convention"]

Kind = Literal["equation", "window", "event", "iteration", "instant"]


class Convention(NamedTuple):
    """Say how a behavior depends on dt.

    ``equation``: its step is scaled by dt and approaches a differential equation.
    ``window``: a duration in ms is turned into iterations.
    ``event``: a spike or a pair of spikes has the same effect whatever dt is.
    ``iteration``: it counts iterations, and half the dt makes them half as long.
    ``instant``: it depends on the values of this iteration only.
    """

    kind: Kind
    says: str


_MEMBRANE = Convention("equation", "forward Euler of the membrane equation")
_CURRENT = Convention("event", "one spike sends its weight once")
_PAIR = Convention("event", "one pair of spikes changes a weight by its lag in ms")
_REWARDED = Convention("equation", "eligibility decays, and dopamine acts, per ms")
_AIMED = Convention("event", "a source spike and a pair change a weight by their lag in ms")
_TRACE = Convention("equation", "a spike adds its scale, the trace decays per ms")
_CAUGHT = Convention("iteration", "delays of whole iterations")
_GIVEN = Convention("iteration", "one frame of data per iteration")
_WATCHED = Convention("iteration", "one row every so many iterations")
_START = Convention("instant", "acts once, before the first iteration")

CONVENTIONS: dict[str, Convention] = {
    "AELIF": Convention("equation", "as LIF; a spike adds beta to the adaptation"),
    "ActivityBaseHomeostasis": Convention("window", "spikes per window of ms"),
    "AveragePool2D": _CURRENT,
    "Conv2dDendriticInput": _CURRENT,
    "Conv2dRSTDP": _REWARDED,
    "Conv2dSTDP": _PAIR,
    "CurrentNormalization": Convention("instant", "a factor of this iteration's current"),
    "DelayInitializer": Convention("window", "iterations, or ms that are rounded to them"),
    "Dopamine": Convention("equation", "a payoff adds its amount, dopamine decays per ms"),
    "ELIF": _MEMBRANE,
    "EventRecorder": _WATCHED,
    "Fire": Convention("instant", "threshold and reset"),
    "InherentNoise": Convention("equation", "mean per ms, spread per root of a ms"),
    "KWTA": Convention("iteration", "k winners in every iteration"),
    "LIF": _MEMBRANE,
    "LateralDendriticInput": _CURRENT,
    "Local2dDendriticInput": _CURRENT,
    "Local2dRSTDP": _REWARDED,
    "Local2dSTDP": _PAIR,
    "LocationSetter": _GIVEN,
    "NeuronAxon": _CAUGHT,
    "One2OneDendriticInput": _CURRENT,
    "One2OneRSTDP": _REWARDED,
    "One2OneSTDP": _PAIR,
    "One2OneiSTDP": _AIMED,
    "Payoff": Convention("equation", "a constant payoff is a rate"),
    "PostSpikeCatcher": _CAUGHT,
    "PostTrace": _TRACE,
    "PreSpikeCatcher": _CAUGHT,
    "PreTrace": _TRACE,
    "Recorder": _WATCHED,
    "SensorySetter": _GIVEN,
    "SimpleDendriteComputation": Convention(
        "equation", "one spike carries the charge of 1 ms, or a current that decays per ms"
    ),
    "SimpleDendriteStructure": _CAUGHT,
    "SimpleDendriticInput": _CURRENT,
    "SimpleRSTDP": _REWARDED,
    "SimpleSTDP": _PAIR,
    "SimpleiSTDP": _AIMED,
    "SparseDendriticInput": _CURRENT,
    "SparseRSTDP": _REWARDED,
    "SparseSTDP": _PAIR,
    "SparseiSTDP": _AIMED,
    "SpikeNdDataset": _GIVEN,
    "SynapseInit": _START,
    "TimeResolution": Convention("equation", "sets dt"),
    "VoltageBaseHomeostasis": Convention("equation", "exhaustion builds up and acts per ms"),
    "WeightClip": Convention("instant", "clipping twice is clipping once"),
    "WeightInitializer": _START,
    "WeightNormalization": Convention("instant", "scaling twice is scaling once"),
}
