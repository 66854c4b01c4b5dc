"""Content as a tree of strings and dicts for the template, which sets the strings as they stand."""

import re
from itertools import groupby

from builder.collection.content import (
    Blank,
    Block,
    Break,
    BulletList,
    Cloze,
    Code,
    CodeBlock,
    Content,
    Emphasis,
    Heading,
    Image,
    Inline,
    Inlines,
    Link,
    Math,
    OrderedList,
    Paragraph,
    Quote,
    Strikethrough,
    Strong,
    Table,
    Text,
)
from builder.collection.media import Medium
from builder.formats.pdf.formula import Unprintable, formula
from builder.formats.pdf.nodes import Node, Nodes
from builder.formats.pdf.words import breakable_code, direction, in_words


def picture_name(medium: Medium) -> str:
    """Where a picture lies on the stage."""
    return f"media/{medium.name}"


def blocks(content: Content) -> Nodes:
    """The blocks of a content. A formula that cannot be set is left out; its caller reports it."""
    return [node for block in content for node in _block(block)]


def _block(block: Block) -> Nodes:
    if isinstance(block, Paragraph):
        # A formula on a line of its own is a block in print, and ends the paragraph.
        parts = groupby(block.children, key=lambda inline: isinstance(inline, Math) and inline.display)
        return [node for alone, some in parts for node in _paragraphs(tuple(some), alone)]
    return [_other(block)]


def _paragraphs(children: Inlines, alone: bool) -> Nodes:
    nodes = _inlines(children)
    return nodes if alone else [{"t": "p", "dir": direction(nodes), "c": nodes}]


def _other(block: Block) -> Node:
    match block:
        case Heading(_, children):
            return {"t": "h", "c": _inlines(children)}
        case BulletList(entries):
            return {"t": "ul", "c": [blocks(entry) for entry in entries]}
        case OrderedList(start, entries):
            return {"t": "ol", "start": start, "c": [blocks(entry) for entry in entries]}
        case Quote(children):
            return {"t": "quote", "c": blocks(children)}
        case CodeBlock(text):
            return {"t": "pre", "s": breakable_code(text.expandtabs(4).rstrip("\n"))}
        case Table(alignments, head, rows):
            return {
                "t": "table",
                "align": list(alignments),
                "head": [_inlines(cell) for cell in head],
                "rows": [[_inlines(cell) for cell in row] for row in rows],
            }
        case _:
            return {"t": "rule"}


def _inlines(children: Inlines) -> Nodes:
    return [node for inline in children for node in _inline(inline)]


def _inline(inline: Inline) -> Nodes:  # noqa: C901  a case a node
    match inline:
        case Text(text):
            return in_words(text)
        case Strong(children):
            return [{"t": "b", "c": _inlines(children)}]
        case Emphasis(children):
            return [{"t": "i", "c": _inlines(children)}]
        case Strikethrough(children):
            return [{"t": "s", "c": _inlines(children)}]
        case Code(text):
            return [{"t": "code", "s": breakable_code(re.sub(r"\s", " ", text))}]
        case Math(tex):
            parts = formula(tex)
            return [{"t": "math", "tex": tex, "c": [] if isinstance(parts, Unprintable) else parts}]
        case Link(url, children):
            return [{"t": "link", "url": url, "c": _inlines(children)}]
        case Image(medium, alt):
            return [{"t": "img", "src": picture_name(medium), "alt": alt or None}]
        case Break():
            return [{"t": "br"}]
        case Cloze(_, children, _):
            return _inlines(children)
        case Blank():
            return [{"t": "blank"}]
