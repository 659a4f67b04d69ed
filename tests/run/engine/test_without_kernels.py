"""Where kernels cannot be had: the reference engine runs, and says so."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from conex_core import Neocortex, NeuronGroup, prioritize_behaviors
from conex_core.behaviors.neurons import LIF, Fire, InherentNoise
from conex_core.errors import ParameterError, StructureError
from conex_core.run.engine import compiling
from conex_core.run.engine.families.dynamics import fire, lif
from conex_core.run.engine.report import report


@pytest.fixture
def fresh_compiler():
    """Let compiling start anew, now and afterwards."""
    made = (compiling._import_problem, compiling.loop_of, compiling.address_of)
    made += (compiling.folder, compiling._tell_once)
    for function in made:
        function.cache_clear()
    yield
    for function in made:
        function.cache_clear()


def _network(engine: str, **given) -> Neocortex:
    net = Neocortex(seed=1, engine=engine, **given)
    NeuronGroup(net, 8, prioritize_behaviors([LIF(), InherentNoise(scale=9.0), Fire()]), "exc")
    net.initialize()
    return net


def test_without_numba_the_reference_engine_runs(monkeypatch, fresh_compiler):
    monkeypatch.setitem(sys.modules, "numba", None)
    net = _network("auto")

    net.simulate_iterations(5)

    assert net.iteration == 5
    assert "numba cannot be used" in report(net).note


# Run in a process of its own, with what numba and the cache make of its environment.
RUN = """
import logging, sys
logging.basicConfig(level=logging.INFO, format="%(message)s")
sys.modules.update({name: None for name in sys.argv[1:]})
from conex_core import LIF, Fire, InherentNoise, Neocortex, NeuronGroup
from conex_core.run.engine.report import report
from conex_core.run.session import Session
net = Neocortex(seed=1)
NeuronGroup(net, 8, [LIF(), InherentNoise(scale=9.0), Fire()], "exc")
result = Session(net).run(60)
print(result.steps, result.spike_hash, report(net).engine, report(net).note, sep="|")
"""


def _ran(*missing: str, **environment: str) -> tuple[list[str], str]:
    """Return steps, hash, engine and note of a run in such an environment, and its log."""
    done = subprocess.run(
        [sys.executable, "-c", RUN, *missing],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().split("|"), done.stderr


@pytest.fixture(scope="module")
def usual() -> list[str]:
    return _ran()[0]


@pytest.mark.parametrize(
    ("missing", "environment", "words"),
    [
        ((), {"NUMBA_DISABLE_JIT": "1"}, "switched off (NUMBA_DISABLE_JIT)"),
        ((), {"NUMBA_NUM_THREADS": "0"}, "numba cannot be used"),
        (("llvmlite",), {}, "numba cannot be used"),
    ],
    ids=["switched-off", "wrong-setting", "no-llvmlite"],
)
def test_without_a_compiler_the_numbers_are_the_same(usual, missing, environment, words):
    (steps, spikes, engine, note), log = _ran(*missing, **environment)

    assert (steps, spikes, engine) == ("60", usual[1], "reference")
    assert words in note
    assert words in log
    assert "Traceback" not in log


def test_settings_that_numba_does_without_change_nothing(usual):
    found, _ = _ran(NUMBA_THREADING_LAYER="none", NUMBA_CACHE_DIR="/proc/none")

    assert found == usual


def test_a_compiler_that_is_switched_off_in_between_is_asked_again(monkeypatch):
    from numba import config

    monkeypatch.setattr(config, "DISABLE_JIT", 1)
    net = _network("auto")
    net.simulate_iterations(5)
    off = report(net)
    monkeypatch.setattr(config, "DISABLE_JIT", 0)

    assert (off.engine, off.hint) == ("reference", "Start without NUMBA_DISABLE_JIT")
    assert report(_network("auto")).engine == "fused"


def test_kernels_that_were_asked_for_and_cannot_be_had_are_an_error(monkeypatch, fresh_compiler):
    monkeypatch.setitem(sys.modules, "numba", None)

    with pytest.raises(StructureError, match="numba cannot be used"):
        _network("fused").simulate_iteration()


def test_float64_stays_with_the_reference_engine():
    net = _network("auto", dtype=torch.float64)

    assert report(net).engine == "reference"
    assert "float64" in report(net).note


def test_a_damaged_cache_is_done_without(monkeypatch, fresh_compiler, tmp_path: Path, caplog):
    monkeypatch.setattr(compiling, "user_cache_path", lambda *_, **__: tmp_path)
    compiling.address_of(lif)
    for path in compiling.folder().rglob("*.nb?"):
        path.write_bytes(b"no code")
    compiling.address_of.cache_clear()

    assert compiling.address_of(lif)
    assert "compiled anew" in caplog.text


def test_a_folder_that_cannot_be_made_is_done_without(
    monkeypatch, fresh_compiler, tmp_path: Path, caplog
):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setattr(compiling, "user_cache_path", lambda *_, **__: tmp_path / "file")

    assert compiling.address_of(lif)
    assert compiling.address_of(fire)
    assert caplog.text.count("compiled anew") == 1
    assert "XDG_CACHE_HOME" in caplog.text


def test_without_a_home_kernels_are_compiled_all_the_same(monkeypatch, fresh_compiler, caplog):
    def homeless(*_, **__):
        raise RuntimeError("no home directory")

    monkeypatch.setattr(compiling, "user_cache_path", homeless)

    assert compiling.address_of(lif)
    assert "your cache folder cannot be used (no home directory)" in caplog.text


def test_a_full_disk_is_done_without(monkeypatch, fresh_compiler, tmp_path: Path, caplog):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(compiling, "user_cache_path", lambda *_, **__: tmp_path)
    monkeypatch.setattr("numba.core.caching.IndexDataCacheFile._open_for_write", full)

    assert compiling.address_of(lif)
    assert "No space left on device" in caplog.text


def test_an_engine_of_another_name_is_refused():
    with pytest.raises(ParameterError, match="engine"):
        Neocortex(engine="warp")
