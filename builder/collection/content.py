"""What a field says: a tree of blocks and inlines that every output walks.

Text in it is plain: no markup, no escapes, nothing to parse again.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from builder.collection.media import Medium


@dataclass(frozen=True, slots=True)
class Text:
    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    children: "Inlines"


@dataclass(frozen=True, slots=True)
class Emphasis:
    children: "Inlines"


@dataclass(frozen=True, slots=True)
class Strikethrough:
    children: "Inlines"


@dataclass(frozen=True, slots=True)
class Code:
    text: str


@dataclass(frozen=True, slots=True)
class Math:
    """A formula in TeX, without its delimiters. display: on a line of its own (`\\[ … \\]`)."""

    tex: str
    display: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """url: http, https or mailto; anything else was refused on reading."""

    url: str
    children: "Inlines"


@dataclass(frozen=True, slots=True)
class Image:
    """alt: what it shows, in words; may be empty."""

    medium: Medium
    alt: str


@dataclass(frozen=True, slots=True)
class Break:
    """A line break the author asked for."""


@dataclass(frozen=True, slots=True)
class Cloze:
    """A cloze deletion: text that some cards of the note hide.

    numbers: the cloze numbers, 1 to 500, ascending; usually one.
    hint: shown in the hidden text's place; empty for none.
    """

    numbers: tuple[int, ...]
    children: "Inlines"
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Blank:
    """A place to be filled by the learner, such as the hidden item of a list."""


Inline = Text | Strong | Emphasis | Strikethrough | Code | Math | Link | Image | Break | Cloze | Blank
Inlines = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    children: Inlines


@dataclass(frozen=True, slots=True)
class Heading:
    """level: 1 to 6."""

    level: int
    children: Inlines


@dataclass(frozen=True, slots=True)
class BulletList:
    entries: tuple["Content", ...]


@dataclass(frozen=True, slots=True)
class OrderedList:
    """start: the number of the first entry, 0 or more."""

    start: int
    entries: tuple["Content", ...]


@dataclass(frozen=True, slots=True)
class Quote:
    children: "Content"


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """language: the word behind the fence; empty for none."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a head row.

    alignments: one per column: "left", "center", "right" or "" for none.
    head, rows: cells of each row; every row has as many as there are columns.
    """

    alignments: tuple[str, ...]
    head: tuple[Inlines, ...]
    rows: tuple[tuple[Inlines, ...], ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A thematic break (`---`)."""


Block = Paragraph | Heading | BulletList | OrderedList | Quote | CodeBlock | Table | Rule
Content = tuple[Block, ...]

EMPTY: Content = ()


def plain(text: str) -> Content:
    """One paragraph of text as it stands."""
    return (Paragraph((Text(text),)),)


def inlines(content: Content) -> Iterator[Inline]:
    """Every inline of a content, outer before inner, in reading order."""
    for block in content:
        match block:
            case Paragraph(children) | Heading(_, children):
                yield from _within(children)
            case BulletList(entries) | OrderedList(_, entries):
                for entry in entries:
                    yield from inlines(entry)
            case Quote(children):
                yield from inlines(children)
            case Table(_, head, rows):
                for row in (head, *rows):
                    for cell in row:
                        yield from _within(cell)
            case CodeBlock() | Rule():
                pass


def _within(children: Inlines) -> Iterator[Inline]:
    for inline in children:
        yield inline
        match inline:
            case Strong(inner) | Emphasis(inner) | Strikethrough(inner):
                yield from _within(inner)
            case Link(_, inner) | Cloze(_, inner, _):
                yield from _within(inner)
            case _:
                pass
