"""The drawing of the network. The only package that imports NodeGraphQt."""

from conex_app.canvas.canvas import Canvas
from conex_app.canvas.gestures.drag_data import (
    BLOCK_MIME,
    MIME,
    BlockDrag,
    PaletteDrag,
    mime_for,
    mime_for_block,
)

__all__ = ["BLOCK_MIME", "MIME", "BlockDrag", "Canvas", "PaletteDrag", "mime_for", "mime_for_block"]
