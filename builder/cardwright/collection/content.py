"""The content of a field: a tree of blocks and inlines that every output walks.

Text in it is plain: no markup, no escapes, nothing to parse again.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain

from cardwright.collection.colour import Colour
from cardwright.record import Record, replace


class MediaFile(Record, frozen=True):
    """A picture or a sound of a deck.

    name: its name in the Anki package, `<slug>-<12 hex of sha256>.<extension>`, of `[a-z0-9.-]` alone.
        So a changed picture is a changed field.
    path: as shown to the author: relative to the project folder, with `/`.
    data: the whole file.
    """

    name: str
    path: str
    data: bytes

    def __hash__(self) -> int:
        return hash(self.name)


class Text(Record, frozen=True):
    text: str


class Strong(Record, frozen=True):
    children: "Inlines"


class Emphasis(Record, frozen=True):
    children: "Inlines"


class Strikethrough(Record, frozen=True):
    children: "Inlines"


class Styled(Record, frozen=True):
    """Text in another style. element: the HTML element that means the style, one of `STYLE_ELEMENTS`."""

    element: str
    children: "Inlines"


STYLE_ELEMENTS = frozenset({"u", "sub", "sup", "small", "big", "mark", "kbd"})


class Coloured(Record, frozen=True):
    """Text in a colour of its own, on a background of its own, or both. None: as the text around it.

    The colours are the author's; every output makes them readable on its own background.
    """

    colour: Colour | None
    background: Colour | None
    children: "Inlines"


class Scaled(Record, frozen=True):
    """Text in another size than that of the side, which a custom note type asks for. factor: above 0."""

    factor: float
    children: "Inlines"


class Ruby(Record, frozen=True):
    """A word with its reading, which stands above it. reading: the words in `<rt>`."""

    children: "Inlines"
    reading: "Inlines"


class Verbatim(Record, frozen=True):
    """A part of a code, in which every character counts. It stands only within `Code` and `CodeBlock`."""

    text: str


class Code(Record, frozen=True):
    """Code within a line. children: `Verbatim`, and what marks parts of it, such as deletions."""

    children: "Inlines"


class MathDeletion(Record, frozen=True):
    """A cloze deletion within a formula.

    numbers: as those of a `Cloze`.
    start, end: where the hidden part of the formula's TeX begins and ends.
    hint: TeX; empty for none.
    """

    numbers: tuple[int, ...]
    start: int
    end: int
    hint: str = ""


class Math(Record, frozen=True):
    """A formula in TeX, without its delimiters.

    tex: with nothing hidden.
    display: on a line of its own (`\\[ … \\]`).
    deletions: as they begin, outer ones before those within them.
    """

    tex: str
    display: bool = False
    deletions: tuple[MathDeletion, ...] = ()


class Link(Record, frozen=True):
    """A link. url: http, https or mailto; the reader refuses anything else."""

    url: str
    children: "Inlines"


class Image(Record, frozen=True):
    """A picture.

    alt: what it shows, in words; may be empty.
    width: as CSS has it, in percent of the text's width or in pixels (`50%`, `120px`); empty for its own.
    """

    file: MediaFile
    alt: str
    width: str = ""


class Sound(Record, frozen=True):
    """A sound that Anki plays. words: what it says, for paper and whoever can't hear it; may be empty."""

    file: MediaFile
    words: str


class LineBreak(Record, frozen=True):
    """A line break that the author asked for."""


LAST_CLOZE = 500
"""The greatest cloze number. Anki puts deletions with greater numbers on its card.

Source: Anki, rslib/src/notetype/cardgen.rs.
"""


class Cloze(Record, frozen=True):
    """A cloze deletion: text that some cards of the note hide.

    numbers: the cloze numbers, 1 to `LAST_CLOZE`, ascending; usually one.
    hint: shown in place of the hidden text; empty for none.
    """

    numbers: tuple[int, ...]
    children: "Inlines"
    hint: "Inlines" = ()


class Blank(Record, frozen=True):
    """A gap that the learner fills in, such as the hidden item of a list."""


# The commonest come first, since `isinstance` tries one after the other.
Wrapper = Strong | Emphasis | Cloze | Code | Link | Styled | Coloured | Strikethrough | Ruby | Scaled
"""The inlines that have other inlines in them, as `children`."""
Inline = Wrapper | Text | Verbatim | Math | Image | Sound | LineBreak | Blank
Inlines = tuple[Inline, ...]


class Paragraph(Record, frozen=True):
    children: Inlines


class Heading(Record, frozen=True):
    """A heading. level: 1 to 6."""

    level: int
    children: Inlines


class BulletList(Record, frozen=True):
    entries: tuple["Content", ...]


