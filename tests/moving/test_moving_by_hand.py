"""What imports alone do not bring over is told: the line, what is wrong, what to write."""

from __future__ import annotations

import pytest

import conex_core
from conex_core.errors import FileError
from conex_core.moving import move_text
from conex_core.moving.by_hand import INPUTS, RULES

STAR = "from pymonntorch import *\nfrom conex import *; net = x = model = 1\n"

LEFT = {
    "SpikeTrace(tau_s=3)": ("no SpikeTrace", "PreTrace and PostTrace"),
    "InputLayer(net=1, sensory_trace=3)": ("sensory_trace is gone", "leave sensory_trace= out"),
    "Neocortex(settings={'device': 'cpu'})": ("settings is gone", "leave settings= out"),
    "save_structure(x, all_structures_required=['a'])": ("all_structures_required", "leave"),
    'Recorder(["v - threshold"])': (
        "is not evaluated",
        'functions={"v_threshold": lambda n: n.v - n.threshold}',
    ),
    'EventRecorder(variables="neurons.v>torch.mean(n.v)")': (
        "is not evaluated",
        "lambda n: n.v > torch.mean(n.v)",
    ),
    'Recorder(["2*"])': ("is not evaluated", 'functions={"value_2": lambda n: ...}'),
    'WeightInitializer(mode="torch.rand(3)")': ("is not evaluated", "Normal(0, 1)"),
    "NeuronGroop(net, 3)": ("no NeuronGroop", "NeuronGroup, if that is meant"),
    "import pymonntorch as p; p.NetworkObject": ("", "from pymonntorch import NetworkObject"),
    "from conex.nothing import nowhere": ("conex.nothing is no module", ""),
    "from conex.nothing import *": ("no module conex_core.nothing", ""),
    "import conex.nothing": ("no module conex_core.nothing", ""),
    "from conex import Firing": ("no Firing", "Fire, if that is meant"),
    'exec("import conex")': ("names a module that moved", "the code itself"),
    "eval(x)": ("runs text", ""),
    'import importlib; importlib.import_module("pymonntorch")': ("imports a module", "conex_core"),
    "class A(Behavior):\n    def set_variables(self, n): pass": (
        "A.set_variables is never called",
        "def initialize(self, n):",
    ),
    "class A(Behavior):\n    def new_iteration(self, n): pass": (
        "A.new_iteration is never called",
        "def forward(self, n):",
    ),
    "x.compute_dw(3)": ("learning rules that is not here", "extend LearningRule"),
    "net.simulate_iterations('10*ms')": ("no number of iterations", "round(10 / net.dt)"),
    "net.simulate_iterations(iterations='1*s')": ("'1*s' is no number", "round(... / net.dt)"),
    "x.get_neuron_vec()": ("older pymonntorch", "vector"),
    "NeuronGroup(net=1, size=2, behaviour={})": ("behaviour is spelled behavior", "behavior="),
    "[SynapseInit(), SimpleDendriticInput()]": ("needs PreSpikeCatcher", "PreSpikeCatcher()"),
    "[SimpleSTDP(a_plus=1)]": ("needs PreSpikeCatcher, PostSpikeCatcher, PreTrace", "PostTrace("),
    "from PymoNNto import *": ("PymoNNto computes with numpy", "with torch first"),
}
FINE = [
    'Recorder(["v", "n.v", "torch.mean(n.v)", "mean(v)", "n.v.sum()", "s.W"], auto_annotate=False)',
    'WeightInitializer(mode="normal(3, 8)")',
    "InputLayer(net=1, sensory_trace=None)",
    "create_structure_from_dict(net=1, structure_dict={}, built_structures=None)",
    "Network(behavior={}, synapse_mode='DxS')",
    "Network(settings={'device': 'cpu'})",
    "net.simulate_iterations(10, batch_size=5)",
    "class A:\n    def iteration(self): pass",
    "model.eval()",
    "[SimpleDendriticInput()]; later = [PreSpikeCatcher()]",
]
REFUSED = {
    'print "hello"': "line 1: is written for Python 2",
    "try:\n    pass\nexcept A, e:\n    pass": "line 3: is written for Python 2",
    "x = 1\nraise ValueError, 'no'": "line 2: is written for Python 2",
    "x = 0777": "line 1: is written for Python 2",
    "x = (\n": "is no Python",
    "def f(:\n  pass": "line 1: is no Python",
    "\tx\n  y": "is no Python",
    "(" * 500 + ")" * 500: "",
}


@pytest.mark.parametrize("code", LEFT)
def test_what_is_left_is_told_with_its_line_and_what_to_write(code: str) -> None:
    problem, write = LEFT[code]

    left = move_text(STAR + code).remaining

    assert [item.line for item in left] == [3 + ("\n" in code)]
    assert problem in left[0].problem
    assert write in left[0].write


@pytest.mark.parametrize("code", FINE)
def test_what_works_is_not_told(code: str) -> None:
    assert move_text(STAR + code).remaining == ()


@pytest.mark.parametrize("text", REFUSED)
def test_what_python_3_cannot_read_is_refused_with_place_and_advice(text: str) -> None:
    with pytest.raises(FileError, match=r"old\.py") as caught:
        move_text(text, "old.py")

    assert REFUSED[text] in str(caught.value)
    assert caught.value.hint or "nested" in str(caught.value)


def test_the_readers_of_spikes_are_those_that_require_them() -> None:
    given = {
        "own.pre_spike": "PreSpikeCatcher",
        "own.post_spike": "PostSpikeCatcher",
        "own.pre_trace": "PreTrace",
        "own.post_trace": "PostTrace",
    }

    for name in INPUTS + RULES:
        wanted = {given[each] for each in getattr(conex_core, name).requires if each in given}
        assert wanted == ({"PreSpikeCatcher"} if name in INPUTS else set(given.values())), name
