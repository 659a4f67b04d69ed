"""Put mutated files through all that the program does with a document.

    python -m tests.trials.mutated_files --count 10000 --seed 1

Each file is a good one with some damage. It may be refused with a ConexError; anything
else that goes wrong is counted: a traceback, a hang (more than 5 s of processor time in
one use, or a minute without an answer), a crash of the process, a file written. The
last line holds the figures; those of several parts (``--from``) can be added up.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

from tests.trials.mutations import mutated
from tests.trials.samples import samples
from tests.trials.tried import Failure, Tried

__all__ = ["main", "mutated_file"]

_SILENT = 60.0  # s without an answer, after which a worker counts as hung
_WINDOW_EVERY = 50
_KINDS = ("traceback", "hang", "crash", "written", "qt")


def mutated_file(number: int, seed: int) -> tuple[str, bytes]:
    """Return the name of the good file, and what has become of it."""
    draw = Random(f"{seed}/{number}")
    name, text = draw.choice(sorted(samples().items()))
    return name, mutated(text, draw)


def main(arguments: Sequence[str] | None = None) -> int:
    """Try the files, tell every failure and the figures; 1 if there was a failure."""
    options = _options(arguments)
    seed = options.seed if options.seed is not None else Random().randrange(10**6)
    _say(f"seed {seed}, files {options.start} to {options.start + options.count - 1}")
    begun, failed = time.monotonic(), list[Failure]()
    accepted = 0
    numbers = iter(range(options.start, options.start + options.count))
    answers = _tried(numbers, seed, window=not options.no_window)
    for tried, answer in enumerate(answers, 1):
        accepted += answer.accepted
        if tried % 500 == 0:
            _say(f"{tried} files, {accepted} accepted, {len(failed)} failures")
        for failure in answer.failures:
            failed.append(failure)
            _say(f"\nfile {failure.number} ({failure.name}), {failure.use}: {failure.kind}")
            _say(failure.text)
            _keep(options.keep, failure, seed)
    _summary(failed)
    counts = Counter(failure.kind for failure in failed)
    figures = ", ".join(f"{kind} {counts[kind]}" for kind in _KINDS)
    minutes = (time.monotonic() - begun) / 60
    _say(
        f"seed {seed} from {options.start}: {options.count} files, {accepted} accepted, "
        f"{figures}, {minutes:.1f} min"
    )
    return 1 if failed else 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.trials.mutated_files")
    parser.add_argument("--count", type=int, default=1000, help="how many files")
    parser.add_argument("--seed", type=int, help="the same seed gives the same files")
    parser.add_argument("--from", dest="start", type=int, default=0, help="number of the first")
    parser.add_argument("--no-window", action="store_true", help="leave canvas and window out")
    parser.add_argument("--keep", type=Path, help="folder for the files that fail")
    return parser.parse_args(arguments)


def _tried(numbers: Iterator[int], seed: int, *, window: bool) -> Iterator[Tried]:
    """Yield what became of each file; a worker that dies or hangs is replaced."""
    worker = _Worker(seed, window=window)
    try:
        for number in numbers:
            answer = worker.ask(number)
            if answer.is_last:
                worker.end()
                worker = _Worker(seed, window=window)
            yield answer
    finally:
        worker.end()


class _Worker:
    """A process of its own that tries one file after the other."""

    def __init__(self, seed: int, *, window: bool) -> None:
        self.seed = seed
        context = multiprocessing.get_context("spawn")
        self._folder = tempfile.TemporaryDirectory(prefix="mutated-")
        self._line, there = context.Pipe()
        self._process = context.Process(
            target=_work, args=(there, seed, self._folder.name, window), daemon=True
        )
        self._process.start()
        there.close()

    def ask(self, number: int) -> Tried:
        """Return what became of one file."""
        name, _ = mutated_file(number, self.seed)
        try:
            self._line.send(number)
            if self._line.poll(_SILENT):
                answer: Tried = self._line.recv()
                return answer
            kind, text = "hang", f"no answer for {_SILENT:.0f} s"
        except (EOFError, OSError):
            self._process.join(5)
            kind, text = "crash", f"the process ended with {self._process.exitcode}"
        return Tried([Failure(number, name, "unknown", kind, text, text)], is_last=True)

    def end(self) -> None:
        """End the process."""
        self._line.close()
        self._process.kill()
        self._process.join()
        self._folder.cleanup()


def _work(line: Connection, seed: int, folder: str, window: bool) -> None:
    """Answer for numbers of files until nobody asks any more."""
    _own_folders(Path(folder))
    # Imported here: the asking process needs none of it, and folders are read at import.
    from tests.trials.trying import Trial

    trial = Trial(Path(folder), canvas=window, window_every=_WINDOW_EVERY if window else 0)
    while True:
        try:
            number = line.recv()
        except EOFError:
            return
        name, data = mutated_file(number, seed)
        line.send(trial.of(number, name, data))


def _own_folders(folder: Path) -> None:
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "HOME"):
        place = folder / variable.lower()
        place.mkdir()
        os.environ[variable] = str(place)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    here = folder / "cwd"
    here.mkdir()
    os.chdir(here)


def _keep(folder: Path | None, failure: Failure, seed: int) -> None:
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        _, data = mutated_file(failure.number, seed)
        suffix = Path(failure.name).suffix
        (folder / f"{seed}-{failure.number}-{failure.use}{suffix}").write_bytes(data)


def _summary(failed: list[Failure]) -> None:
    signs = Counter(failure.sign for failure in failed)
    for sign, count in signs.most_common():
        first = next(failure for failure in failed if failure.sign == sign)
        _say(f"{count:5}  {first.use}: {sign} (first: file {first.number})")


def _say(text: str) -> None:
    sys.stdout.write(text.encode("utf-8", "backslashreplace").decode() + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
