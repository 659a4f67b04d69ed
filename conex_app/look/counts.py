"""Numbers and counts as the window writes them: thin separators, units, plurals."""

from __future__ import annotations

__all__ = ["bytes_text", "count", "duration_text", "number"]

THIN = "\u202f"  # narrow no-break space


def number(value: float, digits: int = 0) -> str:
    """Return ``value`` with thin spaces between the thousands."""
    return f"{value:,.{digits}f}".replace(",", THIN)


def count(amount: int, noun: str, plural: str = "") -> str:
    """Return an amount with its noun, such as "1 neuron" or "800 neurons"."""
    word = noun if amount == 1 else plural or f"{noun}s"
    return f"{number(amount)} {word}"


def bytes_text(amount: int) -> str:
    """Return a memory size in the unit that reads best."""
    size = float(amount)
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" or size >= 100 else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"


def duration_text(ms: float) -> str:
    """Return simulated time in ms, with as many decimals as it has."""
    text = number(ms, 0 if float(ms).is_integer() else 1)
    return f"{text} ms"
