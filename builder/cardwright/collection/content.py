"""What a field says: a tree of blocks and inlines that every output walks.

Text in it is plain: no markup, no escapes, nothing to parse again.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from cardwright.collection.media import MediaFile


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

    medium: MediaFile
    alt: str


@dataclass(frozen=True, slots=True)
class Sound:
    """What Anki plays. words: what is to be heard, for paper and whoever cannot hear it; may be empty."""

    medium: MediaFile
    words: str


@dataclass(frozen=True, slots=True)
class LineBreak:
    """A line break the author asked for."""


LAST_CLOZE = 500
"""The greatest number of a cloze deletion: greater ones share its card.

Source: Anki, rslib/src/notetype/cardgen.rs.
"""


@dataclass(frozen=True, slots=True)
class Cloze:
    """A cloze deletion: text that some cards of the note hide.

    numbers: the cloze numbers, 1 to `LAST_CLOZE`, ascending; usually one.
    hint: shown in the hidden text's place; empty for none.
    """

    numbers: tuple[int, ...]
    children: "Inlines"
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Blank:
    """A place to be filled by the learner, such as the hidden item of a list."""


Inline = (
    Text | Strong | Emphasis | Strikethrough | Code | Math | Link | Image | Sound | LineBreak | Cloze | Blank
)
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
class ThematicBreak:
    """A thematic break (`---`)."""


Block = Paragraph | Heading | BulletList | OrderedList | Quote | CodeBlock | Table | ThematicBreak
Content = tuple[Block, ...]

EMPTY: Content = ()
_WRAPPERS = (Strong, Emphasis, Strikethrough, Link, LineBreak)


def plain(text: str) -> Content:
    """One paragraph of text as it stands."""
    return (Paragraph((Text(text),)),)


def says_something(content: Content) -> bool:
    """Whether there is anything to see in a content but white space."""
    return any(isinstance(block, CodeBlock) and block.text.strip() for block in content) or any(
        inline.text.strip() if isinstance(inline, Text) else not isinstance(inline, _WRAPPERS)
        for inline in inlines(content)
    )


def inlines(content: Content) -> Iterator[Inline]:
    """Every inline of a content, outer before inner, in reading order."""
    for run in runs(content):
        yield from _within(run)


def runs(content: Content) -> Iterator[Inlines]:
    """Every run of inlines, of a paragraph, heading or table cell, in reading order."""
    for block in content:
        match block:
            case Paragraph(children) | Heading(_, children):
                yield children
            case BulletList(entries) | OrderedList(_, entries):
                for entry in entries:
                    yield from runs(entry)
            case Quote(children):
                yield from runs(children)
            case Table(_, head, rows):
                for row in (head, *rows):
                    yield from row
            case CodeBlock() | ThematicBreak():
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


def substitute(content: Content, put: Mapping[str, Inlines]) -> Content:
    """The content with words replaced by inlines, wherever they stand in its text.

    put: what to put in place of which word, such as `{row}`.
    """
    pattern = re.compile("|".join(re.escape(word) for word in put))

    def run(children: Inlines) -> Inlines:
        return tuple(new for inline in children for new in one(inline))

    def one(inline: Inline) -> Inlines:
        match inline:
            case Text(text):
                return _spliced(text, pattern, put)
            case Strong(children) | Emphasis(children) | Strikethrough(children) | Link(_, children):
                return (replace(inline, children=run(children)),)
            case Cloze(_, children, _):
                return (replace(inline, children=run(children)),)
            case _:
                return (inline,)

    return map_runs(content, run)


def map_runs(content: Content, change: Callable[[Inlines], Inlines]) -> Content:
    """The content with every run of inlines, of a paragraph, heading or table cell, changed."""
    return tuple(_map_block(block, change) for block in content)


def _map_block(block: Block, change: Callable[[Inlines], Inlines]) -> Block:
    match block:
        case Paragraph(children) | Heading(_, children):
            return replace(block, children=change(children))
        case BulletList(entries) | OrderedList(_, entries):
            return replace(block, entries=tuple(map_runs(entry, change) for entry in entries))
        case Quote(children):
            return Quote(map_runs(children, change))
        case Table(alignments, head, rows):
            changed = tuple(tuple(change(cell) for cell in row) for row in rows)
            return Table(alignments, tuple(change(cell) for cell in head), changed)
        case CodeBlock() | ThematicBreak():
            return block


def _spliced(text: str, pattern: re.Pattern[str], put: Mapping[str, Inlines]) -> Inlines:
    found: list[Inline] = []
    at = 0
    for match in pattern.finditer(text):
        if match.start() > at:
            found.append(Text(text[at : match.start()]))
        found.extend(put[match[0]])
        at = match.end()
    if at < len(text):
        found.append(Text(text[at:]))
    return tuple(found)


def line_of_text(children: Inlines) -> str | None:
    """The text of inlines, emphasis dropped; None when there is more to them than text."""
    words = []
    for inline in children:
        match inline:
            case Text(text) | Code(text):
                words.append(text)
            case Strong(inner) | Emphasis(inner) | Strikethrough(inner) | Link(_, inner):
                within = line_of_text(inner)
                if within is None:
                    return None
                words.append(within)
            case _:
                return None
    return "".join(words)
