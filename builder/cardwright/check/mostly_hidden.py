"""Rule: mostly-hidden."""

from collections.abc import Iterator, Sequence

from cardwright.check.card_texts import length, nothing_but_prose, place, prose
from cardwright.collection import content as c
from cardwright.collection import notetype
from cardwright.collection.card import Card, cards
from cardwright.collection.deck import Deck
from cardwright.collection.notetype import NoteType
from cardwright.diagnostics.diagnostic import Diagnostic, Severity

SHARE = 0.5
"""Of the words of a text. With more hidden than this, there is more to say than there is to go by."""


def mostly_hidden(decks: Sequence[Deck]) -> Iterator[Diagnostic]:
    """A text with gaps hides most of its words at once.

    ## Why is this bad?
    What is left must tell what is missing. The first tests with gaps hid every
    fifth word, and readers could fill in most; with more than half hidden, there
    is less to go by than there is to recall, and the card is learned by its
    shape. (Source: W. L. Taylor, "Cloze procedure", Journalism Quarterly, 1953.)

    Counted for each card, that is, for each number. The hint of a gap, such as
    `{{c1::femur::bone}}`, is something to go by.

    ## Example
    ```yaml
    # cards_source/leg.yaml
    deck: Leg
    id: leg
    cards:
      - id: knee
        cloze: Hamstrings {{c1::flex the knee}} and {{c1::extend the hip}}.
    ```

    Use instead: a number for each gap, so that every card hides one thing:
    `The hamstrings {{c1::flex}} the knee and {{c2::extend}} the hip.`
    """
    for deck in decks:
        for note in deck.notes:
            if note.type == NoteType.CLOZE:
                for card in cards(note):
                    if (hidden := _hidden(card)) > SHARE:
                        yield Diagnostic(
                            code="mostly-hidden",
                            message=f"a card hides {hidden:.0%} of the words of its text",
                            span=place(note, notetype.TEXT),
                            severity=Severity.ADVICE,
                            note=f"those in the gaps c{card.ordinal + 1}",
                            help="give the gaps numbers of their own, or hide less",
                        )


def _hidden(card: Card) -> float:
    """The share of the text's words that a card does not show, 0 to 1."""
    shown = [inline for inline in c.inlines(card.front) if not isinstance(inline, c.Blank)]
    if not nothing_but_prose(tuple(block for block in card.front if not isinstance(block, c.Paragraph))):
        return 0.0
    if any(isinstance(inline, c.Image | c.Sound | c.Math) for inline in shown):
        return 0.0
    whole = length(prose(card.back))
    return 1 - length(prose(card.front)) / whole if whole else 0.0
