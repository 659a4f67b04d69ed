"""LocationDataset pairs every image with a place, and says what it misses."""

from __future__ import annotations

import pytest
import torch
from torch.utils.data import DataLoader

from conex_core.errors import ParameterError
from conex_core.helpers import GridCropMask, LocationDataset

PAIRS = [(torch.rand(1, 4, 6), label) for label in (3, 1)]


def test_an_item_is_image_location_and_label():
    data = LocationDataset(PAIRS, GridCropMask(2, 3))

    image, location, label = data[1]

    assert (image.shape, location.shape, label) == ((6, 1, 2, 2), (6, 2, 3), 1)
    assert len(data) == len(list(data)) == 2


def test_each_part_goes_through_its_own_transform():
    data = LocationDataset(
        PAIRS,
        lambda image: (image, torch.tensor([1.0])),
        post_transform=lambda image: image * 2,
        location_transform=lambda place: place + 1,
        target_transform=str,
    )

    image, location, label = data[0]

    assert torch.equal(image, PAIRS[0][0] * 2)
    assert location.tolist() == [2.0]
    assert label == "3"


def test_torch_can_load_it_in_batches():
    batch = next(iter(DataLoader(LocationDataset(PAIRS, GridCropMask(2, 2)), batch_size=2)))

    assert [part.shape[0] for part in batch] == [2, 2, 2]


@pytest.mark.parametrize("wrong", [None, 3])
def test_without_a_pre_transform_there_is_no_location(wrong):
    with pytest.raises(ParameterError, match="pre_transform must be a callable"):
        LocationDataset(PAIRS, wrong)


def test_a_pre_transform_that_gives_no_location_is_named():
    data = LocationDataset(PAIRS, lambda image: image)

    with pytest.raises(ParameterError, match="must give \\(image, location\\)"):
        data[0]
