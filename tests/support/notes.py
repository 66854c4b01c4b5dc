"""Notes made by hand, and decks of them taken through releases, for tests of identity and package."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cardwright.collection import notetype
from cardwright.collection.content import Cloze, Content, Inline, Paragraph, Text, plain
from cardwright.collection.deck import Deck
from cardwright.collection.note import Note
from cardwright.collection.notetype import NoteType
from cardwright.diagnostics.diagnostic import Diagnostic
from cardwright.diagnostics.span import Source, Span
from cardwright.formats.anki.package import build_package
from cardwright.formats.anki.render import render_deck
from cardwright.identity.lock import Lock
from cardwright.identity.reconcile import reconcile

SOURCE = Source("cards_source/deck.yaml", "id: deck\n")
SPAN = Span(SOURCE, 4, 8)

QUESTION_PLACES = {
    "reverse": notetype.REVERSE,
    "reverse_answer": notetype.REVERSE_ANSWER,
    "extra": notetype.EXTRA,
    "hint": notetype.HINT,
}


def content(value: str | Content) -> Content:
    return plain(value) if isinstance(value, str) else value


def paragraph(*inlines: Inline | str) -> Content:
    return (Paragraph(tuple(Text(one) if isinstance(one, str) else one for one in inlines)),)


def hole(number: int, *inlines: Inline | str, hint: str = "") -> Cloze:
    return Cloze((number,), tuple(Text(one) if isinstance(one, str) else one for one in inlines), hint)


def question(key: str, ask: str | Content = "Q?", answer: str | Content = "A", **more: str | Content) -> Note:
    """A question note. more: reverse, reverse_answer, extra, hint."""
    fields = {notetype.QUESTION: content(ask), notetype.ANSWER: content(answer)}
    fields |= {QUESTION_PLACES[name]: content(value) for name, value in more.items()}
    return Note(key, SPAN, SPAN, NoteType.QUESTION, fields)


def cloze(key: str, *inlines: Inline | str, **more: str | Content) -> Note:
    """A cloze note of one paragraph. more: extra, hint."""
    fields = {notetype.TEXT: paragraph(*inlines)}
    fields |= {QUESTION_PLACES[name]: content(value) for name, value in more.items()}
    return Note(key, SPAN, SPAN, NoteType.CLOZE, fields)


def deck(*notes: Note, name: str = "Deck", deck_id: str = "deck") -> Deck:
    return Deck(name, deck_id, SPAN, deck_id, notes)


@dataclass(frozen=True, slots=True)
class Release:
    """One build of a deck."""

    lock: Lock
    package: bytes
    findings: tuple[Diagnostic, ...]

    @property
    def codes(self) -> list[str]:
        return [finding.code for finding in self.findings]


def release(built: Deck, before: Release | None = None, now: int = 1_700_000_000, style: str = "") -> Release:
    """Build a deck on top of a release. now: in s since 1970. style: added to the style sheet."""
    rendered = render_deck(built)
    styled = tuple(replace(one, css=one.css + style) for one in rendered.types)
    rendered = replace(rendered, types=styled)
    lock = None if before is None else before.lock
    settled = reconcile(
        built.id, built.span, rendered.note_states, rendered.type_states, lock, now, deck_name=built.name
    )
    return Release(settled.lock, build_package(built, rendered, settled.lock), settled.diagnostics)


def releases(*decks: Sequence[Note]) -> list[Release]:
    """Builds of a deck one after the other, a day apart."""
    built: list[Release] = []
    for day, notes in enumerate(decks):
        before = built[-1] if built else None
        built.append(release(deck(*notes), before, 1_700_000_000 + 86_400 * day))
    return built
