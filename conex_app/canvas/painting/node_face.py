"""What a node shows: words, colours by name, ports and size, read off the document.

A face holds no Qt object and no theme: two equal faces draw the same. Colours
are names of fields of ``conex_app.look.theme.Theme``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from conex_app.canvas.painting.block_contents import Contents
from conex_app.canvas.painting.block_face import (
    FIRST_ROW,
    ROW,
    block_height,
    contents_text,
    overrides_text,
)
from conex_app.look.counts import number
from conex_core.graph.blocks.definitions import ports_of
from conex_core.graph.model.document import BehaviorItem, Link, Node
from conex_core.graph.model.kinds import (
    BEHAVIOR_STACK,
    INPUT_LAYER,
    INPUT_PORT,
    INSTANCE,
    NEURON_GROUP,
    NOTE,
    OUTPUT_PORT,
    SYNAPSE_GROUP,
    NodeKind,
    NodePort,
    kind_of,
)

__all__ = [
    "HEADER",
    "LINE",
    "NOTCH",
    "Face",
    "FaceLine",
    "PortFace",
    "face_of",
    "size_text",
    "width_of",
]

Shape = Literal[
    "group", "synapse", "stack", "input", "note", "block", "way in", "way out", "unknown"
]

HEADER, LINE, PADDING = 32.0, 18.0, 8.0
MOST_LINES = 7

_SHAPES: dict[str, Shape] = {
    NEURON_GROUP.name: "group",
    SYNAPSE_GROUP.name: "synapse",
    BEHAVIOR_STACK.name: "stack",
    INPUT_LAYER.name: "input",
    NOTE.name: "note",
    INSTANCE.name: "block",
    INPUT_PORT.name: "way in",
    OUTPUT_PORT.name: "way out",
}
_WIDTHS: dict[Shape, float] = {
    "group": 200.0,
    "synapse": 152.0,
    "stack": 184.0,
    "input": 160.0,
    "note": 208.0,
    "block": 248.0,
    "way in": 128.0,
    "way out": 128.0,
    "unknown": 184.0,
}
_CAPSULE_HEIGHT = 48.0
_FLAG_HEIGHT = 32.0
NOTCH = 10.0  # how deep the tail of an output port is cut in
_NOTE_LETTERS_A_LINE = 28


@dataclass(frozen=True)
class FaceLine:
    """Say one row of a node; ``off`` rows are struck through."""

    text: str
    off: bool = False


@dataclass(frozen=True)
class PortFace:
    """Place a port on its node; ``facing`` is the direction in which a wire leaves."""

    name: str
    direction: Literal["in", "out"]
    signal: str
    many: bool
    title: str
    x: float
    y: float
    facing: tuple[int, int]


@dataclass(frozen=True)
class Face:
    """Hold everything that a node shows of the document.

    ``mark`` is a quiet word beside the first line.
    """

    shape: Shape
    title: str
    detail: str
    lines: tuple[FaceLine, ...]
    colour: str
    ports: tuple[PortFace, ...]
    width: float
    height: float
    compartment: str = ""
    mark: str = ""


def face_of(
    node: Node,
    links: Iterable[Link] = (),
    *,
    leftwards: bool = False,
    contents: Contents | None = None,
    pairs: str = "",
) -> Face:
    """Return what ``node`` shows.

    Parameters
    ----------
    links : iterable of Link
        Those of the node; only nodes of unknown kinds, and blocks whose
        contents are missing, take their ports from them.
    leftwards : bool
        Turn a synapse group around, so that spikes enter at its right side.
    contents : Contents, optional
        What is behind a block; without it the block is drawn as missing.
    pairs : str
        How many groups a synapse group joins, where that is more than two.
    """
    kind = kind_of(node.kind)
    shape = _SHAPES.get(node.kind, "unknown") if kind else "unknown"
    if shape == "block" and contents is None:
        return _missing(node, links)
    if contents is not None:
        return _block(node, contents)
    lines = _lines(shape, node, kind)
    width, height = _WIDTHS[shape], _height(shape, lines)
    known = ports_of(node, {}) if kind else _ports_in_use(node, links)
    ports = _placed(shape, known, width, height, leftwards)
    return Face(
        shape=shape,
        title=node.name,
        detail=pairs or _detail(shape, node, kind),
        lines=lines,
        colour=_colour(shape, node, kind),
        ports=ports,
        width=width,
        height=height,
        compartment=str(_value(node, kind, "compartment")) if shape == "synapse" else "",
    )


def _block(node: Node, contents: Contents) -> Face:
    width, height = _WIDTHS["block"], block_height(contents.ports)
    return Face(
        shape="block",
        title=node.name,
        detail=contents.kind,
        lines=(FaceLine(contents_text(contents.counts)),),
        colour="block",
        ports=_placed("block", contents.ports, width, height, False),
        width=width,
        height=height,
        mark=overrides_text(node, contents),
    )


def _missing(node: Node, links: Iterable[Link]) -> Face:
    ports, lines = _ports_in_use(node, links), (FaceLine("Block"), FaceLine("is missing here"))
    width, height = _WIDTHS["block"], _height("unknown", lines)
    placed = _placed("unknown", ports, width, height, False)
    return Face("unknown", node.name, "", lines, "unknown", placed, width, height)


def width_of(kind: str) -> float:
    """Return how wide nodes of a kind are."""
    return _WIDTHS[_SHAPES.get(kind, "unknown")]


def size_text(value: Any) -> str:
    """Return a size for people: ``1 000`` or ``1 × 8 × 8``."""
    if isinstance(value, (tuple, list)):
        return " × ".join(size_text(part) for part in value)
    return number(value) if isinstance(value, int) else str(value)


def _value(node: Node, kind: NodeKind | None, name: str) -> Any:
    if name in node.params:
        return node.params[name]
    return kind.parameter(name).default if kind else None


def _colour(shape: Shape, node: Node, kind: NodeKind | None) -> str:
    if shape == "group":
        inhibitory = _value(node, kind, "polarity") == "inhibitory"
        return "inhibitory" if inhibitory else "excitatory"
    if shape == "synapse":
        name = str(_value(node, kind, "compartment")).lower()
        return name if name in ("proximal", "distal", "apical") else "block"
    if node.is_port:
        return "block"
    return {"stack": "stack", "input": "input", "note": "faint"}.get(shape, "unknown")


def _detail(shape: Shape, node: Node, kind: NodeKind | None) -> str:
    if shape in ("group", "input"):
        return size_text(_value(node, kind, "size"))
    if shape == "synapse":
        return _synapse_words(node.stack)
    if shape == "stack":
        return str(_value(node, kind, "of"))
    return ""


def _lines(shape: Shape, node: Node, kind: NodeKind | None) -> tuple[FaceLine, ...]:
    if shape in ("group", "stack"):
        return _stack_lines(node.stack)
    if shape == "input":
        return _input_lines(node.params, kind)
    if shape == "note":
        return _wrapped(str(_value(node, kind, "text")))
    unknown = (FaceLine(node.kind), FaceLine("not known here"))
    return unknown if shape == "unknown" else ()


def _stack_lines(stack: tuple[BehaviorItem, ...]) -> tuple[FaceLine, ...]:
    rows = tuple(FaceLine(item.kind, off=not item.enabled) for item in stack)
    if len(rows) <= MOST_LINES + 1:
        return rows
    return (*rows[:MOST_LINES], FaceLine(f"+{len(rows) - MOST_LINES} more"))


def _input_lines(params: Mapping[str, Any], kind: NodeKind | None) -> tuple[FaceLine, ...]:
    values = {p.name: p.default for p in kind.parameters} if kind else {}
    values |= params
    source = str(values.get("source"))
    first = f"{source}, {values.get('split')}" if source == "digits" else source
    if source == "npz":
        first = str(values.get("path") or "no file chosen")
    return (FaceLine(first), FaceLine(f"{_plain(values.get('rate'))} Hz · {_shown_time(values)}"))


def _shown_time(values: Mapping[str, Any]) -> str:
    return f"{_plain(values.get('duration'))} ms each"


def _plain(value: Any) -> str:
    return f"{value:g}" if isinstance(value, (int, float)) else str(value)


def _synapse_words(stack: tuple[BehaviorItem, ...]) -> str:
    """Say how the synapses connect and whether they learn: ``sparse · STDP``."""
    words: list[str] = []
    for item in stack:
        if item.kind.endswith("DendriticInput"):
            word = item.kind.removesuffix("DendriticInput")
            words.insert(0, {"Simple": "dense"}.get(word, word.lower()))
        elif "STDP" in item.kind:
            words.append("STDP" if item.enabled else "STDP off")
    return " · ".join(words) if words else "no current yet"


def _wrapped(text: str) -> tuple[FaceLine, ...]:
    rows: list[str] = []
    for paragraph in text.splitlines():
        row = ""
        for word in paragraph.split():
            if row and len(row) + len(word) >= _NOTE_LETTERS_A_LINE:
                rows.append(row)
                row = ""
            row = f"{row} {word}".strip()
        rows.append(row)
    return tuple(FaceLine(row) for row in rows)


def _height(shape: Shape, lines: tuple[FaceLine, ...]) -> float:
    if shape == "synapse":
        return _CAPSULE_HEIGHT
    if shape in ("way in", "way out"):
        return _FLAG_HEIGHT
    rows = max(len(lines), 1)
    return HEADER + rows * LINE + 2 * PADDING


@lru_cache(maxsize=256)
def _placed(
    shape: Shape, ports: tuple[NodePort, ...], width: float, height: float, leftwards: bool
) -> tuple[PortFace, ...]:
    return tuple(_place(shape, ports, width, height, leftwards))


def _ports_in_use(node: Node, links: Iterable[Link]) -> tuple[NodePort, ...]:
    ins = {link.target_port for link in links if link.target == node.id}
    outs = {link.source_port for link in links if link.source == node.id}
    return (
        *(NodePort(name, "in", "spikes", name) for name in sorted(ins)),
        *(NodePort(name, "out", "spikes", name) for name in sorted(outs)),
    )


def _place(
    shape: Shape, ports: Iterable[NodePort], width: float, height: float, leftwards: bool
) -> Iterable[PortFace]:
    used = {"in": 0, "out": 0}
    for port in ports:
        row, used[port.direction] = used[port.direction], used[port.direction] + 1
        right = (port.direction == "out") != (leftwards and shape == "synapse")
        x, y, facing = width if right else 0.0, _row_y(shape, row), (1 if right else -1, 0)
        if shape in ("synapse", "way in", "way out"):
            y = height / 2
        if shape == "way out":
            x = NOTCH
        if shape == "synapse" and port.signal == "behaviors":
            x, y, facing = width / 2, height, (0, 1)
        yield PortFace(port.name, port.direction, port.signal, port.many, port.title, x, y, facing)


def _row_y(shape: Shape, row: int) -> float:
    return FIRST_ROW + row * ROW if shape == "block" else HEADER / 2 + row * 28.0
