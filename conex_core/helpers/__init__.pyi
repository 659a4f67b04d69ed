"""What the helpers are, and where."""

from .data import EncodedDataset as EncodedDataset, load_digits as load_digits
from .encoders import (
    Intensity2Latency as Intensity2Latency,
    Poisson as Poisson,
    PoissonEncoder as PoissonEncoder,
    SimplePoisson as SimplePoisson,
)
from .filters import DoGFilter as DoGFilter, GaborFilter as GaborFilter
from .location import LocationDataset as LocationDataset
from .masks import (
    GridCropMask as GridCropMask,
    GridEraseMask as GridEraseMask,
    GridKeepMask as GridKeepMask,
    Mask as Mask,
    MaskBuilder as MaskBuilder,
)
from .readout import accuracy as accuracy, assign_labels as assign_labels, predict as predict
from .transforms import (
    AbsoluteTransform as AbsoluteTransform,
    Conv2dFilter as Conv2dFilter,
    DeviceTransform as DeviceTransform,
    DivideSignPolarity as DivideSignPolarity,
    SqueezeTransform as SqueezeTransform,
    SwapTransform as SwapTransform,
    UnsqueezeTransform as UnsqueezeTransform,
    normalize_tensor as normalize_tensor,
)
