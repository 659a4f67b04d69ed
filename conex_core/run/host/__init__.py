"""Where a session runs beside a window: in a thread, or in a process of its own.

Both hosts have the same interface (:class:`Host`) and give the same numbers.
Nothing here knows Qt, and importing it does not import torch.
"""

from conex_core.run.host.choice import RUN_IN, RunIn
from conex_core.run.host.feeds import EventFeed, Feed, SnapshotFeed, TraceFeed, new_feed
from conex_core.run.host.lookout import Patience
from conex_core.run.host.process import ProcessHost
from conex_core.run.host.protocol import Host
from conex_core.run.host.status import HostKind, RunState, RunStatus, Stall
from conex_core.run.host.thread import ThreadHost
from conex_core.run.host.worker import Worker, Workers

__all__ = [
    "RUN_IN",
    "EventFeed",
    "Feed",
    "Host",
    "HostKind",
    "Patience",
    "ProcessHost",
    "RunIn",
    "RunState",
    "RunStatus",
    "SnapshotFeed",
    "Stall",
    "ThreadHost",
    "TraceFeed",
    "Worker",
    "Workers",
    "new_feed",
]
