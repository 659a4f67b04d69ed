"""Behaviors of the network."""

from conex_core.behaviors.network.resolution import TimeResolution

__all__ = ["TimeResolution"]
