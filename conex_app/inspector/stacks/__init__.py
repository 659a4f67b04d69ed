"""Behavior stacks in the inspector: the list, its rows, and the search that adds to it."""
