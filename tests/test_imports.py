"""What importing costs and gives."""

from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys

import pytest

import conex_core

PACKAGES = [
    name
    for name in ("conex_core", "conex_core.behaviors", "conex_core.structures")
    for name in (
        name,
        *(
            info.name
            for info in pkgutil.iter_modules(importlib.import_module(name).__path__, f"{name}.")
            if info.ispkg and name != "conex_core"
        ),
    )
]


def order(name: str) -> tuple[int, str]:
    """Sort as ruff does: constants, classes, the rest."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)


def test_importing_the_core_is_silent_and_light() -> None:
    code = (
        "import sys, conex_core; sys.exit(any(m in sys.modules for m in ('torch', 'pymonntorch')))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("name", conex_core.__all__)
def test_every_public_name_is_importable(name: str) -> None:
    assert getattr(conex_core, name) is not None


@pytest.mark.parametrize("name", PACKAGES)
def test_public_names_are_sorted(name: str) -> None:
    names = importlib.import_module(name).__all__

    assert names == sorted(names, key=order)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="NoSuchName"):
        _ = conex_core.NoSuchName


def test_an_old_name_says_what_replaced_it() -> None:
    with pytest.raises(ImportError, match="PreTrace and PostTrace"):
        _ = conex_core.SpikeTrace


def test_a_behavior_in_a_new_file_needs_no_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conex_core, "__all__", [])
    monkeypatch.delattr(conex_core, "KWTA", raising=False)

    assert conex_core.KWTA.__name__ == "KWTA"
