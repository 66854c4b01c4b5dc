"""Find the entry of a card in its file, and change it without parsing all of a big file each time."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from cardwright.diagnostics import Report, Source, Span
from cardwright.record import Record
from cardwright.source import nodes
from cardwright.source.nodes import Node, Scalar
from cardwright.source.yaml_tree import parse_yaml
from cardwright.source.yaml_writing import Edit

_ANCHOR = re.compile(r"(?:^|[\[{,:?-])[ \t]*&\S+\s", re.MULTILINE)


class CardPlace(Record, frozen=True):
    """The entry of a card in an excerpt of its file, which is the whole file if need be.

    offset: of the excerpt in the file. card: None if it can't be found.
    """

    source: Source
    offset: int
    card: nodes.Mapping | None

    def in_excerpt(self, scalar: Scalar) -> Scalar:
        """Return a text of the file as one of the excerpt."""
        return self._moved(scalar, self.source, -self.offset)

    def in_file(self, scalar: Scalar, source: Source) -> Scalar:
        """Return a text of the excerpt as one of the file."""
        return self._moved(scalar, source, self.offset)

    def edits_of_file(self, edits: Iterable[Edit]) -> list[Edit]:
        """Return edits of the excerpt as edits of the file."""
        return [Edit(edit.start + self.offset, edit.end + self.offset, edit.text) for edit in edits]

    @staticmethod
    def _moved(scalar: Scalar, source: Source, distance: int) -> Scalar:
        start, end = scalar.start + distance, scalar.end + distance
        return type(scalar)(source, start, end, scalar.value, scalar.style)


def find_card(span: Span) -> CardPlace:
    """Return the place of the card that begins where a span does."""
    text = span.source.text
    start = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", span.end) + 1 or len(text)
    excerpt = text[start:end]
    # An alias elsewhere may repeat what has an anchor; an alias itself is a mistake in an excerpt.
    if not _ANCHOR.search(excerpt):
        place = _find(Source(span.source.path, excerpt), span.start - start, start)
        if place.card is not None:
            return place
    return CardPlace(span.source, 0, _cards_of_file(span.source).get(span.start))


def _find(source: Source, start: int, offset: int) -> CardPlace:
    cards = {card.start: card for card in _mappings(source)}
    return CardPlace(source, offset, cards.get(start))


@lru_cache(maxsize=4)
def _cards_of_file(source: Source) -> Mapping[int, nodes.Mapping]:
    return {card.start: card for card in _mappings(source)}


def _mappings(source: Source) -> Iterator[nodes.Mapping]:
    report = Report()
    root = parse_yaml(source, report)
    remaining: list[Node] = [] if root is None or report.has_errors else [root]
    while remaining:
        node = remaining.pop()
        if isinstance(node, nodes.Mapping):
            yield node
            remaining += (value for _, value in node.entries.values())
        elif isinstance(node, nodes.Sequence):
            remaining += node.items
