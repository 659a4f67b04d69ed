"""Short forms of the trials, and whether they would see what they look for."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from pathlib import Path

import pytest

from tests.trials import monkey, results
from tests.trials.cycles import cycle
from tests.trials.faults import Faults
from tests.trials.killer import MOST_LOST_S, Kill, Step, kill_once, lost_seconds
from tests.trials.long_runs import long_run, many_networks
from tests.trials.monkey import play
from tests.trials.place import Place, temporary_place

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


@pytest.fixture
def place():
    with temporary_place(Path(os.environ["XDG_CACHE_HOME"])) as made:
        yield made


def test_random_use_breaks_nothing(place: Place):
    played = play(place, seed=7, first=0, upto=150)

    assert played.code == 0, played.crash
    assert played.next == 150
    assert [each for each in played.faults if each[1] != "failed run"] == []
    assert played.figures["undo_checks"] >= 2


def test_a_kill_damages_nothing_and_leaves_nothing(place: Place):
    kill = kill_once(place, seed=1)

    assert kill.failure == ""
    assert kill.damage == ""
    assert kill.leftovers == []
    assert max(kill.lost_s, kill.typing_lost_s) < MOST_LOST_S
    assert kill.steps


@pytest.mark.parametrize("kind", ["open", "runs"])
def test_cycles_leave_nothing_behind(place: Place, kind: str):
    grown = cycle(kind, count=1, seed=1, cache=place.cache)  # one run: in the window's process

    for name in ("threads", "files", "children", "windows"):
        assert grown[f"{name}_grown"] <= 0, name


def test_the_age_of_the_oldest_lost_edit_is_the_loss():
    steps = [Step(at, "edit", text) for at, text in ((1.0, "a"), (2.0, "b"), (3.5, "c"))]
    kill, known = Kill(steps, at=4.0), ["a", "b", "c"]

    assert lost_seconds(kill, known, "c") == 0.0
    assert lost_seconds(kill, known, "b") == 0.5
    assert lost_seconds(kill, known, "a") == 2.0
    assert lost_seconds(kill, known, "of another project") == 3.0


def test_parts_are_added_up_and_the_most_is_kept():
    lines = [
        "monkey: seed 1",
        'RESULT {"trial": "monkey", "seed": 1, "events": 10, "most_cpu_s": 0.5}',
        'RESULT {"trial": "monkey", "seed": 2, "events": 5, "most_cpu_s": 1.5}',
    ]

    totals = results.added(results.read(lines))

    assert totals == {"monkey": {"parts": 2, "seed": [1, 2], "events": 15, "most_cpu_s": 1.5}}


def test_an_error_that_was_only_logged_is_a_fault():
    told = []
    faults = Faults(lambda kind, text: told.append((kind, text)))
    logger = logging.getLogger("conex_app.anything")
    logger.addHandler(faults)

    logger.error("the plot failed")
    logger.warning("nothing to worry about")
    logger.removeHandler(faults)

    assert [kind for kind, _ in told] == ["error"]


def test_shrinking_leaves_the_events_that_a_fault_needs(monkeypatch, capsys):
    def found(_options: object, _upto: int, skip: set[int]) -> set[str]:
        return set() if skip & {3, 17} else {"crash: exit code -"}

    monkeypatch.setattr(monkey, "_found", found)

    monkey._shrink(argparse.Namespace(first=0, events=20, skip=set()), "crash: exit code -")

    assert capsys.readouterr().out.endswith("to the events [3, 17]\n")


def test_a_long_run_and_many_networks_tell_what_grows() -> None:
    run = long_run(steps=1000, seed=1)
    networks = many_networks(count=5, seed=1)

    assert run["steps"] == 1000
    assert float(str(run["most_growth_mb"])) < 50
    assert int(str(networks["spikes"])) > 0
    assert float(str(networks["most_growth_mb"])) < 20
