"""Mutated files: what becomes of a good project or block file when somebody damages it.

``mutated(text, draw)`` gives bytes that may or may not be readable. Most changes keep
the types of a file, so that the reader accepts them and the rest of the program has
to bear them. The same random numbers give the same bytes.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

__all__ = ["mutated"]

Data = dict[str, Any]
Place = tuple[Any, Any]  # a dict or list, and the key or index in it

TEXTS = (
    "",
    " ",
    "NaN",
    "-inf",
    "1e999",
    "network",
    "main",
    "None",
    "../../../etc/passwd",
    "/",
    "a/b",
    "a › b",
    "<img src='x'><b>b",
    "<table><tr><td>" * 40,
    "%s %(name)s {0} {name} \\ \" ' $",
    "\x00\x07\n\r\t",
    "\ud800",
    "\u202eabc\u0301\u0301\u0301",
    "名前 🧠",
    "__import__('os').system('true')",
    "Uniform(0, 1)",
    "x" * 3000,
    "def",
    "3",
    "\\N{DASH}",
    '"""',
)
NUMBERS = (0, -1, 1, 2, 7, 1000, 10**6, 10**9, 10**15, 10**17, -(10**17), 0.0, -0.0, 0.1, 1e-300)
FLOATS = (*NUMBERS, 1e18, 1e150, 1e308, -1e308, 5e-324, 1.5, -2.5, 1e-9)
KINDS = (
    "NeuronGroup",
    "SynapseGroup",
    "BehaviorStack",
    "InputLayer",
    "Note",
    "Instance",
    "InputPort",
    "OutputPort",
    "Astrocyte",
)
PORTS = ("spikes", "synapses", "behaviors", "source", "target", "port", "dendrite", "")
BLOCKS = ("Container", "Layer", "CorticalLayer", "CorticalColumn", "Network", "")
ANY = (
    None,
    True,
    False,
    [],
    {},
    [1, 2, 3],
    [10**15, 10**15, 10**15],
    [[1.0, 2.0], [3.0]],
    {"$": "Uniform", "low": 0, "high": 1},
    {"$": "Uniform", "low": 1, "high": 0},
    {"$": "Normal", "mean": "x"},
    {"$": "Constant"},
    {"$": 3},
    {"$": "Uniform", "low": -1e308, "high": 1e308},
    {"a": {"b": {"c": [{}]}}},
    ["x", None, True, 3.5],
)


def mutated(text: str, draw: Random) -> bytes:
    """Return a good file's text, damaged in one to six places."""
    if draw.random() < 0.06:
        return _damaged(text.encode(), draw)
    data = json.loads(text)
    for _ in range(draw.choice((1, 1, 1, 2, 2, 3, 4, 6))):
        draw.choices([change for change, _ in CHANGES], [often for _, often in CHANGES])[0](
            data, draw
        )
    written = json.dumps(data).encode()
    return _damaged(written, draw) if draw.random() < 0.03 else written


def _damaged(data: bytes, draw: Random) -> bytes:
    if draw.random() < 0.4:
        return data[: draw.randrange(len(data) + 1)]
    found = bytearray(data)
    for _ in range(draw.choice((1, 1, 2, 8))):
        found[draw.randrange(len(found))] = draw.randrange(256)
    return bytes(found)


# Where things stand in a file


def _places(value: Any) -> Iterator[Place]:
    """Yield every place of a value, so that it can be changed."""
    waiting = [value]
    while waiting:
        here = waiting.pop()
        keys = list(here) if isinstance(here, dict) else range(len(here))
        for key in keys:
            yield here, key
            if isinstance(here[key], dict | list):
                waiting.append(here[key])


def _definitions(data: Data) -> list[Data]:
    found = data.get("definitions")
    return [item for item in found.values() if isinstance(item, dict)] if _is(found, dict) else []


def _is(value: Any, kind: type) -> bool:
    return isinstance(value, kind)


def _nodes(data: Data) -> list[tuple[Data, str, Data]]:
    """Return (definition, id, node) of every node."""
    return [
        (definition, key, node)
        for definition in _definitions(data)
        if _is(definition.get("nodes"), dict)
        for key, node in definition["nodes"].items()
        if _is(node, dict)
    ]


def _stacks(data: Data) -> list[list[Any]]:
    found = [node.get("stack") for _, _, node in _nodes(data)]
    settings = data.get("settings")
    found += [settings.get("stack")] if _is(settings, dict) else []
    return [stack for stack in found if _is(stack, list) and stack]


