"""Scripts and notebooks of CoNeX and pymonntorch, rewritten to import from conex_core.

Only imports are rewritten, at their places in the text, so that everything else
stays as it was, byte for byte. What a person has to decide is listed, each with
the line to write. Nothing here runs a script, imports torch or writes a file;
``conex move`` does the latter. :mod:`conex_core.moved` is what makes the old
paths of modules work.
"""

from __future__ import annotations

from conex_core.moving.files import MovedFile, move_file
from conex_core.moving.script import MovedScript, move_text

__all__ = ["MovedFile", "MovedScript", "move_file", "move_text"]
