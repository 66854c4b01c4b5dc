"""Rule: old-review."""

from collections.abc import Iterator, Sequence
from datetime import date

from cardwright.collection.deck import Deck
from cardwright.diagnostics.diagnostic import Diagnostic, Severity
from cardwright.diagnostics.phrases import truncate
from cardwright.diagnostics.span import Span

YEARS = 3
"""Source: P. G. Shekelle et al., JAMA 2001, 286:1461, who say so of clinical guidelines."""


def old_review(decks: Sequence[Deck], today: date) -> Iterator[Diagnostic]:
    """The last review is more than three years ago.

    ## Why is this bad?
    What was right then may not be now. Of clinical guidelines, one in ten was
    out of date after three and a half years, and half of them after six.
    (Source: P. G. Shekelle et al., Validity of clinical practice guidelines,
    JAMA 2001, 286:1461, who advise to look again every three years.)

    `reviewed:` of a source is the day on which its publisher last looked it
    through; that of a card, the day on which you last held the card against its
    source.

    ## Example
    ```yaml
    # cards_source/pain.yaml
    deck: Pain
    id: pain
    cards:
      - id: ice
        q: For how many days is ice useful after a strain?
        a: Two or three
        reviewed: 2001-05-30
    ```

    Use instead: the date of today, once you have looked whether it still holds.
    In a deck whose facts do not age: `allow: [old-review]` in its deck.yaml.
    """
    limit = today.replace(year=today.year - YEARS, day=min(today.day, 28))
    for deck in decks:
        for reference in deck.references:
            if reference.span is not None and _before(reference.reviewed, limit):
                what = f"the source `{truncate(reference.key, 24)}`"
                yield _advice(what, reference.reviewed, reference.span)
        for note in deck.notes:
            if note.reviewed is not None and _before(note.reviewed.date, limit):
                yield _advice("a card", note.reviewed.date, note.reviewed.span)


def _before(day: str, limit: date) -> bool:
    return bool(day) and date.fromisoformat(day) < limit


def _advice(what: str, day: str, where: Span) -> Diagnostic:
    return Diagnostic(
        code="old-review",
        message=f"{what} was last reviewed in {day[:4]}",
        span=where,
        severity=Severity.ADVICE,
        help="look whether it still holds, and write the new date",
    )
