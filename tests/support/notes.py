"""Notes made by hand, and decks of them built release by release, without YAML."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cardwright import record
from cardwright.collection import notetype
from cardwright.collection.content import Cloze, Content, Inline, Paragraph, Text, plain
from cardwright.collection.deck import Deck
from cardwright.collection.note import Note
from cardwright.collection.notetype import NoteType
from cardwright.diagnostics import Diagnostic, Source, Span
from cardwright.formats.anki.package import build_package
from cardwright.formats.anki.render import render_deck
from cardwright.identity.lock import Lock
from cardwright.identity.reconcile import reconcile
from tests.support.builds import DAY, NOW
from tests.support.memory import FakeEnvironment

SOURCE = Source("cards_source/deck.yaml", "id: deck\n")
SPAN = Span(SOURCE, 4, 8)

_OPTIONAL_FIELDS = {
    "reverse": notetype.REVERSE,
    "reverse_answer": notetype.REVERSE_ANSWER,
    "extra": notetype.EXTRA,
    "hint": notetype.HINT,
}


def content(text: str | Content) -> Content:
    return plain(text) if isinstance(text, str) else text


def paragraph(*inlines: Inline | str) -> Content:
    return (Paragraph(_inlines(inlines)),)


def deletion(number: int, *inlines: Inline | str, hint: str = "") -> Cloze:
    return Cloze((number,), _inlines(inlines), (Text(hint),) if hint else ())


def _inlines(inlines: Sequence[Inline | str]) -> tuple[Inline, ...]:
    return tuple(Text(inline) if isinstance(inline, str) else inline for inline in inlines)


def question(key: str, ask: str | Content = "Q?", answer: str | Content = "A", **more: str | Content) -> Note:
    """Return a question note. more: reverse, reverse_answer, extra, hint."""
    fields = {notetype.QUESTION: content(ask), notetype.ANSWER: content(answer)}
    return Note(key, SPAN, SPAN, NoteType.QUESTION, fields | _optional(more))


def cloze(key: str, *inlines: Inline | str, **more: str | Content) -> Note:
    """Return a cloze note of one paragraph. more: extra, hint."""
    return Note(key, SPAN, SPAN, NoteType.CLOZE, {notetype.TEXT: paragraph(*inlines), **_optional(more)})


def _optional(more: dict[str, str | Content]) -> dict[str, Content]:
    return {_OPTIONAL_FIELDS[name]: content(text) for name, text in more.items()}


def deck(*notes: Note, name: str = "Deck", deck_id: str = "deck") -> Deck:
    named = (record.replace(note, deck_name=replace(note.deck_name, deck=name)) for note in notes)
    return Deck(name, deck_id, SPAN, deck_id, tuple(named))


@dataclass(frozen=True, slots=True)
class Release:
    """A build of a deck."""

    lock: Lock
    package: bytes
    diagnostics: tuple[Diagnostic, ...]

    @property
    def codes(self) -> list[str]:
        return [diagnostic.code for diagnostic in self.diagnostics]


def release(deck: Deck, previous: Release | None = None, now: int = NOW, css: str = "") -> Release:
    """Build a deck that follows a release. now: in s since 1970. css: added to the style of the cards."""
    rendered = render_deck(deck)
    types = tuple(record.replace(note_type, css=note_type.css + css) for note_type in rendered.types)
    rendered = record.replace(rendered, types=types)
    lock = None if previous is None else previous.lock
    reconciliation = reconcile(deck, rendered.note_states, rendered.type_states, lock, now)
    package = build_package(deck, rendered, reconciliation.lock, FakeEnvironment())
    return Release(reconciliation.lock, package, reconciliation.diagnostics)


def releases(*decks: Sequence[Note]) -> list[Release]:
    """Build a deck with different notes, one build after the other, a day apart."""
    builds: list[Release] = []
    for day, notes in enumerate(decks):
        builds.append(release(deck(*notes), builds[-1] if builds else None, NOW + DAY * day))
    return builds
