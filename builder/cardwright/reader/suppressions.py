"""Read `allow:` of a deck, its topics and its cards."""

from collections.abc import Iterable, Iterator

from cardwright.collection.suppression import Suppression
from cardwright.diagnostics.diagnostic import Diagnostic
from cardwright.diagnostics.phrases import closest_match, truncate
from cardwright.diagnostics.report import Report
from cardwright.diagnostics.span import Span
from cardwright.source import decode
from cardwright.source.ambiguities import AMBIGUITY_WARNINGS
from cardwright.source.nodes import Mapping


def read_suppressions(
    main: Mapping, topics: Iterable[Mapping], cards: Iterable[Mapping], report: Report
) -> tuple[Suppression, ...]:
    """Return all suppressions of a deck. main: the mapping of deck.yaml, which can be a topic too."""
    return (
        *_allowed(main, None, report),
        *(
            one
            for topic in topics
            if topic is not main
            for one in _allowed(topic, Span(topic.source, 0, len(topic.source.text)), report)
        ),
        *(one for card in cards if "allow" in card.entries for one in _allowed(card, card.span, report)),
    )


def _allowed(node: Mapping, within: Span | None, report: Report) -> Iterator[Suppression]:
    value = node.get("allow")
    if value is None:
        return
    from cardwright.check.lints import IMPACT_CODES, LINT_CODES  # noqa: PLC0415  a deck that allows nothing imports no advice

    known = (*LINT_CODES, *IMPACT_CODES, *AMBIGUITY_WARNINGS)

    for name in decode.texts(value, "allow", report):
        if name.value in known:
            yield Suppression(name.value, name.span, within)
            continue
        message = f"there is no advice `{truncate(name.value)}`"
        if not name.value:
            message = "`allow` names no advice"
        near = closest_match(name.value, known)
        advice = f"did you mean `{near}`?" if near else "`cardwright check --explain` lists what there is"
        report.add(Diagnostic("unknown-advice", message, name.span, help=advice))
