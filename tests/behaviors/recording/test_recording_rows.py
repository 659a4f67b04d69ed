"""Where recorded rows are kept: chunks, rings and files."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from conex_core import Neocortex, NeuronGroup
from conex_core.behaviors.recording import EventRecorder, Recorder
from conex_core.behaviors.recording.rows import FileRows, Rows
from conex_core.errors import FileError, ParameterError
from tests.behaviors.counting_group import Counting, N, group_with, naive, steps

resource = pytest.importorskip("resource", reason="limits how large a file may grow")


# Memory


@given(keep=st.none() | st.integers(1, 9), chunk=st.integers(1, 5), count=st.integers(0, 40))
def test_rows_are_kept_over_chunks_of_any_size(keep: int | None, chunk: int, count: int) -> None:
    rows = Rows((2,), torch.int64, keep=keep)
    rows._chunk_bytes = lambda: chunk * 16  # type: ignore[method-assign]  # two int64 a row
    expected = torch.arange(2 * count).reshape(count, 2)

    for row in expected.numpy():
        rows.put(row)

    assert torch.equal(rows.read(), expected[-(keep or count) :] if count else expected)
    assert len(rows) == len(rows.read())


@given(
    blocks=st.lists(st.integers(0, 12), max_size=8),
    keep=st.none() | st.integers(1, 9),
    chunk=st.integers(1, 5),
)
def test_blocks_may_be_longer_than_chunks(blocks: list[int], keep: int | None, chunk: int) -> None:
    rows = Rows((1,), torch.int64, keep=keep)
    rows._chunk_bytes = lambda: chunk * 8  # type: ignore[method-assign]  # one int64 a row
    expected = torch.arange(sum(blocks))[:, None]

    for block in expected.split(blocks) if blocks else ():
        rows.extend(block.numpy())

    assert torch.equal(rows.read(), expected[-(keep or len(expected)) :] if blocks else expected)


# Files


@pytest.mark.parametrize("size", [1, 3, 100])
def test_a_file_holds_what_memory_would(tmp_path: Path, size: int) -> None:
    spilled, held = (EventRecorder("spikes, v", path=str(tmp_path)), EventRecorder("spikes, v"))
    rows = Recorder("v", path=str(tmp_path / "rows"))
    group = steps(group_with(spilled, held, rows), 50)

    for _ in range(2):
        steps(group, size)

        for name in ("spikes", "v"):
            assert torch.equal(spilled.variables[name], held.variables[name])
    assert torch.equal(rows.variables["v"], naive(list(range(1, 51 + 2 * size))))


@given(counts=st.lists(st.integers(0, 9), max_size=6), chunk=st.integers(1, 4))
def test_the_file_is_complete_after_each_flush(
    tmp_path_factory: pytest.TempPathFactory, counts: list[int], chunk: int
) -> None:
    path = tmp_path_factory.mktemp("rows") / "v.npy"
    rows = FileRows((2,), torch.int64, path)
    rows._chunk_bytes = lambda: chunk * 16  # type: ignore[method-assign]  # two int64 a row
    done = 0

    for count in counts:
        for number in range(done, done + count):
            rows.put(np.array([number, -number]))
        rows.flush()
        done += count

        assert np.load(path).tolist() == [[number, -number] for number in range(done)]


def test_the_last_rows_are_written_when_the_recorder_goes(tmp_path: Path) -> None:
    steps(group_with(Recorder("v", path=str(tmp_path))), 3).behavior.clear()

    gc.collect()

    assert np.load(tmp_path / "cells.v.npy").shape == (3, N)


@pytest.fixture
def small_disk() -> Iterator[None]:
    """Let no file grow beyond 300 bytes, as a full disk would."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.usefixtures("small_disk")
def test_a_full_disk_is_told_with_the_path(tmp_path: Path) -> None:
    recorder = Recorder("v", path=str(tmp_path))
    group = steps(group_with(recorder), 50)

    with pytest.raises(FileError, match=r"cells\.v\.npy: cannot be written") as caught:
        recorder.flush()

    assert "gap_width" in str(caught.value)
    group.network.clear_recorder()


def test_a_path_leads_nowhere_out_of_the_project(tmp_path: Path) -> None:
    network = Neocortex()
    network.base = tmp_path / "project"
    NeuronGroup(network, N, [Counting(), Recorder("v", path="../elsewhere")])

    with pytest.raises(FileError, match="out of the project"):
        network.initialize()

    assert not (tmp_path / "elsewhere").exists()


def test_two_recorders_never_share_a_file(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="which is taken") as caught:
        group_with(*(Recorder("v", path=str(tmp_path)) for _ in range(2)))

    assert caught.value.field == "path"
