"""The virtual environment of this checkout: made, filled, recognised as ready, mended.

Standard library only. A stamp inside ``.venv`` holds a hash of everything that
decides what is installed; while it matches, nothing is started to find out.
An environment that was being filled when the power went is made anew.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Collection, Mapping
from pathlib import Path

import children
import system_packages
from report import Trouble, say

__all__ = [
    "advice",
    "half_made",
    "is_ready",
    "make_ready",
    "pip_command",
    "python_of",
    "stamp",
    "write_stamp",
]

ROOM_NEEDED_GB = 3
_STAMP, _UNFINISHED = "conex-stamp.json", "conex-unfinished"


def make_ready(root: Path, extras: Collection[str] = ()) -> Path:
    """Return the Python of an environment in which the checkout is installed.

    Raises
    ------
    Trouble
        If it cannot be made; the message says what to do.
    """
    venv = root / ".venv"
    if is_ready(root, extras):
        return python_of(venv)
    say(f"Setting up {venv} (the first time takes some minutes)")
    _warn_of_little_room(root)
    _create(venv)
    wanted = sorted({*extras, *_installed_extras(venv)})
    _install(root, wanted)
    write_stamp(root, wanted)
    return python_of(venv)


def is_ready(root: Path, extras: Collection[str] = ()) -> bool:
    """Tell whether the environment holds what the checkout asks for today."""
    venv = root / ".venv"
    kept = _read_stamp(venv)
    return (
        python_of(venv).exists()
        and not (venv / _UNFINISHED).exists()
        and kept.get("inputs") == stamp(root)
        and set(extras) <= set(_installed_extras(venv))
    )


def write_stamp(root: Path, extras: Collection[str]) -> None:
    """Note that the environment holds the checkout with ``extras``."""
    kept = {"inputs": stamp(root), "extras": sorted(extras)}
    (root / ".venv" / _STAMP).write_text(json.dumps(kept), encoding="utf-8")


def stamp(root: Path) -> str:
    """Return a hash of what decides the content of the environment."""
    digest = hashlib.sha256(str(root.resolve()).encode())
    sources = ("pyproject.toml", "packaging/constraints.txt", ".venv/pyvenv.cfg")
    for name in sources:
        path = root / name
        digest.update(path.read_bytes() if path.exists() else b"-")
    return digest.hexdigest()


def python_of(venv: Path) -> Path:
    """Return where the interpreter of ``venv`` lies."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def pip_command(
    python: Path, root: Path, extras: Collection[str], environ: Mapping[str, str]
) -> list[str]:
    """Return the command that installs the checkout in place, with the pinned versions."""
    chosen = f"[{','.join(sorted(extras))}]" if extras else ""
    constraints = root / "packaging" / "constraints.txt"
    command = [str(python), "-m", "pip", "install", "--disable-pip-version-check"]
    if not sys.stdout.isatty():
        command += ["--progress-bar", "off"]
    if index := environ.get("CONEX_TORCH_INDEX"):
        command += ["--extra-index-url", index]
    return [*command, "--constraint", str(constraints), "--editable", f"{root}{chosen}"]


def half_made(venv: Path) -> bool:
    """Tell whether ``venv`` is there but of no use: interrupted, moved or broken."""
    if not venv.exists():
        return False
    if (venv / _UNFINISHED).exists() or not python_of(venv).exists():
        return True
    probe = [str(python_of(venv)), "-c", "import pip, sys; sys.exit(sys.version_info < (3, 10))"]
    try:
        return subprocess.run(probe, capture_output=True, check=False).returncode != 0
    except OSError:
        return True


