"""Where kernels cannot be had: the reference engine runs, and says so."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import torch

from conex_core import Neocortex, NeuronGroup, prioritize_behaviors
from conex_core.behaviors.neurons import LIF, Fire, InherentNoise
from conex_core.errors import ParameterError, StructureError
from conex_core.run.engine import compiling
from conex_core.run.engine.families.dynamics import lif
from conex_core.run.engine.report import report


@pytest.fixture
def fresh_compiler():
    """Let compiling start anew, now and afterwards."""
    made = (compiling.unavailable, compiling.loop_of, compiling.address_of, compiling.folder)
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
    assert "compiled anew" in caplog.text


def test_an_engine_of_another_name_is_refused():
    with pytest.raises(ParameterError, match="engine"):
        Neocortex(engine="warp")
