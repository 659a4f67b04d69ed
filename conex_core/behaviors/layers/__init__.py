"""Behaviors of layers."""

__all__: list[str] = []
