"""Rewrite the imports of a script: ``python -m conex_core.moving`` equals ``conex move``."""

import sys

from conex_core.cli import main

if __name__ == "__main__":
    sys.exit(main(["move", *sys.argv[1:]]))
