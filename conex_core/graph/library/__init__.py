"""The library: folders of blocks, how they differ, and how they come into a project."""

from conex_core.graph.files.block_file import block_of, save_block
from conex_core.graph.library.comparison import compare, update
from conex_core.graph.library.inserting import insert_block
from conex_core.graph.library.library import Library

__all__ = ["Library", "block_of", "compare", "insert_block", "save_block", "update"]
