"""Icons of one family (Phosphor) in the colours of the theme.

qtawesome is imported with the first icon: its fonts cost a quarter of a second,
which the first paint shall not wait for.
"""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import Any

from PySide6.QtGui import QIcon

from conex_app.look.theme import Theme

__all__ = ["icon"]

logger = logging.getLogger(__name__)


def icon(name: str, theme: Theme, colour: str = "") -> QIcon:
    """Return an icon by its qtawesome name; an empty one for an empty or unknown name."""
    return _drawn(name, colour or theme.muted, theme.faint, theme.accent) if name else QIcon()


@lru_cache(maxsize=256)
def _drawn(name: str, colour: str, disabled: str, on: str) -> QIcon:
    import qtawesome

    options: dict[str, Any] = {"color": colour, "color_disabled": disabled, "color_on": on}
    options["color_active"] = colour  # under the mouse; else it would take that of "on"
    try:
        return qtawesome.icon(name, **options)
    except Exception as error:  # noqa: BLE001 - it raises no narrower one for an unknown name
        logger.warning("%s", error)
        return QIcon()
