"""A project as a readable Python program on conex_core's public classes.

The program builds the same network in the same order with the same keys, so
that it gives the same spikes. Only parameters that differ from their defaults
are written. No torch here.
"""

from __future__ import annotations

import keyword
import os
import re
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conex_core.counting import iterations_of
from conex_core.distributions import Array, Distribution
from conex_core.errors import ProjectError
from conex_core.graph.files.weight_files import StoredWeights

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conex_core.run.plan import GroupStep, InputStep, Plan, PlannedBehavior, SynapseStep

__all__ = ["to_script"]

_WIDTH = 100
_TAKEN = {
    "base", "dataset", "duration", "encoder", "images", "labels", "main", "net", "result", "seed",
    "session", "steps", "torch",
}  # fmt: skip

_MAIN = '''

def main() -> None:
    """Build the network, run it and say what it did."""
    net = build()
    result = Session(net).run({steps})
    print(result.summary())


if __name__ == "__main__":
    main()
'''


def to_script(plan: Plan, *, base: Path | None = None, beside: Path | None = None) -> str:
    """Return the program of ``plan``, formatted as ruff would.

    Parameters
    ----------
    base : path, optional
        The project's folder, where its data files are.
    beside : path, optional
        The folder the program will lie in; paths are written relative to it.

    Raises
    ------
    ProjectError
        If the plan has errors.
    """
    if plan.errors:
        raise ProjectError(plan.errors)
    return _Writer(plan, _between(beside, base)).text()


