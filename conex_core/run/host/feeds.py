"""What somebody wants to see of a run: each feed names a node and the ring that it fills.

Plain facts, without torch; only :func:`probe_of` touches a network.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conex_core.run.ring import EventRing, TraceRing

if TYPE_CHECKING:
    from conex_core.run.probe import Probe
    from conex_core.run.session import Session

__all__ = ["Feed", "SpikeFeed", "TraceFeed", "probe_of"]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class SpikeFeed:
    """Ask for the spikes of a node, written to ``ring``."""

    node: str
    ring: EventRing = field(default_factory=lambda: EventRing(1 << 20))


@dataclass(frozen=True, eq=False)
class TraceFeed:
    """Ask for ``variable`` of some neurons of a node, written to ``ring``."""

    node: str
    ring: TraceRing
    variable: str = "v"
    neurons: tuple[int, ...] = (0,)


Feed = SpikeFeed | TraceFeed


def probe_of(session: Session, feed: Feed) -> Probe | None:
    """Return what fills ``feed`` from ``session``; None where the network has no such node."""
    from conex_core.run.probe import SpikeProbe, TraceProbe

    found = session.objects.get(feed.node)
    group = getattr(found, "sensory_pop", None) or found  # an input layer spikes with it
    if group is None:
        logger.warning("nothing to show: the running network has no node %s", feed.node)
        return None
    if isinstance(feed, SpikeFeed):
        return SpikeProbe(group, ring=feed.ring)
    return TraceProbe(group, variable=feed.variable, neurons=feed.neurons, ring=feed.ring)
