"""Three networks in Brian2: what ``test_brian2.py`` holds ours against, spike for spike.

Run by hand, in an environment of its own (Brian2 2.9 wants numpy below 2):

    python -m venv brian && brian/bin/pip install "numpy<2" "brian2==2.9.0"
    brian/bin/python tests/golden/brian2/simulate.py --write tests/golden/brian2/spikes.npz

The file holds what was drawn (weights, delays, drives) beside what came of it, so
that nobody has to draw the same numbers again. Equations are Brian2's own, solved
by its Euler; units are ms, mV, nA and MΩ, left out for plain numbers.
"""

from __future__ import annotations

import argparse
import json
from datetime import date

import brian2
import numpy as np
from brian2 import Network, NeuronGroup, SpikeMonitor, Synapses, defaultclock, ms

DT = 0.5
STEPS = 1200
LIF = """
dv/dt = (v_rest - v + R * I) / (tau * ms) + drive / ms : 1
dI/dt = -I / (tau_I * ms) : 1
drive : 1 (constant)
"""
LIF_FACTS = {"R": 5.0, "tau": 10.0, "v_rest": -65.0, "v_reset": -70.0, "threshold": -50.0}


def drawn(rng, sources, targets, density, low, high):
    """Return sources, targets and weights of a random sparse matrix, row after row."""
    i, j = np.nonzero(rng.random((sources, targets)) < density)
    return i, j, rng.uniform(low, high, len(i))


def group(size, drive, facts, tau_current):
    made = NeuronGroup(
        size,
        LIF,
        threshold="v >= threshold",
        reset="v = v_reset",
        method="euler",
        namespace={**facts, "tau_I": tau_current},
    )
    made.v, made.drive = facts["v_rest"], drive
    return made


def balanced(rng):
    """80 excitatory and 20 inhibitory neurons, sparse weights, a delay per source."""
    tau_current = 4.0
    neurons = group(100, drive := rng.uniform(1.4, 2.4, 100), LIF_FACTS, tau_current)
    i, j, w = drawn(rng, 100, 100, 0.15, 0.05, 0.3)
    delays = rng.integers(0, 12, 100)
    w = np.where(i < 80, w, 4 * w)
    synapses = Synapses(neurons, neurons, "w : 1", on_pre="I_post += w")
    synapses.connect(i=i, j=j)
    synapses.w = np.where(i < 80, w, -w)
    synapses.delay = delays[i] * DT * ms
    facts = {"tau_I": tau_current, "drive": drive, "i": i, "j": j, "w": w, "delays": delays}
    return facts, [neurons, synapses], {"neurons": neurons}, {}


def learning(rng):
    """40 sources teach 10 targets by STDP; both are driven, so that all orders occur."""
    facts = {"tau_pre": 15.0, "tau_post": 20.0, "a_plus": 0.02, "a_minus": 0.015, "tau_I": 5.0}
    sources = group(40, first := rng.uniform(1.5, 2.5, 40), LIF_FACTS, 5.0)
    targets = group(10, second := rng.uniform(1.2, 1.8, 10), LIF_FACTS, 5.0)
    i, j, w = drawn(rng, 40, 10, 0.5, 0.2, 0.6)
    delays = rng.integers(0, 6, 40)
    synapses = Synapses(
        sources,
        targets,
        """
        w : 1
        dx/dt = -x / (tau_pre * ms) : 1 (clock-driven)
        dy/dt = -y / (tau_post * ms) : 1 (clock-driven)
        """,
        # A fresh spike decays in its own iteration; both traces are marked before weights change.
        on_pre={
            "came": "x += 1 - dt / (tau_pre * ms)",
            "lost": "w -= a_minus * y",
            "sent": "I_post += w",
        },
        on_post={"fired": "y += 1 - dt / (tau_post * ms)", "grew": "w += a_plus * x"},
        method="euler",
        namespace=facts,
    )
    synapses.connect(i=i, j=j)
    synapses.w = w
    for name, order in (("came", 0), ("fired", 0), ("grew", 1), ("lost", 2), ("sent", 3)):
        pathway = getattr(synapses, name)
        pathway.order = order
        if name in ("came", "lost", "sent"):
            pathway.delay = delays[i] * DT * ms
    given = {"source_drive": first, "target_drive": second, "i": i, "j": j, "w": w}
    monitored = {"sources": sources, "targets": targets}
    parts, after = [sources, targets, synapses], {"learned": lambda: synapses.w[:]}
    return facts | given | {"delays": delays}, parts, monitored, after


def adaptive(rng):
    """30 adaptive exponential neurons under different drives, without synapses."""
    facts = {"R": 5.0, "tau": 10.0, "v_rest": -65.0, "v_reset": -68.0, "threshold": -40.0}
    facts |= {"delta": 2.0, "theta": -55.0, "alpha": 0.02, "beta": 0.15, "tau_w": 80.0}
    neurons = NeuronGroup(
        30,
        """
        dv/dt = (v_rest - v + delta * exp(clip((v - theta) / delta, -1000, 50)) - R * omega)
                / (tau * ms) + drive / ms : 1
        omega : 1
        jump : 1
        drive : 1 (constant)
        """,
        threshold="v >= threshold",
        reset="v = v_reset; jump = beta",
        method="euler",
        namespace=facts,
    )
    neurons.v, neurons.drive = facts["v_rest"], (drive := rng.uniform(0.8, 3.0, 30))
    neurons.run_regularly(
        """
        omega += dt / (tau_w * ms) * (alpha * (v - v_rest) - omega) + jump
        jump = 0
        """,
        when="after_resets",
    )
    return facts | {"drive": drive}, [neurons], {"neurons": neurons}, {}


def simulated(name, model, seed):
    """Return all that one model was given and gave, by name; iterations count from 1."""
    facts, parts, groups, after = model(np.random.default_rng(seed))
    monitors = {key: SpikeMonitor(each) for key, each in groups.items()}
    Network(*parts, *monitors.values()).run(STEPS * DT * ms)
    found = {f"{name}/given/{key}": np.asarray(value) for key, value in facts.items()}
    for key, monitor in monitors.items():
        times = np.rint(monitor.t / ms / DT).astype(np.int32) + 1
        order = np.lexsort((monitor.i, times))
        found[f"{name}/{key}/t"] = times[order]
        found[f"{name}/{key}/i"] = np.asarray(monitor.i, np.int16)[order]
    return found | {f"{name}/{key}": np.array(read()) for key, read in after.items()}


def small(array):
    """Return whole numbers in two bytes."""
    return array.astype(np.int16) if array.dtype.kind == "i" else array


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--write", required=True, metavar="FILE", help="an .npz to write")
    path = parser.parse_args().write
    brian2.prefs.codegen.target = "numpy"  # no compiler needed
    defaultclock.dt = DT * ms
    found = {}
    for seed, (name, model) in enumerate(MODELS.items()):
        found |= simulated(name, model, seed)
    origin = {"by": f"brian2 {brian2.__version__}, numpy {np.__version__}"}
    origin |= {"script": "tests/golden/brian2/simulate.py", "on": date.today().isoformat()}
    origin |= {"dt": DT, "steps": STEPS, "lif": LIF_FACTS}
    found["origin"] = np.array(json.dumps(origin))
    np.savez_compressed(path, **{key: small(value) for key, value in found.items()})


MODELS = {"balanced": balanced, "learning": learning, "adaptive": adaptive}

if __name__ == "__main__":
    main()
