"""The cards of a topic: found, identified, and turned into notes by their kinds."""

import re
from collections.abc import Iterator
from collections.abc import Mapping as Known
from collections.abc import Sequence as Cards
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath

from builder.collection import content as c
from builder.collection import notetype
from builder.collection.note import Note, Review
from builder.collection.reference import Citation, Reference
from builder.diagnostics.diagnostic import Diagnostic, Label
from builder.diagnostics.phrases import nearest, shown
from builder.diagnostics.report import Report
from builder.diagnostics.span import Span
from builder.kinds import KINDS, Kind
from builder.kinds.entry import COMMON_KEYS, Entry
from builder.source import decode, ids
from builder.source.clean import clean, clean_line
from builder.source.former import UNCHANGED, Former, read_former
from builder.source.markup import Markup
from builder.source.nodes import Mapping, Scalar
from builder.source.references import read_citations

TOPIC_KEYS = ("topic", "tags", "source", "allow", "cards")
_EVERY_KEY = COMMON_KEYS.union(*(kind.keys for kind in KINDS.values()))
_KNOWN = {kind.key: COMMON_KEYS | kind.keys | {kind.key} for kind in KINDS.values()}
# In brackets, YAML takes `[cloze: x]` for a mapping too.
_BRACED = re.compile(r"(?:[&!]\S*\s+)*\{")


@dataclass(frozen=True, slots=True)
class FoundCard:
    """A card as it stands in a file.

    id: as written; None when it has none yet. former: what it was called.
    """

    node: Mapping
    kind: Kind
    id: Scalar | None
    former: Former
    topic: str
    tags: tuple[str, ...]
    citations: tuple[Citation, ...]
    references: Known[str, Reference]


def find(topic: Mapping, references: Known[str, Reference], report: Report) -> Iterator[FoundCard]:
    """The cards of one file that say what they are, in the order written."""
    name = _topic(topic, report)
    tags = _tags(topic, report)
    citations = _citations(topic, references, report)
    node = topic.entries["cards"][1]
    if report.has_errors and isinstance(node, Scalar) and not node.value:
        return  # nothing is left of the cards because nothing in them could be read
    listed = decode.sequence(node, "cards", report)
    for item in listed.items if listed is not None else ():
        card = decode.mapping(item, "a card", report)
        kind = None if card is None else _kind(card, report)
        if card is None or kind is None:
            continue
        if card.flow and not _BRACED.match(card.source.text, card.start):
            report.add(_without_braces(card))
            continue
        if not card.entries.keys() <= _KNOWN[kind.key]:
            known = [kind.key, *sorted(kind.keys), *sorted(COMMON_KEYS)]
            decode.only(card, known, f"a `{kind.key}` card", report, elsewhere=_EVERY_KEY)
        id_ = card.get("id")
        written = None if id_ is None else decode.scalar(id_, "id", report)
        was = card.get("was")
        former = UNCHANGED if was is None else read_former(was, report)
        yield FoundCard(card, kind, written, former, name, tags, citations, references)


def identify(found: Cards[FoundCard], taken: AbstractSet[str], report: Report) -> list[tuple[FoundCard, str]]:
    """Each card with its id: the one written, or a new one that nobody has or had.

    A second card with the same id is reported and left out.
    """
    written: dict[str, FoundCard] = {}
    keys: dict[int, str] = {}
    for place, card in enumerate(found):
        if card.id is None:
            continue
        key = ids.read(card.id, report)
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
            keys[place] = ids.propose(_words(card), used)
            used.add(keys[place])
    return [(card, keys[place]) for place, card in enumerate(found) if place in keys]


def _judge_former(found: Cards[FoundCard], written: Known[str, FoundCard], report: Report) -> None:
    """A former id belongs to one card, and that is not another one."""
    claimed: dict[str, Scalar] = {}
    for card in found:
        for former in card.former.cards:
            owner, first = written.get(former.value), claimed.setdefault(former.value, former)
            if owner is not None and owner.id is not None:
                message = f"`{shown(former.value, 36)}` is still the id of a card"
                labels = (Label(owner.id.span, "this card"),)
                report.add(Diagnostic("former-id-in-use", message, former.span, labels=labels))
            elif first is not former:
                message = f"two cards say that they were `{shown(former.value, 36)}`"
                labels = (Label(first.span, "first said here"),)
                report.add(Diagnostic("former-id-twice", message, former.span, labels=labels))


def notes(card: FoundCard, key: str, markup: Markup, report: Report) -> Iterator[Note]:
    """The notes of one card."""
    node = card.node
    tags = card.tags
    if "tags" in node.entries:
        tags = _together(tags, _tags(node, report))
    entry = Entry(
        node=node,
        key=key,
        key_span=node.entries[card.kind.key][0].span if card.id is None else card.id.span,
        former=card.former,
        topic=card.topic,
        tags=tags,
        citations=_citations(node, card.references, report) or card.citations,
        common=_common(node, markup, report),
        printed="print" not in node.entries or decode.flag(node.entries["print"][1], "print", report),
        markup=markup,
        report=report,
        reviewed=_reviewed(node, report),
    )
    return card.kind.read(entry)


