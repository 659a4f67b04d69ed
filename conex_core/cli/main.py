"""The commands' arguments, and the way from any error to a message and an exit code."""

from __future__ import annotations

import argparse
import logging
import math
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from conex_core.cli import blocks, listing, moving, planning, running
from conex_core.cli.messages import DONE, FAILED, WRONG, complain
from conex_core.errors import BehaviorError, ConexError, ProjectError

__all__ = ["main"]

_LARGEST_SEED = 2**63 - 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    Parameters
    ----------
    arguments : sequence of str, optional
        Without the program's name; ``sys.argv`` by default.
    """
    try:
        options = _parser().parse_args(arguments)
    except _WrongCall as error:
        complain(str(error))
        return WRONG
    except SystemExit as end:  # --help and --version print and end
        return int(end.code or 0)
    logging.basicConfig(level=logging.DEBUG if options.debug else logging.ERROR)
    return _guarded(options)


def _guarded(options: argparse.Namespace) -> int:
    try:
        code: int = options.command(options)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        _drop_output()
        return DONE
    except KeyboardInterrupt:
        complain("interrupted")
        return WRONG
    except BehaviorError as error:
        return _told(options, error, FAILED)
    except ConexError as error:
        return _told(options, error, WRONG)
    except MemoryError as error:
        return _told(options, error, WRONG, "this machine has not enough memory for it")
    except OSError as error:
        _drop_output()
        return _told(options, error, WRONG, _system_message(error))


def _drop_output() -> None:
    """Let what could not be written be forgotten, so that Python does not try again at exit."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _told(options: argparse.Namespace, error: BaseException, code: int, text: str = "") -> int:
    logging.getLogger(__name__).debug("the reason", exc_info=error if options.debug else None)
    several = error.problems if isinstance(error, ProjectError) else ()
    for line in several or (text or error,):
        complain(str(line))
    return code


def _system_message(error: OSError) -> str:
    place = f"{error.filename}: " if error.filename else ""
    return f"{place}{error.strerror or error}"


