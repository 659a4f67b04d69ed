"""Badges: which blocks of a project the library has something newer for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conex_core.graph import edits
from conex_core.graph.files.block_file import block_of
from conex_core.graph.library.comparison import keep, update
from conex_core.graph.library.inserting import linked
from conex_core.graph.library.versions import newer_blocks, newest, outdated
from conex_core.graph.model.document import Document


@pytest.fixture
def project(network: Document) -> Document:
    doc = edits.group(network, ["exc"], name="Pair", node_id="pair", definition_id="d_pair")
    return linked(doc, "d_pair", block_of(doc, "d_pair", block_id="block_pair"))


@pytest.fixture
def newer(project: Document):
    changed = edits.set_definition(project, "d_pair", description="Better")
    return replace(block_of(changed, "d_pair", block_id="block_pair"), version=7)


def test_the_highest_version_of_an_id_is_the_newest(newer):
    assert newest([newer, replace(newer, version=2)]) == {"block_pair": newer}


def test_an_instance_is_outdated_until_it_is_updated_or_kept(project, newer):
    library = {newer.id: newer}

    found = newer_blocks(project, library)

    assert outdated(project.network, found) == {"pair"}
    assert newer_blocks(update(project, "d_pair", newer), library) == {}
    assert newer_blocks(keep(project, "d_pair", newer), library) == {}


def test_a_block_that_the_library_lacks_is_never_outdated(project):
    assert newer_blocks(project, {}) == {}
