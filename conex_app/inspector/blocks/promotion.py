"""What can be done to promote a parameter to the blocks around it. No Qt.

Every choice is one edit of the whole document with the words of its menu entry.
The parameters that follow one promoted value are kept in step here too: a
value typed for one of them inside the block goes to all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from conex_app.look.counts import count
from conex_core.graph import edits
from conex_core.graph.blocks.definitions import instances_of, parameter_of, value_inside, within
from conex_core.graph.model.document import MAIN, Definition, Document, Promoted, Target

if TYPE_CHECKING:
    from conex_app.project.document import ProjectDocument
    from conex_core.catalog import Catalog
    from conex_core.parameters import Parameter

__all__ = [
    "PromotionChoice",
    "choices",
    "copies",
    "followers",
    "overrides",
    "reset_target",
    "set_target",
    "shown_as",
    "surroundings",
]


@dataclass(frozen=True)
class PromotionChoice:
    """Offer one edit of the whole document: what the menu says, what undo says."""

    words: str
    label: str
    edit: Callable[[Document], Document]


def surroundings(document: ProjectDocument) -> tuple[list[Definition], list[str]]:
    """Return the blocks around what is seen, the innermost first, and their instances.

    The instance at a place is the one through which the block at that place is seen.
    """
    definition, found = document.whole.network, []
    for node_id in document.level:
        definition = document.whole.definition(definition.node(node_id).of)
        found.append(definition)
    return found[::-1], list(document.level[::-1])


def copies(whole: Document, definition_id: str) -> str:
    """Return how many copies of a block there are, in words."""
    amount = len(instances_of(whole, definition_id))
    return {0: "no copies", 1: "the only copy"}.get(amount, count(amount, "copy", "copies"))


def overrides(whole: Document, definition_id: str, promoted_id: str) -> int:
    """Return how many copies of a block set a promoted parameter."""
    return sum(
        promoted_id in whole.definition(outer).node(node).params
        for outer, node in instances_of(whole, definition_id)
    )


def shown_as(definition: Definition, targets: Sequence[Target]) -> Promoted | None:
    """Return the promoted parameter that all ``targets`` follow, if there is one."""
    wanted = set(targets)
    found = (one for one in definition.promoted if wanted <= set(one.targets))
    return next(found, None) if wanted else None


def followers(definition: Definition, targets: Sequence[Target]) -> tuple[Target, ...]:
    """Return what else follows the promoted values that ``targets`` follow."""
    wanted = set(targets)
    together = (one for one in definition.promoted if wanted & set(one.targets))
    return tuple(target for one in together for target in one.targets if target not in wanted)


def set_target(doc: Document, target: Target, value: Any) -> Document:
    """Return ``doc`` with the value of one parameter in the network that is seen."""
    if target.item is None:
        return edits.set_param(doc, target.node, target.field, value)
    return edits.set_behavior_param(doc, target.node, target.item, target.field, value)


def reset_target(doc: Document, target: Target) -> Document:
    """Return ``doc`` with one parameter in the network that is seen at its default."""
    if target.item is None:
        return edits.reset_param(doc, target.node, target.field)
    return edits.reset_behavior_param(doc, target.node, target.item, target.field)


def choices(
    document: ProjectDocument, targets: Sequence[Target], catalog: Catalog
) -> list[PromotionChoice]:
    """Return what can be done with parameters of the block that is seen, best first."""
    around, through = surroundings(document)
    if not around or not targets:
        return []
    shown = shown_as(around[0], targets)
    found = list(_ways_up(document.whole, around, through, targets, catalog))
    if shown is None:
        found += _ways_to_follow(document.whole, around[0], targets, catalog)
    else:
        found += _ways_off(document.whole, around[0], shown, targets)
    return found


def _ways_up(
    whole: Document,
    around: list[Definition],
    through: list[str],
    targets: Sequence[Target],
    catalog: Catalog,
) -> Iterator[PromotionChoice]:
    """Yield promoting the parameters to one block more, to two more, and so on."""
    reached = _reached(around, through, targets)
    field = _name(whole, around[0], targets[0])
    for upto in range(reached + 1, len(around) + 1):
        names = _listed([block.name for block in around[reached:upto]])
        faces = "face" if upto - reached == 1 else "faces"
        edit = partial(
            _shown,
            blocks=[block.id for block in around[:upto]],
            through=through,
            targets=tuple(targets),
            catalog=catalog,
        )
        yield PromotionChoice(f"Show on the {faces} of {names}", f"Show {field} on {names}", edit)


def _ways_to_follow(
    whole: Document, block: Definition, targets: Sequence[Target], catalog: Catalog
) -> Iterator[PromotionChoice]:
    field = _name(whole, block, targets[0])
    own = [_parameter(whole, block, target, catalog) for target in targets]
    for one in block.promoted:
        known = parameter_of(whole, block.id, one, catalog)
        if known is None or not all(_alike(known, parameter) for parameter in own):
            continue
        value = value_inside(whole, block.id, one, catalog)
        edit = partial(_following, block=block.id, shown=one.id, targets=targets, value=value)
        words = f"Follow “{one.name}” of {block.name}"
        yield PromotionChoice(words, f"Let {field} follow {one.name}", edit)


def _ways_off(
    whole: Document, block: Definition, shown: Promoted, targets: Sequence[Target]
) -> Iterator[PromotionChoice]:
    rest = tuple(target for target in shown.targets if target not in targets)
    if rest:
        edit = partial(
            edits.set_promoted, definition_id=block.id, promoted_id=shown.id, targets=rest
        )
        words = f"Stop following “{shown.name}” of {block.name}"
        yield PromotionChoice(words, f"Stop following {shown.name}", edit)
    own = overrides(whole, block.id, shown.id)
    go = "goes" if own == 1 else "go"
    lost = f" ({count(own, 'value')} set by copies {go} too)" if own else ""
    edit = partial(edits.demote, definition_id=block.id, promoted_id=shown.id)
    what = f"“{shown.name}” " if rest else ""
    words = f"Take {what}off the face of {block.name}{lost}"
    yield PromotionChoice(words, f"Take {shown.name} off {block.name}", edit)


def _reached(around: list[Definition], through: list[str], targets: Sequence[Target]) -> int:
    """Return to how many blocks, one around the other, the parameters are promoted already."""
    wanted = tuple(targets)
    for reached, block in enumerate(around):
        shown = shown_as(block, wanted)
        if shown is None:
            return reached
        wanted = (Target(through[reached], None, shown.id),)
    return len(around)


def _shown(
    doc: Document,
    *,
    blocks: list[str],
    through: list[str],
    targets: tuple[Target, ...],
    catalog: Catalog,
) -> Document:
    first, *rest = targets
    doc = edits.promote(doc, blocks, first, catalog=catalog, instances=through)
    shown = shown_as(doc.definition(blocks[0]), (first,))
    for target in rest if shown is not None else ():
        doc = edits.follow(doc, blocks[0], shown.id, target)
    return doc


def _following(
    doc: Document, *, block: str, shown: str, targets: Sequence[Target], value: Any
) -> Document:
    def take(inner: Document) -> Document:
        for target in targets:
            inner = edits.follow(set_target(inner, target, value), MAIN, shown, target)
        return inner

    return within(doc, block, take)


def _parameter(
    whole: Document, block: Definition, target: Target, catalog: Catalog
) -> Parameter | None:
    return parameter_of(whole, block.id, Promoted("", "", (target,)), catalog)


def _alike(shown: Parameter, own: Parameter | None) -> bool:
    """Tell whether one value can serve both."""
    if own is None or type(own) is not type(shown):
        return False
    plain: dict[str, Any] = {"name": "", "help": "", "symbol": "", "live": False, "default": None}
    plain |= {key: None for key in ("low", "high", "above", "below") if hasattr(own, key)}
    first, second = replace(shown, **plain), replace(own, **plain)
    return first == second


def _name(whole: Document, block: Definition, target: Target) -> str:
    inner = whole.definitions.get(block.node(target.node).of)
    for one in inner.promoted if inner else ():
        if one.id == target.field:
            return one.name
    return target.field


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
