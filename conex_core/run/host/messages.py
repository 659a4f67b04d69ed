"""What two processes say to each other about a run: JSON texts, and nothing else.

Nothing that arrives is unpickled, imported or evaluated. Values of parameters
and feeds travel as in a project file; an error travels as its facts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from conex_core import errors
from conex_core.errors import ConexError, ProcessError
from conex_core.graph.files.codec import plain
from conex_core.graph.files.json_places import frozen
from conex_core.run.host.feeds import EventFeed, Feed, SnapshotFeed, TraceFeed
from conex_core.run.ring import EventRing, SnapshotRing, TraceRing

__all__ = [
    "decoded",
    "encoded",
    "error_from",
    "error_to",
    "feed_from",
    "feed_to",
    "value_from",
    "value_to",
]

value_to, value_from = plain, frozen

# Errors whose constructor takes exactly the facts that they hold.
_ERRORS: Mapping[str, type[ConexError]] = {
    kind.__name__: kind
    for kind in (
        errors.BehaviorError,
        errors.FileError,
        errors.ParameterError,
        errors.ProcessError,
        errors.ShapeError,
        errors.StructureError,
        errors.UnknownName,
    )
}


def encoded(message: Mapping[str, Any]) -> bytes:
    """Return a message as bytes."""
    return json.dumps(message).encode()


def decoded(data: bytes) -> dict[str, Any]:
    """Return the message that :func:`encoded` made."""
    message: dict[str, Any] = json.loads(data)
    return message


def error_to(error: Exception) -> dict[str, Any]:
    """Return an error as plain data; one that is not ours keeps its text only."""
    kind = type(error).__name__
    text = str(error) or kind
    facts = {
        name: _plain_fact(value) for name, value in vars(error).items() if not name.startswith("_")
    }
    return {"kind": kind, "text": text, "facts": facts if kind in _ERRORS else {}}


def error_from(data: Mapping[str, Any]) -> ConexError:
    """Return the error that :func:`error_to` described."""
    if data["kind"] in _ERRORS and data["facts"]:
        return _ERRORS[data["kind"]](**data["facts"])
    if issubclass(getattr(errors, data["kind"], Exception), ConexError):
        return ConexError(data["text"])
    return ProcessError(data["text"])


def feed_to(feed: Feed) -> dict[str, Any]:
    """Return a feed as plain data, without what its ring holds."""
    facts = {"node": feed.node, "variable": feed.variable, "capacity": feed.ring.capacity}
    if isinstance(feed, TraceFeed):
        return {"form": "trace", **facts, "neurons": feed.neurons}
    if isinstance(feed, SnapshotFeed):
        return {"form": "snapshot", **facts, "cells": feed.ring.cells}
    return {"form": "events", **facts}


def feed_from(data: Mapping[str, Any], memory: memoryview) -> Feed:
    """Return the feed that :func:`feed_to` described; its ring lies in ``memory``."""
    node, variable, capacity = data["node"], data["variable"], data["capacity"]
    feed: Feed
    if data["form"] == "trace":
        neurons = tuple(data["neurons"])
        feed = TraceFeed(node, TraceRing(len(neurons), capacity), variable, neurons)
    elif data["form"] == "snapshot":
        feed = SnapshotFeed(node, variable, SnapshotRing(data["cells"], capacity))
    else:
        feed = EventFeed(node, EventRing(capacity), variable)
    feed.ring.join(memory)
    return feed


def _plain_fact(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list | tuple):
        return [_plain_fact(item) for item in value]
    return plain(value) if isinstance(value, Mapping) else str(value)
