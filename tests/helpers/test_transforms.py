"""normalize_tensor, the small transforms and the filters."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from conex_core.errors import ParameterError
from conex_core.helpers import (
    Conv2dFilter,
    DeviceTransform,
    DivideSignPolarity,
    DoGFilter,
    GaborFilter,
    SqueezeTransform,
    normalize_tensor,
)

FLOATS = st.floats(allow_nan=False, allow_infinity=False, width=32)


@given(st.lists(FLOATS, min_size=1, max_size=20))
def test_normalised_values_span_zero_to_one_or_are_low(values):
    x = torch.tensor(values)
    before = x.clone()

    y = normalize_tensor(x)

    assert torch.equal(x, before)
    assert torch.isfinite(y).all()
    assert y.min() == 0
    assert y.max() == float(x.min() != x.max())


def test_normalize_tensor_reaches_both_ends_exactly():
    y = normalize_tensor(torch.tensor([3, 9, 5], dtype=torch.uint8), low=-2, high=4)

    assert y[:2].tolist() == [-2, 4]
    assert float(y[2]) == pytest.approx(0, abs=1e-6)


def test_normalize_tensor_takes_constant_empty_and_huge_input():
    assert normalize_tensor(torch.full((2,), 7.0), low=-1).tolist() == [-1, -1]
    assert normalize_tensor(torch.empty(0)).shape == (0,)
    assert normalize_tensor([-3e38, 0.0, 3e38]).tolist() == [0, 0.5, 1]


def test_normalize_tensor_refuses_nan():
    with pytest.raises(ParameterError, match="finite"):
        normalize_tensor([0.0, float("nan")])


def test_squeeze_without_a_dimension_drops_all_of_size_one():
    assert SqueezeTransform()(torch.zeros(1, 2, 1)).shape == (2,)
    assert SqueezeTransform(0)(torch.zeros(1, 2, 1)).shape == (2, 1)


def test_device_transform_moves():
    assert DeviceTransform("cpu")(torch.zeros(1)).device.type == "cpu"


def test_conv2d_filter_wants_four_dimensions():
    with pytest.raises(ParameterError, match="filters"):
        Conv2dFilter(torch.zeros(2, 2))


def test_a_finer_step_gives_more_points():
    assert DoGFilter(3, 1, 2, step=0.5).shape == (5, 5)
    assert GaborFilter(3, 4, 0, 1, 1, step=0.5).shape == (5, 5)


def test_zero_mean_kernels_sum_to_nothing_and_one_sum_to_one():
    kernel = GaborFilter(7, 4, 0.3, 2, 0.5, zero_mean=True, one_sum=True)

    assert abs(float(kernel.sum())) < 1e-6
    assert float(kernel.abs().sum()) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("arguments", [(0, 1, 2), (3, 0, 2), (3, 1, -2)])
def test_filters_refuse_impossible_sizes(arguments):
    with pytest.raises(ParameterError):
        DoGFilter(*arguments)


def test_whole_numbers_meet_the_true_kernel():
    halves = Conv2dFilter(torch.full((1, 1, 1, 1), 0.5))

    assert halves(torch.tensor([[[1, 3]]], dtype=torch.uint8)).tolist() == [[[0.5, 1.5]]]


def test_unsigned_numbers_have_no_off_channel():
    x = torch.tensor([0, 3, 255], dtype=torch.uint8)

    assert DivideSignPolarity()(x).tolist() == [0, 3, 255, 0, 0, 0]
