"""Rule: claim-without-source."""

from collections.abc import Iterator, Sequence

from cardwright.check.card_texts import place
from cardwright.collection import notetype
from cardwright.collection.deck import Deck
from cardwright.collection.note import Note
from cardwright.collection.notetype import NoteType
from cardwright.diagnostics.diagnostic import Diagnostic, Severity
from cardwright.diagnostics.span import Span


def claim_without_source(decks: Sequence[Deck]) -> Iterator[Diagnostic]:
    """A card cites no source, in a deck that has sources.

    ## Why is this bad?
    Who doubts the card cannot look it up, and when a source changes, nobody
    finds the cards that came from it. (P. Wozniak, Twenty rules of formulating
    knowledge, 1999, rule 18: provide sources.)

    Where most cards of a deck cite none, this is said once, of the deck.

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

    Use instead: `source: gray` on the card, or once at the head of its topic.
    """
    for deck in decks:
        if not deck.references or not deck.is_complete:
            continue  # of what could not be read it is not known what it cites
        all_cards = {note.card_id: note for note in reversed(deck.notes)}
        bare = [note for note in reversed(all_cards.values()) if not note.citations]
        if len(bare) == len(all_cards):
            continue  # then every source is cited by nobody, which is told of the sources
        if len(bare) * 2 > len(all_cards):
            yield Diagnostic(
                code="claim-without-source",
                message=f"{len(bare)} of {len(all_cards)} cards cite no source",
                span=deck.span,
                severity=Severity.ADVICE,
                help="`source:` at the head of a topic cites one for all its cards",
            )
            continue
        for note in bare:
            yield Diagnostic(
                code="claim-without-source",
                message="a card cites no source",
                span=_beginning(note),
                severity=Severity.ADVICE,
                help="add `source:` with a key of the deck's sources to the card, or to its topic",
            )


def _beginning(note: Note) -> Span:
    return place(note, notetype.TEXT if note.type == NoteType.CLOZE else notetype.QUESTION)
