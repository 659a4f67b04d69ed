"""What the palette lists, as data: sections, items, their help and their search words. No Qt."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from conex_app.look.plain_text import escaped
from conex_core.catalog import BehaviorSpec, Catalog, Host
from conex_core.graph.edits.templates import TEMPLATES, Template
from conex_core.graph.model.kinds import INSTANCE, KINDS, NodeKind

__all__ = ["MIME", "PaletteItem", "matches", "mime_bytes", "palette_items", "tip"]

MIME = "application/x-conex-palette"


_HOSTS: tuple[tuple[Host, str], ...] = (
    ("neurons", "Neurons"),
    ("synapses", "Synapses"),
    ("network", "Network"),
    ("layer", "Layers"),
)


@dataclass(frozen=True)
class PaletteItem:
    """Describe one thing to drag: a node, a behavior or an example.

    ``path`` is its section, then its subsection. ``order`` is what a behavior's
    priority is; it is shown at the right.
    """

    category: str  # node, behavior or example
    name: str
    title: str
    path: tuple[str, ...]
    summary: str = ""
    order: str = ""
    spec: BehaviorSpec | None = None


def palette_items(
    catalog: Catalog, examples: Iterable[str | tuple[str, str]] = ()
) -> list[PaletteItem]:
    """Return everything the palette lists, in its order."""
    # An instance of nothing cannot be drawn; the templates stand for new blocks.
    kinds = [kind for kind in KINDS.values() if kind is not INSTANCE]
    found = [_node(kind) for kind in kinds if kind.section == "Groups"]
    for host, title in _HOSTS:
        found += [_behavior(spec, title) for spec in catalog.of_host(host)]
    found += [_template(template) for template in TEMPLATES.values()]
    found += [_node(kind) for kind in kinds if kind.section == "Blocks"]
    found += [_node(kind) for kind in kinds if kind.section not in ("Groups", "Blocks")]
    return found + [_example(example) for example in examples]


def matches(entry: PaletteItem, text: str) -> bool:
    """Tell whether every word of ``text`` is in the entry's name, summary or section."""
    hay = " ".join((entry.title, entry.name, entry.summary, *entry.path)).lower()
    return all(word in hay for word in text.lower().split())


def mime_bytes(entry: PaletteItem) -> bytes:
    """Return what a drag of the entry carries."""
    return json.dumps({"entry": entry.category, "name": entry.name}).encode()


def tip(entry: PaletteItem) -> str:
    """Return the hover help as rich text."""
    lines = [f"<b>{escaped(entry.title)}</b>", escaped(entry.summary)]
    spec = entry.spec
    if spec is not None:
        if spec.equation:
            lines.append(f"<code>{escaped(plain_equation(spec.equation))}</code>")
        lines.append(f"<small>Priority {spec.priority}{_needs(spec.requires)}</small>")
        lines.append(f"<small>{escaped(spec.source)}</small>" if spec.source else "")
    return "<br>".join(line for line in lines if line)


def plain_equation(latex: str) -> str:
    """Return a LaTeX equation as readable text: Greek letters, fractions as a / b."""
    text = latex
    for command, sign in _SIGNS:
        text = text.replace(command, sign)
    while "\\frac{" in text:
        head, rest = text.split("\\frac{", 1)
        top, rest = _braced(rest)
        bottom, rest = _braced(rest[1:]) if rest.startswith("{") else ("", rest)
        text = f"{head}{top} / {bottom}{rest}"
    return " ".join(text.replace("{", "").replace("}", "").replace("\\", "").split())


def _braced(text: str) -> tuple[str, str]:
    depth = 1
    for index, sign in enumerate(text):
        depth += (sign == "{") - (sign == "}")
        if depth == 0:
            return text[:index], text[index + 1 :]
    return text, ""


_SIGNS = (
    (r"\tau", "τ"),
    (r"\Delta", "Δ"),
    (r"\delta", "δ"),
    (r"\theta", "θ"),
    (r"\alpha", "α"),
    (r"\beta", "β"),
    (r"\eta", "η"),
    (r"\sum", "Σ"),
    (r"\cdot", "·"),
    (r"\leftarrow", "←"),
    (r"\to", "→"),
    (r"\ge", "≥"),
    (r"\leq", "≤"),
    (r"\in", "∈"),
    (r"\left", ""),
    (r"\right", ""),
    (r"\quad", "  "),
    (r"\,", " "),
    (r"\mathrm", ""),
    (r"\text", ""),
)


def _needs(requires: Sequence[str]) -> str:
    """Return what a behavior needs, in words."""
    words = {"own": "", "source": "source's ", "target": "target's ", "network": "network's "}
    parts = []
    for name in requires:
        place, _, attribute = name.partition(".")
        parts.append(words.get(place, f"{place}'s ") + attribute)
    return " · needs " + escaped(", ".join(parts)) if parts else ""


def _node(kind: NodeKind) -> PaletteItem:
    return PaletteItem("node", kind.name, kind.title, (kind.section,), kind.summary)


def _template(template: Template) -> PaletteItem:
    return PaletteItem("node", template.kind, template.title, ("Blocks",), template.summary)


def _behavior(spec: BehaviorSpec, host: str) -> PaletteItem:
    path = ("Behaviors", host)
    return PaletteItem(
        "behavior", spec.name, spec.name, path, spec.summary, str(spec.priority), spec
    )


def _example(example: str | tuple[str, str]) -> PaletteItem:
    name, summary = (example, "") if isinstance(example, str) else example
    title = name.replace("_", " ").capitalize()
    return PaletteItem("example", name, title, ("Examples",), summary)
