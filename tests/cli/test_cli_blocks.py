"""``conex block``: what it lists, shows, checks and exports, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conex_core import catalog
from conex_core.cli import main
from conex_core.graph import edits
from conex_core.graph.files import project_file
from conex_core.graph.files.block_file import load_block
from conex_core.graph.library.library import shipped_folder
from conex_core.graph.model.document import Document


@pytest.fixture(autouse=True)
def _own_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("conex_core.graph.library.library.user_folder", lambda: tmp_path / "own")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project with the block "Pair", which holds two connected groups."""
    doc = Document()
    for name in ("a", "b"):
        doc = edits.add_node(doc, "NeuronGroup", node_id=name)
    doc = edits.connect_groups(doc, "a", "b", catalog=catalog.load(), node_id="ab")
    doc = edits.group(doc, ["a", "b", "ab"], name="Pair", node_id="i", definition_id="d_pair")
    path = tmp_path / "project.conex"
    project_file.save(doc, path)
    return path


def test_list_names_the_shipped_blocks(capsys) -> None:
    assert main(["block", "list"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 10
    assert any(line.startswith("Delay line ") for line in lines)


def test_list_takes_words_and_folders_and_tells_of_broken_files(tmp_path: Path, capsys) -> None:
    (tmp_path / "bad.conexblock").write_text("{")

    code = main(["block", "list", "delay", "--json", "--folder", str(tmp_path)])

    told = capsys.readouterr()
    assert code == 0
    assert [row["name"] for row in json.loads(told.out)["blocks"]] == ["Delay line"]
    assert "bad.conexblock" in told.err


def test_show_gives_ports_parameters_and_contents_as_json(capsys) -> None:
    assert main(["block", "show", "Delay line", "--json"]) == 0

    shown = json.loads(capsys.readouterr().out)
    assert shown["ports"][0] == {"name": "in", "direction": "in", "carries": "synapses"}
    assert [row["name"] for row in shown["parameters"]] == ["delay", "size", "weight"]
    assert {row["kind"] for row in shown["contents"]} == {"NeuronGroup", "SynapseGroup"}


def test_show_gives_a_page_of_a_file(capsys) -> None:
    assert main(["block", "show", str(shipped_folder() / "memory-loop.conexblock")]) == 0

    page = capsys.readouterr().out
    assert "Recurrent memory loop" in page
    assert "Largest weight between the neurons of the memory." in page


def test_show_of_an_unknown_block_names_the_nearest(capsys) -> None:
    assert main(["block", "show", "Delay lime"]) == 2

    assert "Did you mean 'Delay line'?" in capsys.readouterr().err


def test_all_shipped_blocks_are_sound(capsys) -> None:
    files = [str(path) for path in sorted(shipped_folder().glob("*.conexblock"))]

    assert main(["block", "check", *files]) == 0

    assert capsys.readouterr().out.count("sound") == 10


def test_check_goes_on_after_a_bad_file_and_ends_with_2(tmp_path: Path, capsys) -> None:
    bad, good = tmp_path / "bad.conexblock", shipped_folder() / "delay-line.conexblock"
    bad.write_text("nothing")

    code = main(["block", "check", str(bad), str(tmp_path / "none.conexblock"), str(good)])

    told = capsys.readouterr()
    assert code == 2
    assert "bad.conexblock" in told.err
    assert "none.conexblock: is not there" in told.err
    assert "Delay line, version 1: sound" in told.out


def test_check_finds_what_is_wrong_inside_a_block(tmp_path: Path, capsys) -> None:
    text = (shipped_folder() / "delay-line.conexblock").read_text(encoding="utf-8")
    bad = tmp_path / "bad.conexblock"
    bad.write_text(text.replace('"kind": "LIF"', '"kind": "Plugged"'), encoding="utf-8")

    assert main(["block", "check", str(bad), "--json"]) == 2

    (result,) = json.loads(capsys.readouterr().out)["files"]
    assert result["readable"]
    assert not result["sound"]
    assert any("Plugged" in problem for problem in result["problems"])


def test_export_writes_a_block_that_can_be_read(project: Path, tmp_path: Path, capsys) -> None:
    target = tmp_path / "pair.conexblock"

    assert main(["block", "export", str(project), "Pair", "-o", str(target)]) == 0

    assert load_block(target).name == "Pair"
    assert "wrote" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["Pear", "main"])
def test_export_of_what_is_no_block_of_the_project_ends_with_2(
    project: Path, tmp_path: Path, name: str, capsys
) -> None:
    target = tmp_path / "pair.conexblock"

    assert main(["block", "export", str(project), name, "-o", str(target)]) == 2

    assert not target.exists()
    assert "Pair" in capsys.readouterr().err


def test_export_takes_a_block_of_the_library_or_of_a_file(tmp_path: Path) -> None:
    first, second = tmp_path / "first.conexblock", tmp_path / "second.conexblock"

    assert main(["block", "export", "Delay line", "-o", str(first)]) == 0
    assert main(["block", "export", str(first), "-o", str(second)]) == 0
    assert main(["block", "check", str(first), str(second)]) == 0

    assert load_block(first).hash == load_block(second).hash


def test_export_of_an_unknown_block_names_the_nearest(tmp_path: Path, capsys) -> None:
    target = tmp_path / "it.conexblock"

    assert main(["block", "export", "Delay lime", "-o", str(target)]) == 2

    assert "Delay line" in capsys.readouterr().err
    assert not target.exists()


def test_export_leaves_another_file_alone(project: Path, tmp_path: Path, capsys) -> None:
    target = tmp_path / "letter.conexblock"
    target.write_text("Dear")

    assert main(["block", "export", str(project), "Pair", "-o", str(target)]) == 2

    assert target.read_text() == "Dear"
    assert "is there already" in capsys.readouterr().err
