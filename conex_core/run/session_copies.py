"""Copies of a session: by deepcopy as it stands, by pickle one that counts anew.

A SHA-256 in the making can be copied but not sent to another process. So a
session that was pickled begins its counts and its spike hash where it went on,
like any new session of a network that has run.
"""

from __future__ import annotations

import copy
import queue
from collections.abc import Mapping
from typing import Any, NoReturn

from conex_core.errors import StructureError
from conex_core.run.physics_probe import PhysicsProbe
from conex_core.run.probe import SpikeDigest

__all__ = ["deep_copy", "reduced", "refuse"]

_Place = tuple[Any, Any]
_OWN = (SpikeDigest, PhysicsProbe)  # every session makes its own


def deep_copy(session: Any, memo: dict[int, Any]) -> Any:
    """Return a session like ``session``, of a copy of its network.

    Commands that wait stay with the original, and so does Ctrl-C that is held: a copy
    that is made in the middle of a run runs by itself.
    """
    kind: Any = type(session)
    new = memo[id(session)] = kind.__new__(kind)
    own = {"_commands": None, "_hold": None, "_is_stepping": False}
    facts = vars(session) | own | {"_taps": list(session._taps.values())}
    vars(new).update(copy.deepcopy(facts, memo))
    new._commands = queue.SimpleQueue()
    new._taps = {id(tap.group): tap for tap in new._taps}
    return new


def reduced(session: Any) -> tuple[Any, ...]:
    """Return ``session`` as pickle wants it; behaviors as places in the stacks of the network."""
    places = _places(session.network)
    behaviors = {key: places.get(id(item), (None, item)) for key, item in session.behaviors.items()}
    given = {"objects": dict(session.objects), "document": session.document}
    probes = [probe for probe in session._probes if not isinstance(probe, _OWN)]
    kept = session.network, given, behaviors, probes, session.learning
    return _again, (type(session), *kept)


def refuse() -> NoReturn:
    """Raise StructureError: two sessions would share their probes."""
    hint = "copy.deepcopy copies the network as well; Session(network) is a second session of it"
    raise StructureError("Session", "cannot be copied alone", hint=hint)


def _again(
    kind: Any,
    network: Any,
    given: Mapping[str, Any],
    places: Mapping[tuple[str, str], _Place],
    probes: list[Any],
    learning: Any,
) -> Any:
    behaviors = {
        key: place if owner is None else owner.behavior[place]
        for key, (owner, place) in places.items()
    }
    session = kind(network, behaviors=behaviors, **given)
    for probe in probes:
        session.attach(probe)
    session.learning = learning
    return session


def _places(network: Any) -> dict[int, _Place]:
    """Return the owner and the key of every behavior, by its identity."""
    return {
        id(behavior): (owner, key)
        for owner in network.all_objects()
        for key, behavior in owner.behavior.items()
    }
