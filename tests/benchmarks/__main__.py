"""Run one workload, ``python -m tests.benchmarks W1``, or ``compare`` it with the peers."""

from __future__ import annotations

import sys


def main() -> int:
    """Hand the arguments to what the first of them names."""
    # Imported here: comparing starts simulators and needs none of them itself.
    if sys.argv[1:2] == ["compare"]:
        from tests.benchmarks import compare

        return compare.main(sys.argv[2:])
    from tests.benchmarks import measure

    return measure.main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