class OrderedList(Record, frozen=True):
    """A numbered list. start: the number of its first entry, 0 or more."""

    start: int
    entries: tuple["Content", ...]


class MarkedList(BulletList, frozen=True):
    """A list with marks of its own, for a custom note type. marks: of each entry, such as `a.`, or empty."""

    marks: tuple[str, ...]


class Quote(Record, frozen=True):
    children: "Content"


class Aligned(Record, frozen=True):
    """Blocks whose lines are aligned in another way. alignment: "left", "center" or "right"."""

    alignment: str
    children: "Content"


class CodeBlock(Record, frozen=True):
    """Lines of code.

    children: `Verbatim`, and what marks parts of it, such as deletions; no newline ends the last line.
    language: the word after the opening fence; empty for none.
    """

    children: Inlines
    language: str = ""


class Table(Record, frozen=True):
    """A table.

    alignments: one per column: "left", "center", "right", or "" for none.
    head, rows: the cells of each row; every row has one for each column. head: empty for none.
    """

    alignments: tuple[str, ...]
    head: tuple["Content", ...]
    rows: tuple[tuple["Content", ...], ...]


class ThematicBreak(Record, frozen=True):
    """A horizontal rule (`---`)."""


class RawHtml(Record, frozen=True):
    """HTML that Anki shows as it is.

    html: safe, and written as an HTML parser writes it, with its deletions as Anki reads them.
    files: the media that it names.
    children: what other outputs show of it.
    """

    html: str
    files: tuple[MediaFile, ...]
    children: "Content"


Block = (
    Paragraph
    | Heading
    | BulletList
    | OrderedList
    | Quote
    | Aligned
    | CodeBlock
    | Table
    | ThematicBreak
    | RawHtml
)
Content = tuple[Block, ...]

EMPTY: Content = ()


def plain(text: str) -> Content:
    """Return a content of one paragraph with the text as it stands."""
    return (Paragraph((Text(text),)),)


def code(text: str) -> Code:
    """Return a text as code."""
    return Code((Verbatim(text),))


def code_block(text: str, language: str = "") -> CodeBlock:
    """Return a text as lines of code."""
    return CodeBlock((Verbatim(text),) if text else (), language)


def in_paragraph(children: Inlines) -> Content:
    """Return a content of one paragraph with the inlines in it; an empty content if there are none."""
    return (Paragraph(children),) if children else EMPTY


def sole_text(content: Content) -> str | None:
    """Return the text of a content that is one paragraph of one `Text`, as most are; None of any other."""
    if len(content) == 1 and type(block := content[0]) is Paragraph and len(block.children) == 1:
        inline = block.children[0]
        if type(inline) is Text:
            return inline.text
    return None


def is_visible(content: Content) -> bool:
    """Return whether a content shows anything but white space."""
    if text := sole_text(content):
        return not text.isspace()
    return any(isinstance(block, RawHtml) and block.html for block in content) or any(
        inline.text.strip()
        if isinstance(inline, Text | Verbatim)
        else isinstance(inline, Code) or not isinstance(inline, Wrapper | LineBreak)
        for inline in inlines(content)
    )


def runs(content: Content) -> Iterator[Inlines]:
    """Yield the inlines of every paragraph, heading, code block and table cell, in reading order."""
    for block in content:
        match block:
            case Paragraph(children) | Heading(_, children) | CodeBlock(children):
                yield children
            case BulletList(entries) | OrderedList(_, entries):
                for entry in entries:
                    yield from runs(entry)
            case Quote(children) | Aligned(_, children) | RawHtml(_, _, children):
                yield from runs(children)
            case Table(_, head, rows):
                for cell in chain(head, *rows):
                    yield from runs(cell)
            case ThematicBreak():
                pass


def map_runs(content: Content, change: Callable[[Inlines], Inlines]) -> Content:
    """Return the content with the inlines of every paragraph, heading, code block and table cell changed."""
    return tuple(_map_block(block, change) for block in content)


def _map_block(block: Block, change: Callable[[Inlines], Inlines]) -> Block:
    match block:
        case Paragraph(children) | Heading(_, children) | CodeBlock(children):
            return replace(block, children=change(children))
        case BulletList(entries) | OrderedList(_, entries):
            return replace(block, entries=tuple(map_runs(entry, change) for entry in entries))
        case Quote(children) | Aligned(_, children) | RawHtml(_, _, children):
            return replace(block, children=map_runs(children, change))
        case Table(alignments, head, rows):
            new_head, *new_rows = (tuple(map_runs(cell, change) for cell in row) for row in (head, *rows))
            return Table(alignments, new_head, tuple(new_rows))
        case ThematicBreak():
            return block


def inlines(content: Content) -> Iterator[Inline]:
    """Yield every inline of a content in reading order, a wrapper before its children."""
    for run in runs(content):
        yield from walk(run)


