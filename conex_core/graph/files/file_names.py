"""Names of files that any system takes, made of names that users gave to other things."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["stem_for"]

_MOST_CHARACTERS = 50
_MOST_BYTES = 150  # of the 255 that a file name may have; the rest is for what comes around it
_FORBIDDEN = frozenset('<>:"/\\|?*')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def stem_for(name: str, otherwise: str) -> str:
    """Return ``name`` as a file name without its ending.

    What no file name can have becomes a space; ``otherwise`` stands for a name
    of which nothing is left, and behind one that Windows keeps for itself.
    """
    words = "".join(sign if _is_allowed(sign) else " " for sign in name).split()
    stem = " ".join(words).strip(" .")[:_MOST_CHARACTERS]
    stem = stem.encode()[:_MOST_BYTES].decode(errors="ignore").strip(" .") or otherwise
    return f"{stem} {otherwise}" if _RESERVED.fullmatch(stem) else stem


def _is_allowed(sign: str) -> bool:
    """Tell whether a file name may have ``sign``: no control, no surrogate, none of a path."""
    return sign not in _FORBIDDEN and unicodedata.category(sign)[0] != "C"
