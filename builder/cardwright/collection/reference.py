"""References: where the facts of a deck come from."""

from dataclasses import dataclass, field

from cardwright.collection.content import Link, Paragraph, Text
from cardwright.diagnostics import Span
from cardwright.record import Record


@dataclass(frozen=True, slots=True)
class Reference:
    """One entry of `sources:` in deck.yaml. Everything but key and title may be empty.

    date: when it was published. reviewed: ISO date of the publisher's last review.
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


class Citation(Record, frozen=True):
    """A reference as one card cites it. locator: the place in it, such as a heading or a page."""

    reference: Reference
    locator: str = ""

    @property
    def text(self) -> str:
        """The citation in one line, for the back of a card: author, title, locator, publisher and dates."""
        reference = self.reference
        title = reference.title + (f" § {self.locator}" if self.locator else "")
        dates = [f"reviewed {reference.reviewed}"] if reference.reviewed else []
        parts = [reference.author, title, reference.publisher, reference.date, *dates, reference.note]
        return ", ".join(part for part in parts if part)

    @property
    def paragraph(self) -> Paragraph:
        """The text as a paragraph, as a link if the reference has an address."""
        text = (Text(self.text),)
        url = self.reference.url
        return Paragraph((Link(url, text),) if url else text)
