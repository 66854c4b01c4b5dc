"""Content as a tree of strings and dicts for the template, which sets the strings as they stand."""

import re
from itertools import groupby

from cardwright.collection.content import (
    Blank,
    Block,
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
    LineBreak,
    Link,
    Math,
    OrderedList,
    Paragraph,
    Quote,
    Sound,
    Strikethrough,
    Strong,
    Table,
    Text,
)
from cardwright.collection.media import MediaFile
from cardwright.formats.pdf.formula import FormulaError, parse_formula
from cardwright.formats.pdf.nodes import Json, Node, Nodes
from cardwright.formats.pdf.words import breakable_code, text_direction, text_nodes

SOUND_SIGN = "\u266a"
"""An eighth note, which one of Typst's own fonts has; stands for a sound before its words."""

_BREAK: Node = {"t": "br"}


def picture_path(file: MediaFile) -> str:
    """Where a picture lies on the stage."""
    return f"media/{file.name}"


def block_nodes(content: Content) -> Nodes:
    """The blocks of a content. A formula that cannot be set is left out; its caller reports it."""
    return [node for block in content for node in _block(block)]


def _block(block: Block) -> Nodes:
    if isinstance(block, Paragraph):
        return _paragraphs(block.children)
    node = _other(block)
    return [{"dir": text_direction([node]), **node}]


def _stands_alone(inline: Inline) -> type[Inline] | None:
    """What has a line of its own amid a paragraph, as it has in Anki; None for what has not."""
    match inline:
        case Image() | Strong((Image(),)) | Link(_, (Image(),)):
            return Image
        case Math(_, True):
            return Math
        case _:
            return None


def _paragraphs(children: Inlines) -> Nodes:
    """A paragraph in pieces, parted by what stands alone; pictures beside each other stay so."""
    pieces: list[tuple[type[Inline] | None, Nodes]] = []
    for alone, some in groupby(children, key=_stands_alone):
        nodes = _trimmed(_inlines(tuple(some)))
        if alone is Image and pieces and pieces[-1][0] is Image:
            pieces[-1][1].extend([" ", *nodes])
        elif nodes:
            pieces.append((alone, nodes))
    made: Nodes = []
    for alone, nodes in pieces:
        way = "auto" if alone is Image else text_direction(nodes)
        made += nodes if alone is Math else [{"t": "p", "dir": way, "c": nodes}]
    return made


def _trimmed(nodes: Nodes) -> Nodes:
    """Without the blanks and breaks at either end, which show nothing in a browser."""
    shown = [place for place, node in enumerate(nodes) if node not in (" ", _BREAK)]
    nodes = nodes[shown[0] : shown[-1] + 1] if shown else []
    for place, strip in ((0, str.lstrip), (-1, str.rstrip)):
        if nodes and isinstance(node := nodes[place], str):
            nodes[place] = strip(node)
    return nodes


def _other(block: Block) -> dict[str, Json]:
    match block:
        case Heading(_, children):
            return {"t": "h", "c": _inlines(children)}
        case BulletList(entries):
            return {"t": "ul", "c": [block_nodes(entry) for entry in entries]}
        case OrderedList(start, entries):
            return {"t": "ol", "start": start, "c": [block_nodes(entry) for entry in entries]}
        case Quote(children):
            return {"t": "quote", "c": block_nodes(children)}
        case CodeBlock(text):
            return {"t": "pre", "dir": "ltr", "s": breakable_code(text.expandtabs(4).rstrip("\n"))}
        case Table(alignments, head, rows):
            return {
                "t": "table",
                "align": list(alignments),
                "head": [_inlines(cell) for cell in head],
                "rows": [[_inlines(cell) for cell in row] for row in rows],
            }
        case _:
            return {"t": "rule", "dir": "auto"}


def _inlines(children: Inlines) -> Nodes:
    return [node for inline in children for node in _inline(inline)]


def _inline(inline: Inline) -> Nodes:  # noqa: C901  a case a node
    match inline:
        case Text(text):
            return text_nodes(text)
        case Strong(children):
            return [{"t": "b", "c": _inlines(children)}]
        case Emphasis(children):
            return [{"t": "i", "c": _inlines(children)}]
        case Strikethrough(children):
            return [{"t": "s", "c": _inlines(children)}]
        case Code(text):
            return [{"t": "code", "s": breakable_code(re.sub(r"\s", " ", text))}]
        case Math(tex):
            parts = parse_formula(tex)
            return [{"t": "math", "tex": tex, "c": [] if isinstance(parts, FormulaError) else parts}]
        case Link(url, children):
            return [{"t": "link", "url": url, "c": _inlines(children)}]
        case Image(file, alt):
            masks: dict[str, Json] = {} if type(inline) is Image else _masks(inline)
            return [{"t": "img", "src": picture_path(file), "alt": alt or None, **masks}]
        case Sound(_, words):
            return [{"t": "sound", "c": [SOUND_SIGN, *(["\u00a0", *text_nodes(words)] if words else [])]}]
        case LineBreak():
            return [_BREAK]
        case Cloze(_, children, _):
            return _inlines(children)
        case Blank():
            return [{"t": "blank"}]


def _masks(picture: Inline) -> dict[str, Json]:
    """What is drawn over a picture, for the template."""
    from cardwright.formats.pdf.masks import masks  # noqa: PLC0415  few decks have diagrams

    return {"masks": masks(picture)}
