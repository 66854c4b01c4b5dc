"""Content as a tree of nodes for the template, which sets their text as it stands."""

import re
from itertools import groupby

from cardwright.collection import content as c
from cardwright.collection.content import MediaFile
from cardwright.formats.pdf.formula import FormulaError, parse_formula
from cardwright.formats.pdf.nodes import Json, Node, Nodes
from cardwright.formats.pdf.words import breakable_code, text_direction, text_nodes

SOUND_SIGN = "\u266a"
"""An eighth note, which one of Typst's own fonts has; it stands before the words of a sound."""

_LINE_BREAK: Node = {"t": "br"}


def picture_path(file: MediaFile) -> str:
    """Return the path of a picture in the asset dir."""
    return f"media/{file.name}"


def block_nodes(content: c.Content) -> Nodes:
    """Return the blocks of a content. A formula that cannot be set is empty; check_side reports it."""
    return [node for block in content for node in _block_nodes(block)]


def _block_nodes(block: c.Block) -> Nodes:
    if isinstance(block, c.Aligned):
        return block_nodes(block.children)
    if isinstance(block, c.Paragraph):
        return _paragraph_nodes(block.children)
    node = _block_node(block)
    return [{"dir": text_direction([node]), **node}]


def _type_with_own_line(inline: c.Inline) -> type[c.Inline] | None:
    """Return the type of an inline that gets a line of its own in a paragraph, as in Anki; else None."""
    match inline:
        case c.Image() | c.Strong((c.Image(),)) | c.Link(_, (c.Image(),)):
            return c.Image
        case c.Math(_, True):
            return c.Math
        case _:
            return None


def _paragraph_nodes(children: c.Inlines) -> Nodes:
    """Split a paragraph where something has a line of its own; pictures beside each other stay so."""
    pieces: list[tuple[type[c.Inline] | None, Nodes]] = []
    for own_line, inlines in groupby(children, key=_type_with_own_line):
        nodes = _trim(_inline_nodes(tuple(inlines)))
        if own_line is c.Image and pieces and pieces[-1][0] is c.Image:
            pieces[-1][1].extend([" ", *nodes])
        elif nodes:
            pieces.append((own_line, nodes))
    result: Nodes = []
    for own_line, nodes in pieces:
        direction = "auto" if own_line is c.Image else text_direction(nodes)
        result += nodes if own_line is c.Math else [{"t": "p", "dir": direction, "c": nodes}]
    return result


def _trim(nodes: Nodes) -> Nodes:
    """Remove spaces and line breaks from both ends, since browsers do not show them."""
    visible = [index for index, node in enumerate(nodes) if node not in (" ", _LINE_BREAK)]
    nodes = nodes[visible[0] : visible[-1] + 1] if visible else []
    for index, strip in ((0, str.lstrip), (-1, str.rstrip)):
        if nodes and isinstance(node := nodes[index], str):
            nodes[index] = strip(node)
    return nodes


def _block_node(block: c.Block) -> dict[str, Json]:
    match block:
        case c.Heading(_, children):
            return {"t": "h", "c": _inline_nodes(children)}
        case c.BulletList(entries):
            return {"t": "ul", "c": [block_nodes(entry) for entry in entries]}
        case c.OrderedList(start, entries):
            return {"t": "ol", "start": start, "c": [block_nodes(entry) for entry in entries]}
        case c.Quote(children):
            return {"t": "quote", "c": block_nodes(children)}
        case c.CodeBlock(children):
            return {"t": "pre", "dir": "ltr", "c": _inline_nodes(_expand_tabs(children))}
        case c.Table(alignments, head, rows):
            return {
                "t": "table",
                "align": list(alignments),
                "head": [block_nodes(cell) for cell in head],
                "rows": [[block_nodes(cell) for cell in row] for row in rows],
            }
        case _:
            return {"t": "rule", "dir": "auto"}


def _expand_tabs(children: c.Inlines) -> c.Inlines:
    """Return lines of code with spaces for tabs."""
    column = 0

    def change(inline: c.Inline) -> c.Inlines | None:
        nonlocal column
        if not isinstance(inline, c.Verbatim):
            return None
        text = f"{'.' * column}{inline.text}".expandtabs(4)[column:]
        column = len(f"{'.' * column}{text}".rpartition("\n")[2])
        return (c.Verbatim(text),)

    return c.map_inlines(children, change)


def _join_lines(inline: c.Inline) -> c.Inlines | None:
    return (c.Verbatim(re.sub(r"\s", " ", inline.text)),) if isinstance(inline, c.Verbatim) else None


def _inline_nodes(children: c.Inlines) -> Nodes:
    return [node for inline in children for node in _nodes_of_inline(inline)]


def _nodes_of_inline(inline: c.Inline) -> Nodes:  # noqa: C901, PLR0912  a case for each type
    match inline:
        case c.Text(text):
            return text_nodes(text)
        case c.Strong(children):
            return [{"t": "b", "c": _inline_nodes(children)}]
        case c.Emphasis(children):
            return [{"t": "i", "c": _inline_nodes(children)}]
        case c.Strikethrough(children):
            return [{"t": "s", "c": _inline_nodes(children)}]
        case c.Code(children):
            return [{"t": "code", "c": _inline_nodes(c.map_inlines(children, _join_lines))}]
        case c.Verbatim(text):
            return [breakable_code(text)] if text else []
        case c.Math(tex):
            formula = parse_formula(tex)
            return [{"t": "math", "tex": tex, "c": [] if isinstance(formula, FormulaError) else formula}]
        case c.Styled(_, children) | c.Coloured(_, _, children):
            return _inline_nodes(children)
        case c.Ruby(children, reading):
            return [*_inline_nodes(children), *_inline_nodes(reading)]
        case c.Link(url, children):
            return [{"t": "link", "url": url, "c": _inline_nodes(children)}]
        case c.Image(file, alt, _):
            masks: dict[str, Json] = {} if type(inline) is c.Image else _masks(inline)
            return [{"t": "img", "src": picture_path(file), "alt": alt or None, **masks}]
        case c.Sound(_, words):
            return [{"t": "sound", "c": [SOUND_SIGN, *(["\u00a0", *text_nodes(words)] if words else [])]}]
        case c.LineBreak():
            return [_LINE_BREAK]
        case c.Cloze(_, children, _):
            return _inline_nodes(children)
        case c.Blank():
            return [{"t": "blank"}]


def _masks(picture: c.Inline) -> dict[str, Json]:
    # Loaded with the first diagram, since few decks have any.
    from cardwright.formats.pdf.masks import mask_nodes  # noqa: PLC0415

    return {"masks": mask_nodes(picture)}
