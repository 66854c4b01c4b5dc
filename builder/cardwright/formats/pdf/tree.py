"""Content as a tree of nodes for the template, which sets their text as it stands."""

import re
import unicodedata
from itertools import groupby

from cardwright.collection import content as c
from cardwright.collection.colour import BLACK, WHITE, Colour, make_readable, to_hex
from cardwright.formats.pdf.formula import formula_node
from cardwright.formats.pdf.graphemes import grapheme_clusters, is_emoji
from cardwright.formats.pdf.nodes import Json, Node, Nodes
from cardwright.formats.pdf.words import breakable_code, text_direction, text_nodes
from cardwright.record import replace

SOUND_SIGN = "\u266a"
"""An eighth note, which one of Typst's own fonts has; it stands before the words of a sound."""

_MARKED: Colour = (255, 223, 107)
"""The background of a `<mark>`: a yellow that a printer without colours shows as light grey."""

_LINE_BREAK: Node = {"t": "br"}
_PIXEL = 0.75
"""In pt. Source: CSS Values and Units, 6.2: 96 pixels to the inch."""


def picture_path(picture: c.Image) -> str:
    """Return the path of what is drawn of a picture, in the asset dir. It changes with what is drawn."""
    name = picture.file.name
    if name.endswith(".svg"):
        from cardwright.formats.pdf.drawings import drawn_name  # noqa: PLC0415  few decks have drawings

        name = drawn_name(picture)
    return f"media/{name}"


def block_nodes(content: c.Content) -> Nodes:
    """Return the blocks of a content. A formula that cannot be set is empty; check_side reports it."""
    return [node for block in content for node in _block_nodes(block)]


def _block_nodes(block: c.Block) -> Nodes:
    if isinstance(block, c.Aligned):
        return [{"t": "align", "side": block.alignment, "c": block_nodes(block.children)}]
    if isinstance(block, c.RawHtml):
        return block_nodes(block.children)
    if isinstance(block, c.Paragraph):
        return _paragraph_nodes(block.children)
    if isinstance(block, c.Heading) and not c.spoken_text(block.children):
        return _paragraph_nodes((c.Strong(block.children),))
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
        nodes = trim(_inline_nodes(tuple(inlines)))
        if own_line is c.Image and pieces and pieces[-1][0] is c.Image:
            pieces[-1][1].extend([" ", *nodes])
        elif nodes:
            pieces.append((own_line, nodes))
    result: Nodes = []
    for own_line, nodes in pieces:
        direction = "auto" if own_line is c.Image else text_direction(nodes)
        result += nodes if own_line is c.Math else [{"t": "p", "dir": direction, "c": nodes}]
    return result


def trim(nodes: Nodes) -> Nodes:
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
            # Screen readers list the titles; a picture has none.
            return {"t": "h", "title": c.spoken_text(children), "c": _inline_nodes(children)}
        case c.MarkedList(entries, marks):
            return {"t": "ol", "marks": list(marks), "c": [block_nodes(entry) for entry in entries]}
        case c.BulletList(entries):
            return {"t": "ul", "c": [block_nodes(entry) for entry in entries]}
        case c.OrderedList(start, entries):
            return {"t": "ol", "start": start, "c": [block_nodes(entry) for entry in entries]}
        case c.Quote(children):
            return {"t": "quote", "c": block_nodes(children)}
        case c.CodeBlock(children):
            lines = _expand_tabs(children)
            columns = max(map(_count_columns, c.inlines_text(lines).split("\n")))
            return {"t": "pre", "dir": "ltr", "columns": columns, "c": _inline_nodes(lines)}
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


