"""A catalog and small networks for the tests of documents."""

from __future__ import annotations

import pytest

from conex_core.catalog import Catalog, load
from conex_core.graph import edits
from conex_core.graph.model.defaults import stack_for
from conex_core.graph.model.document import Document


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load()


@pytest.fixture
def two_groups() -> Document:
    """Return groups Exc ("exc") and Inh ("inh"), without noise, not connected."""
    doc = Document()
    for node_id, name in (("exc", "Exc"), ("inh", "Inh")):
        usual = stack_for("NeuronGroup")
        stack = tuple(item for item in usual if item.kind != "InherentNoise")
        doc = edits.add_node(doc, "NeuronGroup", name=name, node_id=node_id, stack=stack)
    return doc


@pytest.fixture
def network(two_groups: Document, catalog: Catalog) -> Document:
    """Return Input -> Exc -> Inh, with synapse groups "feed" and "drive"; nothing is wrong."""
    doc = edits.add_node(two_groups, "InputLayer", node_id="input")
    doc = edits.connect_groups(doc, "input", "exc", catalog=catalog, node_id="feed")
    return edits.connect_groups(doc, "exc", "inh", catalog=catalog, node_id="drive")