@cache
def _together(tags: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    """Both, sorted. Cached, since a deck has many cards and few tags."""
    return tuple(sorted({*tags, *more}))


def _kind(node: Mapping, report: Report) -> Kind | None:
    kinds = [KINDS[key] for key in node.entries if key in KINDS]
    if len(kinds) == 1:
        return kinds[0]
    if not kinds:
        keys = [key for key, _ in node.entries.values()]
        strange = [key for key in keys if key.value not in _EVERY_KEY] or keys
        near = nearest(strange[0].value, KINDS) if strange else ""
        report.add(
            Diagnostic(
                code="unknown-kind",
                message="nothing says what kind of card this is",
                span=strange[0].span if strange else node.span,
                help=f"did you mean `{near}`?"
                if near
                else "a card has one of `q`, `cloze`, `list`, `table` and `diagram`",
            )
        )
        return None
    first, second = (node.entries[kind.key][0] for kind in kinds[:2])
    report.add(
        Diagnostic(
            code="two-kinds",
            message=f"a card is `{first.value}` and `{second.value}` at once",
            span=second.span,
            labels=(Label(first.span, "it began as this"),),
            help="make two cards of it",
        )
    )
    return None


def _topic(topic: Mapping, report: Report) -> str:
    node = topic.get("topic")
    written = None if node is None else decode.scalar(node, "topic", report)
    return "" if written is None else clean_line(written, report)


def _tags(node: Mapping, report: Report) -> tuple[str, ...]:
    value = node.get("tags")
    if value is None:
        return ()
    tags = decode.texts(value, "tags", report)
    words = [clean(tag, report) for tag in tags]
    for tag, word in zip(tags, words, strict=True):
        if problem := _tag_problem(word):
            message, advice = problem
            report.add(Diagnostic(code="unfit-tag", message=message, span=tag.span, help=advice))
    return tuple(sorted(set(words)))


@cache
def _tag_problem(tag: str) -> tuple[str, str] | None:
    """What is wrong with a tag, and what to do.

    Source: Anki rslib/src/tags/register.rs (spaces split, empty parts become
    `blank`) and import_export/gather.rs (`marked` and `leech` are the learner's).
    """
    if not tag:
        return "a tag is empty", ""
    if re.search(r"\s", tag):
        return (
            f"the tag `{shown(tag, 24)}` has a space in it",
            "make a list of several tags, or join the words",
        )
    if any(not part for part in tag.split("::")):
        return f"the tag `{shown(tag, 24)}` has an empty part", "`::` stands between two words"
    if tag.lower() in {"marked", "leech", "retired"}:
        return f"the tag `{tag}` has a meaning of its own in Anki", "choose another word"
    return None


def _citations(node: Mapping, references: Known[str, Reference], report: Report) -> tuple[Citation, ...]:
    value = node.get("source")
    return () if value is None else read_citations(value, references, report)


def _common(node: Mapping, markup: Markup, report: Report) -> dict[str, c.Content]:
    fields = {}
    for key, name in (("extra", notetype.EXTRA), ("hint", notetype.HINT)):
        if key in node.entries:
            written = decode.scalar(node.entries[key][1], key, report)
            if written is not None and (content := markup.content(written)):
                fields[name] = content
    return fields


def _reviewed(node: Mapping, report: Report) -> Review | None:
    """The day under `reviewed:`."""
    if "reviewed" not in node.entries:
        return None
    written = node.entries["reviewed"][1]
    day = decode.day(written, "reviewed", report)
    return Review(day, written.span) if day else None


def _words(card: FoundCard) -> str:
    """What a card says, for an id to be made of."""
    value = card.node.entries[card.kind.key][1]
    if isinstance(value, Scalar):
        if card.kind.key == "diagram":
            return PurePosixPath(value.value).stem
        return re.sub(r"\{\{c[\d,]+::", " ", value.value)
    return card.topic or card.kind.key


def _duplicate(second: Scalar, first: Scalar) -> Diagnostic:
    return Diagnostic(
        code="duplicate-id",
        message=f"two cards share the id `{shown(second.value, 40)}`",
        span=second.span,
        note="used again here",
        labels=(Label(first.span, "first used here"),),
        help="give one of them a new id; the one already studied keeps the old",
    )


def _without_braces(card: Mapping) -> Diagnostic:
    return Diagnostic(
        code="card-without-braces",
        message="a card within brackets has no braces",
        span=next(key for key, _ in card.entries.values()).span,
        help="write `{` in front of it and `}` behind it, so that it can have more than one key",
    )


def _repeated(card: FoundCard) -> Diagnostic:
    first: Span = next(key for key, _ in card.node.entries.values()).span
    return Diagnostic(
        code="repeated-card",
        message="an alias repeats a whole card",
        span=first,
        note="the card that is repeated",
        help="write the second card out, so that each can have its own id",
    )
