"""Selects the cards of a deck that are to be printed."""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from cardwright.collection.card import cards
from cardwright.collection.deck import Deck
from cardwright.collection.note import Note
from cardwright.diagnostics import Diagnostic, Report
from cardwright.diagnostics.phrases import closest_match, did_you_mean, truncate
from cardwright.formats.anki.render import topic_tag

# More names than this are not listed; nobody reads them all.
_MAX_LISTED = 24
_PRINT_THEM = "take out `print: false`, or write `print: true` on what is to be printed"


@dataclass(frozen=True, slots=True)
class Conditions:
    """The conditions that cards must meet: one value of each condition that is given.

    topics: as shown on the cards, in upper or lower case.
    tags: as in Anki, in upper or lower case; `a` selects `a::b` too.
    ids: of cards, or keys of notes, or names of cards as printed (`knee#2`, which selects its note).
    changed: keys of notes that are new or look different; None when that does not matter.
    since: what the user calls the release that `changed` was found by.
    """

    topics: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    changed: AbstractSet[str] | None = None
    since: str = ""


def select_notes(deck: Deck, conditions: Conditions, report: Report) -> tuple[Note, ...]:
    """Return the notes that go on paper and meet all conditions, in study order.

    Errors: `unknown-topic`, `unknown-tag`, `unknown-id`, `not-on-paper`, `empty-selection`; then none.
    """
    before = len(report)
    filters = [
        _topic_filter(deck, conditions.topics, report),
        _tag_filter(deck, conditions.tags, report),
        _id_filter(deck, conditions.ids, report),
        _change_filter(conditions),
    ]
    if len(report) > before:
        return ()
    notes: Sequence[Note] = deck.notes
    options: list[str] = []
    for note_filter in filter(None, filters):
        candidates, notes = notes, [note for note in notes if note_filter.matches(note)]
        if not notes:
            report.add(_empty_selection(note_filter, candidates, options))
            return ()
        options.append(note_filter.option)
    printed = tuple(note for note in notes if note.printed)
    if not printed and notes:
        message = f"all cards{' chosen' if options else ''} are kept off paper by `print: false`"
        off = deck.print_settings.span if not deck.print_settings.printed else None
        report.add(Diagnostic("not-on-paper", message, off or notes[0].span, help=_PRINT_THEM))
    return printed


def count_cards(notes: Iterable[Note]) -> int:
    """Return how many cards notes have in all."""
    return sum(len(list(cards(note))) for note in notes)


@dataclass(frozen=True, slots=True)
class _Filter:
    """One condition. option: the option that sets it. requirement: as in "no card …"."""

    option: str
    matches: Callable[[Note], bool]
    requirement: str


def list_topics(deck: Deck) -> list[str]:
    """Return the topics that select cards of a deck, in its order."""
    return list(dict.fromkeys(note.heading for note in deck.notes))


def list_tags(deck: Deck) -> list[str]:
    """Return the tags that select cards of a deck, sorted, without those above them."""
    return sorted({tag for note in deck.notes for tag in _anki_tags(deck, note)})


def notes_by_name(deck: Deck) -> dict[str, list[Note]]:
    """Return the notes that each id selects: that of a card, an item or a cell."""
    notes: dict[str, list[Note]] = {}
    for note in deck.notes:
        parts = note.key.split("/")
        names = ["/".join(parts[: index + 1]) for index in range(len(parts))]
        for name in dict.fromkeys((*names, *(card.name for card in cards(note)))):
            notes.setdefault(name, []).append(note)
    return notes


def _topic_filter(deck: Deck, topics: Sequence[str], report: Report) -> _Filter | None:
    if not topics:
        return None
    deck_topics = list_topics(deck)
    known_topics = {_normalize(topic) for topic in deck_topics}
    selected = {_normalize(topic) for topic in topics}
    for topic in topics:
        if _normalize(topic) not in known_topics:
            report.add(_unknown("topic", topic, deck_topics))
    return _Filter(
        "--topic",
        lambda note: _normalize(note.heading) in selected,
        f"is of the topic {_join_alternatives(topics)}",
    )


