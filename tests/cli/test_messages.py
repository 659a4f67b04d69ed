"""What the command line says reaches every terminal."""

from __future__ import annotations

import io
import sys

import pytest

from conex_core.cli.messages import complain, say


@pytest.mark.parametrize(("stream", "tell"), [("stdout", say), ("stderr", complain)])
def test_a_terminal_without_greek_gets_the_rest(stream, tell, monkeypatch):
    terminal = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, stream, terminal)

    tell("tau (τ) is 10 ms")

    terminal.flush()
    assert b"tau (?) is 10 ms" in terminal.buffer.getvalue()
