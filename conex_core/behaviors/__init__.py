"""The behaviors: one file per model family, found by ``conex_core.introspect``."""

__all__: list[str] = []
