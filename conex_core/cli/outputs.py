"""What ``conex run --out DIR`` leaves: spikes, recordings, summary and figures.

Every file is written beside its place and moved there when it is complete.
Files that another program made are never replaced.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from conex_core import catalog
from conex_core.atomic_files import replacing, write
from conex_core.behaviors.recording import EventRecorder, Recorder
from conex_core.cli.figures import PlotRecording
from conex_core.cli.messages import result_to_data
from conex_core.errors import FileError
from conex_core.run.probe import SpikeRecord
from conex_core.shown_names import escaped, shortened
from conex_core.structures.base import name_of

if TYPE_CHECKING:
    from conex_core.run.results import RunResult
    from conex_core.run.session import Session

__all__ = ["OutputFolder"]

_MAKER = "conex run"
_LONGEST = 8000  # signs of a name in an archive, which has room for 65,535 bytes
_NAMES = ("spikes.npz", "recordings.npz", "summary.json")


class OutputFolder:
    """Record a session and write what it did into a folder.

    Raises
    ------
    FileError
        At once, if the folder cannot be used or holds others' files.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.spikes: dict[str, SpikeRecord] = {}
        self._drawings: PlotRecording | None = None
        self.recorders: list[tuple[str, Any]] = []  # with the name of its object
        self.dt = 1.0
        _prepare(folder)

    def watch(self, session: Session) -> None:
        """Record the spikes of every group, and what plots watch."""
        self.dt = session.dt
        self.recorders = list(_recorders(session.network))
        records = {}
        for name, group in session.groups.items():
            if getattr(group, "spikes", None) is not None:
                self.spikes[name] = records[id(group)] = SpikeRecord(group)
                session.attach(self.spikes[name])
        self._drawings = PlotRecording(session, catalog.load().plots, records)

    def write(self, result: RunResult, problems: list[dict[str, Any]]) -> None:
        """Write all files; the summary comes last and so marks them complete."""
        self._write_spikes()
        self._write_recordings()
        for name, figure in self._drawings.figures(result) if self._drawings else ():
            for kind in ("png", "svg"):
                _save_figure(figure, self.folder / f"{name}.{kind}")
        summary = {"made_by": _MAKER, **result_to_data(result, problems)}
        text = json.dumps(summary, indent=2, ensure_ascii=False) + "\n"
        write(self.folder / "summary.json", escaped(text, lines=True).encode())

    def _write_spikes(self) -> None:
        arrays: dict[str, Any] = {}
        taken: set[str] = set()
        for name, record in self.spikes.items():
            taken.add(key := _free(_safe(name), taken))
            arrays[f"{key}/t"], arrays[f"{key}/i"] = record.t, record.i
        self._write("spikes.npz", arrays)

    def _write_recordings(self) -> None:
        """Write what the recorders hold; those that have a path keep their own files."""
        for _, recorder in self.recorders:
            recorder.flush()
        held = [(name, recorder) for name, recorder in self.recorders if recorder.path is None]
        if held:
            self._write("recordings.npz", _recorded(held))
        else:
            (self.folder / "recordings.npz").unlink(missing_ok=True)  # of an earlier run

    def _write(self, name: str, arrays: dict[str, Any]) -> None:
        with replacing(self.folder / name) as temporary, temporary.open("wb") as file:
            np.savez_compressed(file, dt=np.float64(self.dt), **arrays)


def _recorders(network: Any) -> Iterator[tuple[str, Any]]:
    """Yield every recorder with the name of the object it is on."""
    for owner in network.all_objects():
        for behavior in owner.behavior.values():
            if isinstance(behavior, Recorder):
                yield name_of(owner), behavior


def _recorded(held: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return what recorders hold, by names that do not meet."""
    arrays: dict[str, Any] = {}
    for name, recorder in held:
        for variable, rows in recorder.variables.items():
            key = _free(_safe(f"{name}.{variable}"), arrays)
            arrays[key] = rows.cpu().numpy()
            if not isinstance(recorder, EventRecorder):
                arrays[f"{key}.t"] = recorder.iterations.numpy()
    return arrays


def _free(name: str, taken: Collection[str]) -> str:
    """Return ``name``, with a number behind it if it is taken."""
    found, number = name, 2
    while found in taken:
        found, number = f"{name}#{number}", number + 1
    return found


def _safe(name: str) -> str:
    """Return a name that a zip archive can hold; one with a zero sign would end there."""
    signs = re.sub("[\0\ud800-\udfff]", "_", name)
    return shortened(signs.replace("\\", "/").lstrip("/").replace("../", ""), _LONGEST)


def _save_figure(figure: Any, path: Path) -> None:
    from conex_core.helpers.visualization import figures

    figures.save(figure, path, dpi=150)


def _prepare(folder: Path) -> None:
    """Make the folder and see that its files may be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"conex")
    except (FileExistsError, NotADirectoryError):
        raise FileError(folder, "is not a folder", hint="Give --out the name of a folder") from None
    except OSError as error:
        problem = f"cannot be written to ({error.strerror or error})"
        raise FileError(folder, problem, hint="Choose another folder for --out") from error
    figures = (f"{kind}.{end}" for kind in catalog.load().plots for end in ("png", "svg"))
    taken = sorted(name for name in (*_NAMES, *figures) if (folder / name).exists())
    if taken and not _ours(folder / "summary.json"):
        hint = "Choose another folder, or move these files away"
        raise FileError(folder, f"holds {', '.join(taken)} that conex did not write", hint=hint)


def _ours(summary: Path) -> bool:
    try:
        data = json.loads(summary.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(data, dict) and data.get("made_by") == _MAKER
