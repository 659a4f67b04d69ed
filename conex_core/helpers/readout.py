"""Readout: what a layer of spiking neurons has learned, asked without a teacher.

Each neuron is assigned the label that it fires most for on known samples; new
samples get the label whose neurons fire most. No weights are trained for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from conex_core.errors import ShapeError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["SILENT", "accuracy", "assign_labels", "predict"]

SILENT = -1


def assign_labels(counts: ArrayLike, labels: ArrayLike) -> NDArray[np.int64]:
    """Return for each neuron the label with its highest mean count; SILENT without spikes.

    Parameters
    ----------
    counts : array, shape (samples, N)
    labels : array of whole numbers from 0, shape (samples,)

    References
    ----------
    Diehl & Cook 2015, doi:10.3389/fncom.2015.00099.
    """
    spikes, known = _matched(counts, labels)
    classes = int(known.max()) + 1 if len(known) else 1
    # A label without samples keeps a mean of zero.
    members = np.eye(classes)[known]  # (samples, classes)
    means = members.T @ spikes / np.maximum(members.sum(0), 1)[:, None]  # (classes, N)
    assigned: NDArray[np.int64] = means.argmax(0).astype(np.int64)
    assigned[spikes.sum(0) == 0] = SILENT
    return assigned


def predict(counts: ArrayLike, assignment: ArrayLike) -> NDArray[np.int64]:
    """Return the label whose neurons fired most in each sample; SILENT without spikes."""
    spikes, assigned = np.asarray(counts, float), np.asarray(assignment, np.int64)
    if spikes.ndim != 2 or spikes.shape[1:] != assigned.shape:
        raise ShapeError("readout", f"counts {spikes.shape} and neurons {assigned.shape}")
    active = assigned != SILENT
    classes = int(assigned.max(initial=0)) + 1
    votes = spikes[:, active] @ np.eye(classes)[assigned[active]]  # (samples, classes)
    predicted: NDArray[np.int64] = votes.argmax(1).astype(np.int64)
    predicted[votes.sum(1) == 0] = SILENT
    return predicted


def accuracy(predicted: ArrayLike, labels: ArrayLike) -> float:
    """Return the part of the samples whose label was predicted."""
    first, second = np.asarray(predicted), np.asarray(labels)
    if first.shape != second.shape:
        raise ShapeError("readout", f"{first.shape} predictions for {second.shape} labels")
    return float((first == second).mean()) if first.size else 0.0


def _matched(counts: ArrayLike, labels: ArrayLike) -> tuple[NDArray[Any], NDArray[np.int64]]:
    spikes, known = np.asarray(counts, float), np.asarray(labels)
    if spikes.ndim != 2 or known.shape != spikes.shape[:1]:
        raise ShapeError("readout", f"counts {spikes.shape} and labels {known.shape}")
    if known.size and (known.dtype.kind not in "iu" or known.min() < 0):
        raise ShapeError("readout", "labels must be whole numbers from 0")
    return spikes, known.astype(np.int64)
