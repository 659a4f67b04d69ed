"""The colours of plots and figures: Okabe and Ito's, safe for colour-blind readers.

Plain text values, so that live plots and static figures share them without Qt.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "EXCITATORY",
    "EXTRA",
    "INHIBITORY",
    "INPUT",
    "Paper",
    "group_colour",
    "on_paper",
    "shades",
    "tone",
]

EXCITATORY = "#0072B2"
INHIBITORY = "#D55E00"
INPUT = "#56B4E9"
EXTRA = ("#009E73", "#CC79A7", "#E69F00", "#999999")

_FAMILIES = {
    EXCITATORY: (EXCITATORY, "#6C83E0", "#0B3F66", "#A08BE6"),
    INHIBITORY: (INHIBITORY, "#F2A172", "#8A2F00", "#B84A6B"),
    INPUT: (INPUT, "#2C9AA6", "#9BB9CC"),
}


@dataclass(frozen=True)
class Paper:
    """Name the colours of what is not data."""

    ground: str
    text: str
    muted: str
    grid: str
    line: str

    @classmethod
    def of(cls, dark: bool) -> Paper:
        """Return the dark or the light set."""
        return _DARK if dark else _LIGHT


_LIGHT = Paper("#FFFFFF", "#1C2430", "#566270", "#ECEFF2", "#A9B1BB")
_DARK = Paper("#1F2228", "#E7EAEF", "#A3ACB9", "#2B2F37", "#5D6673")


def group_colour(index: int) -> str:
    """Return the colour of the ``index``-th group that has no meaning of its own."""
    known = (EXCITATORY, INHIBITORY, INPUT, *EXTRA)
    return known[index % len(known)]


def tone(colour: str, place: int) -> str:
    """Return the tone of a group that is the ``place``-th of its colour; the first has just it."""
    family = _FAMILIES.get(colour, (colour,))
    return family[place % len(family)]


def on_paper(colour: str, dark: bool) -> str:
    """Return ``colour`` so that thin marks of it stand out, lighter on dark ground."""
    return _mixed(colour, "#FFFFFF", 0.32) if dark else colour


def shades(colour: str, count: int, dark: bool) -> list[str]:
    """Return ``count`` tones of ``colour`` that can be told apart on the ground."""
    base = on_paper(colour, dark)
    toward = "#FFFFFF" if dark else "#000000"
    away = "#000000" if dark else "#FFFFFF"
    spread = [0.0] if count == 1 else [2 * k / (count - 1) - 1 for k in range(count)]
    return [
        _mixed(base, toward if s < 0 else away, (0.4 if s < 0 else 0.3) * abs(s)) for s in spread
    ]


def _mixed(colour: str, other: str, share: float) -> str:
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[k : k + 2], 16) for k in (1, 3, 5))
