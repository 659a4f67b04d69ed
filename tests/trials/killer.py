"""Kills at random moments: ``python -m tests.trials.killer --kills N --seed S``.

The real program is started without a screen; a driver in it edits, types and saves every
20 to 200 ms and tells each step. It is killed by SIGKILL; then the file on disk must be
one of the versions that were saved, what comes back at most a second of edits and of
typing behind, and after the next start nothing may be left over.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from conex_core.errors import ConexError
from conex_core.graph.files import project_file
from conex_core.resources import root
from tests.trials import results
from tests.trials.place import Place, temporary_place
from tests.trials.recovered import Recovered, recovered

__all__ = ["Kill", "Step", "kill_once", "lost_seconds"]

LATEST_KILL_S = 5.0
START_S = 120.0  # a start on a busy machine
REST_S = 120.0
ENDS_S = 5.0  # in which what the killed process had started must have gone
MOST_LOST_S = 1.0
SHARED = Path("/dev/shm")


@dataclass
class Step:
    """Hold what the document was after a step of the driver, and what was being typed."""

    at: float
    kind: str
    text: str
    typed: str | None = None


@dataclass
class Kill:
    """Hold what one kill came to."""

    steps: list[Step] = field(default_factory=list)
    at: float = 0.0
    process: int = 0
    damage: str = ""
    lost_s: float = 0.0
    typing_lost_s: float = 0.0
    came_back: bool = False
    leftovers: list[str] = field(default_factory=list)
    failure: str = ""  # why the trial itself could not be made


def kill_once(place: Place, seed: int, *, runs: bool = False) -> Kill:
    """Start the program on a project of its own, kill it, look, start it again, look."""
    draw, kill = random.Random(seed), Kill()
    project = place.work / "project.conex"
    shutil.copy(root() / "examples" / "smallest.conex", project)
    arguments = [str(project), f"--seed={seed}", *(["--runs"] if runs else [])]
    _start_and_kill(place, arguments, kill, draw.uniform(0.3, LATEST_KILL_S))
    if kill.failure:
        return kill
    kill.damage = _damage(project, kill)
    back = recovered(place.data)
    kill.came_back = back is not None
    held = back or Recovered(project.read_text(encoding="utf-8"))
    kill.lost_s = lost_seconds(kill, [step.text for step in kill.steps], held.text)
    kill.typing_lost_s = lost_seconds(kill, [step.typed for step in kill.steps], held.typed)
    kill.failure = held.problem or _start_again(place, back)
    kill.leftovers = _leftovers(place, project, kill.process)
    return kill


def lost_seconds(kill: Kill, known: Sequence[str | None], back: str | None) -> float:
    """Return the age, at the kill, of the oldest step that what came back does not hold.

    ``known`` is what there was after each step, ``back`` what came back of it.
    """
    held = [number for number, one in enumerate(known) if one == back]
    later = kill.steps[held[-1] + 1 :] if held else kill.steps
    return kill.at - later[0].at if later else 0.0


def _start_and_kill(place: Place, arguments: list[str], kill: Kill, after: float) -> None:
    errors = (place.folder / "stderr.txt").open("w+")
    with errors:
        child = place.start(
            "tests.trials.killer_child", arguments, stdout=subprocess.PIPE, stderr=errors
        )
        kill.process = child.pid
        reader = threading.Thread(target=_read, args=(child.stdout, kill), daemon=True)
        reader.start()
        began = time.monotonic()
        while not kill.steps and child.poll() is None and time.monotonic() - began < START_S:
            time.sleep(0.01)
        time.sleep(after)
        ended = child.poll()
        child.kill()
        kill.at = time.monotonic()
        child.wait()
        reader.join(10)
        child.stdout.close()
        errors.seek(0)
        if ended is not None or not kill.steps:
            kill.failure = f"the program ended by itself: {ended}\n{errors.read()[-3000:]}"


def _read(pipe, kill: Kill) -> None:
    for line in pipe:
        if line.endswith("\n"):
            kill.steps.append(Step(**json.loads(line)))


def _damage(project: Path, kill: Kill) -> str:
    """Say what is wrong with the file on disk; nothing if it is a version that was saved."""
    try:
        text = project.read_text(encoding="utf-8")
        project_file.from_text(text, project)
    except (OSError, ValueError, ConexError) as error:
        return f"the file cannot be read: {error}"
    original = (root() / "examples" / "smallest.conex").read_text(encoding="utf-8")
    saved = [step.text for step in kill.steps if step.kind in ("saving", "saved")]
    return "" if text in (original, *saved) else "the file is none of the versions saved"


def _start_again(place: Place, back: Recovered | None) -> str:
    """Start, have brought back what is offered, save, close; say what went wrong."""
    pipe = subprocess.PIPE
    child = place.start("tests.trials.killer_child", ["--rest"], stdout=pipe, stderr=pipe)
    try:
        said, errors = child.communicate(timeout=REST_S)
    except subprocess.TimeoutExpired:
        child.kill()
        return "the next start did not come to an end"
    if child.returncode:
        return f"the next start ended with {child.returncode}\n{errors}"
    brought = [Step(**json.loads(line)) for line in said.splitlines()]
    if back is None or len(brought) != 1:
        wanted = int(back is not None)
        return "" if len(brought) == wanted else f"{len(brought)} came back instead of {wanted}"
    if brought[0].text != back.text:
        return "what came back is another text"
    return _typing_difference(brought[0].typed, back)


def _typing_difference(typed: str | None, back: Recovered) -> str:
    """Say whether the text that was being typed did not come back, though it was not committed."""
    is_committed = typed is None and back.typed is not None and json.dumps(back.typed) in back.text
    if typed == back.typed or is_committed or back.typed is None:
        return ""
    return f"{back.typed!r} was being typed, {typed!r} came back"


def _leftovers(place: Place, project: Path, killed: int) -> list[str]:
    until = time.monotonic() + ENDS_S
    while place.processes() and time.monotonic() < until:
        time.sleep(0.1)
    files = [path for path in place.work.rglob("*") if path.is_file() and path != project]
    files += [path for path in place.data.rglob("*") if _is_passing(path)]
    return [
        *(f"file {path.relative_to(place.folder)}" for path in files),
        *(f"process {number}" for number in place.processes()),
        *(f"shared memory {name}" for name in _shared_by(killed)),
    ]


def _is_passing(path: Path) -> bool:
    """Tell whether a file in the user's data should be gone when all is saved and closed."""
    name = path.name.lower()
    return path.is_file() and any(part in name for part in ("tmp", ".lock", ".journal", "~"))