def advice(text: str, free_gb: float) -> str:
    """Return what to do about the failure that pip reported in ``text``."""
    lowered = text.lower()
    if "no space left" in lowered or "errno 28" in lowered or "disk quota" in lowered:
        return f"the disk is full ({free_gb:.1f} GB free); free {ROOM_NEEDED_GB} GB and call again"
    if "permission denied" in lowered or "errno 13" in lowered:
        return "a folder may not be written; give the checkout to the user who calls this"
    signs = ("connection", "name resolution", "network is unreachable", "timed out", "ssl", "proxy")
    if any(sign in lowered for sign in signs):
        return "the package index did not answer; check the network or pip's proxy, and call again"
    if "no matching distribution" in lowered or "could not find a version" in lowered:
        return f"no release fits Python {platform.python_version()}; use Python 3.10 to 3.13"
    return "the lines above are pip's; mend what they name and call again"


def _create(venv: Path) -> None:
    if half_made(venv):
        say(f"{venv} is half-made or broken: making it anew")
        shutil.rmtree(venv)
    if venv.exists():
        return
    _need_venv_module()
    command = [sys.executable, "-m", "venv", str(venv)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        shutil.rmtree(venv, ignore_errors=True)
        said = (done.stderr or done.stdout).strip()
        raise Trouble(f"Python could not make {venv}:\n{said}", advice(said, _free_gb(venv.parent)))


def _need_venv_module() -> None:
    """Install the part of Python that Debian and Ubuntu ship apart."""
    if _has_venv_module():
        return
    say("This Python lacks its venv module")
    if system_packages.install(["python3-venv"]):
        importlib.invalidate_caches()
    if not _has_venv_module():
        raise Trouble(
            f"{sys.executable} cannot make virtual environments (no ensurepip)",
            f"run '{system_packages.command_for(['python3-venv'])}' and call again",
        )


def _has_venv_module() -> bool:
    return all(importlib.util.find_spec(name) is not None for name in ("venv", "ensurepip"))


def _install(root: Path, extras: Collection[str]) -> None:
    venv = root / ".venv"
    command = pip_command(python_of(venv), root, extras, os.environ)
    _say_which_torch(venv)
    say("Installing: " + " ".join(command[1:]))
    unfinished = venv / _UNFINISHED
    unfinished.write_text("pip was at work\n", encoding="utf-8")
    code, errors = _watched(command)
    unfinished.unlink()
    if code:
        raise Trouble("pip could not install the checkout", advice(errors, _free_gb(root)))


def _watched(command: list[str]) -> tuple[int, str]:
    """Run ``command`` with its output shown, and return its exit code and errors."""
    environ = {key: value for key, value in os.environ.items() if key not in _PIP_STRAYS}
    with children.started(command, environ, stderr=subprocess.PIPE) as pip:
        lines = []
        for line in pip.stderr or ():
            sys.stderr.write(line)
            lines.append(line)
    return pip.returncode, "".join(lines)


# Settings of a user's shell that would send the packages elsewhere.
_PIP_STRAYS = ("PIP_PREFIX", "PIP_TARGET", "PIP_USER", "PYTHONHOME", "PYTHONPATH")


def _say_which_torch(venv: Path) -> None:
    """Warn before several gigabytes of CUDA come to a machine that cannot use them."""
    there = any(venv.glob("[Ll]ib/**/site-packages/torch"))
    if there or sys.platform != "linux" or os.environ.get("CONEX_TORCH_INDEX"):
        return
    if not Path("/proc/driver/nvidia").exists():
        say(
            "No NVIDIA driver here. If pip now fetches CUDA packages, stop it (Ctrl-C) and call "
            "again with\n  CONEX_TORCH_INDEX=https://download.pytorch.org/whl/cpu"
        )


def _warn_of_little_room(root: Path) -> None:
    free = _free_gb(root)
    if free < ROOM_NEEDED_GB:
        say(f"Only {free:.1f} GB are free at {root}; {ROOM_NEEDED_GB} GB are needed")


def _free_gb(folder: Path) -> float:
    return shutil.disk_usage(folder).free / 1e9


def _read_stamp(venv: Path) -> dict[str, object]:
    try:
        kept = json.loads((venv / _STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _installed_extras(venv: Path) -> list[str]:
    extras = _read_stamp(venv).get("extras")
    return [str(extra) for extra in extras] if isinstance(extras, list) else []
