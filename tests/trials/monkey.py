"""Random use of the real window: ``python -m tests.trials.monkey --events N --seed S``.

Mouse, keys, wheel, menus, dialogs, drops, runs, files: each event draws from the seed and
its own number. The window lives in a process of its own, so that a crash is seen, told
with the last events before it, and survived: the next process goes on behind it.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.trials import results
from tests.trials.place import Place, temporary_place

__all__ = ["Played", "play"]

KINDS = ("error", "hang", "undo", "warning")
SHOWN = 200  # events before a crash
STUCK = 97


@dataclass
class Played:
    """Hold what one process came to."""

    code: int
    next: int
    figures: dict[str, object]
    faults: list[tuple[int, str, str]]  # number of the event, kind, text
    tail: list[str] = field(default_factory=list)
    crash: str = ""

    @property
    def is_crash(self) -> bool:
        """Tell whether the process ended otherwise than it should."""
        return self.code != 0


def play(
    place: Place,
    seed: int,
    first: int,
    upto: int,
    minutes: float = 1e6,
    skip: Iterable[int] = (),
) -> Played:
    """Play events ``first`` to ``upto`` in a new process."""
    log = place.folder / f"events-{seed}-{first}.txt"
    log.unlink(missing_ok=True)
    wanted = {"seed": seed, "first": first, "upto": upto, "minutes": minutes, "log": log}
    arguments = [f"--{name}={value}" for name, value in wanted.items()]
    arguments.append(f"--skip={json.dumps(sorted(skip))}")
    child = place.start("tests.trials.monkey_child", arguments, stderr=subprocess.PIPE)
    _, errors = child.communicate()
    lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    return _played(child.returncode, errors, lines, first)


def _played(code: int, errors: str, lines: Sequence[str], first: int) -> Played:
    faults, after, figures = [], first, {}
    for line in lines:
        number, _, words = line.partition(" ")
        if number == "END":
            figures = json.loads(words)
        elif number.isdigit():
            after = max(after, int(number) + 1)
            if words.startswith("FAULT "):
                fault = json.loads(words[len("FAULT ") :])
                faults.append((int(number), fault["kind"], fault["text"]))
    after = int(figures.get("next", after))
    return Played(code, after, figures, faults, list(lines[-2 * SHOWN :]), errors)


def main() -> int:
    """Play all events, telling of each kind of fault once; return 1 if there were any."""
    options = _options()
    results.say(f"monkey: seed {options.seed}, {options.events} events")
    started, counts, done = time.monotonic(), Counter[str](), options.first
    end, figures, seen = options.first + options.events, Counter[str](), Counter[str]()
    with temporary_place(options.cache) as place:
        while done < end:
            minutes = options.minutes - (time.monotonic() - started) / 60
            if minutes <= 0:
                break
            played = play(place, options.seed, done, end, minutes, options.skip)
            counts["crash"] += played.is_crash
            _tell(played, seen, options.seed)
            for _, kind, _text in played.faults:
                counts[kind] += 1
            _keep(place, options.keep)
            _add(figures, played.figures)
            if played.next <= done and played.is_crash:
                break  # not even the start of the window
            done = played.next
            if not played.is_crash:
                break
    if options.shrink and seen:
        _shrink(options, next(iter(seen)))
    _write(options, counts, figures, done, time.monotonic() - started)
    return int(any(counts[kind] for kind in ("crash", *KINDS)))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.trials.monkey", description=__doc__)
    parser.add_argument("--events", type=int, default=25_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=55.0, help="stop after these")
    parser.add_argument("--first", type=int, default=0, help="number of the first event")
    parser.add_argument("--upto", type=int, help="stop before this event, to reproduce")
    parser.add_argument("--skip", type=_numbers, default=set(), metavar="1,5-9", help="leave out")
    parser.add_argument("--shrink", action="store_true", help="find events that are not needed")
    parser.add_argument("--keep", type=Path, help="folder for the logs of the events")
    parser.add_argument("--cache", type=Path, help="cache folder to use, for a quicker start")
    options = parser.parse_args()
    if options.upto is not None:
        options.events = options.upto - options.first
    return options


def _numbers(text: str) -> set[int]:
    ranges = (part.partition("-") for part in text.split(",") if part)
    return {n for low, _, high in ranges for n in range(int(low), int(high or low) + 1)}


def _signature(kind: str, text: str) -> str:
    """Return what makes two faults the same one: their last line, without numbers."""
    lines = text.strip().splitlines() or [""]
    line = lines[-1] if kind == "error" else lines[0]
    return f"{kind}: {''.join(c for c in line if not c.isdigit())[:160]}"


def _tell(played: Played, seen: Counter[str], seed: int) -> None:
    faults = list(played.faults)
    if played.is_crash:
        faults.append((played.next - 1, "crash", f"exit code {played.code}\n{played.crash}"))
    for number, kind, text in faults:
        key = _signature(kind, text)
        seen[key] += 1
        if kind != "failed run" and seen[key] == 1:
            results.say(f"--- {kind} at event {number}, seed {seed}\n{text.strip()[-6000:]}")
    if played.is_crash:
        results.say("--- the last events before it\n" + "\n".join(played.tail))


def _keep(place: Place, folder: Path | None) -> None:
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        for log in place.folder.glob("events-*.txt"):
            shutil.copy(log, folder)


def _add(total: Counter[str], figures: dict[str, object]) -> None:
    for name in ("undo_checks", "windows"):
        total[name] += int(figures.get(name, 0))
    for name in ("most_undone", "most_memory_mb", "most_cpu_s"):
        total[name] = max(total[name], figures.get(name, 0))


def _shrink(options: argparse.Namespace, wanted: str) -> None:
    """Leave out larger, then smaller ranges of events as long as the fault stays."""
    upto, skipped = options.first + options.events, set(options.skip)
    size = options.events // 2
    while size:
        for low in range(options.first, upto, size):
            tried = skipped | set(range(low, min(low + size, upto)))
            if tried != skipped and wanted in _found(options, upto, tried):
                skipped = tried
        size //= 2
    needed = sorted(set(range(options.first, upto)) - skipped)
    results.say(f"shrunk {wanted!r} to the events {needed}")


def _found(options: argparse.Namespace, upto: int, skip: set[int]) -> set[str]:
    with temporary_place(options.cache) as place:
        played = play(place, options.seed, options.first, upto, 10, skip)
    found = {_signature(kind, text) for _, kind, text in played.faults}
    if played.is_crash:
        found.add(_signature("crash", f"exit code {played.code}"))
    return found


def _write(
    options: argparse.Namespace,
    counts: Counter[str],
    figures: Counter[str],
    done: int,
    seconds: float,
) -> None:
    events = done - options.first
    results.write(
        "monkey",
        {
            "seed": options.seed,
            "events": events,
            "crashes": counts["crash"],
            "errors": counts["error"],
            "hangs": counts["hang"],
            "undo_differences": counts["undo"],
            "warnings": counts["warning"],
            "failed_runs": counts["failed run"],
            **figures,
            "seconds": round(seconds, 1),
        },
    )
    results.say(f"{events / max(seconds, 1e-9):.0f} events/s")


if __name__ == "__main__":
    raise SystemExit(main())
