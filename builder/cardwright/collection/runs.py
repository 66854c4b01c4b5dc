"""Runs of text in a page: what stands in which inline tags, and white space as a browser sees it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from cardwright.collection.content import (
    Block,
    BulletList,
    Cloze,
    Code,
    CodeBlock,
    Content,
    Emphasis,
    Heading,
    Inline,
    Inlines,
    LineBreak,
    Link,
    OrderedList,
    Paragraph,
    Quote,
    Strikethrough,
    Strong,
    Table,
    Text,
    ThematicBreak,
)

Format = tuple[str, str]
"""What an inline tag means: "strong", "emphasis", "struck", "code"; or "link" and its address."""
Formats = tuple[Format, ...]
Run = Sequence[tuple[Formats, Inline]]
"""Inlines in their order, each with the formats it stands in, outermost first, each once."""

_SPACES = re.compile(r"[ \t\n\r\f]+")


def nested(run: Run) -> Inlines:
    """A run as a tree."""
    found: list[Inline] = []
    for outermost, group in groupby(run, key=lambda one: one[0][:1]):
        if not outermost:
            found += [inline for _, inline in group]
            continue
        ((meant, value),) = outermost
        inner = nested([(formats[1:], inline) for formats, inline in group])
        match meant:
            case "strong":
                found.append(Strong(inner))
            case "emphasis":
                found.append(Emphasis(inner))
            case "struck":
                found.append(Strikethrough(inner))
            case "code":
                found += _as_code(inner)
            case _:
                found.append(Link(value, _without_links(inner)))
    return tuple(found)


def _as_code(children: Inlines) -> Inlines:
    found: list[Inline] = []
    for inline in children:
        match inline:
            case Text(text):
                found.append(Code(text))
            case Strong() | Emphasis() | Strikethrough() | Link() | Cloze():
                found.append(replace(inline, children=_as_code(inline.children)))
            case _:
                found.append(inline)
    return tuple(found)


def _without_links(children: Inlines) -> Inlines:
    """A link in a link is none."""
    found: list[Inline] = []
    for inline in children:
        match inline:
            case Link(_, inner):
                found += _without_links(inner)
            case Strong() | Emphasis() | Strikethrough() | Cloze():
                found.append(replace(inline, children=_without_links(inline.children)))
            case _:
                found.append(inline)
    return tuple(found)


def collapsed(children: Inlines) -> Inlines:
    """With white space run together, and none at either end; nothing where there is nothing to see."""
    shown = list(_Spaces().collapse(children))
    while shown and _is_blank(shown[0]):
        del shown[0]
    while shown and _is_blank(shown[-1]):
        del shown[-1]
    if shown:
        shown[-1] = _without_end(shown[-1])
    return tuple(shown)


class _Spaces:
    """One walk over a run. A space counts once, and not at the beginning of a line."""

    def __init__(self) -> None:
        self._behind_space = True

    def collapse(self, children: Inlines) -> Inlines:
        found: list[Inline] = []
        for inline in children:
            match inline:
                case Text(written) | Code(written):
                    text = _SPACES.sub(" ", written)
                    text = text.removeprefix(" ") if self._behind_space else text
                    if text:
                        self._behind_space = text.endswith(" ")
                        _add(found, inline if text == written else replace(inline, text=text))
                case Strong() | Emphasis() | Strikethrough() | Link() | Cloze():
                    if inner := self.collapse(inline.children):
                        found.append(replace(inline, children=inner))
                case _:
                    self._behind_space = isinstance(inline, LineBreak)
                    found.append(inline)
        return tuple(found)


def _add(found: list[Inline], inline: Text | Code) -> None:
    """At the end of a run; a text that runs on is one with the text before it, for whoever looks at words."""
    if isinstance(inline, Text) and found and isinstance(found[-1], Text):
        found[-1] = Text(found[-1].text + inline.text)
    else:
        found.append(inline)


def _is_blank(inline: Inline) -> bool:
    return inline in (LineBreak(), Text(" "))


def _without_end(inline: Inline) -> Inline:
    """Without the space at its end."""
    match inline:
        case Text(text) | Code(text):
            return replace(inline, text=text[:-1]) if text.endswith(" ") else inline
        case Strong(children) | Emphasis(children) | Strikethrough(children) | Link(_, children):
            return replace(inline, children=(*children[:-1], _without_end(children[-1])))
        case _:
            return inline


def flattened(content: Content) -> Inlines:
    """Several blocks where only a run can be, as in the cell of a table: each on a line of its own."""
    lines: list[Inlines] = [line for block in content for line in _lines(block)]
    return collapsed(tuple(part for line in lines for part in (*line, LineBreak())))


def _lines(block: Block) -> list[Inlines]:
    match block:
        case Paragraph(children):
            return [children]
        case Heading(_, children):
            return [(Strong(children),)]
        case BulletList(entries):
            return [(Text("• "), *flattened(entry)) for entry in entries]
        case OrderedList(start, entries):
            return [
                (Text(f"{number}. "), *flattened(entry)) for number, entry in enumerate(entries, start=start)
            ]
        case Quote(children):
            return [flattened(children)]
        case CodeBlock(text):
            return [(Code(line),) for line in text.split("\n")]
        case Table(_, head, rows):
            return [_line(row) for row in (head, *rows) if any(row)]
        case ThematicBreak():
            return []


def _line(row: tuple[Inlines, ...]) -> Inlines:
    return tuple(part for cell in row if cell for part in (*cell, Text("  ")))[:-1]
