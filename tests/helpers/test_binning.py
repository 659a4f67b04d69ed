"""Columns of time give what counting everything anew would give, whatever the batches."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from conex_core.helpers.visualization.over_time.bands import lay_out
from conex_core.helpers.visualization.over_time.binning import (
    DensityColumns,
    RangeColumns,
    column_of,
)

ROWS, WIDTH, STEPS = 3, 8, 2
EVENTS = st.lists(st.tuples(st.integers(1, 60), st.integers(0, ROWS - 1)), max_size=60)
CUTS = st.lists(st.integers(1, 59), max_size=8).map(lambda cuts: [0, *sorted(set(cuts)), 60])


@given(EVENTS, CUTS)
def test_density_counts_every_spike_of_the_last_columns(events, cuts):
    t, row = np.array(sorted(events), np.int64).reshape(-1, 2).T
    density = DensityColumns(ROWS, WIDTH, STEPS)
    density.restart(0)

    for begin, end in pairwise(cuts):
        first, last = np.searchsorted(t, (begin + 1, end + 1))
        density.add(t[first:last], row[first:last], int(first), end)

    first = column_of(60, STEPS) - WIDTH + 1
    kept = (t - 1) // STEPS >= first
    expected = np.zeros((ROWS, WIDTH), int)
    np.add.at(expected, (row[kept], (t[kept] - 1) // STEPS - first), 1)
    place = density.place_of(first)
    assert np.array_equal(density.cells[:, place : place + WIDTH], expected)
    assert density.start_of(first) == np.searchsorted(t, first * STEPS + 1)


def test_density_stops_at_255():
    density = DensityColumns(1, 4, 1)
    density.restart(0)

    density.add(np.ones(300, np.int64), np.zeros(300, np.int64), 0, 1)

    assert density.cells[0, 0] == 255


@given(st.lists(st.floats(-90, 30, width=32), min_size=40, max_size=40), CUTS)
def test_ranges_hold_the_extremes_of_every_column(values, cuts):
    samples, t = np.array(values, np.float32)[:, None], np.arange(1, 41)
    ranges = RangeColumns(1, WIDTH, STEPS)

    for begin, end in pairwise(cuts):
        ranges.add(t[begin:end], samples[begin:end])

    last = column_of(40, STEPS)
    low, high = ranges.window(last - WIDTH + 1, last)
    tail = samples[-WIDTH * STEPS :].reshape(WIDTH, STEPS)
    assert np.array_equal(low[:, 0], tail.min(1))
    assert np.array_equal(high[:, 0], tail.max(1))


def test_missing_samples_leave_a_gap():
    ranges = RangeColumns(1, WIDTH, 1)

    ranges.add(np.array([1, 2, 5]), np.zeros((3, 1), np.float32))

    assert np.isnan(ranges.window(0, 4)[0][:, 0]).tolist() == [False, False, True, True, False]


@given(st.lists(st.integers(1, 5000), min_size=1, max_size=6), st.integers(50, 900))
def test_bands_fill_the_height_in_order_and_find_their_neurons(sizes, height):
    bands = lay_out(sizes, height)

    assert bands[0].top == 0
    assert np.isclose(bands[-1].bottom, 1)
    assert all(a.bottom < b.top for a, b in pairwise(bands))
    for band in bands:
        neurons = np.arange(band.size, dtype=np.int32)
        assert [band.neuron_at(float(y)) for y in band.height(neurons[:50])] == list(range(50))[
            : band.size
        ]
        assert band.row(neurons).min() == 0
        assert band.row(neurons).max() == band.rows - 1
