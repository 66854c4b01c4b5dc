"""The cards of a deck: find them in its files, give each an id, and let its kind read the notes."""

import re
from collections import abc
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from functools import cache, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from cardwright.collection import content as c
from cardwright.collection import notetype
from cardwright.collection.note import Note, Review
from cardwright.diagnostics import Diagnostic, Related, Report
from cardwright.diagnostics.phrases import closest_match, did_you_mean, truncate
from cardwright.kinds import KINDS, Kind
from cardwright.kinds.card_keys import COMMON_KEYS
from cardwright.kinds.card_reader import CardReader, TopicContext
from cardwright.reader.deck_names import read_subdeck
from cardwright.reader.former_parts import former_part_conflicts
from cardwright.reader.references import read_citations
from cardwright.record import Record
from cardwright.source.ids import NO_FORMER_NAMES, FormerNames, IdProposer, read_former_names, read_id
from cardwright.source.mapping_reader import MappingReader, join_names, read_mapping, report_null
from cardwright.source.markup import MarkupReader
from cardwright.source.nodes import Mapping, Node, Scalar, Sequence
from cardwright.source.text import clean_text

if TYPE_CHECKING:  # few decks have note types of their own
    from cardwright.collection.custom_note_type import CustomNoteType

_KEYS_OF_ANY_KIND = frozenset[str]().union(*(kind.keys for kind in KINDS.values())) - KINDS.keys()
_COMMON_FIELDS = (("extra", notetype.EXTRA), ("hint", notetype.HINT))
_TAGS_IN_BRACKETS = re.compile(r"\[ *[A-Za-z0-9_][\w-]* *(?:, *[A-Za-z0-9_][\w-]* *)*\]", re.ASCII)
# Within brackets, YAML takes `[cloze: x]` for a mapping, too.
_OPENING_BRACE = re.compile(r"(?:[&!]\S*\s+)*\{")


class CardIds(Record, frozen=True):
    """The ids of a card, of which nothing else may be readable.

    id_scalar: the value of `id`; None if the key is missing.
    """

    values: MappingReader
    id_scalar: Scalar | None
    former_names: FormerNames


class ParsedCard(CardIds, frozen=True):
    """A card whose kind is known and whose texts are not read yet."""

    kind: Kind
    context: TopicContext


def read_cards(nodes: Iterable[Node], context: TopicContext, report: Report) -> Iterator[CardIds]:
    """Yield cards in their order; of those whose kind is not clear only the ids."""
    for item in nodes:
        card = read_mapping(item, "a card", report)
        if card is None:
            continue
        kind, node = _find_kind(card, context), card.node
        if kind is not None and node.flow and not _OPENING_BRACE.match(node.source.text, node.start):
            message = "a card within brackets has no braces"
            help_ = "write `{` before it and `}` after it, so that it can have more than one key"
            report.add(Diagnostic("card-without-braces", message, card.first_span, help=help_))
            continue
        if kind is not None:
            card = card.renamed(f"a `{kind.key}` card")
            if not node.entries.keys() <= kind.keys.keys():
                # What a message lists begins with the keys that few other kinds have.
                keys = sorted(kind.keys, key=lambda key: (key != kind.key, key in COMMON_KEYS, key))
                card.allow_only({key: kind.keys[key] for key in keys}, elsewhere=_KEYS_OF_ANY_KIND)
        was = node.get("was")
        former_names = NO_FORMER_NAMES if was is None else read_former_names(was, report)
        id_scalar = card.scalar("id")
        if kind is None:
            yield CardIds(card, id_scalar, former_names)
        else:
            yield ParsedCard(card, id_scalar, former_names, kind, context)


def _find_kind(card: MappingReader, context: TopicContext) -> Kind | None:
    keys = card.node.entries
    kinds = [KINDS[key] for key in keys if key in KINDS]
    if len(kinds) == 1:
        if "type" in keys and "fields" not in keys and (problem := _needless_type(card, context)):
            card.report.add(problem)
            return None
        return kinds[0]
    card.report.add(_two_kinds(card, kinds, context) if kinds else _unknown_kind(card))
    return None


