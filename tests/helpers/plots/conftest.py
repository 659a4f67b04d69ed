"""A small session for the tests of plots."""

from __future__ import annotations

import pytest

from conex_core import catalog, examples
from conex_core.run.session import Session


@pytest.fixture
def smallest_session() -> Session:
    return Session.of(examples.load("smallest"), catalog.load())
