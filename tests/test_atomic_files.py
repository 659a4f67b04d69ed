"""Files are written whole or not at all, by one writer, and leave nothing of a killed one."""

from __future__ import annotations

import ast
import errno
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from conex_core import atomic_files, examples
from conex_core.atomic_files import create, remove_abandoned, replacing, scratch, write, write_all
from conex_core.cli.main import main
from conex_core.errors import FileError
from conex_core.graph import edits
from conex_core.graph.files import project_file
from conex_core.graph.files.block_file import block_of, save_block
from conex_core.graph.library.library import Library

ROOT = Path(__file__).resolve().parent.parent

# Modules that open files for writing themselves, and why they may.
ALLOWED = {
    "conex_core/atomic_files.py": "is the writer",
    "conex_core/behaviors/recording/rows.py": "appends rows in a run; its head counts whole rows",
    "conex_core/cli/main.py": "turns standard output to nowhere when nobody reads it",
    "conex_app/recovery/": "appends to a journal, whose last line may be half a line",
}
WRITERS = {
    *("write_text", "write_bytes", "savefig", "save_file", "savez", "savez_compressed"),
    *("savetxt", "tofile", "to_csv", "mkstemp", "NamedTemporaryFile", "QSaveFile", "QFile"),
    *("copyfile", "copy2", "copytree"),
}


def test_no_module_writes_files_but_through_the_one_writer() -> None:
    found = {
        name
        for package in ("conex_core", "conex_app")
        for path in sorted((ROOT / package).rglob("*.py"))
        if not (name := path.relative_to(ROOT).as_posix()).startswith(tuple(ALLOWED))
        and any(writes(call) for call in unguarded_calls(ast.parse(path.read_text("utf-8"))))
    }

    assert found == set()


def test_a_file_is_replaced_in_one_step_and_nothing_stays_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write(path, b"old")

    with replacing(path) as temporary:
        temporary.write_bytes(b"new")
        assert path.read_bytes() == b"old"

    assert path.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["a.txt"]


def test_an_error_in_the_middle_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write(path, b"old")

    with pytest.raises(ZeroDivisionError), replacing(path) as temporary:
        temporary.write_bytes(bytes(1 // 0))

    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a.txt"]


def test_files_that_belong_together_are_all_replaced_or_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = [tmp_path / "a.json", tmp_path / "a.safetensors"]
    write_all([(path, b"old") for path in pair])

    fill_the_disk(monkeypatch, after=1)
    with pytest.raises(FileError, match="No space left"):
        write_all([(path, b"new") for path in pair])

    assert [path.read_bytes() for path in pair] == [b"old", b"old"]


def test_what_is_there_is_not_created_anew(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    create(path, b"mine")

    with pytest.raises(FileExistsError):
        create(path, b"other")

    assert path.read_bytes() == b"mine"


def test_an_old_file_is_spoken_of_only_where_there_was_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "old.txt", b"old")
    fill_the_disk(monkeypatch)

    with pytest.raises(FileError, match="The old file is unchanged; make room") as with_old:
        write(tmp_path / "old.txt", b"new")
    with pytest.raises(FileError, match="Nothing was written; make room") as without:
        write(tmp_path / "new.txt", b"new")

    assert "old file" not in str(without.value)
    assert "Nothing" not in str(with_old.value)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("gone/net.conex", "the folder .*gone is not there.*choose another folder"),
        ("x" * 300, "name too long.*choose a shorter name"),
        ("a\0b", "null"),
        (".", "it is a folder"),
    ],
)
def test_a_place_that_takes_no_file_is_named_with_its_mend(
    tmp_path: Path, name: str, words: str
) -> None:
    with pytest.raises(FileError, match=f"(?i){words}"):
        write(f"{tmp_path}/{name}", b"new")


def test_a_device_is_never_replaced_by_a_file() -> None:
    with pytest.raises(FileError, match="device"):
        write("/dev/null", b"new")

    assert not Path("/dev/null").is_file()


# What killed programs leave


def test_what_a_killed_writer_leaves_is_removed_by_the_next_save_there(tmp_path: Path) -> None:
    left = killed_while_writing(tmp_path / "net.conex")

    write(tmp_path / "other.conex", b"new")

    assert not left.exists()
    assert os.listdir(tmp_path) == ["other.conex"]


def test_what_somebody_writes_just_now_stays(tmp_path: Path) -> None:
    with scratch(tmp_path, "net.conex") as temporary:
        assert remove_abandoned(tmp_path) == []
        assert temporary.exists()


def test_what_an_earlier_process_of_our_number_left_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scratch(tmp_path, "net.conex") as temporary:
        monkeypatch.setattr(atomic_files, "_process", lambda: "0" * 8)

        assert remove_abandoned(tmp_path) == [temporary]


def test_what_another_machine_writes_stays_for_a_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scratch(tmp_path, "net.conex") as temporary:
        monkeypatch.setattr(atomic_files, "_machine", lambda: "0" * 6)
        young = remove_abandoned(tmp_path)
        long_ago = time.time() - 90_000
        os.utime(temporary, (long_ago, long_ago))

        assert (young, remove_abandoned(tmp_path)) == ([], [temporary])


