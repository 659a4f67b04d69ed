"""Typed initial values: what they draw, how they are written and read, what they refuse."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from conex_core.distributions import (
    DISTRIBUTIONS,
    Array,
    Choice,
    Constant,
    LogNormal,
    Normal,
    Uniform,
    from_data,
    parse_mode,
    to_data,
)
from conex_core.errors import ConexError, ParameterError
from conex_core.helpers.sampling import mean_of, sample

NUMBERS = st.floats(-1e6, 1e6)
CHOICES = st.lists(st.tuples(NUMBERS, st.floats(0.001, 10)), min_size=1, max_size=6).map(
    lambda pairs: Choice(tuple(v for v, _ in pairs), tuple(p for _, p in pairs))
)
DRAWN = [
    Constant(2.5),
    Uniform(-1, 3),
    Normal(4, 0.5),
    LogNormal(0.1, 0.3),
    Choice((1, 2, 8)),
    Choice((-70, -60), (0.9, 0.1)),
]


@pytest.mark.parametrize("distribution", DRAWN, ids=str)
def test_what_is_drawn_keeps_its_mean_and_bounds(distribution):
    low, high = distribution.bounds()

    drawn = sample(distribution, (20_000,), torch.Generator().manual_seed(1), torch.float64)

    assert float(drawn.mean()) == pytest.approx(mean_of(distribution), rel=0.03)
    assert low <= float(drawn.min()) <= float(drawn.max()) <= high


@pytest.mark.parametrize("distribution", DRAWN, ids=str)
def test_the_same_seed_draws_the_same_and_leaves_the_global_generator_alone(distribution):
    before = torch.get_rng_state()

    first, second = (
        sample(distribution, (3, 5), torch.Generator().manual_seed(7)) for _ in range(2)
    )

    assert torch.equal(first, second)
    assert torch.equal(torch.get_rng_state(), before)


def test_a_choice_keeps_its_probabilities():
    choice = Choice((1.0, 2.0, 3.0), (6, 3, 1))

    drawn = sample(choice, (50_000,), torch.Generator().manual_seed(3))

    shares = torch.stack([(drawn == value).double().mean() for value in choice.values])
    torch.testing.assert_close(shares, torch.tensor([0.6, 0.3, 0.1]).double(), atol=0.01, rtol=0)
    assert choice.weights == pytest.approx((0.6, 0.3, 0.1))


def test_a_value_of_probability_0_is_never_drawn():
    drawn = sample(Choice((1, 2, 3), (0, 1, 0)), (10_000,), torch.Generator().manual_seed(3))

    assert set(drawn.tolist()) == {2.0}


@pytest.mark.parametrize("distribution", [*DRAWN, Array("w.npy", "ab")], ids=str)
def test_every_distribution_survives_its_file_form(distribution):
    assert from_data(to_data(distribution)) == distribution


@given(CHOICES)
def test_a_choice_survives_lists_as_a_file_gives_them(choice):
    data = {key: list(v) if isinstance(v, tuple) else v for key, v in to_data(choice).items()}

    assert from_data(data) == choice
    assert hash(from_data(data)) == hash(choice)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("choice(1, 2)", Choice((1, 2))),
        ("choice(-70: 0.9, -60: 0.1)", Choice((-70, -60), (0.9, 0.1))),
        ("choice(4)", Choice((4,))),
        ("lognormal(0, 0.5)", LogNormal(0, 0.5)),
        ("normal(mean=1, std=2)", Normal(1, 2)),
        ("uniform(-1, 1)", Uniform(-1, 1)),
        ("full(3)", Constant(3)),
        ("rand", Uniform()),
    ],
)
def test_a_mode_text_names_a_distribution(text, expected):
    assert parse_mode(text) == expected


@pytest.mark.parametrize("distribution", DRAWN, ids=str)
def test_a_distribution_is_shown_as_a_text_that_means_it(distribution):
    assert parse_mode(str(distribution)) == distribution


@pytest.mark.parametrize(
    ("build", "field"),
    [
        (lambda: Choice(()), "values"),
        (lambda: Choice((1, "2")), "values"),
        (lambda: Choice((1, True)), "values"),
        (lambda: Choice((1, float("nan"))), "values"),
        (lambda: Choice("12"), "values"),
        (lambda: Choice(5), "values"),
        (lambda: Choice((1, 2), (1,)), "probabilities"),
        (lambda: Choice((1, 2), (1, -1)), "probabilities"),
        (lambda: Choice((1, 2), (0, 0)), "probabilities"),
        (lambda: Choice((1, 2), (1, float("inf"))), "probabilities"),
        (lambda: Uniform(3, 1), "high"),
        (lambda: Normal(0, -1), "std"),
        (lambda: LogNormal(0, -1), "std"),
    ],
)
def test_a_wrong_distribution_names_the_field(build: Any, field: str):
    with pytest.raises(ParameterError) as caught:
        build()

    assert caught.value.field == field


@pytest.mark.parametrize(
    "text",
    ["choice()", "choice(1: 0.5, 2)", "choice(a)", "choice(1:2:3)", "__import__('os')", "gamma(1)"],
)
def test_a_text_that_means_nothing_is_refused(text):
    with pytest.raises(ParameterError, match="mode"):
        parse_mode(text)


@given(
    st.sampled_from(sorted(DISTRIBUTIONS)),
    st.dictionaries(
        st.sampled_from(["values", "probabilities", "low", "mean", "std", "path", "x"]),
        st.none() | st.text(max_size=3) | NUMBERS | st.lists(NUMBERS, max_size=3) | st.booleans(),
    ),
)
def test_damaged_data_never_ends_in_a_foreign_error(name, fields):
    try:
        found = from_data({"$": name, **fields})
    except ConexError:
        return

    assert from_data(to_data(found)) == found