def _tag_filter(deck: Deck, tags: Sequence[str], report: Report) -> _Filter | None:
    """Return a filter by tags, of which `a` selects `a::b` as well.

    Source: Anki manual, "Searching > Tags, decks, cards and notes", on `tag:a`.
    """
    if not tags:
        return None
    tags_by_key = {note.key: _anki_tags(deck, note) for note in deck.notes}
    deck_tags = list_tags(deck)
    known_tags = {parent for tag in deck_tags for parent in _with_parents(tag)}
    selected = {_normalize(tag) for tag in tags}
    for tag in tags:
        if _normalize(tag) not in known_tags:
            report.add(_unknown("tag", tag, deck_tags))
    return _Filter(
        "--tag",
        lambda note: any(
            parent in selected for tag in tags_by_key[note.key] for parent in _with_parents(tag)
        ),
        f"has the tag {_join_alternatives(tags)}",
    )


def _anki_tags(deck: Deck, note: Note) -> tuple[str, ...]:
    """Return a note's tags as learners see them in Anki, where its topic is a tag too."""
    return (*note.tags, topic_tag(deck.id, note.topic)) if note.topic else note.tags


def _with_parents(tag: str) -> list[str]:
    """Return a tag and all tags above it: `a::b` and `a`."""
    parts = _normalize(tag).split("::")
    return ["::".join(parts[: index + 1]) for index in range(len(parts))]


def _id_filter(deck: Deck, ids: Sequence[str], report: Report) -> _Filter | None:
    if not ids:
        return None
    notes = notes_by_name(deck)
    selected_keys: set[str] = set()
    for id_ in ids:
        named = notes.get(unicodedata.normalize("NFC", id_), [])
        if not named:
            report.add(_unknown("id", id_, list(notes)))
        elif not any(note.printed for note in named):
            message = f"`{truncate(id_)}` is kept off paper by `print: false`"
            report.add(Diagnostic("not-on-paper", message, named[0].span, help=_PRINT_THEM))
        selected_keys.update(note.key for note in named)
    return _Filter("--ids", lambda note: note.key in selected_keys, f"has the id {_join_alternatives(ids)}")


def _change_filter(conditions: Conditions) -> _Filter | None:
    changed = conditions.changed
    if changed is None:
        return None
    requirement = f"is new or looks different since {truncate(conditions.since, 20)}"
    return _Filter("--changed", lambda note: note.key in changed, requirement)


def _normalize(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split())).casefold()


def _join_alternatives(values: Sequence[str]) -> str:
    return " or ".join(f"`{truncate(value, 20)}`" for value in values)


def _unknown(kind: str, value: str, known_values: Sequence[str]) -> Diagnostic:
    """Make the diagnostic of a value that the deck doesn't have. kind: "topic", "tag" or "id"."""
    message = f"the deck has no {'card with the id' if kind == 'id' else kind} `{truncate(value)}`"
    help_ = ""
    if not known_values:
        help_ = f"none of its cards has a {kind}"
    elif closest_match(value, known_values) or len(known_values) <= _MAX_LISTED:
        help_ = did_you_mean(value, known_values)
    return Diagnostic(f"unknown-{kind}", message, None, help=help_)


def _empty_selection(note_filter: _Filter, candidates: Sequence[Note], options: Sequence[str]) -> Diagnostic:
    """Say that a filter left none of the candidates that the options before it had selected."""
    if not options:
        return Diagnostic("empty-selection", f"no card {note_filter.requirement}", None)
    count = count_cards(candidates)
    chosen = "of the 1 card" if count == 1 else f"of the {count} cards"
    by = " and ".join(f"`{option}`" for option in options)
    return Diagnostic(
        "empty-selection",
        f"`{note_filter.option}` leaves no card",
        None,
        help=f"{chosen} chosen by {by}, none {note_filter.requirement}",
    )
