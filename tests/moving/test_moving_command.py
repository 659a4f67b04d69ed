"""``conex move`` writes where it is told to and nowhere else, and says what it did."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from conex_core.cli import main

BEFORE = b"from pymonntorch import *\r\nx = np.zeros(3)\r\nRecorder(['v*2'])"
AFTER = b"from conex_core import *\r\nimport numpy as np\r\nx = np.zeros(3)\r\nRecorder(['v*2'])"


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "homework.py"
    path.write_bytes(BEFORE)
    return path


def test_without_a_place_a_diff_is_printed_and_nothing_is_written(
    script: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    code = main(["move", str(script)])

    out, err = capfdbinary.readouterr()
    assert code == 0
    assert b"-from pymonntorch import *\r\n+from conex_core import *\r\n" in out
    assert b"2 changes, not written" in err
    assert b"line 3: 'v*2' is not evaluated" in err
    assert [path.name for path in script.parent.iterdir()] == [script.name]
    assert script.read_bytes() == BEFORE


def test_the_diff_is_what_patch_reads(script: Path) -> None:
    command = [sys.executable, "-m", "conex_core.moving", str(script)]
    diff = subprocess.run(command, capture_output=True, check=True).stdout

    patch = ["patch", "--binary", str(script)]
    done = subprocess.run(patch, input=diff, capture_output=True, check=False)

    assert done.returncode == 0, done.stdout
    assert script.read_bytes() == AFTER


def test_o_writes_another_file(script: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = script.with_name("moved.py")

    code = main(["move", str(script), "-o", str(target)])

    assert (code, target.read_bytes(), script.read_bytes()) == (0, AFTER, BEFORE)
    assert "written with 2 changes" in capsys.readouterr().out


WRITTEN = {
    "script": "from pymonntorch import *\nx = np.ones(3)\ny = torch.ones(3)\nRecorder(['v*2'])\n",
    "brackets": "from pymonntorch import (\n    Network,\n    Recorder,\n)\nRecorder(['v*2'])\n",
    "one line": "from pymonntorch import *; x = np.ones(3); Recorder(['v*2'])\n",
    "windows": "x = 1\r\nfrom conex import *\r\nx = np.ones(3)\r\nRecorder(['v*2'])\r\n",
}


@pytest.mark.parametrize("kind", WRITTEN)
@pytest.mark.parametrize("in_place", [True, False])
def test_what_is_left_is_told_at_its_line_in_the_written_file(
    kind: str, in_place: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script, target = tmp_path / "a.py", tmp_path / ("a.py" if in_place else "b.py")
    script.write_text(WRITTEN[kind], encoding="utf-8", newline="")
    place = ["--in-place"] if in_place else ["-o", str(target)]

    main(["move", str(script), *place, "--json"])

    (left,) = json.loads(capsys.readouterr().out)["files"][0]["by_hand"]
    assert "v*2" in target.read_text(encoding="utf-8").splitlines()[left["line"] - 1]


def test_what_is_left_of_a_notebook_is_told_at_its_line_in_the_written_cell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.ipynb"
    star = "from pymonntorch import *\nx = np.ones(3)\nRecorder(['v*2'])"
    listed = "from pymonntorch import (\n    Clock,\n    Network,\n)\nRecorder(['v*3'])"
    sources = [star, listed]
    cells = [{"cell_type": "code", "source": text} for text in sources]
    path.write_text(json.dumps({"cells": cells, "nbformat": 4}), encoding="utf-8")

    main(["move", "--in-place", str(path)])

    told = capsys.readouterr().out
    assert f"To do by hand in {path}: 2 places" in told
    assert "cell 1, line 4: 'v*2'" in told
    place = told.partition(": 'v*3'")[0].rpartition("cell ")[2]
    after = "".join(json.loads(path.read_text(encoding="utf-8"))["cells"][1]["source"])
    assert place.startswith("2, line ")
    assert "v*3" in after.splitlines()[int(place.rpartition(" ")[2]) - 1]


def test_in_place_keeps_the_old_file(script: Path) -> None:
    script.chmod(0o750)

    assert main(["move", "--in-place", str(script)]) == 0

    assert script.read_bytes() == AFTER
    assert script.stat().st_mode & 0o777 == 0o750
    assert script.with_name("homework.py.orig").read_bytes() == BEFORE


def test_in_place_a_second_time_changes_nothing(
    script: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["move", "--in-place", str(script)])

    assert main(["move", "--in-place", str(script)]) == 0

    assert script.with_name("homework.py.orig").read_bytes() == BEFORE
    assert "nothing to rewrite" in capsys.readouterr().err


def test_an_old_copy_is_never_lost(script: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script.with_name("homework.py.orig").write_text("mine", encoding="utf-8")

    assert main(["move", "--in-place", str(script)]) == 2

    assert script.read_bytes() == BEFORE
    assert script.with_name("homework.py.orig").read_text(encoding="utf-8") == "mine"
    assert "Move it away" in capsys.readouterr().err


def test_json_tells_the_same_as_one_object(
    script: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["move", str(script), "--json"])

    (told,) = json.loads(capsys.readouterr().out)["files"]
    assert (code, told["file"], told["output"], told["changed"]) == (0, str(script), None, True)
    assert [change["line"] for change in told["changes"]] == [1, 1]
    assert told["by_hand"][0]["line"] == 3
    assert told["by_hand"][0]["write"] == 'functions={"v_2": lambda n: n.v * 2}'
    assert "+from conex_core import *" in told["diff"]


ENCODED = {
    "latin": b"# -*- coding: latin-1 -*-\nfrom conex import *  # caf\xe9\n",
    "bom": b"\xef\xbb\xbffrom conex import *\n",
    "utf": "from conex import *  # ☃\n".encode(),
    "cyrillic": b"#!/usr/bin/python\n# coding: cp1251\nfrom conex import *\nx = '\xcf\xf0'\n",
}


@pytest.mark.parametrize("kind", ENCODED)
def test_a_script_keeps_its_encoding(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(ENCODED[kind])

    main(["move", "--in-place", str(path)])

    assert path.read_bytes() == ENCODED[kind].replace(b"conex", b"conex_core")


REFUSED = {
    "folder": "is a folder",
    "missing.py": "is not there",
    "binary.py": "is not text",
    "utf16.py": "is not text",
    "cookie.py": "Save it as UTF-8",
    "latin.py": "Save it as UTF-8",
    "python2.py": "line 1: is written for Python 2",
    "broken.ipynb": "is no notebook",
    "list.ipynb": "is no notebook",
    "julia.ipynb": "is a notebook of julia",
}
FILES: dict[str, bytes] = {
    "binary.py": b"\x7fELF\0\0",
    "utf16.py": "from conex import *".encode("utf-16"),
    "cookie.py": b"# coding: klingon\nimport conex\n",
    "latin.py": b"import conex  # caf\xe9\n",
    "python2.py": b"print 'x'\n",
    "broken.ipynb": b"{",
    "list.ipynb": b"[]",
    "julia.ipynb": b'{"cells": [], "metadata": {"kernelspec": {"language": "julia"}}}',
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_script_is_refused_in_words(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    if name == "folder":
        path.mkdir()
    elif name in FILES:
        path.write_bytes(FILES[name])

    code = main(["move", "--in-place", str(path)])

    told = capsys.readouterr().err
    assert code == 2
    assert str(path) in told
    assert REFUSED[name] in told
    assert told.count("\n") == 1
    assert not list(tmp_path.glob("*.orig"))


def test_a_refused_script_does_not_keep_the_others_from_being_told(
    script: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["move", "--json", str(script.with_name("no.py")), str(script)])

    out, err = capsys.readouterr()
    assert code == 2
    assert len(json.loads(out)["files"]) == 1
    assert "no.py: is not there" in err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["homework.py", "-o", "homework.py"], "--in-place"),
        (["homework.py", "homework.py", "-o", "b.py"], "--in-place for several"),
        (["homework.py", "-o", "b.txt"], "needs to end in .py"),
        (["homework.py", "-o", "nowhere/b.py"], "nowhere is not there"),
        (["homework.py", "-o", "b.py", "--in-place"], "not allowed with"),
        ([], "required"),
    ],
)
def test_a_wrong_call_writes_nothing(
    arguments: list[str],
    told: str,
    script: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(script.parent)

    code = main(["move", *arguments])

    assert code == 2
    assert told in capsys.readouterr().err
    assert [path.name for path in script.parent.iterdir()] == [script.name]


CELLS: list[dict[str, Any]] = [
    {"cell_type": "markdown", "metadata": {}, "source": ["from pymonntorch import *"]},
    {
        "cell_type": "code",
        "metadata": {},
        "outputs": [{"text": "from conex import *"}],
        "source": [
            "%matplotlib inline\n",
            "!pip install \\\n",
            "  x\n",
            "from pymonntorch import *",
        ],
    },
    {"cell_type": "code", "metadata": {}, "source": ["%%bash\n", "import conex"]},
    {"cell_type": "code", "metadata": {}, "source": "%%time\nfiles = !ls\nLIF?\nawait np.zeros(3)"},
    {"cell_type": "code", "metadata": {}, "source": ["print 'two'"]},
    {"cell_type": "code", "metadata": {}, "source": ["s = 'é' \\\n", " % 3\n", "SpikeTrace()"]},
    {"cell_type": "raw", "metadata": {}, "source": []},
]
NOTEBOOK = {"cells": CELLS, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
LAYOUTS: list[dict[str, Any]] = [
    {"indent": 1, "ensure_ascii": False},
    {"indent": 2},
    {"indent": 4, "ensure_ascii": False},
    {},
    {"separators": (",", ":")},
]


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
def test_of_a_notebook_only_imports_in_code_change(layout: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "hw.ipynb"
    before = json.dumps(NOTEBOOK, **layout) + "\n"
    path.write_bytes(before.encode())

    assert main(["move", "--in-place", str(path)]) == 0

    after = json.loads(path.read_bytes())
    expected = json.loads(before)
    expected["cells"][1]["source"][3:] = ["from conex_core import *\n", "import numpy as np"]
    assert after == expected
    assert path.read_bytes().decode() == json.dumps(expected, **layout) + "\n"


def test_a_notebook_is_told_of_cell_by_cell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "hw.ipynb"
    path.write_text(json.dumps(NOTEBOOK, indent=1), encoding="utf-8")

    code = main(["move", str(path), "-o", str(tmp_path / "new.ipynb")])

    told = capsys.readouterr().out
    assert code == 0
    assert "cell 2, line 4: pymonntorch became conex_core" in told
    assert "cell 5, line 1: this cell is written for Python 2" in told
    assert "cell 6, line 3: there is no SpikeTrace" in told


def test_a_notebook_of_which_no_cell_is_python_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "hw.ipynb"
    path.write_text(json.dumps({"cells": [CELLS[4]]}), encoding="utf-8")

    assert main(["move", str(path)]) == 2

    assert "cell 1, line 1: is written for Python 2" in capsys.readouterr().err


def test_moving_imports_no_torch(script: Path) -> None:
    code = "import sys, conex_core.moving as m; m.move_text('import conex'); " + (
        "assert 'torch' not in sys.modules"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