def _count_columns(line: str) -> int:
    """Return how wide a line of code is, in columns: a wide sign of East Asia and an emoji take two."""
    clusters = grapheme_clusters(line.rstrip())
    return len(clusters) + sum(
        unicodedata.east_asian_width(cluster[0]) in "WF" or is_emoji(cluster) for cluster in clusters
    )


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
        case c.Styled("mark", children):
            return _nodes_of_inline(c.Coloured(None, _MARKED, children))
        case c.Strikethrough() | c.Styled("u") | c.Link() if _has_reading(inline.children):
            return _inline_nodes(_decorate_words(inline))
        case c.Coloured(colour, background) if background and _has_reading(inline.children):
            return [_colour_node(c.Coloured(colour, None, _decorate_words(inline)))]
        case c.Strikethrough(children):
            return [{"t": "s", "c": _inline_nodes(children)}]
        case c.Styled(element, children):
            return [{"t": element, "c": _inline_nodes(children)}]
        case c.Coloured():
            return [_colour_node(inline)]
        case c.Scaled(factor, children):
            return [{"t": "scale", "by": factor, "c": _inline_nodes(children)}]
        case c.Ruby(children, reading):
            # Neither a word with a reading nor the reading has lines of its own.
            word, above = (_inline_nodes(c.map_inlines(run, _keep_in_line)) for run in (children, reading))
            return [{"t": "ruby", "c": word, "reading": above}]
        case c.Code(children):
            return [{"t": "code", "c": _inline_nodes(c.map_inlines(children, _join_lines))}]
        case c.Verbatim(text):
            return [breakable_code(text)] if text else []
        case c.Math():
            return [formula_node(inline)]
        case c.Link(url, children):
            return [{"t": "link", "url": url, "c": _inline_nodes(children)}]
        case c.Image(_, alt, width):
            more: dict[str, Json] = _picture_width(width) if type(inline) is c.Image else _masks(inline)
            return [{"t": "img", "src": picture_path(inline), "alt": alt or None, **more}]
        case c.Sound(_, words):
            return [{"t": "sound", "c": [SOUND_SIGN, *(["\u00a0", *text_nodes(words)] if words else [])]}]
        case c.LineBreak():
            return [_LINE_BREAK]
        case c.Cloze(_, children, _):
            return _inline_nodes(children)
        case c.Blank():
            return [{"t": "blank"}]


def _keep_in_line(inline: c.Inline) -> c.Inlines | None:
    return (c.Text(" "),) if isinstance(inline, c.LineBreak) else None


def _has_reading(children: c.Inlines) -> bool:
    return any(isinstance(inline, c.Ruby) for inline in c.walk(children))


def _decorate_words(decoration: c.Strikethrough | c.Styled | c.Link | c.Coloured) -> c.Inlines:
    """Return the children of a decoration with it around all words, but around no reading."""
    result: list[c.Inline] = []
    for has_reading, group in groupby(decoration.children, key=lambda inline: _has_reading((inline,))):
        run = tuple(group)
        if not has_reading:
            result.append(replace(decoration, children=run))
            continue
        for inline in run:
            assert isinstance(inline, c.Wrapper)
            children = replace(decoration, children=inline.children)
            if isinstance(inline, c.Ruby):
                result.append(replace(inline, children=(children,)))
            else:
                result.append(replace(inline, children=_decorate_words(children)))
    return tuple(result)


def _colour_node(text: c.Coloured) -> Node:
    """Return a text in its colours, readable on each other or on white paper."""
    colour, background = text.colour, text.background

    def inherit(inline: c.Inline) -> c.Inlines | None:
        match inline:
            case c.Coloured(own_colour, own_background, children):
                return (c.Coloured(own_colour or colour, own_background or background, children),)
            case c.Styled("mark", children):
                return (c.Coloured(colour, _MARKED, children),)
        return None

    children = c.map_inlines(text.children, inherit)
    if colour is None and background is not None:
        background = make_readable(background, BLACK)
    fill = make_readable(colour, background or WHITE) if colour else BLACK
    shown_background = to_hex(background) if background else None
    return {"t": "colour", "fill": to_hex(fill), "background": shown_background, "c": _inline_nodes(children)}


def _picture_width(width: str) -> dict[str, Json]:
    if not width:
        return {}
    return {"percent": float(width[:-1])} if width.endswith("%") else {"points": float(width[:-2]) * _PIXEL}


def _masks(picture: c.Inline) -> dict[str, Json]:
    # Loaded with the first diagram, since few decks have any.
    from cardwright.formats.pdf.masks import mask_nodes  # noqa: PLC0415

    return {"masks": mask_nodes(picture)}
