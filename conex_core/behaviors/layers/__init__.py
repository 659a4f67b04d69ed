"""Behaviors of layers."""

from conex_core.behaviors.layers.dataset import SpikeNdDataset

__all__ = ["SpikeNdDataset"]