def _unknown_kind(card: MappingReader) -> Diagnostic:
    keys = [key for key, _ in card.entries]
    suspects = [key for key in keys if key.value not in _KEYS_OF_ANY_KIND] or keys
    suspect = next((key for key in suspects if closest_match(key.value, KINDS)), (*suspects, None)[0])
    word, span = ("", card.node.span) if suspect is None else (suspect.value, suspect.span)
    help_ = did_you_mean(word, KINDS, otherwise=f"a card has one of {join_names(KINDS)}")
    if kind := KINDS.get(closest_match(word, KINDS)):
        others = {key.value: closest_match(key.value, kind.keys) for key in suspects if key is not suspect}
        *renamed, last = [f"`{ours}` for `{truncate(name)}`" for name, ours in others.items() if ours] or [""]
        if last and help_.startswith("did"):
            help_ = f"{', '.join((help_.removesuffix('?'), *renamed))}, and {last}?"
    return Diagnostic("unknown-kind", "nothing says what kind of card this is", span, help=help_)


def _needless_type(card: MappingReader, context: TopicContext) -> Diagnostic | None:
    """Return an error for a card whose `type:` is the name that another tool has for a kind of card."""
    name = card.get("type")
    if not isinstance(name, Scalar) or closest_match(name.value, context.note_types):
        return None
    message = f"the deck has no note type `{truncate(name.value)}`"
    help_ = "leave `type` out, and write `q` and `a`; or `cloze`, for a text with gaps"
    return Diagnostic("unknown-note-type", message, name.span, help=help_)


def _two_kinds(card: MappingReader, kinds: abc.Sequence[Kind], context: TopicContext) -> Diagnostic:
    first, second = kinds[:2]
    message, span = f"a card is `{first.key}` and `{second.key}` at once", card.key_span(second.key)
    related = (Related(card.key_span(first.key), "this already says its kind"),)
    help_, name = "split it into two cards", card.get("type")
    if isinstance(name, Scalar) and "fields" not in card:
        other = first if second.key == "type" else second
        help_ = f"leave `type` out; `{other.key}` says what kind of card it is"
        if match := closest_match(name.value, context.note_types):
            help_ = f"write `note_type: {match}` instead of `type`"
    return Diagnostic("two-kinds", message, span, related=related, help=help_)


def assign_card_ids(
    cards: abc.Sequence[CardIds],
    taken: AbstractSet[str],
    report: Report,
    lost: abc.Mapping[str, str] = MappingProxyType({}),
) -> list[tuple[ParsedCard, str]]:
    """Return each card whose kind is known with its id, or with a new one if it has none.

    taken: ids that a new card may not get. lost: as in `ReadingOptions`.

    A second card with the same id is reported and left out.
    """
    id_scalars: dict[str, Scalar] = {}
    ids_by_index: dict[int, str] = {}
    for index, card in enumerate(cards):
        if card.id_scalar is None or (card_id := read_id(card.id_scalar, report)) is None:
            continue
        if card_id in id_scalars:
            report.add(_duplicate_id(card.id_scalar, id_scalars[card_id]))
        else:
            id_scalars[card_id] = card.id_scalar
            ids_by_index[index] = card_id
    report.extend(_former_id_conflicts(cards, id_scalars))
    proposer = IdProposer({*id_scalars, *taken})
    # An alias makes one node a card twice; then an id can't be written into the second.
    nodes = {id(card.values.node) for card in cards if card.id_scalar is not None}
    for index, card in enumerate(cards):
        if card.id_scalar is not None or not isinstance(card, ParsedCard):
            continue
        if id(card.values.node) in nodes:
            message, note = "an alias repeats a whole card", "the card that is repeated"
            help_ = "write the second card out, so that each can have its own id"
            report.add(Diagnostic("repeated-card", message, card.values.first_span, note=note, help=help_))
            continue
        nodes.add(id(card.values.node))
        new_id = proposer.propose(_text_for_id(card))
        ids_by_index[index] = lost.get(new_id, new_id)
    return [
        (card, ids_by_index[index])
        for index, card in enumerate(cards)
        if index in ids_by_index and isinstance(card, ParsedCard)
    ]


