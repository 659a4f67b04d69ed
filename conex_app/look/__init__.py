"""Colours, style sheets and icons of the window, its small widgets, and how it writes numbers."""
