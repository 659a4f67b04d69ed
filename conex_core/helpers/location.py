"""LocationDataset: images that come with the place they were cut from.

An input layer with a location population needs both. The data set has no
base class and loads nothing itself; torch's DataLoader takes it as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

from conex_core.errors import ParameterError

__all__ = ["LocationDataset"]

Transform = Callable[[Any], Any]


class Labelled(Protocol):
    """Hold pairs (image, label), by number."""

    def __len__(self) -> int: ...
    def __getitem__(self, index: int, /) -> Any: ...


class LocationDataset:
    """Give (image, location, label) for each (image, label) of ``dataset``.

    Parameters
    ----------
    dataset : sequence of (image, label)
    pre_transform : callable
        Image to (image, location), such as a grid mask.
    post_transform, location_transform, target_transform : callable, optional
        Applied to the image, the location and the label that come out of it.

    Examples
    --------
    >>> pairs = [(torch.rand(1, 8, 8), 3)]
    >>> parts, places, label = LocationDataset(pairs, GridCropMask(2, 2))[0]
    >>> parts.shape, places.shape
    (torch.Size([4, 1, 4, 4]), torch.Size([4, 2, 2]))

    Raises
    ------
    ParameterError
        If there is no ``pre_transform``, or it gives no (image, location).
    """

    def __init__(
        self,
        dataset: Labelled,
        pre_transform: Transform | None = None,
        post_transform: Transform | None = None,
        location_transform: Transform | None = None,
        target_transform: Transform | None = None,
    ) -> None:
        if not callable(pre_transform):
            hint = "it makes the location; GridKeepMask(m, n) does"
            raise self._error("must be a callable: image to (image, location)", pre_transform, hint)
        self.dataset, self.pre_transform = dataset, pre_transform
        self.post_transform = post_transform
        self.location_transform = location_transform
        self.target_transform = target_transform

    def __len__(self) -> int:
        return len(self.dataset)

    def __getitem__(self, index: int) -> tuple[Any, Any, Any]:
        image, label = self.dataset[index]
        made = self.pre_transform(image)
        if not isinstance(made, tuple | list) or len(made) != 2:
            raise self._error("must give (image, location)", made)
        return (
            _through(self.post_transform, made[0]),
            _through(self.location_transform, made[1]),
            _through(self.target_transform, label),
        )

    def __iter__(self) -> Iterator[tuple[Any, Any, Any]]:
        return (self[index] for index in range(len(self)))

    def __repr__(self) -> str:
        return f"LocationDataset({len(self)} images, {self.pre_transform!r})"

    def _error(self, rule: str, got: Any, hint: str = "") -> ParameterError:
        return ParameterError("pre_transform", rule, got, hint=hint, behavior="LocationDataset")


def _through(transform: Transform | None, value: Any) -> Any:
    return value if transform is None else transform(value)
