"""Run the command line: ``python -m conex_core`` equals ``conex``."""

import sys

from conex_core.cli import main

if __name__ == "__main__":
    sys.exit(main())
