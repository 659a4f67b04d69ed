"""What a block has learned: its weights, saved beside it, and where its copies start from.

The weights lie in one safetensors file that the block names with its hash. Keys
are the ids of synapse groups inside the block, with all inner blocks opened.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from conex_core.atomic_files import scratch
from conex_core.errors import FileError, StructureError
from conex_core.graph.blocks.flatten import flatten
from conex_core.graph.files.block_file import Block, save_block
from conex_core.graph.files.learned_weights import level_at
from conex_core.graph.files.weight_files import FOLDER, carry, sha256_of
from conex_core.graph.model.document import Document, Learned
from conex_core.run.session import Session
from conex_core.state import State

__all__ = ["learned_weights", "save_learned"]


def save_learned(
    session: Session, doc: Document, path: Sequence[str], block: Block, target: Path
) -> Block:
    """Write ``block`` to ``target`` with the weights that one instance has in ``session``.

    Every copy of it starts from these weights then. ``path`` are the node ids
    of the instances around and including it, from the main network of ``doc``,
    which the session was made from; ``block`` is best taken from
    :func:`conex_core.graph.files.learned_weights.as_opened`, so that the sizes
    are those of this instance.

    Raises
    ------
    StructureError
        If nothing inside has weights.
    FileError
        If one of the two files cannot be written.
    """
    values = {key: {"weights": weights} for key, weights in _inside(session, doc, path)}
    if not values:
        raise StructureError(block.name, "has no weights to save", hint="Save it without them")
    state = State(values, 0, float(session.network.dt))
    learned = _written(state, block.name, target.parent / FOLDER)
    trained = block.with_definition(replace(block.definition, learned=learned))
    carry(trained.definitions.values(), [session.network.base or Path()], target.parent)
    return save_block(trained, target)


def learned_weights(path: str | Path, group: str) -> torch.Tensor:
    """Return the weights of one synapse group from a file of learned weights.

    Raises
    ------
    FileError
        If the file cannot be read, or has no weights of that group.
    """
    saved = State.load(Path(path)).values.get(group, {}).get("weights")
    if not isinstance(saved, torch.Tensor):
        hint = "Take the file that belongs to the block"
        raise FileError(path, f"holds no weights of {group}", hint=hint)
    return saved


def _inside(
    session: Session, doc: Document, path: Sequence[str]
) -> Iterator[tuple[str, torch.Tensor]]:
    """Yield the weights of synapse groups inside an instance, by their id in there."""
    prefix = level_at(doc, path).prefix
    for flat_id in flatten(doc).inside(tuple(path)):
        weights: Any = getattr(session.objects.get(flat_id), "weights", None)
        if isinstance(weights, torch.Tensor) and _is_within(prefix, flat_id):
            yield flat_id.replace(prefix, "") if prefix else flat_id, weights.detach().clone()


def _is_within(prefix: str, flat_id: str) -> bool:
    """Tell whether both ends that the id of a pair names lie inside as well."""
    _, mark, ends = flat_id.partition("@")
    return not mark or all(end.startswith(prefix) for end in ends.split(">"))


def _written(state: State, name: str, folder: Path) -> Learned:
    """Write the weights under a name that holds a part of their hash."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with scratch(folder, "weights") as file:
            state.save(file)
            sha256 = sha256_of(file)
            stem = re.sub(r"[^\w\-]+", "-", name).strip("-")[:40] or "block"
            called = f"{stem}-{sha256[:12]}.safetensors"
            file.replace(folder / called)
    except OSError as error:
        reason = error.strerror or error
        hint = "Make room there, or choose another folder"
        raise FileError(folder, f"cannot be written ({reason})", hint=hint) from error
    return Learned(called, sha256, tuple(sorted(state.values)))
