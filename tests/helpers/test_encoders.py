"""Encoders keep their word: shapes, rates, seeds, untouched inputs."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from conex_core.errors import ParameterError
from conex_core.helpers import Intensity2Latency, Poisson, PoissonEncoder, SimplePoisson

ENCODERS = [
    PoissonEncoder(rate=200, seed=1),
    SimplePoisson(50, 0.5, seed=1),
    Poisson(50, 0.5, seed=1),
    Intensity2Latency(50),
]


@pytest.mark.parametrize("encoder", ENCODERS, ids=repr)
def test_every_encoder_gives_bools_with_time_first_and_leaves_its_input_alone(encoder):
    x = torch.rand(3, 4, generator=torch.Generator().manual_seed(0))
    before = x.clone()

    spikes = encoder(x.T)

    assert spikes.dtype is torch.bool
    assert spikes.shape[1:] == (4, 3)
    assert torch.equal(x, before)


@pytest.mark.parametrize(("duration", "dt", "steps"), [(100, 1.0, 100), (50, 0.1, 500), (1, 2, 1)])
def test_poisson_encoder_lasts_its_duration(duration, dt, steps):
    spikes = PoissonEncoder(duration=duration, dt=dt).encode(torch.ones(2))

    assert spikes.shape == (steps, 2)


@pytest.mark.parametrize("dt", [1.0, 0.5])
def test_poisson_encoder_reaches_its_rate_whatever_the_step(dt):
    x = torch.tensor([0.0, 0.5, 1.0, 7.0])

    spikes = PoissonEncoder(rate=40, duration=200_000, dt=dt, seed=3).encode(x)

    hz = spikes.sum(0) / 200
    torch.testing.assert_close(hz, torch.tensor([0.0, 20.0, 40.0, 40.0]), rtol=0.05, atol=0.0)


def test_the_same_seed_gives_the_same_spikes_and_the_stream_goes_on():
    x = torch.full((20,), 0.9)
    first, second = PoissonEncoder(rate=200, seed=5), PoissonEncoder(rate=200, seed=5)

    assert torch.equal(first.encode(x), second.encode(x))
    assert not torch.equal(first.encode(x), PoissonEncoder(rate=200, seed=5).encode(x))


def test_a_seeded_encoder_leaves_the_global_generator_alone():
    torch.manual_seed(11)
    expected = torch.rand(3)
    torch.manual_seed(11)

    PoissonEncoder(seed=1).encode(torch.ones(4))

    assert torch.equal(torch.rand(3), expected)


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"rate": -1}, "rate"),
        ({"rate": float("nan")}, "rate"),
        ({"rate": 1001}, "rate"),
        ({"duration": 0}, "duration"),
        ({"dt": 0}, "dt"),
        ({"dt": "1"}, "dt"),
        ({"seed": 1.5}, "seed"),
        ({"seed": 1, "generator": torch.Generator()}, "seed"),
    ],
)
def test_poisson_encoder_names_the_field_that_is_wrong(options, field):
    with pytest.raises(ParameterError) as caught:
        PoissonEncoder(**options)

    assert caught.value.field == field


def test_poisson_encoder_refuses_what_is_no_number():
    with pytest.raises(ParameterError, match="finite"):
        PoissonEncoder().encode(torch.tensor([0.1, float("nan")]))


def test_encoders_take_lists_and_whole_numbers():
    assert PoissonEncoder(seed=1).encode([0, 1]).shape == (100, 2)
    assert SimplePoisson(5, 1.0, seed=1)(torch.tensor([0, 1], dtype=torch.uint8))[:, 1].all()


def test_poisson_never_spikes_for_zero():
    spikes = Poisson(200, 1.0, seed=1)(torch.tensor([0.0, 1.0]))

    assert not spikes[:, 0].any()
    assert spikes[:, 1].any()


@given(
    st.lists(st.floats(0, 1, width=32), min_size=1, max_size=12),
    st.booleans(),
    st.booleans(),
)
def test_latency_gives_one_spike_each_the_stronger_the_earlier(values, lower, higher):
    x = torch.tensor(values)

    spikes = Intensity2Latency(16, lower_trim=lower, higher_trim=higher)(x)

    assert (spikes.sum(0) == 1).all()
    when = spikes.int().argmax(0)
    assert all(when[a] <= when[b] for a in range(len(x)) for b in range(len(x)) if x[a] >= x[b])


def test_latency_of_a_uniform_image_spikes_once_everywhere():
    assert Intensity2Latency(8)(torch.ones(2, 2)).sum() == 4


def test_latency_keeps_its_threshold_when_sparsity_is_given():
    encoder = Intensity2Latency(8, sparsity=0.5)

    assert encoder(torch.tensor([0.1, 0.2, 0.8, 0.9])).sum() == 2
    assert encoder(torch.tensor([0.5, 0.6, 0.7, 0.8])).sum() == 2
