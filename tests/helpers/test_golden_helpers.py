"""The helpers give the golden numbers of the field's reference framework."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import torch

from conex_core.helpers import encoders, filters, masks, transforms

GOLDEN = Path(os.environ.get("CONEX_GOLDEN", Path(__file__).parents[1] / "golden"))
ENCODERS = sorted(GOLDEN.glob("enc_*.json"))
FILTERS = sorted(GOLDEN.glob("filter_*.json"))
MASKS = sorted(GOLDEN.glob("mask_*.json"))


def load(path):
    case = json.loads(path.read_text())
    torch.manual_seed(case.get("seed", 0))
    return case


def tensor(values):
    return torch.tensor(values, dtype=torch.float32)


@pytest.mark.parametrize("path", ENCODERS, ids=lambda path: path.stem)
def test_encoders_give_the_golden_spikes(path):
    case = load(path)

    spikes = getattr(encoders, case["target"])(**case["params"])(tensor(case["input"]))

    assert torch.equal(spikes, torch.tensor(case["expected"]["output"], dtype=torch.bool))


@pytest.mark.parametrize("path", FILTERS, ids=lambda path: path.stem)
def test_filters_give_the_golden_kernels(path):
    case = load(path)

    kernel = getattr(filters, case["target"])(**case["params"])

    torch.testing.assert_close(kernel, tensor(case["expected"]["output"]), **case["tolerance"])


@pytest.mark.parametrize("path", MASKS, ids=lambda path: path.stem)
def test_grid_masks_give_the_golden_cells(path):
    case = load(path)

    images, locations = getattr(masks, case["target"])(**case["params"])(tensor(case["input"]))

    assert torch.equal(images, tensor(case["expected"]["images"]))
    assert torch.equal(locations, torch.tensor(case["expected"]["locations"], dtype=torch.bool))


def test_conv2d_filter_gives_the_golden_images():
    case = load(GOLDEN / "misc_Conv2dFilter_open.json")

    output = transforms.Conv2dFilter(**case["params"])(tensor(case["input"]))

    torch.testing.assert_close(output, tensor(case["expected"]["output"]), **case["tolerance"])


def test_misc_transforms_give_the_golden_tensors():
    case = load(GOLDEN / "misc_transforms_open.json")
    x, expected = tensor(case["input"]), case["expected"]

    assert torch.equal(transforms.AbsoluteTransform()(x), tensor(expected["AbsoluteTransform"]))
    assert torch.equal(transforms.DivideSignPolarity()(x), tensor(expected["DivideSignPolarity"]))
    assert torch.equal(transforms.SwapTransform(0, 1)(x), tensor(expected["SwapTransform(0,1)"]))
    shape = list(transforms.UnsqueezeTransform(0)(x).shape)
    assert shape == expected["UnsqueezeTransform(0)_shape"]
