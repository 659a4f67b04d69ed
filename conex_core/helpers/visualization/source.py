"""What a live plot shows: a name, a colour and the ring it reads. No Qt here."""

from __future__ import annotations

from dataclasses import dataclass

from conex_core.helpers.visualization.palette import EXCITATORY
from conex_core.run.ring import EventRing, TraceRing

__all__ = ["PlotSource"]


@dataclass(frozen=True)
class PlotSource:
    """Tell a plot what to read and how to show it.

    Parameters
    ----------
    name : str
        The group's name, shown at the left of its data.
    ring : EventRing or TraceRing
        Spikes for a raster, sampled values for a voltage plot.
    size : int
        Number of neurons of a raster's band; 0 grows with the largest index seen.
    colour : str
        ``#RRGGBB``.
    labels : tuple of str
        One label per channel of a TraceRing, such as the neuron's index.
    threshold, reset : float, optional, mV
        Drawn as faint lines.
    spikes : EventRing, optional
        Spikes of the group, shown as ticks over the traces of ``neurons``.
    neurons : tuple of int
        The neuron behind each channel.
    """

    name: str
    ring: EventRing | TraceRing
    size: int = 0
    colour: str = EXCITATORY
    labels: tuple[str, ...] = ()
    threshold: float | None = None
    reset: float | None = None
    spikes: EventRing | None = None
    neurons: tuple[int, ...] = ()
