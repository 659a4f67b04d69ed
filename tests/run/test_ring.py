"""Rings give back the last entries in order, however they were written and read."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from conex_core.run.ring import EventRing, SnapshotRing, TraceRing

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


def test_a_snapshot_is_asked_for_by_reading():
    ring = SnapshotRing(cells=16)

    before = ring.is_asked
    nothing = ring.latest()

    assert (before, nothing, ring.is_asked) == (False, None, True)


def test_a_snapshot_comes_back_as_it_was_and_answers_the_question():
    ring, matrix = SnapshotRing(cells=16), np.arange(12, dtype=np.float32).reshape(3, 4)
    ring.latest()

    ring.push(7, matrix, (3, 4))

    assert not ring.is_asked
    found = ring.latest()
    assert found is not None
    assert (found.t, found.shape, found.step) == (7, (3, 4), 1)
    np.testing.assert_array_equal(found.values, matrix)
    assert ring.is_asked


@given(some.integers(1, 40), some.integers(1, 40))
def test_a_matrix_without_room_is_thinned_to_what_fits(rows, columns):
    ring, matrix = SnapshotRing(cells=50), np.random.default_rng(1).random((rows, columns), "f4")
    step = ring.step_for((rows, columns))

    ring.push(1, matrix[::step, ::step], (rows, columns), step)

    found = ring.latest()
    assert found is not None
    assert found.values.size <= 50
    assert found.shape == (rows, columns)
    np.testing.assert_array_equal(found.values, matrix[::step, ::step])


def test_the_last_snapshots_move_with_their_memory():
    ring = SnapshotRing(cells=4)
    for t in range(1, 7):
        ring.push(t, np.full((2, 2), t, np.float32), (2, 2))

    ring.move(memoryview(bytearray(ring.nbytes)))

    found = ring.latest()
    assert found is not None
    assert (found.t, found.values.tolist()) == (6, [[6, 6], [6, 6]])
