"""Rule: old-review."""

from collections.abc import Iterator
from datetime import date

from cardwright.collection.deck import Deck
from cardwright.diagnostics import Diagnostic, Severity, Span
from cardwright.diagnostics.phrases import truncate

MAX_YEARS = 3
"""Source: P. G. Shekelle et al., JAMA 2001, 286:1461, about clinical guidelines."""


def old_review(deck: Deck, today: date) -> Iterator[Diagnostic]:
    """The last review is more than three years ago.

    ## Why is this bad?
    What was right then may be wrong today. Of clinical guidelines, one in ten
    was out of date after three and a half years, and half of them after six.
    (Source: P. G. Shekelle et al., Validity of clinical practice guidelines,
    JAMA 2001, 286:1461. They advise to look again every three years.)

    The `reviewed:` date of a source is the day on which its publisher last
    reviewed it. That of a card is the day on which you last compared the card
    with its source.

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

    Use instead: today's date, once you have checked that it's still right. If
    the facts of a deck don't change: `allow: [old-review]` in its deck.yaml.
    """
    limit = today.replace(year=today.year - MAX_YEARS, day=min(today.day, 28))
    for reference in deck.references:
        if reference.span is not None and _is_before(reference.reviewed, limit):
            subject = f"the source `{truncate(reference.key, 24)}`"
            yield _diagnostic(subject, reference.reviewed, reference.span)
    for note in deck.notes:
        if note.reviewed is not None and _is_before(note.reviewed.date, limit):
            yield _diagnostic("a card", note.reviewed.date, note.reviewed.span)


def _is_before(day: str, limit: date) -> bool:
    return bool(day) and date.fromisoformat(day) < limit


def _diagnostic(subject: str, day: str, span: Span) -> Diagnostic:
    message = f"{subject} was last reviewed in {day[:4]}"
    help_ = "check that it's still right, then write the new date"
    return Diagnostic("old-review", message, span, Severity.ADVICE, help=help_)
