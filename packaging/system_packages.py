"""The system libraries that Qt opens, found through ldconfig and mended through apt.

Standard library only. Nothing here stops the set-up: what cannot be installed
is named, and the program runs without its window.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Collection, Sequence

from report import say

__all__ = ["QT", "QT_ON_X11", "command_for", "complete", "install", "missing", "sonames"]

# Library -> Debian package. The first set serves any Qt program, drawn or not.
QT = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
}
QT_ON_X11 = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libX11-xcb.so.1": "libx11-xcb1",
}


def complete(wanted: dict[str, str]) -> bool:
    """Tell whether all ``wanted`` libraries are there, after trying to install them."""
    if sys.platform != "linux":
        return True
    packages = missing(wanted)
    if packages:
        say("Qt needs system libraries that are missing: " + " ".join(packages))
        install(packages)
        packages = missing(wanted)
    if packages:
        say("Still missing: " + " ".join(packages))
        say("To mend it: " + command_for(packages))
    return not packages


def missing(wanted: dict[str, str]) -> list[str]:
    """Return the packages of the ``wanted`` libraries that are not there."""
    known = sonames(_ldconfig())
    return [
        package
        for library, package in wanted.items()
        if library not in known and not _loads(library)
    ]


def sonames(listing: str) -> set[str]:
    """Return the library names in the output of ``ldconfig -p``."""
    rows = (line.split() for line in listing.splitlines() if "=>" in line)
    return {row[0] for row in rows}


def install(packages: Collection[str]) -> bool:
    """Install ``packages`` through apt where that may be done; tell whether it went well."""
    prefix = _may_install()
    if prefix is None:
        return False
    say("Installing through apt: " + " ".join(packages))
    environ = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    steps = (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", *packages])
    for step in steps:
        command = [*prefix, "apt-get", *step]
        done = subprocess.run(
            command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL, text=True, check=False,
        )  # fmt: skip
        if done.returncode and step[0] == "install":
            say("apt-get could not do it:\n" + "\n".join(done.stdout.splitlines()[-8:]))
            return False
    return True


def command_for(packages: Collection[str]) -> str:
    """Return the command that a person types to install ``packages``."""
    return "sudo apt-get install -y " + " ".join(packages)


def _may_install() -> Sequence[str] | None:
    """Return what to write before apt-get, or None where apt may not be used."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    asked = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    return ["sudo", "-n"] if asked.returncode == 0 else None


def _ldconfig() -> str:
    path = os.environ.get("PATH", "") + os.pathsep + os.pathsep.join(("/sbin", "/usr/sbin"))
    tool = shutil.which("ldconfig", path=path)
    if tool is None:
        return ""
    return subprocess.run([tool, "-p"], capture_output=True, text=True, check=False).stdout


def _loads(library: str) -> bool:
    """Ask the loader itself: it also knows folders that ldconfig does not list."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
