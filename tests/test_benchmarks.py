"""The workloads of the speed comparison spike as in every other simulator."""

from __future__ import annotations

import json

import pytest

from tests.benchmarks import measure
from tests.benchmarks.workloads import PROMISES, WARMUP, workload


@pytest.mark.parametrize("name", PROMISES)
def test_stored_input_gives_the_spikes_that_all_simulators_count(name):
    promise = PROMISES[name]
    work = workload(name, promise.size)

    found = measure.measured(work, steps=promise.steps, warmup=WARMUP, check=True)

    assert found["spikes"] == promise.spikes


def test_static_kernels_give_the_spikes_that_all_simulators_count():
    work = workload("W3").static()

    found = measure.measured(work, steps=1000, warmup=WARMUP, check=True)

    assert found["spikes"] == 46545


@pytest.mark.parametrize(("name", "size"), [("W1", 200), ("W2", 1000), ("W3", None), ("W4", 100)])
def test_drawn_input_drives_like_the_stored_one(name, size):
    work = workload(name, size)

    drawn = measure.measured(work, steps=200)
    stored = measure.measured(work, steps=200, check=True)

    assert drawn["spikes"] == pytest.approx(stored["spikes"], rel=0.25)


def test_the_command_prints_one_line_as_the_peers_do(capsys):
    code = measure.main(["W4", "--steps", "50", "--check"])

    found = json.loads(capsys.readouterr().out)
    assert code == 0
    assert found["simulator"] == "conex_studio"
    assert {"n", "steps", "build_s", "sim_s", "us_per_step", "peak_rss_mb"} <= found.keys()


def test_the_command_fails_when_a_count_is_missed(capsys, monkeypatch):
    monkeypatch.setitem(PROMISES, "W4", type(PROMISES["W4"])(None, 50, 1))

    code = measure.main(["W4", "--steps", "50", "--check"])

    assert code == 1
    assert "W4 must have 1 spikes" in capsys.readouterr().err
