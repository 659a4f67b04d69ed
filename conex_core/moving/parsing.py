"""Scripts as syntax trees; those that Python 3 cannot read are refused with place and advice."""

from __future__ import annotations

import ast
import re
import warnings

from conex_core.errors import FileError
from conex_core.moving.text_edits import lines_of

__all__ = ["parsed"]

# Lines that Python 2 reads and Python 3 does not.
_PYTHON_2 = re.compile(
    r"""^\s*print\s+[^\s(=.\[]          # print "text"
      | ^\s*print\s*>>
      | ^\s*exec\s+['"\w]
      | ^\s*except\s+[\w.()\s,]+,\s*\w+\s*:
      | ^\s*raise\s+\w+\s*,
      | `[^`]+`
      | <>
      | \b0[0-7]+\b
      | \bur['"] """,
    re.VERBOSE,
)


def parsed(text: str, name: str, place: str = "") -> ast.Module:
    """Return the syntax tree of ``text``.

    Raises
    ------
    FileError
        If it is no Python 3; the place is ``place``, if given, and the line.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the user's script: invalid escapes and the like
            return ast.parse(text, name)
    except SyntaxError as error:
        raise _refusal(text, name, place, error) from error
    except ValueError as error:  # null bytes
        raise FileError(name, f"is not text ({error})") from error
    except (RecursionError, MemoryError) as error:
        raise FileError(name, "is nested too deeply to be read", place=place) from error


def _refusal(text: str, name: str, place: str, error: SyntaxError) -> FileError:
    lines, line = lines_of(text), error.lineno or 1
    told = lines[line - 1].strip() if line <= len(lines) else ""
    where = ", ".join(part for part in (place, f"line {line}") if part)
    if "Missing parentheses" in str(error.msg) or _PYTHON_2.search(told):
        problem = f"is written for Python 2 ({told[:80]})"
        hint = "Convert it to Python 3 first, such as print(x) for print x"
        return FileError(name, problem, place=where, hint=hint)
    told = f": {told[:80]}" if told else ""
    hint = "Mend that line, so that Python can read the file, and try again"
    return FileError(name, f"is no Python: {error.msg}{told}", place=where, hint=hint)
