"""The cards of a topic: found, identified, and turned into notes by their kinds."""

import re
from collections.abc import Iterator
from collections.abc import Mapping as Known
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from cardwright.collection import content as c
from cardwright.collection import notetype
from cardwright.collection.note import Note, Review
from cardwright.collection.reference import Citation, Reference
from cardwright.diagnostics.diagnostic import Diagnostic, Related
from cardwright.diagnostics.phrases import closest_match, truncate
from cardwright.diagnostics.report import Report
from cardwright.kinds import KINDS, Kind
from cardwright.kinds.entry import COMMON_KEYS, CardEntry
from cardwright.source import decode
from cardwright.source.former_names import NO_FORMER_NAMES, FormerNames, read_former_names
from cardwright.source.markup import Markup
from cardwright.source.nodes import Mapping, Scalar
from cardwright.source.references import read_citations
from cardwright.source.text import clean_line, clean_text

if TYPE_CHECKING:  # few decks have note types of their own
    from cardwright.collection.custom_note_type import CustomNoteType

TOPIC_KEYS = ("topic", "tags", "source", "allow", "cards")
_EVERY_KEY = frozenset[str]().union(*(kind.keys for kind in KINDS.values()))
_KNOWN = {kind.key: kind.keys | {kind.key} for kind in KINDS.values()}
# In brackets, YAML takes `[cloze: x]` for a mapping too.
_BRACED = re.compile(r"(?:[&!]\S*\s+)*\{")


@dataclass(frozen=True, slots=True)
class ParsedCard:
    """A card as it stands in a file.

    id: as written; None when it has none yet. former: what it was called.
    """

    node: Mapping
    kind: Kind
    id: Scalar | None
    former: FormerNames
    topic: str
    tags: tuple[str, ...]
    citations: tuple[Citation, ...]
    references: Known[str, Reference]
    note_types: "Known[str, CustomNoteType | None]"


def read_cards(
    topic: Mapping,
    references: Known[str, Reference],
    note_types: "Known[str, CustomNoteType | None]",
    report: Report,
) -> Iterator[ParsedCard]:
    """The cards of one file that say what they are, in the order written.

    references, note_types: those of the deck.
    """
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
            known = [kind.key, *sorted(kind.keys - COMMON_KEYS), *sorted(kind.keys & COMMON_KEYS)]
            decode.only(card, known, f"a `{kind.key}` card", report, elsewhere=_EVERY_KEY)
        id_ = card.get("id")
        written = None if id_ is None else decode.scalar(id_, "id", report)
        was = card.get("was")
        former = NO_FORMER_NAMES if was is None else read_former_names(was, report)
        yield ParsedCard(card, kind, written, former, name, tags, citations, references, note_types)


def read_notes(card: ParsedCard, key: str, markup: Markup, report: Report) -> Iterator[Note]:
    """The notes of one card."""
    node = card.node
    tags = card.tags
    if "tags" in node.entries:
        tags = _together(tags, _tags(node, report))
    entry = CardEntry(
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
        note_types=card.note_types,
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
        near = closest_match(strange[0].value, KINDS) if strange else ""
        report.add(
            Diagnostic(
                code="unknown-kind",
                message="nothing says what kind of card this is",
                span=strange[0].span if strange else node.span,
                help=f"did you mean `{near}`?"
                if near
                else "a card has one of `q`, `cloze`, `list`, `table`, `diagram` and `type`",
            )
        )
        return None
    first, second = (node.entries[kind.key][0] for kind in kinds[:2])
    report.add(
        Diagnostic(
            code="two-kinds",
            message=f"a card is `{first.value}` and `{second.value}` at once",
            span=second.span,
            related=(Related(first.span, "it began as this"),),
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
    words = [clean_text(tag, report) for tag in tags]
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
            f"the tag `{truncate(tag, 24)}` has a space in it",
            "make a list of several tags, or join the words",
        )
    if any(not part for part in tag.split("::")):
        return f"the tag `{truncate(tag, 24)}` has an empty part", "`::` stands between two words"
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


def _without_braces(card: Mapping) -> Diagnostic:
    return Diagnostic(
        code="card-without-braces",
        message="a card within brackets has no braces",
        span=next(key for key, _ in card.entries.values()).span,
        help="write `{` in front of it and `}` behind it, so that it can have more than one key",
    )
