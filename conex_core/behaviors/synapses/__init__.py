"""Behaviors of synapse groups."""

__all__: list[str] = []
