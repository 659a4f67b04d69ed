"""Run one workload, ``python -m tests.benchmarks W1``, or ``compare`` it with others."""

from __future__ import annotations

import sys

from tests.benchmarks import measure


def main() -> int:
    """Hand the arguments to what the first of them names."""
    return measure.main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
