"""Where files are: the shipped ones, as examples, data and licences, and the user's own.

In a checkout the shipped ones lie in ``resources/`` beside the packages, in an
installed wheel in ``conex_core/_resources``.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import platformdirs

from conex_core.errors import FileError

__all__ = ["resource", "root", "user_data"]

_PACKAGE = Path(__file__).resolve().parent


@lru_cache(maxsize=1)
def root() -> Path:
    """Return the folder of the shipped files.

    Raises
    ------
    FileError
        If the installation has none.
    """
    for folder in (_PACKAGE / "_resources", _PACKAGE.parent / "resources"):
        if (folder / "examples").is_dir():
            return folder
    raise FileError(
        _PACKAGE / "_resources", "the shipped files are missing", hint="install conex-studio again"
    )


def resource(*parts: str) -> Path:
    """Return the path of one shipped file, such as ``resource("data", "digits.npz")``."""
    path = root().joinpath(*parts)
    if not path.exists():
        raise FileError(path, "this shipped file is missing", hint="install conex-studio again")
    return path


def user_data() -> Path:
    """Return the folder of the user's blocks, kept weights, versions and journals.

    It need not be there yet.
    """
    return platformdirs.user_data_path("conex-studio", appauthor=False)