def _params(data: Data) -> list[Data]:
    owners = [node for _, _, node in _nodes(data)]
    owners += [item for stack in _stacks(data) for item in stack if _is(item, dict)]
    monitors = data.get("monitors")
    owners += [one for one in monitors if _is(one, dict)] if _is(monitors, list) else []
    return [owner["params"] for owner in owners if _is(owner.get("params"), dict)]


def _ids(data: Data) -> list[str]:
    found = [key for _, key, _ in _nodes(data)]
    found += [key for key in data.get("definitions", {}) if _is(data["definitions"], dict)]
    return [*found, "nobody", "", "network"]


# Changes


def _any_value(draw: Random) -> Any:
    return copy.deepcopy(draw.choice((draw.choice(ANY), draw.choice(FLOATS), draw.choice(TEXTS))))


def _like(value: Any, draw: Random) -> Any:
    """Return another value of the same type."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return draw.choice(NUMBERS[:11])
    if isinstance(value, float):
        return draw.choice(FLOATS)
    if isinstance(value, str):
        return draw.choice((*TEXTS, value[: len(value) // 2], value * 2, value + " "))
    if isinstance(value, list):
        return draw.choice((value[:1], value[::-1], value * 2, []))
    if isinstance(value, dict):
        return dict(list(value.items())[: len(value) // 2])
    return value


def _other_value(data: Data, draw: Random) -> None:
    here, key = draw.choice(list(_places(data)))
    here[key] = _like(here[key], draw)


def _other_type(data: Data, draw: Random) -> None:
    here, key = draw.choice(list(_places(data)))
    here[key] = _any_value(draw)


def _lost(data: Data, draw: Random) -> None:
    here, key = draw.choice(list(_places(data)))
    del here[key]


def _swapped(data: Data, draw: Random) -> None:
    places = list(_places(data))
    (here, key), (there, other) = draw.choice(places), draw.choice(places)
    first, second = copy.deepcopy(here[key]), copy.deepcopy(there[other])
    here[key] = second
    if other in there if _is(there, dict) else other < len(there):
        there[other] = first


def _renamed_key(data: Data, draw: Random) -> None:
    places = [(here, key) for here, key in _places(data) if _is(here, dict)]
    if places:
        here, key = draw.choice(places)
        here[draw.choice((key + "x", *TEXTS, *(name for name, _ in places[0][0].items())))] = (
            here.pop(key)
        )


def _param(data: Data, draw: Random) -> None:
    found = _params(data)
    if found:
        params = draw.choice(found)
        name = draw.choice([*params, "size", "name", "polarity", "order", "signal", "text"])
        params[name] = _any_value(draw)


def _link(data: Data, draw: Random) -> None:
    links = [item["links"] for item in _definitions(data) if _is(item.get("links"), list)]
    if not links:
        return
    wires, ids = draw.choice(links), _ids(data)
    ends = [draw.choice(ids), draw.choice(PORTS), draw.choice(ids), draw.choice(PORTS)]
    ports = [key for _, key, node in _nodes(data) if "Port" in str(node.get("kind"))]
    for place in (1, 3):
        if ports and draw.random() < 0.4:
            ends[place] = draw.choice(ports)
    if wires and _is(wires[0], list) and len(wires[0]) == 4 and draw.random() < 0.6:
        wire, place = draw.choice(wires), draw.randrange(4)
        if _is(wire, list) and len(wire) == 4:
            wire[place] = ends[place]
    else:
        wires.append(ends)


def _many_links(data: Data, draw: Random) -> None:
    for _ in range(draw.choice((5, 40))):
        _link(data, draw)


def _kind(data: Data, draw: Random) -> None:
    nodes = _nodes(data)
    if nodes:
        _, _, node = draw.choice(nodes)
        node["kind"] = draw.choice(KINDS)
        if draw.random() < 0.5:
            node["definition"] = draw.choice(_ids(data))


def _block_kind(data: Data, draw: Random) -> None:
    found = _definitions(data)
    if found:
        draw.choice(found)["kind"] = draw.choice(BLOCKS)


def _copied(data: Data, draw: Random) -> None:
    """Add copies of a node: a few, or as many as make a file slow."""
    nodes = _nodes(data)
    if nodes:
        definition, key, node = draw.choice(nodes)
        for number in range(draw.choice((1, 2, 10, 200))):
            definition["nodes"][f"{key}-{number}"] = copy.deepcopy(node)


def _instance(data: Data, draw: Random) -> None:
    """Put an instance of any definition into any definition, itself included."""
    found = _definitions(data)
    if not found:
        return
    inside = draw.choice(found)
    node = {"kind": "Instance", "name": "Block", "definition": draw.choice(_ids(data))}
    if draw.random() < 0.3:
        node["scope"] = [draw.choice(("", "a/", "x")), draw.choice(("", "A / "))]
    if _is(inside.get("nodes"), dict):
        inside["nodes"][draw.choice(("inner", "main", "a/b", *_ids(data)))] = node


def _nested(data: Data, draw: Random) -> None:
    """Nest blocks, deep or wide: ten in each of ten levels are very many."""
    depth, width = draw.choice(((3, 2), (40, 1), (10, 10), (400, 1), (20, 2), (5000, 1)))
    if not _is(data.get("definitions"), dict):
        return
    for level in range(depth):
        nodes = {
            f"n{copy_}": {"kind": "Instance", "name": f"N{copy_}", "definition": f"z{level + 1}"}
            for copy_ in range(width)
        }
        data["definitions"][f"z{level}"] = {"name": f"Z{level}", "nodes": nodes, "links": []}
    data["definitions"][f"z{depth}"] = copy.deepcopy(draw.choice(_definitions(data)))
    inside = draw.choice(_definitions(data))
    if _is(inside.get("nodes"), dict):
        inside["nodes"]["top"] = {"kind": "Instance", "name": "Top", "definition": "z0"}


def _position(data: Data, draw: Random) -> None:
    nodes = _nodes(data)
    for _, _, node in nodes if draw.random() < 0.2 else nodes[:1]:
        node["position"] = [draw.choice(FLOATS), draw.choice(FLOATS)]


def _behavior(data: Data, draw: Random) -> None:
    stacks = _stacks(data)
    if stacks:
        stack = draw.choice(stacks)
        item = draw.choice(stack)
        if _is(item, dict):
            other = draw.choice(draw.choice(stacks))
            kind = other.get("kind", "Nobody") if _is(other, dict) else "Nobody"
            stack.append({**copy.deepcopy(item), "id": f"b{len(stack)}", "kind": kind})


def _monitor(data: Data, draw: Random) -> None:
    monitors = data.setdefault("monitors", [])
    if _is(monitors, list):
        targets = [draw.choice(_ids(data)) for _ in range(draw.randrange(4))]
        params = {
            draw.choice(("variable", "neurons", "window", "name")): _any_value(draw)
            for _ in range(draw.randrange(3))
        }
        kind = draw.choice(("raster", "voltage", "rate", "scope", ""))
        name = f"m{len(monitors)}"
        monitors.append({"id": name, "kind": kind, "targets": targets, "params": params})


def _promoted(data: Data, draw: Random) -> None:
    found = _definitions(data)
    if found:
        targets = [
            [
                draw.choice(_ids(data)),
                draw.choice((None, "b1", "")),
                draw.choice(("size", "tau", "")),
            ]
            for _ in range(draw.randrange(4))
        ]
        one = {"id": draw.choice(("p1", "p2", "")), "name": draw.choice(TEXTS), "targets": targets}
        one |= {"low": draw.choice((None, *FLOATS)), "high": draw.choice((None, *FLOATS))}
        promoted = draw.choice(found).setdefault("promoted", [])
        if _is(promoted, list):
            promoted.append(one)


def _learned(data: Data, draw: Random) -> None:
    found = _definitions(data)
    if found:
        name = draw.choice(("w.npz", "x" * 300, "\ud800", "a\x00b", "nul", "."))
        groups = [draw.choice(_ids(data)) for _ in range(draw.randrange(3))]
        draw.choice(found)["learned"] = {"file": name, "sha256": "0" * 64, "groups": groups}


def _settings(data: Data, draw: Random) -> None:
    settings = data.setdefault("settings", {})
    if _is(settings, dict):
        name = draw.choice(("dt", "seed", "duration", "device", "dtype"))
        of_text = name in ("device", "dtype")
        settings[name] = draw.choice(TEXTS if of_text else NUMBERS if name == "seed" else FLOATS)


CHANGES: tuple[tuple[Callable[[Data, Random], None], int], ...] = (
    (_other_value, 12),
    (_other_type, 5),
    (_lost, 5),
    (_swapped, 3),
    (_renamed_key, 3),
    (_param, 14),
    (_link, 10),
    (_many_links, 3),
    (_kind, 8),
    (_block_kind, 2),
    (_copied, 3),
    (_instance, 6),
    (_nested, 2),
    (_position, 4),
    (_behavior, 3),
    (_monitor, 5),
    (_promoted, 5),
    (_learned, 2),
    (_settings, 4),
)
