"""``python -m conex_app``, the same as the command ``conex-studio``."""

from __future__ import annotations

import sys

from conex_app.app import main

if __name__ == "__main__":
    sys.exit(main())
