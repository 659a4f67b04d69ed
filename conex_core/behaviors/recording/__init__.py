"""Recorders: what a network did, kept while it runs."""

from conex_core.behaviors.recording.recorder import EventRecorder, Recorder

__all__ = ["EventRecorder", "Recorder"]
