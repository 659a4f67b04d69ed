"""Helpers: encoders, masks, filters, transforms, data and plots.

Names are looked up on first use, so that importing the package loads neither
torch nor Qt.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conex_core.helpers.data import EncodedDataset, load_digits
    from conex_core.helpers.encoders import (
        Intensity2Latency,
        Poisson,
        PoissonEncoder,
        SimplePoisson,
    )
    from conex_core.helpers.filters import DoGFilter, GaborFilter
    from conex_core.helpers.location import LocationDataset
    from conex_core.helpers.masks import (
        GridCropMask,
        GridEraseMask,
        GridKeepMask,
        Mask,
        MaskBuilder,
    )
    from conex_core.helpers.readout import accuracy, assign_labels, predict
    from conex_core.helpers.transforms import (
        AbsoluteTransform,
        Conv2dFilter,
        DeviceTransform,
        DivideSignPolarity,
        SqueezeTransform,
        SwapTransform,
        UnsqueezeTransform,
        normalize_tensor,
    )

__all__ = [
    "AbsoluteTransform",
    "Conv2dFilter",
    "DeviceTransform",
    "DivideSignPolarity",
    "DoGFilter",
    "EncodedDataset",
    "GaborFilter",
    "GridCropMask",
    "GridEraseMask",
    "GridKeepMask",
    "Intensity2Latency",
    "LocationDataset",
    "Mask",
    "MaskBuilder",
    "Poisson",
    "PoissonEncoder",
    "SimplePoisson",
    "SqueezeTransform",
    "SwapTransform",
    "UnsqueezeTransform",
    "accuracy",
    "assign_labels",
    "load_digits",
    "normalize_tensor",
    "predict",
]

_HOMES = {
    "data": ("EncodedDataset", "load_digits"),
    "encoders": ("Intensity2Latency", "Poisson", "PoissonEncoder", "SimplePoisson"),
    "filters": ("DoGFilter", "GaborFilter"),
    "location": ("LocationDataset",),
    "masks": ("GridCropMask", "GridEraseMask", "GridKeepMask", "Mask", "MaskBuilder"),
    "readout": ("accuracy", "assign_labels", "predict"),
    "transforms": (
        "AbsoluteTransform",
        "Conv2dFilter",
        "DeviceTransform",
        "DivideSignPolarity",
        "SqueezeTransform",
        "SwapTransform",
        "UnsqueezeTransform",
        "normalize_tensor",
    ),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
