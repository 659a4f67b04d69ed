"""The rules of the check, by family; ``conex_core.graph.check`` lists them all."""

__all__: list[str] = []
