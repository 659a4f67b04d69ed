"""Readout: what a layer of spiking neurons has learned, asked without a teacher.

Each neuron is assigned the label that it fires most for on known samples; new
samples get the label whose neurons fire most. No weights are trained for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from conex_core.errors import ParameterError, ShapeError

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
    classes, which = np.unique(known, return_inverse=True)
    if not len(classes):
        return np.full(spikes.shape[1], SILENT, np.int64)
    members = np.eye(len(classes))[which]  # (samples, classes)
    means = members.T @ spikes / members.sum(0)[:, None]  # (classes, N)
    assigned: NDArray[np.int64] = classes[means.argmax(0)]
    assigned[spikes.sum(0) == 0] = SILENT
    return assigned


def predict(counts: ArrayLike, assignment: ArrayLike) -> NDArray[np.int64]:
    """Return the label whose neurons fired most in each sample; SILENT without spikes."""
    spikes, assigned = _counts(counts), _labels(assignment, SILENT)
    if spikes.ndim != 2 or spikes.shape[1:] != assigned.shape:
        raise ShapeError("readout", f"counts {spikes.shape} and neurons {assigned.shape}")
    active = assigned != SILENT
    classes, which = np.unique(assigned[active], return_inverse=True)
    if not len(classes):
        return np.full(len(spikes), SILENT, np.int64)
    votes = spikes[:, active] @ np.eye(len(classes))[which]  # (samples, classes)
    predicted: NDArray[np.int64] = classes[votes.argmax(1)]
    predicted[votes.sum(1) == 0] = SILENT
    return predicted


def accuracy(predicted: ArrayLike, labels: ArrayLike) -> float:
    """Return the part of the samples whose label was predicted."""
    first, second = np.asarray(predicted), np.asarray(labels)
    if first.shape != second.shape:
        raise ShapeError("readout", f"{first.shape} predictions for {second.shape} labels")
    return float((first == second).mean()) if first.size else 0.0


def _matched(counts: ArrayLike, labels: ArrayLike) -> tuple[NDArray[Any], NDArray[np.int64]]:
    spikes, known = _counts(counts), _labels(labels, 0)
    if spikes.ndim != 2 or known.shape != spikes.shape[:1]:
        raise ShapeError("readout", f"counts {spikes.shape} and labels {known.shape}")
    return spikes, known


def _counts(counts: ArrayLike) -> NDArray[Any]:
    try:
        spikes = np.asarray(counts, float)
    except (TypeError, ValueError, RuntimeError):
        raise ParameterError("counts", "must be an array of numbers", counts) from None
    if not np.isfinite(spikes).all():
        raise ParameterError("counts", "must be finite", counts)
    return spikes


def _labels(labels: ArrayLike, lowest: int) -> NDArray[np.int64]:
    try:
        known = np.asarray(labels)
    except (TypeError, ValueError, RuntimeError):
        raise ShapeError("readout", f"labels must be whole numbers from {lowest}") from None
    if known.size and (known.dtype.kind not in "iu" or known.min() < lowest):
        raise ShapeError("readout", f"labels must be whole numbers from {lowest}")
    return known.astype(np.int64)
