"""Drawn connections: as many as asked for, none twice, none preferred."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from conex_core import catalog, examples
from conex_core.behaviors.synapses import drawing, weights
from conex_core.behaviors.synapses.drawing import distinct, drawn_connections, shuffled_cells
from conex_core.run.session import Session


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def cells(count: int, shape: tuple[int, int], seed: int) -> torch.Tensor:
    """Return the drawn cells, counted source after source."""
    starts, targets = drawn_connections(count, shape, seeded(seed), "cpu")
    sources = torch.arange(shape[0]).repeat_interleave(starts.diff())
    return sources * shape[1] + targets


@settings(deadline=None)
@given(
    shape=st.tuples(st.integers(1, 12), st.integers(1, 12)),
    part=st.floats(0.0, 1.0),
    seed=st.integers(0, 99),
)
def test_exactly_the_asked_number_of_cells_is_drawn_in_order(
    shape: tuple[int, int], part: float, seed: int
) -> None:
    count = int(part * shape[0] * shape[1])

    found = cells(count, shape, seed)

    assert len(found) == count
    assert bool((found.diff() > 0).all())
    assert not count or int(found[-1]) < shape[0] * shape[1]


@pytest.mark.parametrize("count", [3, 11, 17])
def test_every_cell_is_drawn_as_often_as_any_other(count: int) -> None:
    shape, draws = (4, 5), 4000
    times = torch.zeros(20)
    for seed in range(draws):
        times[cells(count, shape, seed)] += 1

    # Of each cell the number of draws is binomial; the sum over all is fixed.
    share = count / 20
    squares = (times - draws * share).square().sum() / (draws * share * (1 - share))
    assert float(squares) * 19 / 20 < 43.8  # chi-square with 19 degrees of freedom, p = 0.001


@pytest.mark.parametrize("count", [2, 4])
def test_every_pair_of_cells_is_as_likely_as_any_other(count: int) -> None:
    shape, draws = (2, 3), 6000
    together = torch.zeros(6, 6)
    for seed in range(draws):
        chosen = torch.zeros(6)
        chosen[cells(count, shape, seed)] = 1
        together += torch.outer(chosen, chosen)

    expected = draws * count * (count - 1) / (6 * 5)
    pairs = together[~torch.eye(6, dtype=torch.bool)]
    assert float((pairs - expected).abs().max()) < 4.5 * expected**0.5


@pytest.mark.parametrize("axis", [0, 1])
def test_degrees_spread_as_those_of_independent_connections(axis: int) -> None:
    sources, targets, count = 600, 500, 15_000
    found = cells(count, (sources, targets), 1)

    there = torch.zeros(sources * targets)
    there[found] = 1
    degrees = there.view(sources, targets).sum(axis)

    mean = count / len(degrees)
    other = sources * targets / len(degrees)
    variance = mean * (1 - mean / other)
    assert float(degrees.mean()) == pytest.approx(mean)
    assert float(degrees.var()) == pytest.approx(variance, rel=0.25)


def test_one_seed_draws_the_same_connections() -> None:
    first, same, other = (cells(500, (100, 100), seed) for seed in (1, 1, 2))

    assert torch.equal(first, same)
    assert not torch.equal(first, other)


def test_many_blocks_give_whole_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "_BLOCK", 50)
    told: list[int] = []

    starts, targets = drawn_connections(900, (70, 40), seeded(1), "cpu", told.append)

    assert len(told) > 10
    assert told == sorted(told)
    assert told[-1] == int(starts[-1]) == len(targets) == 900


def test_indices_beyond_a_short_integer_are_drawn() -> None:
    width = (1 << 31) + 5

    _, targets = drawn_connections(40, (2, width), seeded(1), "cpu")

    assert targets.dtype is torch.int64
    assert int(targets.max()) < width


def test_few_numbers_out_of_many_differ() -> None:
    found = distinct(900, 1000, seeded(1), "cpu")

    assert found.unique().tolist() == found.tolist()
    assert len(found) == 900


def test_shuffled_cells_are_sorted_and_differ() -> None:
    found = shuffled_cells(30, 50, seeded(1), "cpu")

    assert bool((found.diff() > 0).all())
    assert len(found) == 30


def test_a_long_draw_tells_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "FEW_CELLS", 0)
    monkeypatch.setattr(drawing, "_BLOCK", 1000)
    told: list[tuple[int, int, str]] = []

    session = Session.of(
        examples.load("balanced"), catalog.load(), progress=lambda *told_now: told.append(told_now)
    )

    shares = [done / of for done, of, _ in told]
    drawn = [doing for *_, doing in told if doing.endswith("connections")]
    assert shares == sorted(shares)
    assert 0 <= shares[0] < shares[-1] <= 1
    assert all(drawn.count(doing) > 1 for doing in drawn)
    assert session.network.progress is None
