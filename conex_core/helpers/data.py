"""Data for input layers: the shipped digits, arrays from files, lazy encoding.

Intensities are floats in [0, 1]. An :class:`EncodedDataset` turns them into
spikes sample by sample while the network runs, so that a whole data set never
lies in memory as spikes.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

import numpy as np
import torch
from torch import Tensor

from conex_core.errors import FileError, ShapeError, UnknownName
from conex_core.helpers.encoders import SEED
from conex_core.helpers.inputs import checked_room, checked_shape
from conex_core.helpers.location import LocationDataset
from conex_core.resources import resource

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "DIGITS_TRAIN",
    "EncodedDataset",
    "LocationDataset",
    "Samples",
    "load_digits",
    "load_samples",
    "noise_samples",
]

DIGITS_TRAIN = 1437
_SPLITS = {
    "train": slice(None, DIGITS_TRAIN),
    "test": slice(DIGITS_TRAIN, None),
    "all": slice(None),
}


class Samples(NamedTuple):
    """Hold images (count, ...) as floats in [0, 1] and their labels (count,)."""

    images: Tensor
    labels: Tensor


class Encoder(Protocol):
    """Turn intensities into spikes: a tensor ``x`` into booleans (time, *x.shape)."""

    generator: torch.Generator | None

    def encode(self, x: Tensor) -> Tensor:
        """Return the spikes of one sample."""


def load_digits(split: Literal["train", "test", "all"] = "all") -> Samples:
    """Return the 8 x 8 handwritten digits that ship with the program.

    ``train`` is the first 1,437 images, ``test`` the last 360.

    References
    ----------
    Alpaydin & Kaynak 1998, doi:10.24432/C50P49 (CC BY 4.0), through scikit-learn.
    """
    if split not in _SPLITS:
        raise UnknownName("split of the digits", split, _SPLITS)
    samples = load_samples(resource("data", "digits.npz"))
    part = _SPLITS[split]
    return Samples(samples.images[part], samples.labels[part])


def load_samples(path: str | Path) -> Samples:
    """Return the arrays ``images`` and ``labels`` of an ``.npz`` file.

    Whole-number images are divided by their largest value; float images must
    lie in [0, 1]. ``labels`` may be missing (all 0). Nothing pickled is read.

    Raises
    ------
    FileError
        If the file is missing, damaged or holds something else.
    """
    arrays = _read_npz(Path(path))
    if "images" not in arrays:
        raise FileError(path, "has no array 'images'", hint=f"it holds {_listed(arrays)}")
    images = _intensities(path, arrays["images"])
    labels = arrays.get("labels", np.zeros(len(images), np.int64))
    if labels.shape != (len(images),) or labels.dtype.kind not in "iu":
        raise FileError(
            path,
            f"'labels' must be {len(images)} whole numbers, one per image",
            hint=f"it is {labels.dtype} of shape {labels.shape}",
        )
    return Samples(torch.from_numpy(images), torch.from_numpy(labels.astype(np.int64)))


def noise_samples(shape: tuple[int, ...]) -> Samples:
    """Return a single sample whose every channel has intensity 1."""
    sides = checked_shape(shape)
    checked_room("shape", shape, *sides)
    return Samples(torch.ones(1, *sides), torch.zeros(1, dtype=torch.int64))


class EncodedDataset:
    """Yield (spikes, label) of one sample after the other, in order or shuffled.

    Spikes are boolean (1, time, ...), labels int64 (1,). Each pass over it is
    one epoch with a new order. With a ``seed``, order and spikes depend on
    ``seed`` and ``key`` alone; without one, on torch's global generator.
    """

    def __init__(
        self,
        images: Tensor,
        labels: Tensor,
        encoder: Encoder,
        *,
        shuffle: bool = True,
        seed: int | None = None,
        key: str = "",
    ) -> None:
        if len(images) != len(labels) or len(images) == 0:
            raise ShapeError("EncodedDataset", f"{len(images)} images and {len(labels)} labels")
        self.images, self.labels = images, labels
        self.encoder, self.shuffle = encoder, shuffle
        self.generator = None if seed is None else _generator(SEED.check(seed), key)
        if self.generator is not None:
            encoder.generator = self.generator

    def __len__(self) -> int:
        return len(self.images)

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        return _Pass(self)

    def resumed(self, state: dict[str, Any]) -> Iterator[tuple[Tensor, Tensor]]:
        """Return an iterator that goes on where ``state()`` of another was called."""
        return _Pass(self, state["order"], state["next"])

    def order(self) -> list[int]:
        """Draw the order of one epoch."""
        if not self.shuffle:
            return list(range(len(self)))
        order: list[int] = torch.randperm(len(self), generator=self.generator).tolist()
        return order


class _Pass:
    """Yield the samples of one epoch; the order is drawn with the first."""

    def __init__(self, data: EncodedDataset, order: list[int] | None = None, at: int = 0) -> None:
        self._data, self._order, self._next = data, order, at

    def __iter__(self) -> _Pass:
        return self

    def __next__(self) -> tuple[Tensor, Tensor]:
        if self._order is None:
            self._order = self._data.order()
        if self._next >= len(self._order):
            raise StopIteration
        index, data = self._order[self._next], self._data
        self._next += 1
        spikes = data.encoder.encode(data.images[index])
        return spikes.unsqueeze(0), data.labels[index].unsqueeze(0)

    def state(self) -> dict[str, Any]:
        """Return the order of this epoch and the place in it."""
        return {"order": self._order, "next": self._next}


def _generator(seed: int, key: str) -> torch.Generator:
    digest = hashlib.sha256(f"{seed}\0{key}\0EncodedDataset".encode()).digest()
    generator = torch.Generator()
    generator.manual_seed(int.from_bytes(digest[:8], "little") >> 1)
    return generator


def _read_npz(path: Path) -> dict[str, NDArray[np.generic]]:
    try:
        # np.load leaves a path's file open when it is damaged.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            if not isinstance(archive, np.lib.npyio.NpzFile):
                raise FileError(path, "is not an .npz archive", hint="save it with numpy.savez")
            return {name: archive[name] for name in ("images", "labels") if name in archive.files}
    except FileNotFoundError:
        raise FileError(path, "there is no such file") from None
    except IsADirectoryError:
        raise FileError(path, "is a folder, not an .npz file") from None
    except (OSError, ValueError, EOFError, MemoryError, zipfile.BadZipFile) as error:
        raise FileError(
            path, f"cannot be read as an .npz archive ({error})", hint="save it with numpy.savez"
        ) from error


def _intensities(path: str | Path, images: NDArray[np.generic]) -> NDArray[np.float32]:
    if images.ndim < 2 or images.size == 0:
        raise FileError(path, f"'images' must be (count, height, width), it is {images.shape}")
    if images.dtype.kind not in "uif":
        raise FileError(path, f"'images' must hold numbers, it holds {images.dtype}")
    values = images.astype(np.float32)
    if images.dtype.kind != "f":
        values /= max(float(values.max()), 1.0)
    if not np.isfinite(values).all() or values.min() < 0 or values.max() > 1:
        raise FileError(
            path,
            "'images' must lie between 0 and 1",
            hint="divide by the largest value before saving",
        )
    return values


def _listed(arrays: dict[str, NDArray[np.generic]]) -> str:
    return ", ".join(sorted(arrays)) or "neither images nor labels"
