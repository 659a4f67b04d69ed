"""``conex state``: what a state file holds, and one entry of it as an array of numpy."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from conex_core.cli.endings import check_ending
from conex_core.cli.messages import DONE, say, say_json
from conex_core.errors import ConexError, FileError, UnknownName
from conex_core.graph.files.project_file import write
from conex_core.shown_names import shown_name
from conex_core.state import State

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["show"]

_RANDOM = ("generator", "random")  # states of random numbers: their bytes mean nothing
_LARGEST = 1 << 30  # cells that sparse weights are spread to


def show(options: argparse.Namespace) -> int:
    """List the entries of a state file, or write one of them to a file."""
    if (options.export is None) != (options.output is None):
        problem = "--export NAME and -o FILE go together"
        raise ConexError(f"{problem}. Try: conex state --help")
    check_ending(options.output, ".npy", "an array of numpy")
    state = State.load(options.file)
    entries = state.entries()
    if options.export is not None:
        return _export(options, entries)
    rows = [_row(name, value) for name, value in entries.items()]
    if options.json:
        facts = {"file": str(options.file), "iteration": state.iteration, "dt": state.dt}
        say_json(facts | {"entries": rows})
    else:
        ms = state.iteration * state.dt
        say(f"{options.file}: iteration {state.iteration:,} ({ms:,.6g} ms), dt {state.dt:g} ms")
        say(_table(rows))
    return DONE


def _export(options: argparse.Namespace, entries: Mapping[str, torch.Tensor]) -> int:
    if options.export not in entries:
        raise UnknownName("entry of this state", options.export, entries)
    value = entries[options.export]
    array = _array(options.file, options.export, value)
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    write(options.output, buffer.getvalue())
    was = "spread from sparse" if _is_sparse(value) else ""
    facts = {"entry": options.export, "output": str(options.output)}
    if options.json:
        shape = {"shape": list(array.shape), "type": str(array.dtype), "dense": bool(was)}
        say_json(facts | shape)
    else:
        form = ", ".join(part for part in (_shape(array.shape), str(array.dtype), was) if part)
        say(f"{shown_name(options.export)} ({form}) written to {options.output}")
    return DONE


def _array(path: Path, name: str, value: torch.Tensor) -> Any:
    if _is_sparse(value):
        if math.prod(value.shape) > _LARGEST:
            problem = f"holds {name} as {_shape(value.shape)} cells, too many to write one by one"
            raise FileError(path, problem, hint="Read it with conex_core.state.State.load")
        value = value.to_dense()
    if value.dtype is torch.bfloat16:  # numpy has no such numbers
        value = value.float()
    return value.numpy()


def _row(name: str, value: torch.Tensor) -> dict[str, Any]:
    row = {
        "name": name,
        "shape": list(value.shape),
        "type": str(value.dtype).removeprefix("torch."),
        "sparse": _is_sparse(value),
    }
    cells = value.values() if _is_sparse(value) else value
    if _is_sparse(value):
        row["stored"] = cells.numel()
    if cells.numel() and name.rpartition("/")[2].partition("#")[0] not in _RANDOM:
        wide = cells.double()
        row |= {
            "min": _number(wide.min()),
            "mean": _number(wide.mean()),
            "max": _number(wide.max()),
        }
    return row


def _number(value: torch.Tensor) -> float | None:
    """Return a number as JSON knows them; None for what is none."""
    found = float(value)
    return found if math.isfinite(found) else None


def _table(rows: list[dict[str, Any]]) -> str:
    head = ("entry", "shape", "type", "min", "mean", "max")
    cells = [head, *(_cells(row) for row in rows)]
    widths = [max(len(line[place]) for line in cells) for place in range(len(head))]
    return "\n".join(
        "  ".join(
            text.rjust(width) if place > 2 else text.ljust(width)
            for place, (text, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in cells
    )


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    form = row["type"] + (f", {row['stored']:,} stored" if row["sparse"] else "")
    numbers = (_shown(row, part) for part in ("min", "mean", "max"))
    return (shown_name(row["name"], 72), _shape(row["shape"]), form, *numbers)


def _shown(row: dict[str, Any], part: str) -> str:
    if part not in row:
        return ""
    return "none" if row[part] is None else f"{row[part]:.6g}"


def _shape(lengths: Any) -> str:
    return " × ".join(f"{length:,}" for length in lengths) or "one value"


def _is_sparse(value: torch.Tensor) -> bool:
    return value.layout is not torch.strided
