"""What a running network can be asked by name, wherever it runs.

Each function takes the session and plain values, is called between two steps,
and returns plain values: an answer may come from another process.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conex_core.errors import UnknownName
from conex_core.graph.files.codec import learned_to, plain

if TYPE_CHECKING:
    from conex_core.run.session import Session

__all__ = ["QUESTIONS"]


def _iteration(session: Session) -> int:
    return session.iteration


def _result(session: Session) -> dict[str, Any]:
    return session.result().to_data()


def _spike_hash(session: Session) -> str:
    return session.spike_hash()


def _parameter(session: Session, node: str, item: str, name: str) -> Any:
    if (node, item) not in session.behaviors:
        raise UnknownName("behavior", item, (key[1] for key in session.behaviors))
    return plain(getattr(session.behaviors[node, item], name, None))


def _save_state(session: Session, path: str) -> None:
    session.network.state().save(path)
    if session.learning is not None:
        session.learning.mark_saved()


def _load_state(session: Session, path: str) -> int:
    from conex_core.state import State

    session.restore(State.load(path))
    return session.iteration


def _learned(session: Session) -> dict[str, Any]:
    """Return what a run has learned that is not saved, by node and variable, and for how long."""
    found = [] if session.learning is None else session.learning.unsaved()
    begin = 0 if session.learning is None else session.learning.started_at
    return {
        "variables": [[each.node, each.name] for each in found],
        "iteration": session.iteration,
        "ms": max(session.iteration - begin, 0) * session.dt,
    }


def _keep_learned(session: Session, name: str, folder: str) -> dict[str, Any]:
    """Write what a run has learned into a folder; return what a document then names."""
    from conex_core.run.learned import keep_learned

    return learned_to(keep_learned(session, name, Path(folder)))


def _save_learned(session: Session, inside: list[str], block: str, target: str) -> str:
    """Return the text of a block that was saved with the weights of one instance."""
    from conex_core.graph.files.block_file import block_from_text, block_to_text
    from conex_core.run.learned import save_learned

    assert session.document is not None, "a session of a host has a document"
    held = block_from_text(block, target)
    return block_to_text(save_learned(session, session.document, inside, held, Path(target)))


def _compiled(session: Session) -> dict[str, Any]:
    """Return a :class:`conex_core.run.compiled.Report` as data, by the ids of nodes."""
    from conex_core.run.engine.report import report

    layers = {
        population.key: node
        for node, found in session.objects.items()
        for population in (
            getattr(found, "sensory_pop", None),
            getattr(found, "location_pop", None),
        )
        if population is not None
    }
    found = report(session.network)
    lines = tuple(replace(line, node=layers.get(line.node, line.node)) for line in found.lines)
    return replace(found, lines=lines).to_data()


QUESTIONS: Mapping[str, Callable[..., Any]] = {
    "compiled": _compiled,
    "iteration": _iteration,
    "keep_learned": _keep_learned,
    "learned": _learned,
    "load_state": _load_state,
    "parameter": _parameter,
    "result": _result,
    "save_learned": _save_learned,
    "save_state": _save_state,
    "spike_hash": _spike_hash,
}