class _WrongCall(ConexError):
    """Report a command line that cannot be understood."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise _WrongCall(f"{message}. Try: {self.prog} --help")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="conex", description="Run CoNeX Studio projects without a window.")
    parser.set_defaults(debug=False)
    parser.add_argument("--version", action="version", version=f"conex {_version()}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_run(commands)
    _add_check(commands)
    _add_plan(commands)
    _add_list(commands)
    _add_script(commands)
    _add_example(commands)
    _add_block(commands)
    _add_state(commands)
    _add_move(commands)
    return parser


def _add_run(commands: Any) -> None:
    run = _command(commands, "run", "run a project and report what it did", running.run)
    run.add_argument("project", type=Path, help="a .conex file")
    length = run.add_mutually_exclusive_group()
    length.add_argument("--steps", type=_steps, metavar="N", help="iterations to run")
    length.add_argument("--time", type=_time, metavar="MS", help="simulated milliseconds to run")
    run.add_argument("--seed", type=_seed, metavar="S", help="in place of the project's seed")
    run.add_argument("--device", help="in place of the project's device, such as cpu")
    _add_engine(run)
    run.add_argument(
        "--threads",
        type=_threads,
        default=1,
        metavar="N",
        help="processors for the kernels; more pay with several large synapse groups",
    )
    run.add_argument("--out", type=Path, metavar="DIR", help="write spikes, figures, summary here")
    run.add_argument("--load-state", type=Path, metavar="FILE", help="go on from this state")
    run.add_argument("--save-state", type=Path, metavar="FILE", help="write the last state here")
    _add_json(run)


def _add_check(commands: Any) -> None:
    check = _command(commands, "check", "say what is wrong with a project", listing.check)
    check.add_argument("project", type=Path, help="a .conex file")
    _add_json(check)


def _add_plan(commands: Any) -> None:
    text = "say what runs each behavior: a compiled kernel or Python"
    shown = _command(commands, "plan", text, planning.show)
    shown.add_argument("project", type=Path, help="a .conex file")
    shown.add_argument("--device", help="in place of the project's device, such as cpu")
    _add_engine(shown)
    _add_json(shown)


def _add_engine(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--engine",
        choices=("auto", "fused", "reference"),
        default="auto",
        help="compiled kernels (fused), the behaviors' own code, or what can be had",
    )
    command.add_argument(
        "--verbose", action="store_true", help="say what is built, on standard error"
    )


def _add_list(commands: Any) -> None:
    show = _command(commands, "list", "list what there is", listing.show)
    show.add_argument("what", choices=("behaviors", "structures", "plots", "examples"))
    show.add_argument("names", nargs="*", metavar="NAME", help="only these, such as LIF")
    _add_json(show)


def _add_script(commands: Any) -> None:
    script = _command(
        commands, "script", "write a Python program that reproduces the run", listing.script
    )
    script.add_argument("project", type=Path, help="a .conex file")
    script.add_argument("-o", "--output", type=Path, metavar="FILE", help="file to write")


def _add_example(commands: Any) -> None:
    text = "write a shipped example, a project or a script"
    example = _command(commands, "example", text, listing.example)
    example.add_argument("name", help="see: conex list examples")
    example.add_argument("-o", "--output", type=Path, metavar="FILE", help="file to write")


def _add_block(commands: Any) -> None:
    text = "list, show, check, import and export blocks"
    about = "List, show, check, import and export."
    block = commands.add_parser("block", help=text, description=about)
    actions = block.add_subparsers(required=True, metavar="ACTION")
    listed = _command(actions, "list", "list the blocks of the library", blocks.listed)
    listed.add_argument("words", nargs="*", metavar="WORD", help="only blocks with these words")
    one = _command(actions, "show", "show one block", blocks.show)
    one.add_argument("block", help="a name, an id, or a .conexblock file")
    export = _command(actions, "export", "write a block to a file of its own", blocks.export)
    for command in (listed, one, export):
        text = "look into this folder too; may be given several times"
        command.add_argument(
            "--folder", type=Path, action="append", default=[], metavar="DIR", help=text
        )
    checked = _command(actions, "check", "say what is wrong with block files", blocks.check)
    checked.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a .conexblock file")
    for command in (listed, one, checked):
        _add_json(command)
    bring = _command(actions, "import", "make a block of a saved structure", blocks.bring)
    bring.add_argument("file", type=Path, help="what save_structure_dict_to_json wrote")
    bring.add_argument("-o", "--output", type=Path, required=True, help="a .conexblock file")
    bring.add_argument("--name", help="in place of the structure's own")
    export.add_argument(
        "--structure", action="store_true", help="as a saved structure (.json) in place of a block"
    )
    export.add_argument(
        "project",
        type=Path,
        nargs="?",
        help="a .conex file; without it, the block is the library's",
    )
    export.add_argument("block", help="a name or an id, or without a project a .conexblock file")
    export.add_argument(
        "-o", "--output", type=Path, required=True, metavar="FILE", help="file to write"
    )


def _add_state(commands: Any) -> None:
    text = "list what a state file holds, or take one entry out"
    state = _command(commands, "state", text, _show_state)
    state.add_argument("file", type=Path, help="what conex run --save-state wrote")
    state.add_argument(
        "--export", metavar="NAME", help="write this entry, such as Exc/LIF/v, to -o"
    )
    state.add_argument("-o", "--output", type=Path, metavar="FILE", help="a .npy file to write")
    _add_json(state)


def _add_move(commands: Any) -> None:
    text = "rewrite the imports of a script of CoNeX or pymonntorch"
    move = _command(commands, "move", text, moving.move)
    what = "a .py script or an .ipynb notebook"
    move.add_argument("scripts", type=Path, nargs="+", metavar="SCRIPT", help=what)
    place = move.add_mutually_exclusive_group()
    place.add_argument("-o", "--output", type=Path, metavar="FILE", help="file to write")
    place.add_argument(
        "--in-place", action="store_true", help="replace each script, and keep it as SCRIPT.orig"
    )
    _add_json(move)


def _show_state(options: argparse.Namespace) -> int:
    from conex_core.cli import states  # brings torch, for which no other command should wait

    return states.show(options)


def _command(commands: Any, name: str, text: str, function: Any) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(
        name, help=text, description=text[:1].upper() + text[1:] + ".", allow_abbrev=False
    )
    command.set_defaults(command=function)
    command.add_argument("--debug", action="store_true", help="log details and tracebacks")
    return command


def _add_json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="print one JSON object, no more")


def _steps(text: str) -> int:
    return _whole(text, 1, running.MOST_STEPS)


def _threads(text: str) -> int:
    return _whole(text, 1, 64)


def _seed(text: str) -> int:
    return _whole(text, 0, _LARGEST_SEED)


def _whole(text: str, low: int, high: int) -> int:
    try:
        number = int(text) if len(text) <= 32 else high + 1
    except ValueError:
        number = low - 1
    if not low <= number <= high:
        raise argparse.ArgumentTypeError(
            f"must be a whole number from {low:,} to {high:,}, got {text[:40]!r}"
        )
    return number


def _time(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not (math.isfinite(number) and number > 0):
        raise argparse.ArgumentTypeError(f"must be above 0 ms, got {text[:40]!r}")
    return number


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("conex-studio")
    except PackageNotFoundError:
        return "from a checkout"
