"""Earlier versions on disk: twenty of each project, none twice, and cleaned by themselves."""

from __future__ import annotations

import errno
import os
import time
from pathlib import Path

import pytest

from conex_app.project import backups
from conex_app.project.backups import GONE_DAYS, KEPT, ORIGIN, Backups
from conex_core.errors import FileError

DAY = 86400


@pytest.fixture
def kept(tmp_path: Path) -> Backups:
    return Backups(tmp_path / "backups")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    path = tmp_path / "net v1.5.conex"
    path.write_bytes(b"now")
    return path


def contents(kept: Backups, project: Path) -> list[bytes]:
    return [version.path.read_bytes() for version in kept.versions(project)]


def test_the_last_twenty_versions_are_kept_newest_first(kept, project):
    for number in range(KEPT + 5):
        kept.keep(project, b"%d" % number, number)

    versions = kept.versions(project)

    assert contents(kept, project) == [b"%d" % n for n in range(KEPT + 4, 4, -1)]
    assert [version.nodes for version in versions[:2]] == [KEPT + 4, KEPT + 3]


def test_the_same_content_is_there_once_and_is_the_newest(kept, project):
    for data in (b"a", b"b", b"a", b"a"):
        kept.keep(project, data, 1)

    assert contents(kept, project) == [b"a", b"b"]


def test_the_name_of_a_version_tells_its_time_and_its_folder_the_project(kept, project):
    kept.keep(project, b"a", 1, moment=0.0)

    (version,) = kept.versions(project)

    assert version.path.name == "1970-01-01 00-00-00.000000 UTC, 1 node.conex"
    assert version.saved.timestamp() == 0
    assert version.path.parent.name.startswith("net v1.5-")
    assert (version.path.parent / ORIGIN).read_text() == str(project)


def test_projects_of_one_name_in_two_folders_do_not_meet(kept, tmp_path):
    for folder in ("one", "two"):
        kept.keep(tmp_path / folder / "net.conex", folder.encode(), 1)

    assert contents(kept, tmp_path / "one" / "net.conex") == [b"one"]


def test_the_oldest_versions_of_all_go_when_there_is_too_much(kept, tmp_path, monkeypatch):
    monkeypatch.setattr(backups, "MOST_BYTES", 250)
    old, new = tmp_path / "old.conex", tmp_path / "new.conex"
    for number in range(3):
        kept.keep(old, bytes([number]) * 100, 1)
    kept.keep(new, b"n" * 100, 1)

    assert contents(kept, old) == [bytes([2]) * 100]
    assert contents(kept, new) == [b"n" * 100]


def test_one_version_stays_however_large_it_is(kept, project, monkeypatch):
    monkeypatch.setattr(backups, "MOST_BYTES", 10)

    kept.keep(project, b"x" * 100, 1)

    assert contents(kept, project) == [b"x" * 100]


def test_versions_of_a_project_that_is_gone_go_after_some_time(kept, project, tmp_path):
    gone, long_ago = tmp_path / "gone.conex", time.time() - (GONE_DAYS + 1) * DAY
    kept.keep(gone, b"a", 1, moment=long_ago)
    kept.keep(project, b"a", 1, moment=long_ago)
    lately = tmp_path / "lately.conex"
    kept.keep(lately, b"a", 1)

    kept.clean()

    assert [len(kept.versions(each)) for each in (gone, project, lately)] == [0, 1, 1]


def test_folders_and_files_of_others_are_left_alone(kept, project):
    kept.keep(project, b"a", 1)
    (kept.folder / "mine").mkdir()
    notes = kept.folder_of(project) / "my notes.conex"
    notes.write_text("mine")
    for path in (kept.folder / "mine", notes):
        os.utime(path, (0, 0))

    kept.clean()

    assert notes.read_text() == "mine"
    assert (kept.folder / "mine").is_dir()
    assert contents(kept, project) == [b"a"]


def test_a_full_disk_is_told_and_keeps_what_is_there(kept, project, monkeypatch):
    kept.keep(project, b"a", 1)

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileError, match="No space left"):
        kept.keep(project, b"b", 1)

    assert contents(kept, project) == [b"a"]


def test_without_a_folder_there_are_no_versions(kept, project):
    assert kept.versions(project) == []
    kept.clean()
