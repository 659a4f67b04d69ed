"""While a network is built, the command line says how far it is."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from conex_core import examples
from conex_core.cli import main, waiting
from conex_core.graph.files import project_file


@pytest.fixture
def project(tmp_path: Path) -> Path:
    path = tmp_path / "balanced.conex"
    project_file.save(examples.load("balanced"), path)
    return path


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("command", [["run", "--steps", "5"], ["plan"]])
def test_verbose_says_what_is_built_in_order(project, capsys, command):
    assert main([command[0], str(project), *command[1:], "--verbose"]) == 0

    lines = capsys.readouterr().err.splitlines()
    shares = [int(line.partition("%")[0]) for line in lines if " %  " in line]
    assert shares == sorted(shares)
    assert any("Building 2 of 2 neuron groups" in line for line in lines)
    assert any("Preparing E to I" in line for line in lines)
    assert any("Compiling" in line for line in lines)


def test_nothing_is_said_unasked_where_nobody_watches(project, capsys):
    assert main(["plan", str(project)]) == 0

    assert capsys.readouterr().err == ""


def test_json_stays_alone_on_standard_output(project, capsys):
    assert main(["plan", str(project), "--json", "--verbose"]) == 0

    told = capsys.readouterr()
    assert told.out.startswith("{")
    assert "Compiling" in told.err


def test_a_terminal_has_one_line_that_goes_away(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setattr(waiting, "_SOON_S", 0.0)

    with waiting.building() as tell:
        tell(1, 4, "Building 1 of 2 neuron groups")

    assert terminal.getvalue().startswith("\r 25 %  Building 1 of 2 neuron groups\r")
    assert terminal.getvalue().endswith("\r")
    assert "\n" not in terminal.getvalue()


def test_a_terminal_is_left_alone_by_what_is_there_at_once(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)

    with waiting.building() as tell:
        tell(1, 4, "Building 1 of 2 neuron groups")

    assert terminal.getvalue() == ""
