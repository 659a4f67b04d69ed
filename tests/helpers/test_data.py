"""Data: the shipped digits, files of the user, and spikes sample by sample."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from conex_core.errors import FileError, ShapeError, UnknownName
from conex_core.helpers import PoissonEncoder
from conex_core.helpers.data import EncodedDataset, load_digits, load_samples, noise_samples
from conex_core.helpers.readout import SILENT, accuracy, assign_labels, predict


def dataset(seed: int | None, key: str = "a", shuffle: bool = True) -> EncodedDataset:
    images, labels = load_digits("test")
    return EncodedDataset(
        images[:20], labels[:20], PoissonEncoder(100, 10), shuffle=shuffle, seed=seed, key=key
    )


def test_the_digits_are_split_as_documented() -> None:
    sizes = [len(load_digits(split).labels) for split in ("train", "test", "all")]

    assert sizes == [1437, 360, 1797]
    assert load_digits().images.shape == (1797, 8, 8)
    assert load_digits().images.min() == 0
    assert load_digits().images.max() == 1
    assert set(load_digits().labels.tolist()) == set(range(10))


def test_an_unknown_split_is_named() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'train'"):
        load_digits("trian")  # type: ignore[arg-type]


def test_a_seed_and_key_decide_order_and_spikes() -> None:
    def flat(data: EncodedDataset) -> Any:
        return torch.cat([spikes.flatten() for spikes, _ in data])

    assert torch.equal(flat(dataset(1)), flat(dataset(1)))
    assert not torch.equal(flat(dataset(1)), flat(dataset(2)))
    assert not torch.equal(flat(dataset(1)), flat(dataset(1, key="b")))


def test_every_epoch_has_an_order_of_its_own() -> None:
    data = dataset(5)

    first, second = ([int(label) for _, label in data] for _ in range(2))

    assert first != second
    assert sorted(first) == sorted(second)


def test_without_shuffling_the_order_is_that_of_the_data() -> None:
    data = dataset(5, shuffle=False)

    assert [int(label) for _, label in data] == data.labels.tolist()


def test_images_and_labels_must_match() -> None:
    with pytest.raises(ShapeError):
        EncodedDataset(torch.rand(3, 4, 4), torch.zeros(2), PoissonEncoder())


def test_noise_has_every_channel_at_full_rate() -> None:
    samples = noise_samples((2, 3, 4))

    assert samples.images.shape == (1, 2, 3, 4)
    assert bool((samples.images == 1).all())


def test_whole_numbers_are_scaled_and_labels_may_be_missing(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", images=np.array([[[0, 128], [255, 64]]], np.uint8))

    samples = load_samples(tmp_path / "a.npz")

    assert samples.images.max() == 1
    assert samples.labels.tolist() == [0]


@pytest.mark.parametrize(
    ("arrays", "expected"),
    [
        ({"pictures": np.zeros((2, 4, 4))}, "no array 'images'"),
        ({"images": np.zeros(4)}, "height"),
        ({"images": np.zeros((0, 4, 4))}, "height"),
        ({"images": np.full((2, 4, 4), 7.0)}, "between 0 and 1"),
        ({"images": np.full((2, 4, 4), np.nan)}, "between 0 and 1"),
        ({"images": np.array([["a", "b"]])}, "numbers"),
        ({"images": np.zeros((2, 4, 4)), "labels": np.zeros(3, int)}, "2 whole numbers"),
        ({"images": np.zeros((2, 4, 4)), "labels": np.zeros(2)}, "whole numbers"),
        ({"images": np.array([object()])}, "cannot be read"),
    ],
)
def test_wrong_arrays_are_explained(tmp_path: Path, arrays: Any, expected: str) -> None:
    np.savez(tmp_path / "a.npz", **arrays)

    with pytest.raises(FileError, match=expected):
        load_samples(tmp_path / "a.npz")


@pytest.mark.parametrize("content", [b"", b"junk", b"PK\x03\x04 cut short"])
def test_damaged_files_are_explained(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.npz").write_bytes(content)

    with pytest.raises(FileError, match=r"a\.npz"):
        load_samples(tmp_path / "a.npz")


def test_missing_files_and_folders_are_explained(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="no such file"):
        load_samples(tmp_path / "none.npz")
    with pytest.raises(FileError, match="folder"):
        load_samples(tmp_path)


def test_a_readout_finds_the_label_whose_neurons_fire() -> None:
    counts = np.array([[5, 0, 0], [4, 1, 0], [0, 6, 0]])

    assigned = assign_labels(counts, [0, 0, 1])
    predicted = predict([[3, 1, 9], [0, 2, 0], [0, 0, 4]], assigned)

    assert assigned.tolist() == [0, 1, SILENT]
    assert predicted.tolist() == [0, 1, SILENT]
    assert accuracy(predicted, [0, 1, 1]) == pytest.approx(2 / 3)


def test_a_readout_refuses_what_does_not_match() -> None:
    with pytest.raises(ShapeError):
        assign_labels(np.zeros((3, 2)), [0, 1])
    with pytest.raises(ShapeError):
        predict(np.zeros((3, 2)), [0, 1, 2])
    with pytest.raises(ShapeError):
        assign_labels(np.zeros((2, 2)), [-1, 0])