class _Writer:
    """Write one program; ``imports`` collects the names it needs."""

    def __init__(self, plan: Plan, folder: str) -> None:
        self.plan, self.folder = plan, folder
        self.imports = {"Neocortex", "Session"}
        self.names: dict[str, str] = {}
        self.uses_files = False
        named: list[GroupStep | InputStep | SynapseStep] = [*plan.groups, *plan.inputs]
        for step in [*named, *plan.synapses]:
            self.names[step.node_id] = _variable(step.name, self.names.values())

    def text(self) -> str:
        body = "\n".join(self._body())
        settings = self.plan.document.settings
        steps = iterations_of(settings.duration, settings.dt)
        return f"{self._head()}\n\n{body}\n{_MAIN.format(steps=_literal(steps))}"

    def _head(self) -> str:
        doc = self.plan.document
        title = _plain(doc.name) or "Untitled"
        first = f'"""{_fitted(title, _WIDTH - 7)}{"" if title.endswith(".") else "."}'
        about = [_plain(line) for line in doc.description.splitlines()]
        text = "\n".join([first, "", *(_wrapped(line) for line in about), '"""'])
        lines = [text if any(about) else f'{first}"""', ""]
        if self.uses_files:
            lines += ["from pathlib import Path", ""]
        lines += [*self._import_lines(), ""]
        if self.uses_files:
            lines.append(f"BASE = Path(__file__).resolve().parent{self._below()}")
        lines.append(f"SEED = {_literal(doc.settings.seed)}")
        return "\n".join(lines) + "\n"

    def _import_lines(self) -> list[str]:
        third_party = ["import torch", ""] if "torch" in self.imports else []
        helpers = {"EncodedDataset", "PoissonEncoder", "load_digits", "load_samples"}
        rest = self.imports - {"torch", "Session", "learned_weights"}
        lines = [_import("conex_core", rest - helpers)]
        if rest & helpers - {"load_samples"}:
            lines.append(_import("conex_core.helpers", rest & helpers - {"load_samples"}))
        if "load_samples" in rest:
            lines.append(_import("conex_core.helpers.data", {"load_samples"}))
        if "learned_weights" in self.imports:
            lines.append(_import("conex_core.run.learned", {"learned_weights"}))
        lines.append(_import("conex_core.run.session", {"Session"}))
        return [*third_party, *lines]

    def _below(self) -> str:
        return "" if self.folder in ("", ".") else f" / {_literal(self.folder)}"

    def _body(self) -> Iterator[str]:
        yield "def build() -> Neocortex:"
        yield '    """Return the network, ready to run."""'
        yield from self._network()
        parts: tuple[tuple[str, list[Iterator[str]]], ...] = (
            ("Neurons", [self._group(step) for step in self.plan.groups]),
            ("Inputs", [self._input(step) for step in self.plan.inputs]),
            ("Synapses", [self._synapses(step) for step in self.plan.synapses]),
        )
        for title, statements in parts:
            if statements:
                yield ""
                yield f"    # {title}"
            for lines in statements:
                yield from lines
        yield "    return net"

    def _network(self) -> Iterator[str]:
        step = self.plan.network
        settings = step.settings
        arguments = [f"dt={_literal(settings.dt)}"]
        if step.stack:
            arguments.append(f"behavior={self._stack(step.stack, 8)}")
        if settings.dtype != "float32":
            self.imports.add("torch")
            arguments.append(f"dtype=torch.{settings.dtype}")
        if settings.device != "cpu":
            arguments.append(f"device={_literal(settings.device)}")
        yield _call("net = Neocortex", [*arguments, "seed=SEED"])
        if self._has_paths():
            self.uses_files = True
            yield "    net.base = BASE"

    def _has_paths(self) -> bool:
        """Tell whether a behavior names a file, which lies in the project's folder."""
        plan = self.plan
        stacks = [plan.network.stack, *(group.stack for group in plan.groups)]
        stacks += [synapses.stack for synapses in plan.synapses]
        values = (pair for stack in stacks for item in stack for pair in item.params.items())
        return any(isinstance(value, Array) or (name == "path" and value) for name, value in values)

    def _group(self, step: GroupStep) -> Iterator[str]:
        self.imports.add("NeuronGroup")
        arguments = [
            "net",
            f"size={_literal(step.size)}",
            f"behavior={self._stack(step.stack, 8)}",
            f"tag={_literal(_tag(step.name))}",
            f"polarity={_literal(step.polarity)}",
            f"key={_literal(step.node_id)}",
        ]
        named = f"{self.names[step.node_id]} = " if step.starts else self._unless_idle(step.node_id)
        yield _call(f"{named}NeuronGroup", arguments)
        yield from self._starts(step)

    def _input(self, step: InputStep) -> Iterator[str]:
        self.imports |= {"EncodedDataset", "InputLayer", "PoissonEncoder"}
        values = step.params
        name, dt = self.names[step.node_id], self.plan.document.settings.dt
        yield f"    {name}_images, {name}_labels = {self._samples(step)}"
        images, labels = f"{name}_images", f"{name}_labels"
        if values["samples"] is not None:
            cut = f"[:{values['samples']}]"
            images, labels = images + cut, labels + cut
        encoder = ", ".join(
            f"{key}={_literal(value)}"
            for key, value in (("rate", values["rate"]), ("duration", values["duration"]))
        )
        dataset = [
            images,
            labels,
            f"PoissonEncoder({encoder}, dt={_literal(dt)})",
            f"shuffle={values['shuffle']}",
            "seed=SEED",
            f"key={_literal(step.node_id)}",
        ]
        yield _call(f"{name}_dataset = EncodedDataset", dataset)
        silence = step.silent_steps(dt)
        layer = [
            "net",
            f"input_dataloader={name}_dataset",
            f"sensory_size={_literal(step.size)}",
            f"sensory_data_dim={name}_images.ndim - 1",
            *([f"silent_interval={silence}"] if silence else []),
            f"tag={_literal(_tag(step.name))}",
            f"key={_literal(step.node_id)}",
        ]
        yield _call(f"{self._unless_idle(step.node_id)}InputLayer", layer)

    def _samples(self, step: InputStep) -> str:
        values = step.params
        if values["source"] == "digits":
            self.imports.add("load_digits")
            return f"load_digits({_literal(values['split'])})"
        if values["source"] == "npz":
            self.imports.add("load_samples")
            self.uses_files = True
            return f"load_samples(BASE / {_literal(values['path'])})"
        self.imports.add("torch")
        shape = (step.size,) if isinstance(step.size, int) else step.size
        sizes = ", ".join(str(length) for length in (1, *shape))
        return f"torch.ones({sizes}), torch.zeros(1, dtype=torch.int64)"

    def _synapses(self, step: SynapseStep) -> Iterator[str]:
        self.imports.add("SynapseGroup")
        arguments = [
            "net",
            f"src={self._population(step.source)}",
            f"dst={self._population(step.target)}",
            f"tag={_literal(_tag(step.name) + ',' + step.compartment)}",
            f"behavior={self._stack(step.stack, 8)}",
            f"key={_literal(step.node_id)}",
        ]
        named = f"{self.names[step.node_id]} = " if step.starts else ""
        yield _call(f"{named}SynapseGroup", arguments)
        yield from self._starts(step)

    def _starts(self, step: GroupStep | SynapseStep) -> Iterator[str]:
        """Yield what gives an object the values that it has learned, thresholds above all."""
        if step.starts:
            start = f"{self.names[step.node_id]}.initial_values = {{"
            rows = "".join(
                f"        {_literal(name)}: {self._value(stored)},\n"
                for name, stored in step.starts.items()
            )
            yield f"    {start}\n{rows}    }}"

    def _population(self, node_id: str) -> str:
        name = self.names[node_id]
        layers = {step.node_id for step in self.plan.inputs}
        return f"{name}.sensory_pop" if node_id in layers else name

    def _unless_idle(self, node_id: str) -> str:
        used = any(node_id in (step.source, step.target) for step in self.plan.synapses)
        return f"{self.names[node_id]} = " if used else ""

    def _stack(self, stack: Iterable[PlannedBehavior], indent: int) -> str:
        items = [self._behavior(item, indent + 8) for item in stack]
        self.imports.add("prioritize_behaviors")
        if not items:
            return "prioritize_behaviors([])"
        return _bracketed("prioritize_behaviors(", items, ")", indent)

    def _behavior(self, item: PlannedBehavior, indent: int) -> str:
        self.imports.add(item.kind)
        arguments = [f"{name}={self._value(value)}" for name, value in item.params.items()]
        if not item.enabled:
            arguments.append("behavior_enabled=False")
        return _fit(item.kind, arguments, indent)

    def _value(self, value: Any) -> str:
        if isinstance(value, StoredWeights):
            self.imports.add("learned_weights")
            self.uses_files = True
            which = [value.group] if value.variable == "weights" else [value.group, value.variable]
            named = ", ".join(_literal(name) for name in which)
            return f"learned_weights(BASE / {_literal(value.path)}, {named})"
        if not isinstance(value, Distribution):
            return _literal(value)
        self.imports.add(type(value).__name__)
        given = ", ".join(_literal(getattr(value, field.name)) for field in fields(value))
        return f"{type(value).__name__}({given})"


