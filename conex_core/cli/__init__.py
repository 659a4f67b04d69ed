"""The command line ``conex``: run, check, list, script, example.

Exit codes: 0 done; 2 the project or the call is wrong (every problem on
standard error: where, what, how to mend it); 3 the simulation failed (node,
behavior, iteration). No traceback unless ``--debug`` is given.
"""

from conex_core.cli.main import main

__all__ = ["main"]
