"""A long report made short: the first few diagnostics of each rule, and how many there are of each."""

from collections import Counter
from collections.abc import Iterable

from cardwright.diagnostics import Diagnostic, Severity

# Of a rule with more diagnostics than this, only the first few are shown.
_MOST_OF_A_RULE = 20
_SHOWN_OF_A_RULE = 5
# Errors come last, because the end of a long report is what a terminal shows.
_ORDER = (Severity.NOTE, Severity.ADVICE, Severity.WARNING, Severity.ERROR)


def sort_by_severity(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return the diagnostics with the errors last, and otherwise in the order they have."""
    return sorted(diagnostics, key=lambda diagnostic: _ORDER.index(diagnostic.severity))


def abridge(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return the diagnostics, with a count in place of most of those that one rule has very many of."""
    all_diagnostics = list(diagnostics)
    counts = _count_by_rule(all_diagnostics)
    shown: Counter[tuple[Severity, str]] = Counter()
    abridged: list[Diagnostic] = []
    for diagnostic in all_diagnostics:
        rule = (diagnostic.severity, diagnostic.code)
        shown[rule] += 1
        if counts[rule] <= _MOST_OF_A_RULE or shown[rule] <= _SHOWN_OF_A_RULE:
            abridged.append(diagnostic)
        elif shown[rule] == _SHOWN_OF_A_RULE + 1:
            message = f"… and {counts[rule] - _SHOWN_OF_A_RULE} more `{diagnostic.code}` (--all shows them)"
            abridged.append(Diagnostic(diagnostic.code, message, None, diagnostic.severity))
    return abridged


def summarize_rules(diagnostics: Iterable[Diagnostic]) -> list[str]:
    """Return a line for each rule with the number of its diagnostics; none for a short report."""
    counts = _count_by_rule(diagnostics)
    if counts.total() <= _MOST_OF_A_RULE:
        return []
    width = len(str(max(counts.values())))
    rules = sorted(counts.items(), key=lambda item: (_ORDER.index(item[0][0]), -item[1], item[0][1]))
    return [f"  {count:>{width}} × {severity.value}[{code}]" for (severity, code), count in rules]


def _count_by_rule(diagnostics: Iterable[Diagnostic]) -> Counter[tuple[Severity, str]]:
    return Counter((diagnostic.severity, diagnostic.code) for diagnostic in diagnostics)
