"""Text of users as text to show: no mark-up, no control signs, no more than there is room for.

Names, notes, messages, values and paths may hold anything. What shows them asks here first;
what is stored stays as it is. No Qt.
"""

from __future__ import annotations

import html
import re

__all__ = ["elided", "escaped", "menu_words", "plain_line", "plain_words", "tip", "title_words"]

ELLIPSIS = "…"
LINE, WORDS, TIP, MENU, NAME = 400, 4000, 800, 60, 60  # signs shown, at most
TIP_LINES = 24
# What turns, hides or ends text around it: control signs, half a pair, turns of direction.
_SIGNS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff]")
_SPACES = re.compile(r"[\s\u2028\u2029]+")
_MARK = "\N{REPLACEMENT CHARACTER}"


def plain_line(text: str, most: int = LINE) -> str:
    """Return ``text`` on one line, without control signs, with dots where it goes on."""
    return _cut(_SIGNS.sub(_MARK, _SPACES.sub(" ", text[: 4 * most])), most, len(text))


def elided(name: str, most: int = NAME) -> str:
    """Return a user's name for a sentence: one line, its middle left out where it is too long."""
    line = plain_line(name)
    half = (most - 1) // 2
    return line if len(line) <= most else f"{line[:half]}{ELLIPSIS}{line[-half:]}"


def plain_words(text: str, most: int = WORDS, longest: int = 0) -> str:
    """Return ``text`` with its lines, without control signs; words may break after ``longest``."""
    held = text[: most + 1].replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    words = _cut(_SIGNS.sub(_MARK, held), most, len(text))
    return re.sub(rf"(\S{{{longest}}})(?=\S)", "\\1\u200b", words) if longest else words


def tip(text: str) -> str:
    """Return ``text`` as a tooltip that shows it as it is, in a size that fits a screen."""
    words = plain_words(text, TIP, 120)
    lines = words.split("\n")
    if len(lines) > TIP_LINES:
        words = "\n".join([*lines[:TIP_LINES], ELLIPSIS])
    if "<" not in words and all(len(line) <= 120 for line in lines):
        return words  # Qt looks for tags and takes this for what it is
    return f'<span style="white-space: pre-wrap">{html.escape(words)}</span>'


def escaped(text: str, most: int = TIP) -> str:
    """Return ``text`` as a part of rich text of ours."""
    return html.escape(plain_words(text, most, 40)).replace("\n", "<br>")


def menu_words(text: str, most: int = MENU) -> str:
    """Return ``text`` as the words of an entry of a menu, a button or a tab."""
    return plain_line(text, most).replace("&", "&&")


def title_words(text: str) -> str:
    """Return ``text`` as a part of a window's title, where ``[*]`` would be a sign of Qt's."""
    return plain_line(text, 120).replace("[*]", "[*][*]")


def _cut(text: str, most: int, length: int) -> str:
    goes_on = len(text) > most or length > 4 * most
    return text[: most - 1] + ELLIPSIS if goes_on else text
