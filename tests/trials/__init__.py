"""Trials of trust: long runs of random use, kills and cycles, counted.

Each is a command that prints its seed and ends with one line of results; long ones are
run in parts that fit an hour, and ``totals`` adds the lines up::

    python -m tests.trials.monkey --events 25000 --seed 1 | tee monkey-1.txt
    python -m tests.trials.killer --kills 50 --seed 1     | tee killer-1.txt
    python -m tests.trials.cycles --open 250 --runs 250 --seed 1 | tee cycles-1.txt
    python -m tests.trials.totals monkey-*.txt killer-*.txt cycles-*.txt

A trial runs the window in a process of its own, whose home, settings, caches and
working folder lie in a temporary folder: nothing of the user is touched. The suite runs
a short form of each (``test_*.py`` here).
"""

__all__: list[str] = []