def _text_for_id(card: ParsedCard) -> str:
    value = card.values.get(card.kind.key)
    if isinstance(value, Mapping) and "html" in value.entries:
        _, value = value.entries["html"]
    if isinstance(value, Scalar):
        return card.kind.text_for_id(value, card.values)
    return card.context.topic or card.kind.key


def _former_id_conflicts(
    cards: Iterable[CardIds], id_scalars: abc.Mapping[str, Scalar]
) -> Iterator[Diagnostic]:
    """Yield an error for each former id that is the id of a card or the former id of another one."""
    first_uses: dict[str, Scalar] = {}
    said = ((former, card.former_names.card_ids) for card in cards for former in card.former_names.card_ids)
    for former, own in said:
        current, first = id_scalars.get(former.value), first_uses.setdefault(former.value, former)
        if current is not None:
            message = f"`{truncate(former.value, 36)}` is still the id of a card"
            related = (Related(current.span, "this card"),)
            yield Diagnostic("former-id-in-use", message, former.span, related=related)
        elif first is not former:
            message = f"two cards say that they were `{truncate(former.value, 36)}`"
            if any(first is other for other in own):
                message = f"`{truncate(former.value, 36)}` stands twice in this `was`"
            related = (Related(first.span, "first said here"),)
            yield Diagnostic("former-id-twice", message, former.span, related=related)


def _duplicate_id(second: Scalar, first: Scalar) -> Diagnostic:
    message = f"two cards share the id `{truncate(second.value, 40)}`"
    note, related = "used again here", (Related(first.span, "first used here"),)
    help_ = "delete the id of the card that nobody studies yet; `cardwright build` gives it a new one"
    return Diagnostic("duplicate-id", message, second.span, note=note, related=related, help=help_)


def read_notes(card: ParsedCard, card_id: str, markup: MarkupReader) -> Iterator[Note]:
    """Yield the notes of a card."""
    values, context = card.values, card.context
    keys = values.node.entries  # most cards have few of those asked for below
    deck_name = context.deck_name
    if "subdeck" in keys:
        deck_name = read_subdeck(values, deck_name.deck)
    note_type = context.card_types.get(card.kind.key) if context.card_types else None
    if "note_type" in keys:
        from cardwright.reader.card_types import read_own_type  # noqa: PLC0415  few cards name their own

        note_type = read_own_type(values, card.kind.key, context.note_types)
    tags = context.tags
    if "tags" in keys:
        any_tag = bool(context.note_types) and _is_of_imported_type(card, note_type)
        tags = read_more_tags(values, tags, any_tag=any_tag)
    citations = read_citations(values, context.references) if "source" in keys else ()
    notes = card.kind.read(
        CardReader(
            values=values,
            context=context,
            id=card_id,
            id_span=values.key_span(card.kind.key) if card.id_scalar is None else card.id_scalar.span,
            former_names=card.former_names,
            topic=values.line("topic") if "topic" in keys else context.topic,
            deck_name=deck_name,
            tags=tags,
            citations=citations or context.citations,
            common_fields=_read_common_fields(values, markup) if note_type is None else {},
            printed=values.flag("print") if "print" in keys else context.printed,
            reviewed=_read_review(values) if "reviewed" in keys else None,
            markup=markup,
            note_type=note_type,
            guid=_read_guid(values) if "guid" in keys else "",
        )
    )
    if not card.former_names.tells_of_parts:
        return notes
    all_notes = list(notes)
    values.report.extend(former_part_conflicts(card.former_names, card_id, all_notes))
    return iter(all_notes)


def is_imported(note_type: "CustomNoteType | None") -> bool:
    return note_type is not None and note_type.imported is not None


def _is_of_imported_type(card: ParsedCard, note_type: "CustomNoteType | None") -> bool:
    named = card.values.get("type")
    if isinstance(named, Scalar):
        note_type = card.context.note_types.get(named.value)
    return is_imported(note_type)


