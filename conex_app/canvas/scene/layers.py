"""Columns of a directed graph that may have circles: each node right of what feeds it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

__all__ = ["columns"]


def columns(nodes: Sequence[str], wires: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Return ``nodes`` by the length of the longest way to them.

    A wire that closes a circle does not count; which one that is follows from
    the order of ``nodes``.
    """
    feeds: dict[str, list[str]] = {key: [] for key in nodes}
    for source, target in sorted(wires):
        if source in feeds and target in feeds and source != target:
            feeds[source].append(target)
    order = _topological(nodes, feeds)
    rank = {key: place for place, key in enumerate(order)}
    depth = dict.fromkeys(order, 0)
    for key in order:
        for target in feeds[key]:
            if rank[target] > rank[key]:
                depth[target] = max(depth[target], depth[key] + 1)
    return [[key for key in order if depth[key] == level] for level in sorted({*depth.values()})]


def _topological(nodes: Sequence[str], feeds: Mapping[str, Sequence[str]]) -> list[str]:
    fed = {target for targets in feeds.values() for target in targets}
    finished: list[str] = []
    seen: set[str] = set()
    for root in [*(key for key in nodes if key not in fed), *nodes]:
        _visit(root, feeds, seen, finished)
    return finished[::-1]


def _visit(
    root: str, feeds: Mapping[str, Sequence[str]], seen: set[str], finished: list[str]
) -> None:
    """Append what ``root`` reaches to ``finished``, farthest first, without recursion."""
    if root in seen:
        return
    seen.add(root)
    way = [(root, iter(feeds[root]))]
    while way:
        key, rest = way[-1]
        step = next((target for target in rest if target not in seen), None)
        if step is None:
            finished.append(key)
            way.pop()
        else:
            seen.add(step)
            way.append((step, iter(feeds[step])))
