"""Masks combine and apply; grids cut along the right axes."""

from __future__ import annotations

import pytest
import torch

from conex_core.errors import ParameterError, ShapeError
from conex_core.helpers import GridCropMask, GridEraseMask, GridKeepMask, MaskBuilder

MAKE = MaskBuilder(4, 6)


def test_masks_are_bool_tensors_of_the_builders_size():
    for mask in (MAKE.rectangle(0, 0, 2, 2), MAKE.grid(2, 2), MAKE.circle(), MAKE.random(seed=1)):
        assert isinstance(mask, torch.Tensor)
        assert mask.dtype is torch.bool
        assert mask.shape == (4, 6)


def test_builders_take_a_shape_too():
    assert MaskBuilder((4, 6)).full().shape == (4, 6)


def test_a_rectangle_is_cut_at_the_border():
    assert MAKE.rectangle(-1, 4, 3, 9).nonzero().tolist() == [[0, 4], [0, 5], [1, 4], [1, 5]]


def test_a_circle_holds_the_points_within_its_radius():
    assert MAKE.circle((1, 1), 1).nonzero().tolist() == [[0, 1], [1, 0], [1, 1], [1, 2], [2, 1]]


def test_a_grid_is_a_chequerboard_or_one_cell():
    assert MAKE.grid(2, 3)[:, 0].tolist() == [True, True, False, False]
    assert torch.equal(MAKE.grid(2, 3, cell=(1, 2)), MAKE.rectangle(2, 4, 2, 2))


def test_random_masks_follow_their_density_and_seed():
    make = MaskBuilder(100, 100)

    assert abs(float(make.random(0.3, seed=2).float().mean()) - 0.3) < 0.03
    assert torch.equal(make.random(0.3, seed=2), make.random(0.3, seed=2))
    assert not make.random(0.0).any()
    assert make.random(1.0).all()


def test_masks_combine():
    left, top = MAKE.rectangle(0, 0, 4, 3), MAKE.rectangle(0, 0, 2, 6)

    assert torch.equal(left & top, MAKE.rectangle(0, 0, 2, 3))
    assert (left | top).sum() == 18
    assert torch.equal(~(left | top), MAKE.rectangle(2, 3, 2, 3))
    assert torch.equal(left ^ left, MAKE.empty())


def test_combined_masks_still_apply():
    x = torch.ones(2, 4, 6)

    kept = (MAKE.full() & ~MAKE.rectangle(0, 0, 2, 6)).apply(x, fill=-1)

    assert kept[:, 0].eq(-1).all()
    assert kept[:, 3].eq(1).all()
    assert x.eq(1).all()


def test_a_mask_of_another_size_is_refused_by_name():
    with pytest.raises(ShapeError, match=r"\(4, 6\)"):
        MAKE.full().apply(torch.ones(6, 4))


def test_wrong_arguments_name_their_field():
    for call in (
        lambda: MaskBuilder(0, 3),
        lambda: MAKE.circle(radius=-1),
        lambda: MAKE.random(1.5),
        lambda: MAKE.grid(0, 2),
        lambda: MAKE.grid(2, 2, cell=(2, 0)),
    ):
        with pytest.raises(ParameterError):
            call()


@pytest.mark.parametrize("kind", [GridEraseMask, GridKeepMask, GridCropMask])
def test_shuffled_cells_keep_their_locations(kind):
    image = torch.rand(1, 6, 6)
    images, locations = kind(2, 3)(image)

    shuffled, places = kind(2, 3, random=True, seed=4)(image)

    order = [int((locations == place).all((1, 2)).nonzero()) for place in places]
    assert order != sorted(order)
    assert torch.equal(shuffled, images[order])


def test_gap_takes_pixels_off_the_named_sides():
    image = torch.ones(1, 4, 8)

    kept = GridKeepMask(1, 1, gap=(1, 2, 1, 0))(image)[0][0]

    assert kept[0].any(1).tolist() == [False, True, True, True]
    assert kept[0].any(0).tolist() == [False] + [True] * 5 + [False] * 2
    assert GridCropMask(1, 1, gap=(1, 2, 1, 0))(image)[0].shape == (1, 1, 3, 5)
    assert torch.equal(GridEraseMask(1, 1, gap=(1, 2, 1, 0))(image)[0][0], 1 - kept)
