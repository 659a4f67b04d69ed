"""The side panels: what to add, what is selected, what is wrong.

They show a document and send edits; none of them holds a truth of its own.
"""

from conex_app.panels.inspector import Inspector
from conex_app.panels.palette import Palette
from conex_app.panels.problems import ProblemsPanel

__all__ = ["Inspector", "Palette", "ProblemsPanel"]
