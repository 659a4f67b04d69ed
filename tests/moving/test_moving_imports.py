"""Every way to import CoNeX or pymonntorch is rewritten, and nothing else of a script is."""

from __future__ import annotations

import ast
import inspect

import pymonntorch
import pytest

import conex_core
from conex_core.moved import MODULES, NAMES
from conex_core.moving import move_text
from conex_core.moving.upstream_names import (
    CONEX,
    LEAKED,
    PYMONNTORCH,
    PYMONNTORCH_MODULES,
    public_names,
)

OURS = "Behavior, EventRecorder, Network, NeuronDimension, NeuronGroup, Recorder, SynapseGroup"

IMPORTS = {
    "from pymonntorch import *": "from conex_core import *",
    "from conex import *": "from conex_core import *",
    "from CoNeX import *": "from conex_core import *",
    "from pymonntorch import NeuronGroup, Recorder as R": (
        "from conex_core import NeuronGroup, Recorder as R"
    ),
    "import pymonntorch as pynt": "import conex_core as pynt",
    "import conex, os": "import conex_core, os",
    "import conex\nconex.LIF()": "import conex_core\nconex_core.LIF()",
    "import conex\ndef f(conex): return conex": (
        "import conex_core as conex\ndef f(conex): return conex"
    ),
    "import conex.nn.structure.layer as layer": "import conex_core.nn.structure.layer as layer",
    "import conex.nn.utils\nconex.nn.utils.replicate": (
        "import conex_core.nn.utils\nconex_core.nn.utils.replicate"
    ),
    "from conex.behaviors.neurons.specs import Fire": (
        "from conex_core.behaviors.neurons.specs import Fire"
    ),
    "from conex.behaviors.neurons.specs import *": (
        "from conex_core.behaviors.neurons.specs import *"
    ),
    "from conex.behaviors.neurons import neuron_types": (
        "from conex_core.behaviors.neurons import neuron_types"
    ),
    "from conex.nn.priorities import NEURON_PRIORITIES": "from conex_core import NEURON_PRIORITIES",
    "from pymonntorch.NetworkCore.Behavior import Behavior": "from conex_core import Behavior",
    "from pymonntorch.NetworkCore.Behavior import *": "from conex_core import Behavior",
    "from pymonntorch import NeuronGroup, np": (
        "from conex_core import NeuronGroup\nimport numpy as np"
    ),
    "from pymonntorch import torch": "import torch",
    "from pymonntorch import TaggableObject": "from pymonntorch import TaggableObject",
    "from pymonntorch import (\n    Recorder,  # v\n    Equation,\n    Behavior,\n)": (
        "from conex_core import (\n    Recorder,  # v\n    Behavior,\n)\n"
        "from pymonntorch import Equation"
    ),
    "if True:\n\tfrom pymonntorch import *\nnp": (
        "if True:\n\tfrom conex_core import *\n\timport numpy as np\nnp"
    ),
    "import os; from pymonntorch import *\nnp, os": (
        "import os; import numpy as np; from conex_core import *\nnp, os"
    ),
    "try:\n    import pymonntorch\nexcept ImportError:\n    pymonntorch = None": (
        "try:\n    import conex_core as pymonntorch\nexcept ImportError:\n    pymonntorch = None"
    ),
}
UNTOUCHED = [
    "import torch\nx = 'from pymonntorch import *'\n# import conex\n",
    "from conex_core import *\n",
    "from .pymonntorch import x\n",
    "from conexion import db\n",
    "",
    "\n\n",
]
HIDING = [
    "from lif import LIF\nfrom pymonntorch import *\nLIF",
    "class TimeResolution:\n    pass\nfrom pymonntorch import *",
    "from models import *\nfrom pymonntorch import *",
    "Fire = 3\nfrom pymonntorch import *",
]


@pytest.mark.parametrize("before", IMPORTS)
def test_an_import_is_rewritten(before: str) -> None:
    assert move_text(before).text == IMPORTS[before]


@pytest.mark.parametrize("before", IMPORTS)
def test_what_was_moved_is_not_moved_again(before: str) -> None:
    once = move_text(before).text

    assert move_text(once).text == once


@pytest.mark.parametrize("before", IMPORTS)
def test_a_moved_import_runs(before: str) -> None:
    text = move_text(before).text

    exec(compile(text, "moved", "exec"), {})  # the statement is what is tested


