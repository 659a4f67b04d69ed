"""A project in which every text of a user is as unkind as a file can make it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from conex_core.catalog import Catalog
from conex_core.graph import edits
from conex_core.graph.files import project_file
from conex_core.graph.model.document import Document, Target
from tests.graph.block_samples import grouped

__all__ = ["NASTY", "PICTURE", "nasty_file", "nasty_text"]

PICTURE = "conex-no-such-picture.png"
_PARTS = (
    "<table><tr><td>" * 40,
    f"<img src={PICTURE}>",
    f"<b>A & B &amp; C</b><a href='file:{PICTURE}'>x</a>",
    "line one\nline two\r\n\tline three\u2028four",
    "\u202eright to left\u202c \u05d0\u05d1\u05d2 \u2066isolated",
    "bell\x07 null\x00 escape\x1b[31m red",
    "half a pair \ud800 and \udfff",
    "\N{GRINNING FACE}" * 20,
    "W" * 10_000,
)
NASTY = " ".join(_PARTS)
_TEXTS = ("name", "description", "text", "help", "block", "path")


def nasty_text(number: int) -> str:
    """Return one of many such texts, each with another part first; no two are equal."""
    place = number % len(_PARTS)
    return f"{_PARTS[place]}{number} {NASTY}"


def nasty_file(folder: Path, catalog: Catalog) -> Path:
    """Write a project with nodes of every kind, blocks in blocks, plots, and nasty words."""
    plain = json.loads(project_file.to_text(_network(catalog)))
    _spoil(plain, iter(range(10_000)))
    path = folder / "A&B <b>[*]<img src=x> nasty.conex"
    path.write_text(json.dumps(plain), encoding="utf-8")
    return path


def _network(catalog: Catalog) -> Document:
    doc = Document()
    for node_id, kind in (
        ("exc", "NeuronGroup"),
        ("inh", "NeuronGroup"),
        ("syn", "SynapseGroup"),
        ("note", "Note"),
        ("in", "InputLayer"),
        ("stack", "BehaviorStack"),
    ):
        doc = edits.add_node(doc, kind, name=node_id, node_id=node_id)
    for kind in ("LIF", "InherentNoise", "Fire"):
        doc = edits.add_behavior(doc, "exc", kind, catalog=catalog, item_id=f"exc{kind}")
    doc = edits.set_param(doc, "note", "text", "words")
    doc = edits.add_monitor(doc, "raster", targets=("exc", "inh"))
    doc = grouped(doc, "exc", "inh", node_id="one")
    doc = edits.promote(doc, ["d_one"], Target("exc", None, "size"), catalog=catalog, name="size")
    doc = edits.add_node(doc, "NeuronGroup", name="odd", node_id="odd")
    return grouped(doc, "one", node_id="two")


def _spoil(held: Any, numbers: Any) -> None:
    """Put a nasty text in the place of every name and note; tags and unknown kinds too."""
    if isinstance(held, list):
        for item in held:
            _spoil(item, numbers)
    if not isinstance(held, dict):
        return
    for key, value in held.items():
        if key in _TEXTS and isinstance(value, str):
            held[key] = nasty_text(next(numbers))
        elif key == "tags":
            held[key] = [nasty_text(next(numbers))]
        elif key == "odd" and isinstance(value, dict):
            value["kind"] = nasty_text(next(numbers))
            value["name"] = nasty_text(next(numbers))
        else:
            _spoil(value, numbers)
