"""Ways out of a project: a Python program that reproduces its run."""

__all__: list[str] = []