def _shared_by(process: int) -> list[str]:
    """Return the shared memory that still has the name that a process gave it."""
    return sorted(path.name for path in SHARED.glob(f"conex-{process}-*"))


def main() -> int:
    """Kill, look, add up; return 1 if a promise was broken."""
    parser = argparse.ArgumentParser(prog="tests.trials.killer", description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=55.0, help="stop after these")
    parser.add_argument("--cache", type=Path, help="cache folder to use, for a quicker start")
    options = parser.parse_args()
    results.say(f"killer: seed {options.seed}, {options.kills} kills")
    began, kills = time.monotonic(), []
    for number in range(options.kills):
        if time.monotonic() - began > 60 * options.minutes:
            break
        seed = 1000 * options.seed + number
        with temporary_place(options.cache) as place:
            kill = kill_once(place, seed, runs=number % 4 == 3)
        kills.append(kill)
        _tell(seed, kill)
    figures = _figures(kills)
    results.write("killer", {"seed": options.seed, **figures})
    return int(any(map(_is_broken, kills)))


def _is_broken(kill: Kill) -> bool:
    lost = max(kill.lost_s, kill.typing_lost_s)
    return bool(kill.damage or kill.leftovers or kill.failure or lost > MOST_LOST_S)


def _tell(seed: int, kill: Kill) -> None:
    if _is_broken(kill):
        said = [kill.damage, *kill.leftovers, kill.failure]
        words = "; ".join(each for each in said if each)
        lost = f"{kill.lost_s:.2f} s of edits and {kill.typing_lost_s:.2f} s of typing lost"
        back = "came back" if kill.came_back else "nothing to come back"
        results.say(f"--- seed {seed}: {back}, {lost}, {len(kill.steps)} steps; {words}")


def _figures(kills: list[Kill]) -> dict[str, object]:
    return {
        "kills": len(kills),
        "steps": sum(len(kill.steps) for kill in kills),
        "came_back": sum(kill.came_back for kill in kills),
        "damaged": sum(bool(kill.damage) for kill in kills),
        "typing": sum(step.typed is not None for kill in kills for step in kill.steps),
        "most_lost_s": round(max((kill.lost_s for kill in kills), default=0.0), 3),
        "most_typing_lost_s": round(max((kill.typing_lost_s for kill in kills), default=0.0), 3),
        "too_much_lost": sum(max(kill.lost_s, kill.typing_lost_s) > MOST_LOST_S for kill in kills),
        "leftovers": sum(len(kill.leftovers) for kill in kills),
        "failed": sum(bool(kill.failure) for kill in kills),
    }


if __name__ == "__main__":
    raise SystemExit(main())
