"""Between blocks and structures: a block made in a network, saved structures as blocks.

A block stands for a Container, Layer, CorticalLayer or CorticalColumn of
conex_core. ``instantiate`` makes it in a network of a script;
``structure_from_block`` gives the dict of ``save_structure``, and
``block_from_structure`` turns such a dict into a block.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conex_core import catalog as catalogs
from conex_core.errors import StructureError, UnknownName
from conex_core.graph import edits
from conex_core.graph.files.block_file import Block
from conex_core.graph.library.inserting import insert_block
from conex_core.graph.model.document import NETWORK, Document
from conex_core.run.build import build
from conex_core.run.planning import plan
from conex_core.run.structure_import import Importer
from conex_core.structures.replication import create_structure_from_dict, save_structure

__all__ = ["block_from_structure", "instantiate", "structure_from_block"]

_ALONE = "block"
_OPEN_ENDS = ("no-source", "no-target")


def instantiate(block: Block, net: Any, *, name: str | None = None, **values: Any) -> Any:
    """Return the structure that a block stands for, made in ``net``.

    Parameters
    ----------
    block : Block
        From ``conex_core.graph.library.library.load_block`` or a ``Library``.
    net : Neocortex
    name : str, optional
        Tag of the structure; the block's name by default. Taken names get a number.
    **values
        Promoted parameters by their names; spaces may be written as underscores.

    Raises
    ------
    StructureError
        If the block cannot stand alone, or cannot be built.
    UnknownName
        If it has no promoted parameter of that name.
    """
    saved = structure_from_block(block, **values)
    return create_structure_from_dict(net, saved, tag=name)


def structure_from_block(block: Block, **values: Any) -> dict[str, Any]:
    """Return what a block stands for as the dict of ``save_structure``.

    Weights that it has learned stand in it as they are.

    Raises
    ------
    StructureError
        If synapses inside come from or lead to what is outside, or it has errors.
    UnknownName
        If it has no promoted parameter of that name.
    """
    doc, node_id = insert_block(Document(), block, node_id=_ALONE)
    for name, value in values.items():
        doc = edits.set_param(doc, node_id, _promoted(block, name), value)
    catalog = catalogs.load()
    for kind in _of_network(doc, catalog):
        doc = edits.add_behavior(doc, NETWORK, kind, catalog=catalog)
    planned = plan(doc, catalog)
    for problem in planned.errors:
        open_end = problem.code in _OPEN_ENDS
        hint = "Put the group at its other end into the block" if open_end else ""
        raise StructureError(block.name, f"cannot be built alone: {problem.message}", hint=hint)
    return save_structure(build(planned).objects[_ALONE])


def block_from_structure(saved: Mapping[str, Any], *, name: str | None = None) -> Block:
    """Return a block of the dict that ``save_structure`` gave.

    Groups and synapse groups become nodes, containers, layers and columns inner
    blocks, ports stay ports. Synapse groups to or from a group outside end at a
    port of their own.

    Raises
    ------
    StructureError
        If it holds what no block can, such as an input layer.
    UnknownName
        If one of its behaviors is not known.
    """
    return Importer(saved, catalogs.load()).block(name)


def _promoted(block: Block, name: str) -> str:
    for one in block.definition.promoted:
        if name in (one.id, one.name, one.name.replace(" ", "_")):
            return one.id
    known = [one.name for one in block.definition.promoted]
    raise UnknownName(f"parameter of {block.name}", name, known)


def _of_network(doc: Document, catalog: Any) -> list[str]:
    """Return the behaviors of the network that those inside need."""
    nodes = (node for definition in doc.definitions.values() for node in definition.nodes.values())
    kinds = {item.kind for node in nodes for item in node.stack if item.kind in catalog.behaviors}
    needs = {need for kind in kinds for need in catalog.behavior(kind).requires}
    found: list[str] = []
    while more := [
        kind
        for kind, spec in catalog.behaviors.items()
        if spec.host == "network" and kind not in found and needs & _given(spec)
    ]:
        found += more
        needs |= {need for kind in more for need in catalog.behavior(kind).requires}
    return found


def _given(spec: Any) -> set[str]:
    return {f"network.{name.removeprefix('own.')}" for name in spec.provides}
