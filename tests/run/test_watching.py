"""Any variable of any object of a running network can be read, in three forms."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from conex_core import catalog, examples
from conex_core.behaviors.synapses.storage import stored
from conex_core.errors import ParameterError, UnknownName
from conex_core.graph.checks.context import Context
from conex_core.graph.checks.recordable import recordable
from conex_core.run.ring import EventRing, SnapshotRing, TraceRing
from conex_core.run.session import Session
from conex_core.run.watching import SnapshotProbe, holder_of, probe_for


@pytest.fixture
def session() -> Session:
    return Session.of(examples.load("smallest"), catalog.load())


class Holder:
    """Stand for an object of a network that has one variable."""

    def __init__(self, value: object) -> None:
        self.x, self.tags = value, ["holder"]


def snapshot_of(value: object, cells: int = 1 << 10) -> SnapshotRing:
    ring = SnapshotRing(cells)
    ring.latest()
    SnapshotProbe(Holder(value), "x", ring).flush(3)
    return ring


def test_sparse_weights_are_shown_as_a_full_matrix():
    targets, values = torch.tensor([1, 0, 2]), torch.tensor([2.0, 1.0, 3.0])
    weights = stored(torch.tensor([0, 1, 3]), targets, values, (2, 3))

    found = snapshot_of(weights).latest()

    assert found.values.tolist() == [[0, 2, 0], [1, 0, 3]]


SIDES = (1_000_000, 1_000_000)


def test_a_sparse_matrix_that_would_fill_the_memory_is_thinned():
    ends = torch.tensor([[0, 999_999], [0, 999_999]])
    matrix = torch.sparse_coo_tensor(ends, torch.ones(2), SIDES, check_invariants=True)

    found = snapshot_of(matrix, cells=10_000).latest()

    assert found.shape == SIDES
    assert found.values.size <= 10_000
    assert found.values[0, 0] == 1


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        (torch.arange(5), (1, 5)),
        (torch.zeros(2, 3, 4), (2, 12)),
        (torch.tensor(2.5), (1, 1)),
        (0.5, (1, 1)),
        (torch.zeros(3, 2).T, (2, 3)),
    ],
)
def test_values_of_every_shape_become_rows_and_columns(value, shape):
    assert snapshot_of(value).latest().shape == shape


def test_a_variable_that_is_none_for_a_while_is_passed_by():
    ring = snapshot_of(None)

    assert (ring.now, ring.latest()) == (3, None)


def test_what_nobody_asks_about_is_never_copied(session, monkeypatch):
    probe = SnapshotProbe(session.groups["Neurons"], "v")
    session.attach(probe)
    monkeypatch.setattr(probe.ring, "push", lambda *_: pytest.fail("nobody asked"))

    session.run(20)

    assert probe.ring.now == 20


def test_a_unit_that_a_variable_has_not_is_refused(session):
    with pytest.raises(ParameterError, match="0 to 0"):
        session.attach(probe_for(session.network, "dt", TraceRing(1), (4,)))


@pytest.mark.parametrize("value", [2.0, 0, True, None])
def test_events_of_a_plain_number_are_when_it_is_not_zero(session, value):
    session.network.signal = 1.0
    probe = probe_for(session.network, "signal", EventRing())
    session.attach(probe)
    session.network.signal = value

    session.run(3)

    assert session.error is None
    assert list(probe.ring.since(0).t) == ([1, 2, 3] if value else [])


def test_a_unit_that_a_later_value_has_not_is_not_a_number(session):
    session.network.late = None
    probe = probe_for(session.network, "late", TraceRing(1), (9,))
    session.attach(probe)
    session.network.late = torch.ones(3)

    session.run(3)

    assert session.error is None
    assert np.isnan(probe.ring.since(0).values).all()


def test_an_unknown_variable_names_the_nearest(session):
    with pytest.raises(UnknownName, match="Did you mean 'threshold'"):
        session.attach(probe_for(session.groups["Neurons"], "treshold", SnapshotRing()))


@pytest.fixture(scope="module")
def digits() -> Session:
    return Session.of(examples.load("digits"), catalog.load())


@pytest.mark.parametrize(
    ("variable", "ring"), [("y", TraceRing(1)), ("spikes", EventRing()), ("x", SnapshotRing())]
)
def test_layers_can_be_asked_as_groups_can(digits, variable, ring):
    digits.attach(probe_for(digits.objects["n_digits"], variable, ring, (0,)))

    if isinstance(ring, SnapshotRing):
        ring.latest()
    digits.run(20)

    assert ring.total > 0


def test_what_behaviors_declare_is_there_to_be_watched(digits):
    doc = digits.document
    context = Context(doc, catalog.load())
    nodes = [node for node in doc.network.nodes.values() if node.id in digits.objects]

    missing = [
        (node.name, name)
        for node in nodes
        for name in recordable(context, node) or ()
        if not hasattr(holder_of(digits.objects[node.id], name), name)
    ]

    assert len(nodes) > 4
    assert missing == []
