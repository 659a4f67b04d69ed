"""What importing costs and gives."""

from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys

import pytest

import conex_core
import conex_core.distributions
import conex_core.parameters
from conex_core.introspect import behavior_classes

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


def test_what_is_left_of_pymonntorch_loads_when_a_script_asks_for_it() -> None:
    code = (
        "import sys\n"
        "from conex_core import *\n"
        "assert 'sympy' not in sys.modules\n"
        "from pymonntorch import *\n"
        "assert 'sympy' in sys.modules\n"
        "import pymonntorch\n"
        "assert pymonntorch.__version__ and pymonntorch.Network is Network\n"
        "assert issubclass(Recorder, pymonntorch.Behavior) and convert_to\n"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.stderr == ""
    assert done.returncode == 0


def test_parameters_are_declared_with_names_of_the_core_and_without_torch() -> None:
    code = (
        "import sys; from conex_core import REQUIRED, Initializer, Integer, Number, Option;"
        "sys.exit('torch' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


def test_every_parameter_that_a_shipped_behavior_declares_is_a_public_name() -> None:
    declared = {
        type(parameter)
        for behavior in behavior_classes()
        for parameter in behavior.declared.values()
    }

    assert len(declared) > 5
    assert {getattr(conex_core, kind.__name__) for kind in declared} == declared


def test_a_choice_of_the_core_is_the_distribution_and_an_option_the_parameter() -> None:
    assert conex_core.Choice is conex_core.distributions.Choice
    assert conex_core.Option is conex_core.parameters.Option


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
    # The name is there only if some test has used it: asking for it would load it.
    monkeypatch.delitem(vars(conex_core), "KWTA", raising=False)

    assert conex_core.KWTA.__name__ == "KWTA"