def _call(start: str, arguments: list[str]) -> str:
    return f"    {_fit(start, arguments, 4)}"


def _fit(start: str, arguments: list[str], indent: int) -> str:
    """Return the call on one line where it fits, else one argument a line."""
    line = f"{start}({', '.join(arguments)})"
    if indent + len(line) <= _WIDTH - 1 and "\n" not in line:
        return line
    inner = " " * (indent + 4)
    rows = "".join(f"{inner}{argument},\n" for argument in arguments)
    return f"{start}(\n{rows}{' ' * indent})"


def _bracketed(start: str, items: list[str], end: str, indent: int) -> str:
    """Return a list inside a call, one item a line."""
    outer, inner = " " * (indent + 4), " " * (indent + 8)
    rows = "".join(f"{inner}{item},\n" for item in items)
    return f"{start}\n{outer}[\n{rows}{outer}]\n{' ' * indent}{end}"


def _import(module: str, names: Iterable[str]) -> str:
    # ruff sorts CONSTANTS, then Classes, then functions.
    listed = sorted(names, key=lambda name: (_rank(name), name))
    line = f"from {module} import {', '.join(listed)}"
    if len(line) <= _WIDTH:
        return line
    return f"from {module} import (\n" + "".join(f"    {name},\n" for name in listed) + ")"


def _rank(name: str) -> int:
    if name.isupper() and len(name) > 1:
        return 0
    return 1 if name[:1].isupper() else 2


def _literal(value: Any) -> str:
    """Return plain data as Python source, in double quotes as ruff has it."""
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, list | tuple):
        inner = ", ".join(_literal(item) for item in value)
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10_000:
        return f"{value:_}"
    return repr(value)


def _quoted(text: str) -> str:
    body = repr(text)[1:-1]
    if repr(text)[0] == "'":
        body = body.replace("\\'", "'")
        if '"' in body and "'" not in body:
            return f"'{body}'"
        body = body.replace('"', '\\"')
    return f'"{body}"'


def _variable(name: str, taken: Iterable[str]) -> str:
    """Return a readable Python name that is not taken."""
    word = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or "group"
    if word[0].isdigit() or keyword.iskeyword(word) or word in _TAKEN:
        word = f"group_{word}"
    known, number, found = set(taken), 2, word
    while found in known:
        found, number = f"{word}_{number}", number + 1
    return found


def _tag(name: str) -> str:
    return " ".join(name.replace(",", " ").split()) or "unnamed"


def _plain(text: str) -> str:
    """Return ``text`` so that it cannot end or bend the docstring it stands in."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(shown.replace("\\", "/").replace('"', "'").split())


def _fitted(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1].rstrip() + "…"


def _wrapped(line: str) -> str:
    import textwrap

    return "\n".join(textwrap.wrap(line, _WIDTH - 1))


def _between(start: Path | None, goal: Path | None) -> str:
    """Return the way from one folder to another, in forward slashes."""
    if start is None or goal is None:
        return "."
    try:
        way = os.path.relpath(goal.resolve(), start.resolve())
    except ValueError:  # another drive
        way = str(goal.resolve())
    return Path(way).as_posix()
