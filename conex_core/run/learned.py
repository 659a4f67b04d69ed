"""What a block or a network has learned: saved beside it, and where the next run starts from.

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
from conex_core.graph.files.learned_weights import learned_groups, learned_values, level_at
from conex_core.graph.files.weight_files import FOLDER, carry, sha256_of
from conex_core.graph.model.document import MAIN, Document, Learned
from conex_core.run.learning import Variable
from conex_core.run.session import Session
from conex_core.state import State
from conex_core.state.names import label_of

__all__ = ["keep_learned", "learned_weights", "save_learned"]


def save_learned(
    session: Session, doc: Document, path: Sequence[str], block: Block, target: Path
) -> Block:
    """Write ``block`` to ``target`` with the weights that one instance has in ``session``.

    Every copy of it starts from these weights then, and from thresholds and the
    like that changed, where the session watches what it learns. ``path`` are the node ids
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
    groups, variables = tuple(sorted(values)), []
    for key, name, value in _changed_inside(session, doc, path):
        variables.append((key, name))
        values.setdefault(key, {})[name] = value
    if not values:
        raise StructureError(block.name, "has no weights to save", hint="Save it without them")
    state = State(values, 0, float(session.network.dt))
    learned = _written(state, block.name, target.parent / FOLDER)
    learned = replace(learned, groups=groups, variables=tuple(sorted(variables)))
    trained = block.with_definition(replace(block.definition, learned=learned))
    carry(trained.definitions.values(), [session.network.base or Path()], target.parent)
    return save_block(trained, target)


def keep_learned(session: Session, name: str, folder: Path) -> Learned:
    """Write what ``session`` has learned so far; the next run of its project starts from it.

    That is all that differs from before the first step, and all that the project
    had learned in earlier runs. The file goes into ``weights`` inside ``folder``;
    the document has to name what is returned as that of its main network.

    Raises
    ------
    StructureError
        If nothing is learned.
    FileError
        If the file cannot be written.
    """
    learning = session.learning
    found = set() if learning is None else {*learning.since_start(), *_earlier(session)}
    if learning is None or not found:
        raise StructureError(name, "has learned nothing", hint="Run it first")
    values: dict[str, dict[str, torch.Tensor]] = {}
    for each in sorted(found):
        values.setdefault(each.node, {})[each.name] = learning.value(each).detach().clone()
    labels = {
        key: {variable: label_of(session.objects[key], variable) for variable in held}
        for key, held in values.items()
    }
    state = State(values, 0, float(session.network.dt), labels=labels)
    learned = _written(state, name, folder / FOLDER)
    pairs = [(each.node, each.name) for each in sorted(found)]
    drawn = {pair for pair in pairs if pair[1] == "weights" and _draws(session.objects[pair[0]])}
    learning.mark_saved()
    return replace(
        learned,
        groups=tuple(pair[0] for pair in pairs if pair in drawn),
        variables=tuple(pair for pair in pairs if pair not in drawn),
    )


def _earlier(session: Session) -> Iterator[Variable]:
    """Yield what the main network started from, of what there still is."""
    document = session.document
    if document is None or document.network.learned is None:
        return
    stored = {(node, "weights"): one for node, one in learned_groups(document).items()}
    for node, more in learned_values(document).items():
        stored |= {(node, name): one for name, one in more.items()}
    for (node, name), one in stored.items():
        there = getattr(session.objects.get(node), name, None)
        if one.definition == MAIN and isinstance(there, torch.Tensor):
            yield Variable(node, name)


def _draws(owner: Any) -> bool:
    """Tell whether stored weights can take the place of those that are drawn."""
    return any(type(item).__name__ == "WeightInitializer" for item in owner.behavior.values())


def learned_weights(path: str | Path, group: str, variable: str = "weights") -> torch.Tensor:
    """Return the weights, or another variable, of one group from a file of learned weights.

    Raises
    ------
    FileError
        If the file cannot be read, or has no weights of that group.
    """
    saved = State.load(Path(path)).values.get(group, {}).get(variable)
    if not isinstance(saved, torch.Tensor):
        hint = "Take the file that belongs to it"
        raise FileError(path, f"holds no {variable} of {group}", hint=hint)
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


def _changed_inside(
    session: Session, doc: Document, path: Sequence[str]
) -> Iterator[tuple[str, str, torch.Tensor]]:
    """Yield what else changed inside an instance, such as thresholds, by id in there and name."""
    prefix, inside = level_at(doc, path).prefix, set(flatten(doc).inside(tuple(path)))
    learning = session.learning
    for each in [] if learning is None else learning.since_start():
        if each.node in inside and each.name != "weights" and _is_within(prefix, each.node):
            assert learning is not None
            key = each.node.replace(prefix, "") if prefix else each.node
            yield key, each.name, learning.value(each).detach().clone()


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
