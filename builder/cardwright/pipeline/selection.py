"""Which cards of a deck are to be printed."""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from cardwright.collection.card import cards
from cardwright.collection.deck import Deck
from cardwright.collection.note import Note
from cardwright.diagnostics.diagnostic import Diagnostic
from cardwright.diagnostics.phrases import closest_match, did_you_mean, truncate
from cardwright.diagnostics.report import Report
from cardwright.formats.anki.render import topic_tag

# More names than one reads in a line are not listed.
_MANY = 24


@dataclass(frozen=True, slots=True)
class Conditions:
    """What is asked for. Words of one condition add to each other; conditions narrow each other.

    topics: as shown on the cards, in whatever case.
    tags: as in Anki, in whatever case; `a` takes `a::b` too.
    ids: of cards, or keys of notes, or names of cards as printed (`knee#2`, which takes its note).
    changed: keys of notes that are new or edited; None when that does not matter.
    since: what the user calls the time or the release that `changed` was found by.
    """

    topics: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    changed: AbstractSet[str] | None = None
    since: str = ""


def select_notes(deck: Deck, conditions: Conditions, report: Report) -> tuple[Note, ...]:
    """The notes that go on paper and meet all conditions, in study order.

    Errors: `unknown-topic`, `unknown-tag`, `unknown-id`, `not-on-paper`, `empty-selection`; then none.
    """
    mistakes = len(report)
    narrowings = [
        _by_topic(deck, conditions.topics, report),
        _by_tag(deck, conditions.tags, report),
        _by_id(deck, conditions.ids, report),
        _by_change(conditions),
    ]
    if len(report) > mistakes:
        return ()
    left: Sequence[Note] = deck.notes
    options: list[str] = []
    for one in narrowings:
        if one is None:
            continue
        before, left = left, [note for note in left if one.takes(note)]
        if not left:
            report.add(_empty(one.option, before, options, one.lack))
            return ()
        options.append(one.option)
    printed = tuple(note for note in left if note.printed)
    if not printed and left:
        message = f"all cards{' chosen' if options else ''} are kept off paper by `print: false`"
        report.add(Diagnostic("not-on-paper", message, left[0].span))
    return printed


def count_cards(notes: Iterable[Note]) -> int:
    """How many cards notes have together."""
    return sum(len(list(cards(note))) for note in notes)


@dataclass(frozen=True, slots=True)
class _Narrowing:
    """One condition. option: that stands for it. lack: what is to be said of cards none of which meets it."""

    option: str
    takes: Callable[[Note], bool]
    lack: str


def _by_topic(deck: Deck, written: Sequence[str], report: Report) -> _Narrowing | None:
    known = list(dict.fromkeys(note.topic or deck.name for note in deck.notes))
    folded = {_folded(topic) for topic in known}
    wanted = {_folded(word) for word in written}
    for word in written:
        if _folded(word) not in folded:
            report.add(_unknown("topic", word, known))
    if not written:
        return None
    return _Narrowing(
        "--topic",
        lambda note: _folded(note.topic or deck.name) in wanted,
        f"is of the topic {_either(written)}",
    )


def _by_tag(deck: Deck, written: Sequence[str], report: Report) -> _Narrowing | None:
    """Source: Anki manual, "Searching > Tags, decks, cards and notes": `tag:a` finds `a::b` as well."""
    if not written:
        return None
    tags = {note.key: _tags(deck, note) for note in deck.notes}
    known = sorted({tag for own in tags.values() for tag in own})
    branches = {branch for tag in known for branch in _branches(tag)}
    wanted = {_folded(word) for word in written}
    for word in written:
        if _folded(word) not in branches:
            report.add(_unknown("tag", word, known))
    return _Narrowing(
        "--tag",
        lambda note: any(branch in wanted for tag in tags[note.key] for branch in _branches(tag)),
        f"has the tag {_either(written)}",
    )


def _tags(deck: Deck, note: Note) -> tuple[str, ...]:
    """As learners see them in Anki, which has one for the topic too."""
    return (*note.tags, topic_tag(deck.id, note.topic)) if note.topic else note.tags


def _branches(tag: str) -> list[str]:
    """A tag and all those above it."""
    parts = _folded(tag).split("::")
    return ["::".join(parts[: place + 1]) for place in range(len(parts))]


def _by_id(deck: Deck, written: Sequence[str], report: Report) -> _Narrowing | None:
    if not written:
        return None
    takers: dict[str, list[Note]] = {}
    for note in deck.notes:
        parts = note.key.split("/")
        names = ["/".join(parts[: place + 1]) for place in range(len(parts))]
        for name in dict.fromkeys((*names, *(card.name for card in cards(note)))):
            takers.setdefault(name, []).append(note)
    wanted: set[str] = set()
    for word in written:
        found = takers.get(unicodedata.normalize("NFC", word), [])
        if not found:
            report.add(_unknown("id", word, list(takers)))
        elif not any(note.printed for note in found):
            message = f"`{truncate(word)}` is kept off paper by `print: false`"
            report.add(Diagnostic("not-on-paper", message, found[0].span))
        wanted.update(note.key for note in found)
    return _Narrowing("--ids", lambda note: note.key in wanted, f"has the id {_either(written)}")


def _by_change(conditions: Conditions) -> _Narrowing | None:
    changed = conditions.changed
    if changed is None:
        return None
    lack = f"is new or edited since {truncate(conditions.since, 20)}"
    return _Narrowing("--changed", lambda note: note.key in changed, lack)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split())).casefold()


def _either(words: Sequence[str]) -> str:
    return " or ".join(f"`{truncate(word, 20)}`" for word in words)


def _unknown(what: str, word: str, known: Sequence[str]) -> Diagnostic:
    message = f"the deck has no {'card with the id' if what == 'id' else what} `{truncate(word)}`"
    advice = ""
    if not known:
        advice = f"none of its cards has a {what}"
    elif closest_match(word, known) or len(known) <= _MANY:
        advice = did_you_mean(word, known)
    return Diagnostic(f"unknown-{what}", message, None, help=advice)


def _empty(option: str, before: Sequence[Note], options: Sequence[str], lack: str) -> Diagnostic:
    """option: that left nothing. before: what the options before it had left."""
    if not options:
        return Diagnostic("empty-selection", f"no card {lack}", None)
    count = count_cards(before)
    chosen = "of the 1 card" if count == 1 else f"of the {count} cards"
    by = " and ".join(f"`{one}`" for one in options)
    return Diagnostic(
        "empty-selection", f"`{option}` leaves no card", None, help=f"{chosen} chosen by {by}, none {lack}"
    )
