"""What every host of a run can do; the window knows nothing more of it."""

from __future__ import annotations

from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from conex_core.graph.model.document import Document
    from conex_core.run.host.feeds import Feed
    from conex_core.run.host.status import HostKind, RunStatus

__all__ = ["Host"]


class Host(Protocol):
    """Build one network and step it somewhere; every call returns at once."""

    kind: HostKind

    def start(self) -> None:
        """Begin to build; then wait for steps."""

    def go(self, steps: float) -> None:
        """Have ``steps`` more iterations done, from now; infinity means until told else."""

    def add(self, steps: int) -> None:
        """Add to the iterations that are still to do."""

    def set_speed(self, steps_per_s: float | None) -> None:
        """Limit the speed; None runs as fast as it goes."""

    def end(self) -> None:
        """Leave after the batch that is under way; what feeds hold stays there."""

    def join(self, timeout: float) -> None:
        """Wait until the run has ended, at most ``timeout`` seconds."""

    def is_alive(self) -> bool:
        """Tell whether anything of the run is still at work."""

    def set_parameter(self, node_id: str, item_id: str, name: str, value: Any) -> None:
        """Change a live parameter between two steps; a value that is refused is logged."""

    def enable_behavior(self, node_id: str, item_id: str, enabled: bool) -> None:
        """Switch a behavior on or off between two steps."""

    def attach(self, feed: Feed) -> None:
        """Write what ``feed`` asks for from now on."""

    def detach(self, feed: Feed) -> None:
        """Write ``feed`` no longer."""

    def ask(self, question: str, **facts: Any) -> Future[Any]:
        """Return the answer to one of the ``QUESTIONS``, given between two steps."""

    def status(self, document: Document | None) -> RunStatus:
        """Return how the run stands; ``document`` names the node that failed."""
