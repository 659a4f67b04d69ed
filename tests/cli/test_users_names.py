"""Names of users can neither fill a terminal nor command it, nor look like a line of ours."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from conex_core import catalog, examples
from conex_core.cli import main
from conex_core.graph import edits
from conex_core.graph.files import project_file
from conex_core.graph.files.block_file import block_of, save_block
from tests.gui.nasty import nasty_file, nasty_text

# Everything that ends a line, turns text around it, or begins a command of a terminal.
COMMANDS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
LONGEST = 1100
FAKE = "x\nconex: wrote results\nerror: all is lost"


@pytest.fixture
def named(tmp_path: Path) -> Callable[[str], Path]:
    def make(name: str) -> Path:
        doc = examples.load("smallest")
        (node_id,) = (node.id for node in doc.network.nodes.values() if node.is_neuron_group)
        path = tmp_path / "named.conex"
        spelled = replace(doc.network.nodes[node_id], name=name)  # as no edit would have it
        network = replace(doc.network, nodes={**doc.network.nodes, node_id: spelled})
        project_file.save(doc.with_network(network), path)
        return path

    return make


def assert_harmless(text: str, longest: int = LONGEST) -> None:
    assert not COMMANDS.search(text)
    assert max(map(len, text.split("\n"))) <= longest
    assert not [line for line in text.split("\n") if line.startswith("error: all")]
    assert "\nconex: wrote" not in text


CALLS = {
    "check": ["check"],
    "run": ["run", "--steps", "20"],
    "plan": ["plan", "--verbose"],
    "block": ["block", "export", "-o", "b.conexblock", "none"],
}


@pytest.mark.parametrize("name", [FAKE, "W" * 5000, nasty_text(4), nasty_text(5)[:3000]])
@pytest.mark.parametrize("call", [CALLS["run"], CALLS["plan"]], ids=["run", "plan"])
def test_a_table_has_a_line_of_usual_length_for_each_name(
    call: list[str], name: str, named: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    code = main([*call, str(named(name))])

    told = capsys.readouterr()
    assert code == 0
    assert_harmless(told.out, 160)
    assert_harmless(told.err, 160)


def test_json_has_names_whole_and_no_command_for_the_terminal(
    named: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    name = "esc \x9b31m \x1b[2J \u202e \ud800 " + "W" * 5000

    main(["run", "--steps", "5", "--json", str(named(name))])

    text = capsys.readouterr().out
    assert not COMMANDS.search(text)
    assert json.loads(text)["groups"][0]["name"] == name


@pytest.mark.parametrize("name", [FAKE, "W" * 5000, nasty_text(4), nasty_text(5)[:3000]])
def test_no_name_keeps_results_from_being_written(
    name: str, named: Callable[[str], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project, state = str(named(name)), str(tmp_path / "s.safetensors")
    results = ["--out", str(tmp_path / "results"), "--save-state", state]

    codes = [
        main(["run", "--steps", "20", *results, project]),
        main(["state", state]),
        main(["script", project, "-o", str(tmp_path / "s.py")]),
    ]

    told = capsys.readouterr()
    summary = json.loads((tmp_path / "results" / "summary.json").read_text(encoding="utf-8"))
    assert codes == [0, 0, 0]
    assert summary["groups"][0]["name"].split() == name.split()
    assert_harmless(told.out, 160)
    assert_harmless(told.err, 200)


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_each_problem_is_one_line_whatever_the_names(
    call: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = nasty_file(tmp_path, catalog.load())
    arguments = [*call, str(file)] if call[-1] != "none" else [*call[:-1], str(file), FAKE]

    code = main(arguments)

    told = capsys.readouterr()
    lines = told.err.splitlines()
    assert code == 2
    assert lines
    assert all(line.startswith(("conex: ", "error: ", "warning: ")) for line in lines)
    assert_harmless(told.out)
    assert_harmless(told.err)


def test_a_block_is_shown_in_lines_of_ours(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    doc = edits.add_node(examples.load("smallest"), "NeuronGroup", name=FAKE, node_id="n_fake")
    doc = edits.group(doc, ["n_fake"], name=FAKE, node_id="i", definition_id="d_fake")
    save_block(block_of(doc, "d_fake"), tmp_path / "b.conexblock")

    main(["block", "show", str(tmp_path / "b.conexblock")])
    main(["block", "check", str(tmp_path / "b.conexblock")])

    told = capsys.readouterr()
    assert r"x\nconex: wrote results\nerror: all is lost" in told.out
    assert_harmless(told.out)
    assert_harmless(told.err)


def test_what_the_call_itself_names_is_escaped_too(capsys: pytest.CaptureFixture[str]) -> None:
    main(["run", "none\x1b[31m\nconex: wrote results"])

    assert_harmless(capsys.readouterr().err)
