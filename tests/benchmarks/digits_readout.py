"""How well the shipped digits example learns: ``python -m tests.benchmarks.digits_readout``.

Trains the project as it ships, freezes its plasticity, labels each neuron by
the training images it fires most for, and predicts held-out images by summed
spike counts. The same is asked of the untrained network.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from conex_core import catalog, examples
from conex_core.graph import edits
from conex_core.helpers.readout import accuracy, assign_labels, predict
from conex_core.run.probe import SampleCounts
from conex_core.run.session import Session

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Readout", "freeze", "measure", "train"]

INPUT, GROUP, LEARNING = "n_digits", "n_exc", "n_learn"
FROZEN = ("SimpleSTDP", "WeightNormalization", "WeightClip")


@dataclass(frozen=True)
class Readout:
    """Hold a readout's accuracy and what it rests on."""

    accuracy: float
    neurons_used: int
    spikes_per_sample: float


def session(split: str, seed: int | None = None) -> Session:
    """Return a session of the shipped project that shows one part of the digits."""
    doc = edits.set_param(examples.load("digits"), INPUT, "split", split)
    return Session.of(doc, catalog.load(), seed=seed)


def train(samples: int, seed: int | None = None) -> tuple[Session, float]:
    """Return a session after so many training images, and its steps per second."""
    learner = session("train", seed)
    result = learner.run(samples * period(learner))
    return learner, result.steps_per_second


def period(learner: Session) -> int:
    """Return the number of iterations from one image to the next."""
    encoder = learner.objects[INPUT].behavior[320].dataloader.encoder
    return int(encoder.steps)


def freeze(learner: Session) -> None:
    """Switch all plasticity off."""
    for item in learner.document.network.node(LEARNING).stack:  # type: ignore[union-attr]
        if item.kind in FROZEN:
            learner.enable_behavior(LEARNING, item.id, False)


def measure(weights: Any, known: int, unknown: int, seed: int | None = None) -> Readout:
    """Return the readout of these weights: labels from ``known``, asked about ``unknown``."""
    counts, labels = responses(weights, "train", known, seed)
    assigned = assign_labels(counts, labels)
    counts, labels = responses(weights, "test", unknown, seed)
    right = accuracy(predict(counts, assigned), labels)
    return Readout(right, int((assigned >= 0).sum()), float(counts.sum(1).mean()))


def responses(
    weights: Any, split: str, samples: int, seed: int | None
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return spike counts and labels of a network with fixed weights."""
    asked = session(split, seed)
    freeze(asked)
    asked.objects[LEARNING].weights.copy_(weights)
    probe = SampleCounts(asked.objects[GROUP], asked.objects[INPUT], period(asked))
    asked.attach(probe)
    asked.run(samples * period(asked))
    return probe.counts, probe.labels


def draw_fields(weights: Any, path: str) -> None:
    """Save the receptive field of every neuron as one picture."""
    from matplotlib.figure import Figure

    # Each field by its own largest weight: untrained ones would hide the others.
    largest = weights.amax(0).clamp(min=1e-9)
    fields = (weights / largest).T.reshape(-1, 8, 8).numpy()
    side = int(np.ceil(np.sqrt(len(fields))))
    sheet = np.full((side * 9 + 1, side * 9 + 1), np.nan)
    for number, values in enumerate(fields):
        row, column = divmod(number, side)
        sheet[row * 9 + 1 : row * 9 + 9, column * 9 + 1 : column * 9 + 9] = values
    figure = Figure(figsize=(8, 8), layout="constrained")
    axes = figure.subplots()
    shown = axes.imshow(sheet, cmap="viridis")
    axes.set_axis_off()
    axes.set_title("Weights from the 8 × 8 pixels to each excitatory neuron")
    figure.colorbar(shown, label="weight / largest of the neuron", shrink=0.8)
    figure.savefig(path, dpi=150)


def main() -> None:
    """Train, ask, print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--train", type=int, default=1437, help="images to learn from")
    parser.add_argument("--known", type=int, default=1437, help="images to label neurons by")
    parser.add_argument("--test", type=int, default=360, help="held-out images")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--figure", default=None, help="picture of the receptive fields")
    options = parser.parse_args()
    began = time.perf_counter()
    learner, speed = train(options.train, options.seed)
    trained = learner.objects[LEARNING].weights.clone()
    untrained = session("train", options.seed).objects[LEARNING].weights.clone()
    after = measure(trained, options.known, options.test, options.seed)
    before = measure(untrained, options.known, options.test, options.seed)
    if options.figure:
        draw_fields(trained, options.figure)
    report = {
        "trained": vars(after),
        "untrained": vars(before),
        "chance": 0.1,
        "training_steps_per_second": speed,
        "seconds": time.perf_counter() - began,
    }
    sys.stdout.write(json.dumps(report, indent=2) + "\n")


if __name__ == "__main__":
    main()
