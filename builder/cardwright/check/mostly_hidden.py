"""Rule: mostly-hidden."""

from collections.abc import Iterator

from cardwright.check.card_texts import cloze_cards, count_words, field_span, prose
from cardwright.collection import content as c
from cardwright.collection import notetype
from cardwright.collection.card import Card
from cardwright.collection.deck import Deck
from cardwright.diagnostics import Diagnostic, Severity

MAX_HIDDEN_SHARE = 0.5
"""The share of a text's words that a card may hide; with more, there is more to recall than to go by."""


def mostly_hidden(deck: Deck) -> Iterator[Diagnostic]:
    """A cloze card hides most of its text.

    ## Why is this bad?
    The words you see must tell you which words are missing. The first cloze
    tests hid every fifth word, and readers could fill in most of them. When more
    than half of the words are hidden, there is more to recall than there is to
    go by, and you end up recognising the card by its shape. (Source: W. L.
    Taylor, "Cloze procedure", Journalism Quarterly, 1953.)

    The rule looks at each card, that is, at each cloze number. Words of a hint,
    such as `bone` in `{{c1::femur::bone}}`, count as words you see.

    ## Example
    ```yaml
    # cards_source/leg.yaml
    deck: Leg
    id: leg
    cards:
      - id: knee
        cloze: Hamstrings {{c1::flex the knee}} and {{c1::extend the hip}}.
    ```

    Use instead: a number for each deletion, so that every card hides one thing:
    `The hamstrings {{c1::flex}} the knee and {{c2::extend}} the hip.`
    """
    for card, front in cloze_cards(deck):
        if (hidden_share := _hidden_share(card, front)) > MAX_HIDDEN_SHARE:
            message = f"a card hides {hidden_share:.0%} of the words of its text"
            span, note = field_span(card.note, notetype.TEXT), f"the words in c{card.ordinal + 1}"
            help_ = "give each deletion a number of its own, or hide less"
            yield Diagnostic("mostly-hidden", message, span, Severity.ADVICE, note, help=help_)


def _hidden_share(card: Card, front: str) -> float:
    """Return the share of the text's words that a card hides, from 0 to 1; 0 if there is more than words.

    front: the prose of its front. What else is there is looked at only if the share is large.
    """
    all_words = count_words(prose(card.back))
    hidden_share = 1 - count_words(front) / all_words if all_words else 0.0
    if hidden_share <= MAX_HIDDEN_SHARE:
        return hidden_share
    if not all(isinstance(block, c.Paragraph) for block in card.front):
        return 0.0
    is_textual = not any(isinstance(inline, c.Image | c.Sound | c.Math) for inline in c.inlines(card.front))
    return hidden_share if is_textual else 0.0
