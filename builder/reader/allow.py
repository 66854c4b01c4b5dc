"""`allow:` of a deck, a topic or a card: what its author wants to hear no more."""

from collections.abc import Iterable, Iterator

from builder.collection.allowance import Allowance
from builder.diagnostics.diagnostic import Diagnostic
from builder.diagnostics.phrases import nearest, shown
from builder.diagnostics.report import Report
from builder.diagnostics.span import Span
from builder.source import decode
from builder.source.doubts import DOUBTS
from builder.source.nodes import Mapping


def allowances(
    main: Mapping, topics: Iterable[Mapping], cards: Iterable[Mapping], report: Report
) -> tuple[Allowance, ...]:
    """All that is allowed in a deck. main: the mapping of deck.yaml, which may be a topic too."""
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


def _allowed(node: Mapping, within: Span | None, report: Report) -> Iterator[Allowance]:
    value = node.get("allow")
    if value is None:
        return
    from builder.check.advice import CODES, OF_DECKS  # noqa: PLC0415  a deck that allows nothing imports no advice

    known = (*CODES, *OF_DECKS, *DOUBTS)

    for name in decode.texts(value, "allow", report):
        if name.value in known:
            yield Allowance(name.value, name.span, within)
            continue
        message = f"there is no advice `{shown(name.value)}`"
        if not name.value:
            message = "`allow` names no advice"
        near = nearest(name.value, known)
        advice = f"did you mean `{near}`?" if near else "`cardwright check --explain` lists what there is"
        report.add(Diagnostic("unknown-advice", message, name.span, help=advice))