def _read_guid(values: MappingReader) -> str:
    scalar = values.scalar("guid")
    if scalar is not None and not scalar.value:
        help_ = "leave `guid` out, and the card gets one of its own"
        values.report.add(
            Diagnostic("empty-text", "the guid of a card is empty", values.key_span("guid"), help=help_)
        )
    return "" if scalar is None else scalar.value


def _read_common_fields(values: MappingReader, markup: MarkupReader) -> dict[str, c.Content]:
    fields = {}
    for key, name in _COMMON_FIELDS:
        if (
            key in values.node.entries
            and (scalar := values.marked_up(key)) is not None
            and (content := markup.read(scalar))
        ):
            report_null(scalar, key, values.report)
            fields[name] = content
    return fields


def _read_review(values: MappingReader) -> Review | None:
    day = values.day("reviewed")
    return Review(day, values.value_span("reviewed")) if day else None


def read_tags(reader: MappingReader, *, any_tag: bool = False) -> tuple[str, ...]:
    """Return the tags of a topic or a card, sorted.

    any_tag: whether notes of imported types may have them, which keep any tag that they have in Anki.
    """
    node = reader.get("tags")
    if type(node) is Sequence and (plain := _plain_tags(node.source.text[node.start : node.end])):
        return plain
    tags = set()
    for scalar in reader.scalars("tags"):
        report_null(scalar, "tags", reader.report)
        tag = clean_text(scalar, reader.report)
        if problem := _tag_problem(tag, any_tag=any_tag):
            message, help_ = problem
            reader.report.add(Diagnostic("unfit-tag", message, scalar.span, help=help_))
        tags.add(tag)
    return tuple(sorted(tags))


def read_more_tags(reader: MappingReader, tags: tuple[str, ...], *, any_tag: bool) -> tuple[str, ...]:
    """Return the tags of a topic or a card with those around it. any_tag: as for `read_tags`."""
    own_tags = read_tags(reader, any_tag=any_tag)
    return _merge_tags(tags, own_tags) if tags else own_tags


@cache
def _merge_tags(tags: tuple[str, ...], more_tags: tuple[str, ...]) -> tuple[str, ...]:
    """Return all the tags, sorted. Cached, since a deck has many cards and few tags."""
    return tuple(sorted({*tags, *more_tags}))


@lru_cache(maxsize=256)
def _plain_tags(text: str) -> tuple[str, ...]:
    """Return the tags, sorted, of a list in brackets; nothing if they are more than words.

    Some are remembered, because many cards have the same tags.
    """
    if _TAGS_IN_BRACKETS.fullmatch(text) is None:
        return ()
    tags = {word.strip(" ") for word in text[1:-1].split(",")}
    return () if any(_tag_problem(tag, any_tag=False) for tag in tags) else tuple(sorted(tags))


@cache
def _tag_problem(tag: str, *, any_tag: bool) -> tuple[str, str] | None:
    """Return the headline and the help of what is wrong with a tag; None if it is fine.

    Source: Anki rslib/src/tags/register.rs (spaces split, empty parts become
    `blank`), tags/mod.rs, and import_export/gather.rs (`marked` and `leech` are the learner's).
    """
    if not tag:
        return "a tag is empty", ""
    if re.search("[ \u3000]" if any_tag else r"\s", tag):
        words = [re.sub(r"\s+", "-", part.strip()) for part in tag.split(",")]
        help_ = f"write `[{', '.join(words)}]`" if len(words) > 1 else f"write `{truncate(words[0])}`"
        if len(words) == 1:
            help_ += f", or `[{truncate(', '.join(tag.split()))}]` for several tags"
        return f"the tag `{truncate(tag, 24)}` has a space in it", help_
    if not all(tag.split("::")):
        return f"the tag `{truncate(tag, 24)}` has an empty part", "write `::` between two words"
    if tag.lower() in {"marked", "leech", "retired"} and not any_tag:
        return f"the tag `{tag}` has a special meaning in Anki", "choose another word"
    return None
