"""Where a fact comes from: a source of the deck, and the place in it."""

from dataclasses import dataclass, field

from cardwright.collection.content import Link, Paragraph, Text
from cardwright.diagnostics.span import Span


@dataclass(frozen=True, slots=True)
class Reference:
    """One entry of `sources:` in deck.yaml. Every part but key and title may be empty.

    reviewed: ISO date of the last review by its publisher; date: of publication.
    span: its key as written.
    """

    key: str
    title: str
    author: str = ""
    publisher: str = ""
    url: str = ""
    date: str = ""
    reviewed: str = ""
    note: str = ""
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Citation:
    """A reference as one card cites it. locator: the place in the source (a heading, a page)."""

    reference: Reference
    locator: str = ""

    @property
    def text(self) -> str:
        """One line for the back of a card: title, locator, who, when."""
        reference = self.reference
        title = reference.title + (f" § {self.locator}" if self.locator else "")
        dates = [f"reviewed {reference.reviewed}"] if reference.reviewed else []
        parts = [reference.author, title, reference.publisher, reference.date, *dates, reference.note]
        return ", ".join(part for part in parts if part)

    @property
    def line(self) -> Paragraph:
        """The text, a link where the source has an address."""
        text = (Text(self.text),)
        url = self.reference.url
        return Paragraph((Link(url, text),) if url else text)
