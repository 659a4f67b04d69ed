"""The drawing of the network. The only package that imports NodeGraphQt."""

from conex_app.canvas.canvas import Canvas
from conex_app.canvas.drops import MIME, Entry, mime_for

__all__ = ["MIME", "Canvas", "Entry", "mime_for"]
