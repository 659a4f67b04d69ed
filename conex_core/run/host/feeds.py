"""What somebody wants to see of a run: each feed names a node and the ring that it fills.

A feed is an object, a variable and a form; the form is the kind of the ring.
Plain facts, without torch; only :func:`probe_of` touches a network.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conex_core.graph.model.document import NETWORK
from conex_core.plot_specs import Form
from conex_core.run.ring import EventRing, SnapshotRing, TraceRing

if TYPE_CHECKING:
    from conex_core.run.probe import Probe
    from conex_core.run.session import Session

__all__ = ["EventFeed", "Feed", "SnapshotFeed", "TraceFeed", "new_feed", "probe_of"]

logger = logging.getLogger(__name__)

TRACE_CAPACITY = 1 << 16


@dataclass(frozen=True, eq=False)
class EventFeed:
    """Ask for the spikes of a node, or for other events, written to ``ring``."""

    node: str
    ring: EventRing = field(default_factory=lambda: EventRing(1 << 20))
    variable: str = "spikes"


@dataclass(frozen=True, eq=False)
class TraceFeed:
    """Ask for ``variable`` of some units of a node, written to ``ring``."""

    node: str
    ring: TraceRing
    variable: str = "v"
    neurons: tuple[int, ...] = (0,)


@dataclass(frozen=True, eq=False)
class SnapshotFeed:
    """Ask for all values of ``variable`` of a node, written to ``ring`` when it is read."""

    node: str
    variable: str
    ring: SnapshotRing = field(default_factory=SnapshotRing)


Feed = EventFeed | TraceFeed | SnapshotFeed


def new_feed(node: str, variable: str, form: Form, units: tuple[int, ...] = ()) -> Feed:
    """Return a feed with a ring of its own; ``node`` may be the network."""
    if form == "events":
        return EventFeed(node, variable=variable)
    if form == "snapshot":
        return SnapshotFeed(node, variable)
    return TraceFeed(node, TraceRing(len(units), TRACE_CAPACITY), variable, units)


def probe_of(session: Session, feed: Feed) -> Probe | None:
    """Return what fills ``feed`` from ``session``; None where the network has no such node."""
    from conex_core.run.watching import probe_for

    found = session.network if feed.node == NETWORK else session.objects.get(feed.node)
    if found is None:
        logger.warning("nothing to show: the running network has no node %s", feed.node)
        return None
    units = feed.neurons if isinstance(feed, TraceFeed) else ()
    return probe_for(found, feed.variable, feed.ring, units)
