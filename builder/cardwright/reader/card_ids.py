"""Which id each card goes by: the one written, or a new one."""

import re
from collections.abc import Mapping as Known
from collections.abc import Sequence as Cards
from collections.abc import Set as AbstractSet
from pathlib import PurePosixPath

from cardwright.diagnostics.diagnostic import Diagnostic, Related
from cardwright.diagnostics.phrases import truncate
from cardwright.diagnostics.report import Report
from cardwright.diagnostics.span import Span
from cardwright.reader.cards import ParsedCard
from cardwright.source import ids
from cardwright.source.nodes import Mapping, Scalar


def assign_card_ids(
    found: Cards[ParsedCard], taken: AbstractSet[str], report: Report
) -> list[tuple[ParsedCard, str]]:
    """Each card with its id: the one written, or a new one that nobody has or had.

    A second card with the same id is reported and left out.
    """
    written: dict[str, ParsedCard] = {}
    keys: dict[int, str] = {}
    for place, card in enumerate(found):
        if card.id is None:
            continue
        key = ids.read_id(card.id, report)
        first = written.setdefault(key, card) if key is not None else None
        if key is not None and first is card:
            keys[place] = key
        elif key is not None and first is not None and first.id is not None:
            report.add(_duplicate(card.id, first.id))
    _judge_former(found, written, report)
    used = {*written, *taken}
    nodes = {id(card.node) for card in found if card.id is not None}
    for place, card in enumerate(found):
        if card.id is None:
            if id(card.node) in nodes:
                report.add(_repeated(card))
                continue
            nodes.add(id(card.node))
            keys[place] = ids.propose_id(_words(card), used)
            used.add(keys[place])
    return [(card, keys[place]) for place, card in enumerate(found) if place in keys]


def _judge_former(found: Cards[ParsedCard], written: Known[str, ParsedCard], report: Report) -> None:
    """A former id belongs to one card, and that is not another one."""
    claimed: dict[str, Scalar] = {}
    for card in found:
        for former in card.former.cards:
            owner, first = written.get(former.value), claimed.setdefault(former.value, former)
            if owner is not None and owner.id is not None:
                message = f"`{truncate(former.value, 36)}` is still the id of a card"
                related = (Related(owner.id.span, "this card"),)
                report.add(Diagnostic("former-id-in-use", message, former.span, related=related))
            elif first is not former:
                message = f"two cards say that they were `{truncate(former.value, 36)}`"
                related = (Related(first.span, "first said here"),)
                report.add(Diagnostic("former-id-twice", message, former.span, related=related))


def _words(card: ParsedCard) -> str:
    """What a card says, for an id to be made of."""
    value = card.node.entries[card.kind.key][1]
    if isinstance(value, Scalar):
        if card.kind.key == "diagram":
            return PurePosixPath(value.value).stem
        if card.kind.key == "type":
            return _first_field(card.node) or value.value
        return re.sub(r"\{\{c[\d,]+::", " ", value.value)
    return card.topic or card.kind.key


def _first_field(card: Mapping) -> str:
    """What stands in the first field of a card that has its fields by name."""
    fields = card.get("fields")
    texts = fields.entries.values() if isinstance(fields, Mapping) else ()
    return next((text.value for _, text in texts if isinstance(text, Scalar)), "")


def _duplicate(second: Scalar, first: Scalar) -> Diagnostic:
    return Diagnostic(
        code="duplicate-id",
        message=f"two cards share the id `{truncate(second.value, 40)}`",
        span=second.span,
        note="used again here",
        related=(Related(first.span, "first used here"),),
        help="give one of them a new id; the one already studied keeps the old",
    )


def _repeated(card: ParsedCard) -> Diagnostic:
    first: Span = next(key for key, _ in card.node.entries.values()).span
    return Diagnostic(
        code="repeated-card",
        message="an alias repeats a whole card",
        span=first,
        note="the card that is repeated",
        help="write the second card out, so that each can have its own id",
    )
