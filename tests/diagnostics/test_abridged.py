"""Long reports made short."""

import re
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from cardwright.diagnostics import Diagnostic, Severity
from cardwright.diagnostics.emit.abridged import abridge, sort_by_severity, summarize_rules

REPORTS = st.lists(
    st.builds(
        lambda code, severity, count: [
            Diagnostic(code, f"{code} {severity.value} {number}", None, severity) for number in range(count)
        ],
        st.sampled_from(["missing-glyph", "long-answer", "duplicate-id"]),
        st.sampled_from(Severity),
        st.integers(1, 60),
    ),
    max_size=5,
).map(lambda groups: list(dict.fromkeys(diagnostic for group in groups for diagnostic in group)))


def rules(diagnostics: list[Diagnostic]) -> Counter[tuple[str, Severity]]:
    return Counter((diagnostic.code, diagnostic.severity) for diagnostic in diagnostics)


@given(REPORTS)
def test_nothing_is_left_out_without_being_counted(report: list[Diagnostic]) -> None:
    shown: Counter[tuple[str, Severity]] = Counter()
    for diagnostic in abridge(report):
        left_out = re.match(r"… and (\d+) more", diagnostic.message)
        shown[diagnostic.code, diagnostic.severity] += int(left_out[1]) if left_out else 1

    assert shown == rules(report)


@given(REPORTS)
def test_a_rule_has_at_most_twenty_entries_and_those_shown_keep_their_order(report: list[Diagnostic]) -> None:
    abridged = abridge(report)

    assert all(count <= 20 for count in rules(abridged).values())
    assert [diagnostic for diagnostic in report if diagnostic in abridged] == [
        diagnostic for diagnostic in abridged if not diagnostic.message.startswith("…")
    ]
    for rule, count in rules(report).items():
        assert rules(abridged)[rule] == (count if count <= 20 else 6)


@given(REPORTS)
def test_errors_are_at_the_end_of_the_report_and_of_its_summary(report: list[Diagnostic]) -> None:
    order = [Severity.NOTE, Severity.ADVICE, Severity.WARNING, Severity.ERROR]
    ranks = [order.index(diagnostic.severity) for diagnostic in sort_by_severity(report)]
    assert ranks == sorted(ranks)

    lines = summarize_rules(report)
    if len(report) <= 20:
        assert lines == []
        return
    summary = [re.fullmatch(r" +(\d+) × (\w+)\[(.+)\]", line) for line in lines]
    assert [order.index(Severity(match[2])) for match in summary if match] == sorted(
        order.index(severity) for _, severity in rules(report)
    )
    assert {(match[3], Severity(match[2])): int(match[1]) for match in summary if match} == rules(report)
