"""Leave out the diagnostics that an author allows."""

from collections import defaultdict
from collections.abc import Iterable

from cardwright.collection.suppression import Suppression
from cardwright.diagnostics.diagnostic import Diagnostic
from cardwright.diagnostics.span import Span


def filter_suppressed(
    diagnostics: Iterable[Diagnostic], suppressions: Iterable[Suppression]
) -> tuple[list[Diagnostic], frozenset[Span]]:
    """Return the diagnostics of one deck that are not suppressed, and the spans of the suppressions used."""
    by_rule: defaultdict[str, list[Suppression]] = defaultdict(list)
    for suppression in suppressions:
        by_rule[suppression.rule].append(suppression)
    remaining: list[Diagnostic] = []
    used: set[Span] = set()
    for diagnostic in diagnostics:
        span = diagnostic.span
        covering = [
            entry.span for entry in by_rule[diagnostic.code] if span is not None and entry.covers(span)
        ]
        used.update(covering)
        if not covering:
            remaining.append(diagnostic)
    return remaining, frozenset(used)
