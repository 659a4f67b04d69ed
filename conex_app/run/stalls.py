"""What the window says of a run that does not answer."""

from __future__ import annotations

from conex_app.look.counts import number
from conex_app.look.plain_text import elided
from conex_app.run.runner import RunStatus
from conex_core.run.host import Stall

__all__ = ["CANNOT_END", "stall_line", "stall_message"]

CANNOT_END = (
    "This run cannot be ended without closing the window; save the project first. "
    "Further runs take place in a process of their own."
)
CAN_END = "Wait for it, or stop it; what it has learned since the last save is then lost."
SILENT = "The process of this run does not answer. It may be stopped, or short of memory."
LONGEST = 48  # letters of a name


def stall_line(stall: Stall) -> str:
    """Return in one line for how long a run has not answered, and where it is."""
    where = _place(stall)
    return f"Not answering for {stall.seconds} s" + (f": {where}" if where else "")


def stall_message(status: RunStatus) -> str:
    """Return what somebody should know who may wait or stop the run."""
    stall = status.stall
    assert stall is not None, "the run answers"
    where = _place(stall)
    if stall.where == "silent":
        text = SILENT + (f" It was last seen in {where}." if where else "")
    elif where:
        text = f"The run does not answer: it does not come back from {where}."
    else:
        text = "The run does not answer."
    return f"{text} {CANNOT_END if status.host == 'thread' else CAN_END}"


def _place(stall: Stall) -> str:
    what = elided(stall.behavior, LONGEST)
    if stall.where == "compiled":
        what = f"compiled code ({what})" if what else "compiled code"
    if what and stall.owner:
        what = f"{what} of {elided(stall.owner, LONGEST)}"
    if stall.where == "building" or not stall.iteration:
        return what or stall.doing
    when = f"iteration {number(stall.iteration)}"
    return f"{what}, {when}" if what else when
