"""What changes while a network runs, taken out and put back.

Not the structure: that is ``conex_core.structures.replication``. Not what was
recorded. A state belongs to a network of the same groups and behaviors.
"""

from conex_core.state.networks import State, reset, restore, state_of
from conex_core.state.objects import apply, capture, overwrite

__all__ = ["State", "apply", "capture", "overwrite", "reset", "restore", "state_of"]
