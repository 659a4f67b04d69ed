"""The short form of ``python -m tests.trials.mutated_files``: the same files every time."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.trials.mutated_files import mutated_file
from tests.trials.trying import Trial

SEED, FILES, PARTS = 7, 120, 4


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Trial:
    return Trial(tmp_path_factory.mktemp("mutated"))


@pytest.mark.parametrize("part", range(PARTS))
def test_mutated_files_bring_no_traceback_no_hang_and_no_file(part: int, trial: Trial) -> None:
    numbers = range(part, FILES, PARTS)

    tried = [trial.of(number, *mutated_file(number, SEED)) for number in numbers]

    assert [failure.text for one in tried for failure in one.failures] == []
    assert sum(one.accepted for one in tried) > len(numbers) / 3


def test_a_use_that_fails_is_seen(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_given: object) -> None:
        Path(trial.folder, "left").write_text("here", "utf-8")
        raise KeyError("on purpose")

    monkeypatch.setattr("tests.trials.trying.USES", (fails,))
    number = next(n for n in range(50) if trial.of(n, *mutated_file(n, SEED)).accepted)

    kinds = {one.kind for one in trial.of(number, *mutated_file(number, SEED)).failures}

    Path(trial.folder, "left").unlink()
    assert kinds == {"traceback", "written"}


def test_the_same_seed_gives_the_same_file() -> None:
    assert mutated_file(3, 1) == mutated_file(3, 1)
    assert mutated_file(3, 1) != mutated_file(3, 2)