@pytest.mark.parametrize("text", UNTOUCHED)
def test_what_is_no_import_of_either_stays(text: str) -> None:
    moved = move_text(text)

    assert (moved.text, moved.edits) == (text, ())


@pytest.mark.parametrize("text", HIDING)
def test_a_star_hides_no_name_that_was_made_before(text: str) -> None:
    moved = move_text(text).text

    assert moved == text.replace("from pymonntorch import *", f"from conex_core import {OURS}")


def test_a_star_stays_a_star_where_it_hides_nothing() -> None:
    text = "import torch\nfrom pymonntorch import *\nfrom lif import LIF\n"

    assert move_text(text).text == text.replace("pymonntorch", "conex_core")


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_names_that_came_along_are_imported_once_and_only_where_they_are_used(ending: str) -> None:
    text = ending.join(
        [
            "from pymonntorch import *  # the framework",
            "from conex import *",
            "import random",
            "def f(math):",
            "\treturn np.sqrt(torch.ones(random.randint(1, 2))), math",
            "def g(x: Dict):",
            "    import copy",
            "    return copy",
        ]
    )

    moved = move_text(text).text

    added = ["from typing import Dict", "import numpy as np", "import torch"]
    first, second, *rest = text.split(ending)
    expected = [first.replace("pymonntorch", "conex_core"), *added]
    assert moved.split(ending) == [*expected, second.replace("conex", "conex_core"), *rest]


def test_nothing_is_added_where_another_star_may_have_brought_it() -> None:
    moved = move_text("from helpers import *\nnp.zeros(3)\n")

    assert (moved.edits, moved.remaining) == ((), ())


def test_everything_but_imports_is_kept_sign_by_sign() -> None:
    rest = "\tx = 'é\u2028\x0c' ; y=1 # ☃\n\n\n  \n\\\n" + 'z = """\r from conex import *\n"""'
    text = f"if 1:\n\tfrom conex import *\n{rest}"

    moved = move_text(text).text

    assert moved == f"if 1:\n\tfrom conex_core import *\n{rest}"


def test_signs_of_several_bytes_before_an_import_do_not_shift_it() -> None:
    text = "é = '☃'; from conex import LIF; ü = LIF\n"

    assert move_text(text).text == text.replace("conex", "conex_core")


def test_the_table_of_pymonntorch_is_what_its_star_gives() -> None:
    space: dict[str, object] = {}

    exec("from pymonntorch import *", space)  # the statement is what is tested

    own = {
        name
        for name, value in space.items()
        if getattr(value, "__module__", "").startswith("pymonntorch") or name == "myUnits"
    }
    assert own == PYMONNTORCH
    others = {name for name in space.keys() - own - {"__builtins__"} if not is_ours(space[name])}
    assert others <= LEAKED.keys()


def is_ours(value: object) -> bool:
    return inspect.ismodule(value) and value.__name__.startswith("pymonntorch")


@pytest.mark.parametrize("path", PYMONNTORCH_MODULES)
def test_the_tables_of_pymonntorchs_modules_are_what_their_stars_give(path: str) -> None:
    space: dict[str, object] = {}

    exec(f"from {pymonntorch.__name__}.{path} import *", space)

    assert {name for name in space if name in PYMONNTORCH} == set(PYMONNTORCH_MODULES[path])


def test_every_name_of_conex_is_public_or_has_advice() -> None:
    assert CONEX - public_names() == NAMES.keys()


@pytest.mark.parametrize("path", MODULES)
def test_every_old_path_is_known(path: str) -> None:
    text = f"from conex.{path} import *\n"

    moved = move_text(text)

    assert (moved.text, moved.remaining) == (text.replace("conex.", "conex_core."), ())


@pytest.mark.parametrize("line", sorted(set(LEAKED.values())))
def test_every_line_that_is_added_runs(line: str) -> None:
    space: dict[str, object] = {}

    exec(line, space)

    assert LEAKED[(space.keys() - {"__builtins__"}).pop()] == line


def test_no_public_name_is_one_of_python_or_of_those_that_came_along() -> None:
    assert public_names().isdisjoint(LEAKED)
    assert public_names().isdisjoint(dir(__builtins__))


def test_what_is_written_is_python() -> None:
    for text in [*IMPORTS, *HIDING]:
        ast.parse(move_text(text).text)


def test_public_names_are_those_of_the_package() -> None:
    assert public_names() == set(conex_core.__all__)
