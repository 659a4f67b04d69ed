"""CoNeX rebuilt: spiking networks as groups, synapses and behaviors.

Importing this package imports no torch; each public name is loaded when it is
first touched.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOME = {
    "ALL_PRIORITIES": "priorities",
    "Behavior": "behavior",
    "Fire": "behaviors.neurons",
    "LIF": "behaviors.neurons",
    "Neocortex": "structures",
    "NeuronDimension": "structures",
    "NeuronGroup": "structures",
    "SynapseGroup": "structures",
    "TimeResolution": "behaviors.network",
    "prioritize_behaviors": "priorities",
}

__all__ = [
    "ALL_PRIORITIES",
    "LIF",
    "Behavior",
    "Fire",
    "Neocortex",
    "NeuronDimension",
    "NeuronGroup",
    "SynapseGroup",
    "TimeResolution",
    "prioritize_behaviors",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return __all__
