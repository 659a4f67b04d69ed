"""No helper changes what it was given, whatever type and layout it has."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from conex_core import helpers
from conex_core.errors import ParameterError

TYPES = (torch.uint8, torch.bool, torch.float32, torch.float64, torch.int64)
KERNEL = torch.ones(1, 2, 1, 1)
GENERATOR = torch.Generator()

ENCODERS = [
    helpers.PoissonEncoder(rate=200, duration=20, seed=1),
    helpers.SimplePoisson(20, 0.5, seed=1),
    helpers.Poisson(20, 0.5, seed=1),
    helpers.Intensity2Latency(20),
    helpers.Intensity2Latency(20, sparsity=0.4, min_val=0.2, lower_trim=False),
    helpers.Intensity2Latency(20, min_val=-1, max_val=255, higher_trim=False),
]
TRANSFORMS = [
    helpers.normalize_tensor,
    helpers.UnsqueezeTransform(0),
    helpers.SqueezeTransform(),
    helpers.SqueezeTransform(dim=1),
    helpers.SwapTransform(0, 2),
    helpers.DeviceTransform("cpu"),
    helpers.AbsoluteTransform(),
    helpers.DivideSignPolarity(),
    helpers.Conv2dFilter(KERNEL),
]
MASKS = [
    helpers.GridEraseMask(2, 2, gap=(0, 1, 0, 0)),
    helpers.GridKeepMask(2, 3, random=True, seed=1),
    helpers.GridCropMask(3, 2),
    helpers.MaskBuilder(4, 5).random(0.5, seed=1).apply,
    helpers.MaskBuilder(4, 5).circle().apply,
]
FILTERS = {"DoGFilter": (5, 1.0, 2.0), "GaborFilter": (5, 3.0, 0.4, 2.0, 0.5)}


@st.composite
def images(draw: st.DrawFn) -> torch.Tensor:
    """Return (2, 4, 5) of any type, contiguous, transposed, sliced or expanded."""
    seed = draw(st.integers(0, 2**31))
    values = torch.rand(5, 4, 4, generator=torch.Generator().manual_seed(seed))
    layout = draw(st.sampled_from(["plain", "turned", "sliced", "expanded"]))
    made = {
        "plain": lambda: values[:2, :4].repeat(1, 1, 2)[..., :5].contiguous(),
        "turned": lambda: values[:, :4, :2].permute(2, 1, 0),
        "sliced": lambda: values.repeat(1, 1, 3)[::4][:2, :, ::2][..., :5],
        "expanded": lambda: values[:1, :, :1].expand(2, 4, 5),
    }[layout]()
    kind = draw(st.sampled_from(TYPES))
    return (made * 255).to(kind) if kind in (torch.uint8, torch.int64) else (made * 1.4).to(kind)


@pytest.mark.parametrize(
    "helper",
    [*ENCODERS, *TRANSFORMS, *MASKS],
    ids=lambda helper: getattr(helper, "__name__", repr(helper)),
)
@given(image=images())
def test_the_input_is_never_changed(helper: Any, image: torch.Tensor):
    before = image.clone()

    helper(image)

    assert torch.equal(image, before)
    assert image.dtype == before.dtype


@pytest.mark.parametrize("encoder", ENCODERS, ids=repr)
@given(image=images())
def test_spikes_have_time_first_whatever_came(encoder: Any, image: torch.Tensor):
    spikes = encoder(image)

    assert spikes.dtype is torch.bool
    assert spikes.shape[1:] == image.shape


@pytest.mark.parametrize("encoder", ENCODERS, ids=repr)
def test_a_tuple_is_encoded_part_by_part(encoder: Any):
    first, second = torch.rand(2, 3), torch.rand(4)

    spikes = encoder((first, second))

    assert isinstance(spikes, tuple)
    assert [part.shape[1:] for part in spikes] == [first.shape, second.shape]


@pytest.mark.parametrize("helper", [*ENCODERS, *TRANSFORMS[1:], *MASKS[:3]], ids=repr)
def test_every_helper_has_a_repr_that_names_it(helper: Any):
    assert repr(helper).startswith(f"{type(helper).__name__}(")


@pytest.mark.parametrize(
    "make",
    [
        lambda **chance: helpers.PoissonEncoder(rate=300, **chance),
        lambda **chance: helpers.SimplePoisson(20, 0.5, **chance),
        lambda **chance: helpers.Poisson(20, 0.5, **chance),
        lambda **chance: helpers.GridKeepMask(4, 4, random=True, **chance),
        lambda **chance: helpers.GridEraseMask(4, 4, random=True, **chance),
        lambda **chance: helpers.GridCropMask(4, 4, random=True, **chance),
        lambda **chance: lambda image: helpers.MaskBuilder(8, 8).random(**chance).apply(image),
    ],
    ids=["PoissonEncoder", "SimplePoisson", "Poisson", "Keep", "Erase", "Crop", "MaskBuilder"],
)
def test_a_seed_or_a_generator_decides_and_nothing_global_moves(make: Any):
    image = torch.rand(1, 8, 8, generator=torch.Generator().manual_seed(0))
    before = torch.get_rng_state()

    seeded = [make(seed=3)(image), make(seed=3)(image)]
    handed = [make(generator=GENERATOR.manual_seed(3))(image) for _ in range(2)]

    assert _alike(*seeded)
    assert _alike(*handed)
    assert _alike(seeded[0], handed[0])
    assert not _alike(seeded[0], make(seed=4)(image))
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize("size", [0, -3])
def test_a_filter_without_points_is_refused(name: str, size: int):
    with pytest.raises(ParameterError, match="size"):
        getattr(helpers, name)(size, *FILTERS[name][1:])


@pytest.mark.parametrize("name", FILTERS)
def test_filters_balance_and_sum_to_1_when_asked(name: str):
    kernel = getattr(helpers, name)(*FILTERS[name], zero_mean=True, one_sum=True)

    assert float(kernel.sum()) == pytest.approx(0, abs=1e-6)
    assert float(kernel.abs().sum()) == pytest.approx(1)


def _alike(first: Any, second: Any) -> bool:
    if isinstance(first, tuple):
        return all(_alike(one, other) for one, other in zip(first, second, strict=True))
    return torch.equal(first, second)