def walk(children: Inlines) -> Iterator[Inline]:
    """Yield inlines and everything in them in reading order, a wrapper before its children."""
    for inline in children:
        yield inline
        if not isinstance(inline, Text) and isinstance(inline, Wrapper):  # most are text
            yield from walk(inline.children)
            if isinstance(inline, Ruby):
                yield from walk(inline.reading)


def map_inlines(children: Inlines, change: Callable[[Inline], Inlines | None]) -> Inlines:
    """Return the inlines with some of them replaced, however deep they are.

    change: returns what goes in the place of an inline; None to keep it and go on with its children.
    """
    result: list[Inline] = []
    for inline in children:
        replacement = change(inline)
        if replacement is not None:
            result += replacement
        elif isinstance(inline, Ruby):
            reading = map_inlines(inline.reading, change)
            result.append(Ruby(map_inlines(inline.children, change), reading))
        elif isinstance(inline, Wrapper):
            result.append(replace(inline, children=map_inlines(inline.children, change)))
        else:
            result.append(inline)
    return tuple(result)


def part_alone(children: Inlines) -> Inlines:
    """Return a part of a line as it stands by itself: a part of a code is code."""
    return (Code(children),) if any(isinstance(inline, Verbatim) for inline in children) else children


def deletions(content: Content) -> Iterator[Cloze]:
    """Yield every cloze deletion; one within a formula as a deletion of that part of the formula."""
    for inline in inlines(content):
        if isinstance(inline, Cloze):
            yield inline
        elif isinstance(inline, Math):
            for deletion in inline.deletions:
                hint = (Math(deletion.hint),) if deletion.hint else ()
                yield Cloze(deletion.numbers, (Math(inline.tex[deletion.start : deletion.end]),), hint)


def write_tex(formula: Math, write_deletion: Callable[[MathDeletion, str], str]) -> str:
    """Return the TeX of a formula with its deletions written out.

    write_deletion: takes a deletion and what it hides, with the deletions in that written out.
    """

    def write(start: int, end: int, inner: Sequence[MathDeletion]) -> str:
        result, position = "", start
        while inner:
            first = inner[0]
            within = [other for other in inner[1:] if other.start < first.end]
            result += formula.tex[position : first.start]
            result += write_deletion(first, write(first.start, first.end, within))
            position, inner = first.end, inner[len(within) + 1 :]
        return result + formula.tex[position:end]

    return write(0, len(formula.tex), formula.deletions)


def substitute(content: Content, replacements: Mapping[str, Inlines]) -> Content:
    """Return the content with inlines in place of some words of its text, such as `{row}`."""
    words = re.compile(f"({'|'.join(map(re.escape, replacements))})")

    def change(inline: Inline) -> Inlines | None:
        if not isinstance(inline, Text):
            return None
        pieces = filter(None, words.split(inline.text))
        return tuple(new for piece in pieces for new in replacements.get(piece, (Text(piece),)))

    return map_runs(content, lambda run: map_inlines(run, change))


def plain_text(content: Content, describe: Callable[[Inline], str] = lambda _: "") -> str:
    """Return the text of a content without its markup; a space between paragraphs, entries and cells.

    describe: returns what stands for an inline that is neither text, code nor a wrapper; nothing by default.
    """
    return " ".join(inlines_text(run, describe) for run in runs(content))


def inlines_text(children: Inlines, describe: Callable[[Inline], str] = lambda _: "") -> str:
    """Return the text of inlines without their markup; see `plain_text`."""
    texts: list[str] = []
    _add_texts(children, describe, texts)
    return "".join(texts)


def _add_texts(children: Inlines, describe: Callable[[Inline], str], texts: list[str]) -> None:
    # Not with `walk`, which takes twice as long.
    for inline in children:
        if isinstance(inline, Text):  # most are
            texts.append(inline.text)
        elif isinstance(inline, Wrapper):
            _add_texts(inline.children, describe, texts)
            if isinstance(inline, Ruby):
                _add_texts(inline.reading, describe, texts)
        else:
            texts.append(inline.text if isinstance(inline, Verbatim) else describe(inline))


def spoken_text(children: Inlines) -> str:
    """Return inlines as a screen reader says them: on one line, with formulas as TeX."""
    return " ".join(inlines_text(children, lambda inline: getattr(inline, "tex", "")).split())


def text_if_only_text(children: Inlines) -> str | None:
    """Return the text of inlines without their markup; None when there is more to them than text."""
    textual = Text | Verbatim | Code | Strong | Emphasis | Strikethrough | Styled | Coloured | Scaled | Link
    return inlines_text(children) if all(isinstance(inline, textual) for inline in walk(children)) else None
