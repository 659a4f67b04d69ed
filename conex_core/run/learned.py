"""What a block has learned: its weights, saved beside it and put into another network.

The weights lie in a safetensors file that the block names with its hash. Keys
are the ids of synapse groups inside the block, with all inner blocks opened.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from conex_core.errors import FileError, StructureError
from conex_core.graph.blockfile import Block, LearnedState, save_block
from conex_core.graph.flatten import flatten, scope_of
from conex_core.graph.state import Document
from conex_core.run.session import Session
from conex_core.state import State
from conex_core.state.values import write

__all__ = ["restore_learned", "save_learned"]


def save_learned(
    session: Session, doc: Document, path: Sequence[str], block: Block, target: Path
) -> Block:
    """Write ``block`` to ``target`` with the weights that one instance has in ``session``.

    ``path`` are the node ids of the instances around and including it, from
    the main network of ``doc``, which the session was made from.

    Raises
    ------
    StructureError
        If nothing inside has weights.
    FileError
        If one of the two files cannot be written.
    """
    values = {
        key: {"weights": synapse.weights.detach().clone()}
        for key, synapse in _inside(session, doc, path)
    }
    if not values:
        raise StructureError(block.name, "has no weights to save", hint="Save it without them")
    beside = target.with_suffix(".safetensors")
    State(values, 0, float(session.network.dt)).save(beside)
    state = LearnedState(beside.name, _hash_of(beside))
    return save_block(replace(block, state=state), target)


def restore_learned(session: Session, doc: Document, path: Sequence[str], block: Block) -> int:
    """Put the weights of ``block`` into one instance; return how many synapse groups had some.

    All or nothing: where one does not fit, none is changed.

    Raises
    ------
    FileError
        If the file of the weights is missing, or is not the one that was saved.
    StructureError
        If the weights are of other synapse groups, or of other sizes.
    """
    if block.state is None:
        return 0
    if block.path is None:
        raise FileError(block.state.file, "is not beside the block", hint="Save the block first")
    source = block.path.parent / block.state.file
    if _hash_of(source) != block.state.sha256:
        hint = "Save the block with its weights again, or take the file that belongs to it"
        raise FileError(source, "is not the file that was saved with the block", hint=hint)
    values = State.load(source).values
    synapses = dict(_inside(session, doc, path))
    for key, saved in values.items():
        _refuse(block, synapses.get(key), saved.get("weights"))
    for key, saved in values.items():
        write(synapses[key], "weights", saved["weights"])
    return len(values)


def _inside(session: Session, doc: Document, path: Sequence[str]) -> Iterator[tuple[str, Any]]:
    """Yield the synapse groups inside an instance that have weights, by their id in there."""
    prefix, definition = "", doc.network
    for node_id in path:
        instance = definition.node(node_id)
        prefix += scope_of(instance)[0]
        definition = doc.definition(instance.of)
    for flat_id in flatten(doc).inside(tuple(path)):
        found = session.objects.get(flat_id)
        if isinstance(getattr(found, "weights", None), torch.Tensor):
            yield (flat_id.replace(prefix, "") if prefix else flat_id), found


def _refuse(block: Block, synapse: Any, weights: Any) -> None:
    if synapse is None or not isinstance(weights, torch.Tensor):
        hint = "The block was changed inside after it had learned"
        raise StructureError(block.name, "has weights for synapses that are not there", hint=hint)
    if weights.shape != synapse.weights.shape:
        problem = (
            f"has weights of the shape {tuple(weights.shape)}, "
            f"but {synapse.tags[0]} needs {tuple(synapse.weights.shape)}"
        )
        raise StructureError(block.name, problem, hint="Set the sizes that it had when it learned")


def _hash_of(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        hint = "Keep the weights beside the block"
        reason = error.strerror or error
        raise FileError(path, f"cannot be read ({reason})", hint=hint) from error
