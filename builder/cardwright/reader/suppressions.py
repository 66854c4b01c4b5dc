"""Read what an author allows: under `allow:` of a deck, a topic or a card."""

from collections.abc import Iterable, Iterator

from cardwright.collection.suppression import Suppression
from cardwright.diagnostics import Diagnostic, Span
from cardwright.diagnostics.phrases import did_you_mean, truncate
from cardwright.kinds.card_keys import allowed_rules
from cardwright.source.mapping_reader import MappingReader


def read_suppressions(main: MappingReader, topics: Iterable[MappingReader]) -> list[Suppression]:
    """Return the suppressions of a deck itself and of its topics."""
    suppressions = list(read_allow(main, None))
    for topic in topics:
        if topic.node is not main.node:
            source = topic.node.source
            suppressions += read_allow(topic, Span(source, 0, len(source.text)))
    return suppressions


def read_allow(reader: MappingReader, within: Span | None) -> Iterator[Suppression]:
    """Yield the suppressions of a mapping. within: as in `Suppression`."""
    if "allow" not in reader:
        return
    codes = allowed_rules()
    for scalar in reader.scalars("allow"):
        if scalar.value in codes:
            yield Suppression(scalar.value, scalar.span, within)
            continue
        message = f"`{truncate(scalar.value)}` cannot be allowed" if scalar.value else "`allow` names no rule"
        help_ = did_you_mean(
            scalar.value, codes, otherwise="`cardwright check --explain` lists what there is"
        )
        reader.report.add(Diagnostic("unknown-advice", message, scalar.span, help=help_))