@pytest.mark.parametrize(
    "name", ["net.conex-part", ".net.conex-part", ".a.b.tmp", ".net.12-3-x.conex-part", "net.tmp"]
)
def test_files_of_the_user_are_never_removed(tmp_path: Path, name: str) -> None:
    mine = tmp_path / name
    mine.write_text("mine", encoding="utf-8")
    os.utime(mine, (0, 0))

    assert remove_abandoned(tmp_path) == []
    assert mine.read_text(encoding="utf-8") == "mine"


def test_a_folder_that_is_gone_is_nothing_to_report(tmp_path: Path) -> None:
    assert remove_abandoned(tmp_path / "gone") == []


# Every writer that a user meets, on a full disk


@pytest.mark.parametrize("writer", ["project", "block", "library", "script", "state", "figure"])
def test_a_full_disk_leaves_the_old_file_of_every_writer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writer: str
) -> None:
    save, path = writer_of(writer, tmp_path)
    save()
    before, names = path.read_bytes(), sorted(os.listdir(path.parent))

    fill_the_disk(monkeypatch)
    with pytest.raises(FileError, match="No space left"):
        save()

    assert path.read_bytes() == before
    assert sorted(os.listdir(path.parent)) == names


def test_a_full_disk_leaves_the_results_of_an_earlier_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project_file.save(examples.load("smallest"), tmp_path / "net.conex")
    out = ["--out", str(tmp_path / "out"), "--engine", "reference"]
    command = ["run", str(tmp_path / "net.conex"), "--steps", "5", *out]
    assert main(command) == 0
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}

    fill_the_disk(monkeypatch)

    assert main([*command, "--seed", "9"]) != 0
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before
    assert "No space left" in capsys.readouterr().err


def writer_of(name: str, folder: Path) -> tuple[Callable[[], object], Path]:
    """Return what writes a file of one sort, and the file."""
    doc = examples.load("smallest")
    if name == "project":
        return lambda: project_file.save(doc, folder / "a.conex"), folder / "a.conex"
    if name in ("block", "library"):
        return block_writer(name, folder)
    if name == "script":
        return lambda: write(folder / "a.py", b"print"), folder / "a.py"
    if name == "state":
        from conex_core.state.files import save

        return lambda: save({"x": [1], "values": {}}, folder / "a.state", {}), folder / "a.state"
    from conex_core.helpers.visualization.static import raster
    from conex_core.helpers.visualization.static import save as save_figure

    figure = raster({"Exc": ([1, 2], [1, 2])})
    return lambda: save_figure(figure, folder / "a.png"), folder / "a.png"


def block_writer(name: str, folder: Path) -> tuple[Callable[[], object], Path]:
    doc = examples.load("smallest")
    nodes = list(doc.network.nodes)
    block = block_of(edits.group(doc, nodes, name="Cells", definition_id="cells"), "cells")
    if name == "block":
        return lambda: save_block(block, folder / "a.conexblock"), folder / "a.conexblock"
    library = Library(user=folder, shipped=folder / "none")
    path = library.save(block).path
    assert path is not None
    return lambda: library.save(block), path


def fill_the_disk(monkeypatch: pytest.MonkeyPatch, after: int = 0) -> None:
    """Let the disk be full from the next file on, or after some more files."""
    synced: list[int] = []

    def full(handle: int) -> None:
        synced.append(handle)
        if len(synced) > after:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)


def killed_while_writing(path: Path) -> Path:
    """Return what a process leaves that is killed between writing a file and naming it."""
    code = (
        "import os, sys\nfrom conex_core.atomic_files import replacing\n"
        "with replacing(sys.argv[1]) as temporary:\n"
        "    temporary.write_bytes(b'half')\n    os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, path], cwd=ROOT, check=False)
    assert done.returncode == -9
    (left,) = path.parent.iterdir()
    return left


def unguarded_calls(tree: ast.AST) -> Iterator[ast.Call]:
    """Yield calls that stand in no ``with replacing(...)`` or ``with scratch(...)``."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.With) and any(is_guard(item) for item in node.items):
            continue
        if isinstance(node, ast.Call):
            yield node
        yield from unguarded_calls(node)


def is_guard(item: ast.withitem) -> bool:
    call = item.context_expr
    return isinstance(call, ast.Call) and name_of(call) in ("replacing", "scratch")


def writes(call: ast.Call) -> bool:
    name = name_of(call)
    if name in ("replace", "rename", "link"):
        return isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "os"
    if name != "open":
        return name in WRITERS
    words = [
        each.value
        for each in [*call.args, *(key.value for key in call.keywords)]
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    ]
    flags = {each.attr for each in ast.walk(call) if isinstance(each, ast.Attribute)}
    modes = [word for word in words if len(word) <= 3 and set(word) <= set("rwaxbt+")]
    return any(set(mode) & set("wax+") for mode in modes) or bool(
        flags & {"O_WRONLY", "O_RDWR", "O_CREAT", "WriteOnly", "ReadWrite"}
    )


def name_of(call: ast.Call) -> str:
    called = call.func
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
