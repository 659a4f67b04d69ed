"""Every error of the tree arrives whole: by pickle, by deepcopy, and out of a pool's worker."""

from __future__ import annotations

import copy
import importlib
import inspect
import multiprocessing
import pickle
import pkgutil
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import numpy as np
import pytest
import torch

import conex_app
import conex_core
from conex_core import LIF, Fire, Neocortex, NeuronGroup
from conex_core.carried import Described
from conex_core.errors import (
    BehaviorError,
    ConexError,
    NetworkError,
    ParameterError,
    ProjectError,
    ReplacedName,
    StructureError,
)
from conex_core.graph.checks.problems import Fix, Problem

LIST = [Problem("error", "v has no source", node="exc", fixes=(Fix("Add", lambda doc: doc),))]
FACTS = {"problems": LIST, "known": ["tau", "v"], "priority": 260, "iteration": 7}


def every_error() -> list[type[ConexError]]:
    """Return each class below ConexError, after every module was imported."""
    for package in (conex_core, conex_app):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith("__main__"):
                importlib.import_module(found.name)
    kinds, wanted = {ConexError}, [ConexError]
    while wanted:
        new = set(wanted.pop().__subclasses__()) - kinds
        kinds |= new
        wanted += new
    ours = (kind for kind in kinds if kind.__module__.startswith(("conex_core", "conex_app")))
    return sorted(ours, key=lambda kind: kind.__qualname__)


def example(kind: type[ConexError]) -> ConexError:
    """Return an error with something in every fact, a note and a cause."""
    named = inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY
    asked = inspect.signature(kind.__init__).parameters
    names = [name for name, item in asked.items() if item.kind in named and name != "self"]
    error = kind(**{name: FACTS.get(name, f"the {name}") for name in names})
    error.add_note("seen in trial 3")
    error.__cause__ = ValueError("the first reason")
    return error


def by_pickle(value: Any) -> Any:
    return pickle.loads(pickle.dumps(value))


def facts(error: BaseException) -> dict[str, Any]:
    """Return what an error says; problems by their words, for their mends are functions."""
    told = {name: value for name, value in vars(error).items() if name != "problems"}
    problems = [problem.message for problem in getattr(error, "problems", ())]
    return told | {"args": error.args, "text": str(error), "words": problems}


@pytest.mark.parametrize("way", [by_pickle, copy.deepcopy, copy.copy])
def test_every_error_arrives_with_its_facts_notes_and_cause(way):
    errors = [example(kind) for kind in every_error()]

    arrived = [way(error) for error in errors]

    assert len(errors) >= 12
    assert [type(error) for error in arrived] == [type(error) for error in errors]
    assert [facts(error) for error in arrived] == [facts(error) for error in errors]
    assert {repr(error.__cause__) for error in arrived} == {"ValueError('the first reason')"}


def test_facts_of_pythons_own_class_arrive():
    arrived = by_pickle(ReplacedName("Grid", "use NeuronDimension"))

    assert (arrived.name, arrived.msg) == ("Grid", str(arrived))


@pytest.mark.parametrize("got", [lambda: 0, (n for n in "ab"), open, Neocortex])
@pytest.mark.parametrize("place", [lambda got: got, lambda got: [1, (got,)], lambda got: {1: got}])
def test_what_cannot_be_sent_arrives_as_it_shows(got, place):
    error = ParameterError("tau", "must be a number", place(got), node="exc")

    arrived = by_pickle(by_pickle(error))

    assert str(arrived) == str(error)
    assert repr(arrived.got) == repr(error.got)


def test_an_open_file_arrives_as_it_shows_and_a_copy_keeps_it(tmp_path):
    with (tmp_path / "weights.npy").open("wb") as file:
        error = ParameterError("weights", "must be an array", file)

        assert isinstance(by_pickle(error).got, Described)
        assert copy.deepcopy(error).got is file
        assert str(by_pickle(error)) == str(error)


@pytest.mark.parametrize("got", [torch.arange(3.0), np.arange(3.0), torch.nan, None])
def test_values_that_can_be_sent_arrive_as_they_are(got):
    arrived = by_pickle(ParameterError("weights", "must fit", got))

    assert type(arrived.got) is type(got)
    assert repr(arrived.got) == repr(got)


def test_problems_keep_their_words_where_their_mends_cannot_be_sent():
    for error in (NetworkError("Neocortex", LIST), ProjectError(LIST)):
        (arrived,) = by_pickle(error).problems

        assert (arrived.message, arrived.node, arrived.code) == ("v has no source", "exc", "")
        assert [fix.title for fix in arrived.fixes] == ["Add"]


class Unreadable:
    """Refuse to be read again, as a class that only a worker knows does."""

    def __reduce__(self) -> tuple[Any, ...]:
        return float, ("no number",)

    def __repr__(self) -> str:
        raise RuntimeError("has no repr either")


class Sulky(Exception):
    """Lose one of its arguments on the way, as many exceptions of users do."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(first)


def test_values_that_cannot_be_read_on_the_other_side_do_no_harm():
    error = BehaviorError("exc", "LIF", 260, 3, "failed")
    error.seen = Unreadable()  # type: ignore[attr-defined]
    error.__cause__ = Sulky("too", "bad")

    arrived = by_pickle(error)

    assert isinstance(arrived.seen, Described)
    assert "Unreadable" in repr(arrived.seen)
    assert "Sulky('too')" in str(arrived.__cause__)


def test_causes_of_causes_arrive():
    inner, middle = ParameterError("tau", "is off", 0), StructureError("exc", "is off")
    outer = BehaviorError("exc", "LIF", 260, 3, "failed")
    middle.__cause__, outer.__cause__ = inner, middle

    arrived = by_pickle(outer)

    assert arrived.__cause__.node == "exc"
    assert arrived.__cause__.__cause__.got == 0


def wrong(tau: float) -> float:
    """Return tau; 0 is refused, 1 fails for lack of a source, 2 holds a function."""
    if tau == 1:
        network = Neocortex()
        NeuronGroup(network, 2, [Fire()], "lonely")
        network.initialize()
    if tau == 2:
        raise ParameterError("tau", "must be a number", lambda: tau)
    return float(LIF(tau=tau).tau)


def test_a_wrong_value_in_a_pool_is_raised_in_the_parent():
    spawn = multiprocessing.get_context("spawn")
    with spawn.Pool(1) as pool:
        answers = [pool.apply_async(wrong, (tau,)) for tau in (10.0, 0.0, 1.0, 2.0, 12.0)]
        ends = [answer.wait(60) or outcome(answer.get, 1) for answer in answers]
    with ProcessPoolExecutor(1, mp_context=spawn) as executor:
        futures = [executor.submit(wrong, tau) for tau in (10.0, 0.0, 1.0, 2.0, 12.0)]
        later = [outcome(future.result, 60) for future in futures]

    assert ends == later
    assert [type(end) for end in (ends[0], ends[-1])] == [float, float]
    assert [end.partition(":")[0] for end in ends[1:4]] == [
        "ParameterError",
        "NetworkError",
        "ParameterError",
    ]
    assert "tau must be above 0 ms, got 0" in ends[1]


def outcome(ask: Any, seconds: float) -> Any:
    """Return what a worker returned, or the kind and first words of what it raised."""
    try:
        return ask(seconds)
    except ConexError as error:
        return f"{type(error).__name__}: {str(error).partition(' at 0x')[0]}"
