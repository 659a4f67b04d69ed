"""Plots over time: the widget around them, and what draws points, lines and axes in it."""
