"""Rings give back the last entries in order, however they were written and read."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from conex_core.run.ring import EventRing, TraceRing

CAPACITY = 8
SIZES = some.lists(some.integers(0, 3 * CAPACITY), max_size=12)


def written(ring: EventRing, sizes: list[int]) -> np.ndarray:
    """Push numbered events in parts of these sizes; return all times."""
    times = np.arange(sum(sizes), dtype=np.int64)
    for part in np.split(times, np.cumsum(sizes)[:-1]) if sizes else []:
        ring.push(part, part.astype(np.int32) % 5, int(part[-1]) if len(part) else 0)
    return times


@given(SIZES)
def test_the_last_entries_are_kept_in_order(sizes):
    ring = EventRing(CAPACITY)

    times = written(ring, sizes)

    kept = ring.since()
    np.testing.assert_array_equal(kept.t, times[-CAPACITY:])
    np.testing.assert_array_equal(kept.i, times[-CAPACITY:] % 5)
    assert kept.lost == max(len(times) - CAPACITY, 0)


@given(SIZES, some.integers(0, CAPACITY))
def test_a_reader_gets_what_came_since_it_looked(sizes, later):
    ring = EventRing(CAPACITY)
    times = written(ring, sizes)
    cursor = ring.since().cursor

    ring.push(np.arange(later) + len(times), np.zeros(later, np.int32), 0)

    found = ring.since(cursor)
    np.testing.assert_array_equal(found.t, np.arange(later) + len(times))
    assert found.lost == 0


@pytest.mark.parametrize("until", [0, 3, 9, 12])
def test_a_look_at_the_past_stops_where_it_was_told(until):
    ring = EventRing(CAPACITY)
    written(ring, [6, 6])

    found = ring.since(0, until)

    np.testing.assert_array_equal(found.t, np.arange(4, max(until, 4)))


def test_traces_keep_their_channels_together_across_the_end():
    ring = TraceRing(2, CAPACITY)
    values = np.arange(24, dtype=np.float32).reshape(12, 2)

    ring.push(np.arange(5), values[:5])
    ring.push(np.arange(5, 12), values[5:])

    np.testing.assert_array_equal(ring.since().values, values[4:])
