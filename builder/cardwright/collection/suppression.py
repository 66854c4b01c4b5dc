"""Suppressions: an `allow:` of the author suppresses one rule for a card, a topic or a whole deck."""

from collections import defaultdict
from collections.abc import Iterable

from cardwright.diagnostics import Diagnostic, Span
from cardwright.record import Record

RENAMED_WITHOUT_WAS = "renamed-without-was"
ID_OF_ANOTHER_CARD = "id-of-another-card"
HISTORY_WARNINGS = {
    ID_OF_ANOTHER_CARD: """\
A card has the id that another one had before.

## Why is this bad?
Learners' progress follows ids. Someone who knows the other card well would
see this one rarely, although it is new to them.

## Example
The card with the id `origin` asks where a muscle begins. You change it to ask
where the muscle ends, and write the first question again on a new card
`origin-2`.

Use instead: `origin` for the question that had this id, and a new id for the
new question. Never give a new card the id of one that you have deleted.""",
    RENAMED_WITHOUT_WAS: """\
A card has a new id, and would lose its history.

## Why is this bad?
A card has left the deck, and one that is like it has come. If it is the same
card under a new id, Anki takes it for a new one: learners begin it anew, and
the old one stays in their collections.

## Example
The card with the id `avulsion` gets the id `torn-off`.

Use instead: the old id; or `was: avulsion` beside the new one, so that the
card keeps its history. The warning says which line to add. If it really is
another card, allow it.""",
}
"""Warnings about ids, found by comparing a deck with its last release; `allow:` can suppress them.

The page of each in Markdown, by its code; its first line is a summary.
"""


class Suppression(Record, frozen=True):
    """One name under an `allow:`.

    rule: the code of the diagnostics to leave out.
    span: the name as written.
    within: the card or topic it belongs to; None for the whole deck.
    """

    rule: str
    span: Span
    within: Span | None

    def covers(self, span: Span | None) -> bool:
        """Return whether this suppression applies to a diagnostic of the deck with that span."""
        within = self.within
        if span is None or within is None:
            return span is not None
        return within.source is span.source and within.start <= span.start < within.end


def filter_suppressed(
    diagnostics: Iterable[Diagnostic], suppressions: Iterable[Suppression]
) -> tuple[list[Diagnostic], frozenset[Span]]:
    """Return the diagnostics of one deck that are not suppressed, and the spans of the suppressions used."""
    by_rule: defaultdict[str, list[Suppression]] = defaultdict(list)
    for suppression in suppressions:
        by_rule[suppression.rule].append(suppression)
    remaining: list[Diagnostic] = []
    used_spans: set[Span] = set()
    for diagnostic in diagnostics:
        spans = {entry.span for entry in by_rule[diagnostic.code] if entry.covers(diagnostic.span)}
        used_spans |= spans
        if not spans:
            remaining.append(diagnostic)
    return remaining, frozenset(used_spans)
