"""The check: its rules, what they find and where, and the memory a run needs."""

__all__: list[str] = []
