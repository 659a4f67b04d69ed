"""What is compared: simulators, and how many steps each of them runs of each workload.

The steps differ so that every run lasts about as long; a step costs the same early and
late. Where a simulator cannot do a workload, the case does not name it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

__all__ = ["CASES", "CHECKS", "QUICK", "SIMULATORS", "Case", "Simulator"]

# CoNeX makes new matrices in every step; kept memory makes it about twice as fast.
_KEPT_MEMORY = {
    "MALLOC_MMAP_THRESHOLD_": "33554432",
    "MALLOC_TOP_PAD_": "1073741824",
    "MALLOC_TRIM_THRESHOLD_": "4294967296",
}


@dataclass(frozen=True)
class Simulator:
    """Say how one simulator is started; without a script it is this project."""

    name: str
    script: str = ""
    python: Literal["own", "peers", "brian"] = "own"
    options: tuple[str, ...] = ()
    packages: tuple[str, ...] = ("torch",)  # whose versions are noted
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """Name a workload and what each simulator is told to run of it."""

    title: str
    workload: str
    runs: dict[str, str]  # name of a simulator to its further arguments


STUDIO, REFERENCE = "CoNeX Studio", "CoNeX Studio, reference"
CONEX, NEST, BRIAN = "CoNeX 0.1.5", "NEST", "Brian2 C++"
TORCH, LIMIT = "torch by hand", "numba by hand"

SIMULATORS: dict[str, Simulator] = {
    item.name: item
    for item in (
        Simulator(STUDIO, packages=("torch", "numba")),
        Simulator(REFERENCE, options=("--engine", "reference")),
        Simulator(
            CONEX,
            "bench_conex.py",
            "peers",
            packages=("cnrl-conex", "pymonntorch", "torch"),
            environment=_KEPT_MEMORY,
        ),
        Simulator(NEST, "bench_nest.py", "peers", packages=("nest-simulator",)),
        Simulator(
            BRIAN, "bench_brian2.py", "brian", ("--variant", "cpp"), packages=("brian2", "numpy")
        ),
        Simulator(TORCH, "bench_torch.py", "peers"),
        Simulator(LIMIT, "bench_numba.py", "peers", packages=("numba", "numpy")),
    )
}

CASES: tuple[Case, ...] = (
    Case(
        "W1, 1,000 neurons",
        "W1",
        {
            STUDIO: "--n 1000",
            REFERENCE: "--n 1000 --steps 100",
            CONEX: "--n 1000 --steps 30",
            NEST: "--n 1000 --steps 300",
            BRIAN: "--n 1000 --steps 300",
            TORCH: "--n 1000 --steps 300",
            LIMIT: "--n 1000",
        },
    ),
    Case(
        "W1, 2,500 neurons",
        "W1",
        {
            STUDIO: "",
            REFERENCE: "--steps 60",
            CONEX: "--steps 15 --warmup 3",
            NEST: "--steps 200",
            BRIAN: "--steps 200",
            TORCH: "--steps 100",
            LIMIT: "",
        },
    ),
    Case(
        "W1, 5,000 neurons",
        "W1",
        {
            STUDIO: "--n 5000 --steps 100",
            REFERENCE: "--n 5000 --steps 20 --warmup 5",
            CONEX: "--n 5000 --steps 5 --warmup 2",
            BRIAN: "--n 5000 --steps 100",
            TORCH: "--n 5000 --steps 40",
            LIMIT: "--n 5000 --steps 100",
        },
    ),
    Case(
        "W2, 4,000 neurons",
        "W2",
        {
            STUDIO: "--steps 5000",
            REFERENCE: "--steps 200",
            CONEX: "--steps 200",
            NEST: "",
            BRIAN: "",
            TORCH: "",
            LIMIT: "--steps 5000",
        },
    ),
    Case(
        "W2, 20,000 neurons",
        "W2",
        {
            STUDIO: "--n 20000 --steps 1000",
            REFERENCE: "--n 20000 --steps 50",
            CONEX: "--n 20000 --steps 20 --warmup 5",
            NEST: "--n 20000 --steps 100",
            BRIAN: "--n 20000 --steps 300",
            TORCH: "--n 20000 --steps 100",
            LIMIT: "--n 20000 --steps 1000",
        },
    ),
    Case(
        "W3, learning",
        "W3",
        {STUDIO: "", REFERENCE: "--steps 300", CONEX: "--steps 300", TORCH: "", LIMIT: ""},
    ),
    Case(
        "W3, static",
        "W3",
        {
            STUDIO: "--static",
            REFERENCE: "--static --steps 300",
            CONEX: "--variant nostdp --steps 300",
            NEST: "",
            BRIAN: "",
            TORCH: "--variant nostdp",
            LIMIT: "--variant nostdp",
        },
    ),
    Case(
        "W4, 100 neurons",
        "W4",
        {
            STUDIO: "--steps 100000",
            REFERENCE: "--steps 3000",
            CONEX: "--steps 2000",
            NEST: "--steps 20000",
            BRIAN: "--steps 100000",
            TORCH: "",
            LIMIT: "--steps 100000",
        },
    ),
    Case(
        "W4, own behavior",
        "W4",
        {
            STUDIO: "--check",
            REFERENCE: "--check --steps 3000",
            CONEX: "--check --steps 2000",
            LIMIT: "--variant perstep --steps 20000",
        },
    ),
)

# Small, and without the half minute that Brian2 compiles.
QUICK = tuple(
    Case(case.title, case.workload, {k: v for k, v in case.runs.items() if k != BRIAN})
    for case in CASES
    if "5,000" not in case.title and "20,000" not in case.title
)

# Stored input: who can take it. NEST draws its own; the timed Brian2 counts its warm-up as well.
CHECKS: dict[str, str] = {
    "W1": "--n 1000 --steps 100",
    "W2": "--steps 30",
    "W3": "--steps 1000",
    "W4": "--steps 5000",
}
