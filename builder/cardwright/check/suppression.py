"""Findings without those that the author allows."""

from collections.abc import Iterable, Sequence

from cardwright.collection.suppression import Suppression
from cardwright.diagnostics.diagnostic import Diagnostic
from cardwright.diagnostics.span import Span


def filter_suppressed(
    findings: Iterable[Diagnostic], allowances: Sequence[Suppression]
) -> tuple[list[Diagnostic], frozenset[Span]]:
    """What is to be told of a deck.

    findings, allowances: of that deck alone.

    Returns the findings that are left, and the places of the allowances that silenced some.
    """
    by_rule: dict[str, list[Suppression]] = {}
    for allowance in allowances:
        by_rule.setdefault(allowance.rule, []).append(allowance)
    told: list[Diagnostic] = []
    silenced: set[Span] = set()
    for found in findings:
        place = found.span
        allowing = [one for one in by_rule.get(found.code, ()) if place is not None and one.covers(place)]
        silenced.update(one.span for one in allowing)
        if not allowing:
            told.append(found)
    return told, frozenset(silenced)
