"""Rule: claim-without-source."""

from collections.abc import Iterator

from cardwright.check.card_texts import field_span
from cardwright.collection import notetype
from cardwright.collection.deck import Deck
from cardwright.collection.notetype import NoteType
from cardwright.diagnostics import Diagnostic, Severity


def claim_without_source(deck: Deck) -> Iterator[Diagnostic]:
    """A card cites no source in a deck that has sources.

    ## Why is this bad?
    Someone who doubts the card can't look it up. And when a source changes,
    nobody can find the cards that came from it. (P. Wozniak, Twenty rules of
    formulating knowledge, 1999, rule 18: provide sources.)

    When most cards of a deck cite no source, you get this advice only once, for
    the whole deck.

    ## Example
    ```yaml
    # cards_source/bones.yaml
    deck: Bones
    id: bones
    sources:
      gray: {title: Anatomy of the Human Body, author: Henry Gray, date: 1918}
    cards:
      - {id: sit, q: Which bone is the sit bone?, a: The ischium, source: gray}
      - {id: long, q: Which bone is the longest?, a: The femur}
    ```

    Use instead: `source: gray` on the card, or once at the top of its file.
    """
    if not deck.references or not deck.is_complete:
        return  # a card that couldn't be read may cite a source
    first_notes = {note.card_id: note for note in reversed(deck.notes)}
    uncited = [note for note in reversed(first_notes.values()) if not note.citations]
    if len(uncited) == len(first_notes):
        return  # then `unused-source` reports each source
    if len(uncited) * 2 > len(first_notes):
        message = f"{len(uncited)} of {len(first_notes)} cards cite no source"
        help_ = "`source:` at the top of a topic cites a source for all its cards"
        yield Diagnostic("claim-without-source", message, deck.span, Severity.ADVICE, help=help_)
        return
    help_ = "add `source:` with a key of the deck's sources to the card or to its topic"
    for note in uncited:
        span = field_span(note, notetype.TEXT if note.type == NoteType.CLOZE else notetype.QUESTION)
        yield Diagnostic("claim-without-source", "a card cites no source", span, Severity.ADVICE, help=help_)
