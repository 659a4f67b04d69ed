"""Plots, one file each: what is here is found, listed, offered and drawn by itself.

How to add one: ``resources/docs/plots.md``. At the top of a file nothing may
import Qt, torch or matplotlib.
"""
