r"""The HTML of a field in one normal form: what a learner sees of it, however it is written.

Two fields with equal forms look the same in Anki: the same words in the same lines, lists and tables, with
the same emphasis, colours, pictures, sounds, formulas and deletions. Whether bold text is `<b>` or
`<strong>`, and whether lines are `<div>`, `<p>` or end with `<br>`, makes no difference. An empty line and
the space between two paragraphs count as the same, and so does any space above or below a list, a table or a
rule.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from cardwright.collection.image_occlusion import IMAGE_OCCLUSION, OcclusionMasks, read_masks
from cardwright.formats.anki.shown import (
    Block,
    Blocks,
    Cell,
    CodeLines,
    Format,
    Formats,
    Heading,
    ItemList,
    Leaf,
    Line,
    Mark,
    Odd,
    Quote,
    Reading,
    Rule,
    Runs,
    Table,
)
from cardwright.formats.anki.shown_lines import CodeFlow, Flow
from cardwright.formats.anki.shown_looks import (
    ADDING_UP,
    HEADINGS,
    INLINE_FORMATS,
    LINE_ELEMENTS,
    PLAIN_INLINES,
    ROW_GROUPS,
    WEBKIT,
    Look,
    add_formats,
    look_of,
    media_name,
    read_picture,
    without,
)
from cardwright.formats.anki.shown_marks import shown_formula, shown_mark
from cardwright.record import Record, replace
from cardwright.source.field_marks import ANY_MARK, MARK, mark_field
from cardwright.source.field_styles import ElementStyle, FieldStyles
from cardwright.source.html_formulas import HtmlFormula, split_formulas
from cardwright.source.html_parsing import HtmlElement, HtmlNode, parse_html

NEVER_KEPT = frozenset({"comments", "scripts in tags", "signs that reverse text"})
"""What not even HTML has of what a field shows."""


class ShownField(Record, frozen=True):
    """A field as it is shown.

    blocks: equal for fields that look the same.
    unseen: what the HTML has that nobody sees and no text can say, such as tooltips; for a report.
    """

    blocks: Blocks
    unseen: frozenset[str] = frozenset()


def shown_field(html: str, *, cloze: bool = False, styles: FieldStyles | None = None) -> ShownField:
    """Return what a field shows.

    html: of the field, as Anki stores it.
    cloze: whether the field is the text of a cloze note, in which `{{c1::…}}` hides something.
    styles: of the note type. What they show in their own way has a format that only HTML has.
    """
    if "<" not in html and "&" not in html and not _UNUSUAL.search(html):
        text = unicodedata.normalize("NFC", html).strip(" ").rstrip("\xa0 ")
        return ShownField((Line((((), text),)),) if text.strip("\xa0") else _nothing((html,)))
    reader = _Reader(styles, is_cloze=cloze)
    if "\u202d" in html or "\u202e" in html:
        reader.unseen.add("signs that reverse text")
    marked_html = unicodedata.normalize("NFC", mark_field(html, cloze=cloze))
    nodes = parse_html(marked_html)
    return ShownField(reader.read(nodes) or _nothing(nodes), frozenset(reader.unseen))


def canonical(html: str, *, cloze: bool = False, styles: FieldStyles | None = None) -> Blocks:
    """Return the normal form of a field: equal for fields that look the same in Anki; see `shown_field`."""
    return shown_field(html, cloze=cloze, styles=styles).blocks


def comparable(
    html: str, *, cloze: bool = False, styles: FieldStyles | None = None
) -> Blocks | OcclusionMasks:
    """Return the normal form of a field, for one with masks of image occlusion too; see `canonical`."""
    masks = read_masks(html) if cloze and IMAGE_OCCLUSION in html else None
    return masks or canonical(html, cloze=cloze, styles=styles)


# What makes a field without tags and references more than its words.
_UNUSUAL = re.compile(r"[\[\\\x00-\x1f\x7f-\x9f\u202d\u202e\ufeff\ufffe\uffff]|\{\{|\s\s")


def _nothing(nodes: Sequence[HtmlNode]) -> Blocks:
    """Return what nodes without anything visible show: nothing, unless Anki takes the field for filled.

    Source: Anki, rslib/src/template.rs, `field_is_empty`.
    """
    return () if all(map(_is_nothing, nodes)) else (Line((((), Odd("nothing visible")),)),)


def _is_nothing(node: HtmlNode) -> bool:
    match node:
        case str():
            return "\xa0" not in node
        case HtmlElement("img", attributes, _):
            return not attributes.get("src")
        case HtmlElement(name, _, children):
            return name in ("br", "div") and all(map(_is_nothing, children))
        case _:
            return True


class _Style(Record, frozen=True):
    """What an element passes on to what is in it. verbatim: whether white space counts."""

    formats: Formats = ()
    alignment: str = ""
    verbatim: bool = False


_PREFORMATTED = frozenset({"pre", "xmp", "listing", "plaintext"})
# Elements that show something of their own, and not what is in them.
_EMBEDDED = frozenset(
    {"applet", "audio", "button", "canvas", "embed", "frame", "frameset", "iframe", "input", "math", "meter"}
    | {"noembed", "noframes", "noscript", "object", "picture", "progress", "script", "select", "style", "svg"}
    | {"template", "textarea", "title", "video", "map", "area", "dialog", "marquee"}
)
_INK, _PAPER = ("color", "#000000"), ("background", "#ffffff")
_PAPERS = {_PAPER, ("box-background", "#ffffff")}
_PLAIN_COLOURS = {_INK, *_PAPERS}
# What gives text a colour, or what it stands on.
_COLOURED = frozenset({"color", "background", "box-background", "link", "mark", "styled", "boxed"})
# Of the same character fonts show another form in another language: Chinese, Japanese, Arabic.
_BY_LANGUAGE = re.compile(
    r"[\u0600-\u06ff\u2e80-\u312f\u31c0-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
)
_RIGHT_TO_LEFT = re.compile(
    r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_SPACES = re.compile(r"[\n\t]|\s\s")
_EMPTY_BLOCKS = (
    ItemList(None, ()),
    ItemList(1, ()),
    Quote(()),
    *(Heading(level, ()) for level in range(1, 7)),
)


class _Reader:
    """Reads nodes of HTML as blocks. unseen: as in `ShownField`."""

    def __init__(self, styles: FieldStyles | None, *, is_cloze: bool) -> None:
        self.unseen: set[str] = set()
        self._styles = styles
        self._is_cloze = is_cloze
        self._styled: Mapping[int, ElementStyle] = {}
        self._declared = frozenset[str]() if styles is None else styles.declared
        self._keeps_spaces = styles is not None and styles.keeps_spaces
        # How many deletions are open, and quotations.
        self._open = self._quoted = 0

    def read(self, nodes: Sequence[HtmlNode]) -> Blocks:
        """Return what the nodes of a field show."""
        if self._styles is not None:
            self._styled = self._styles.find_styled(nodes, is_cloze=self._is_cloze)
        return self.blocks(nodes, _Style())

    def blocks(self, nodes: Sequence[HtmlNode], style: _Style) -> Blocks:
        flow = Flow()
        self._read(nodes, style, flow)
        flow.end_line(style.alignment)
        return tuple(flow.blocks)

    def _read(self, nodes: Sequence[HtmlNode], style: _Style, flow: Flow) -> None:
        is_code = ("code",) in style.formats or ("element", "pre") in style.formats
        for node in nodes if is_code else split_formulas(nodes):
            if isinstance(node, str):
                self._text(node, style, flow)
            elif isinstance(node, HtmlFormula):
                self._add(without(style.formats, "b", "i"), shown_formula(node), flow)
            elif isinstance(node, HtmlElement):
                self._element(node, style, flow)
            elif node.text:
                self.unseen.add("comments")

    def _text(self, text: str, style: _Style, flow: Flow) -> None:
        if self._keeps_spaces and _SPACES.search(text):
            flow.add(style.formats, Odd("white space"))
        position = 0
        if ANY_MARK.search(text):
            for match in MARK.finditer(text):
                if match.start() > position:
                    self._add(style.formats, text[position : match.start()], flow)
                position = match.end()
                formats, leaf = shown_mark(match, style.formats)
                self._open += isinstance(leaf, Mark) and {"open": 1, "close": -1}.get(leaf.kind, 0)
                self._add(formats, leaf, flow)
        if position < len(text):
            self._add(style.formats, text[position:], flow)

    def _add(self, formats: Formats, leaf: Leaf, flow: Flow) -> None:
        """Add a leaf to a line, without the colours that everything on the page has by day."""
        if self._has_plain_colours(formats):
            self.unseen.add("black text or a white background, which differ only in night mode")
            formats = tuple(own for own in formats if own not in _PLAIN_COLOURS)
        flow.add(formats, leaf)

    def _has_plain_colours(self, formats: Formats) -> bool:
        if _PLAIN_COLOURS.isdisjoint(formats):
            return False
        styles = self._styles
        for own in formats:
            if own[0] in _COLOURED and own not in _PLAIN_COLOURS:
                return False
            if own == _INK and styles is not None and not styles.has_plain_ink:
                return False
            if own in _PAPERS and styles is not None and not styles.has_plain_paper:
                return False
        return not self._open or styles is None or styles.has_plain_deletions

    def _element(self, node: HtmlElement, style: _Style, flow: Flow) -> None:  # noqa: C901  a case for each kind
        name = node.name
        if name == "br":
            if styled := self._with_style(node, ()):
                flow.add(styled, Odd("br"))  # which may end no line
                return
            flow.end_line(style.alignment, is_break=True)
            return
        if name == "img":
            if node.attributes.get("src"):
                flow.add(*read_picture(node, self._with_style(node, style.formats), self._declared))
            return
        if name in ("wbr", "rp"):
            if name == "wbr":
                flow.add(style.formats, "\u200b")
            return
        look = self._look(node)
        inner = style
        if look.formats or look.removed:
            formats = add_formats(style.formats, look.formats, look.removed)
            inner = _Style(formats, style.alignment, style.verbatim)
        if name == "q":
            # Source: HTML Standard, 15.3.5, and the quotation marks of browsers for no language.
            opening, closing = "‘’" if self._quoted else "“”"
            self._quoted += 1
            flow.add(inner.formats, opening)
            self._read(node.children, inner, flow)
            flow.add(inner.formats, closing)
            self._quoted -= 1
        elif name in INLINE_FORMATS or name in ADDING_UP or name in PLAIN_INLINES or look.is_inline:
            self._read(node.children, inner, flow)
        elif name == "ruby":
            self._ruby(node, inner, flow)
        elif name in ("rt", "anki-mathjax"):
            self._read(node.children, inner, flow)
        else:
            alignment = look.alignment or style.alignment
            inner = _Style(inner.formats, alignment, style.verbatim)
            self._block(node, style, inner, flow)

    def _look(self, node: HtmlElement) -> Look:
        """Return what a tag makes of the text in it, as the style shows it."""
        look = look_of(node.name, tuple(node.attributes.items()), self._declared)
        if look.unseen:
            self.unseen |= look.unseen
        # What an element says of itself counts more than what a style sheet says of it.
        formats = [*self._with_style(node, ()), *look.formats, *self._meaning(node)]
        return look if len(formats) == len(look.formats) else replace(look, formats=tuple(formats))

    def _with_style(self, node: HtmlElement, formats: Formats) -> Formats:
        """Return formats with what the style of the note type makes of an element."""
        styled = self._styled.get(id(node))
        return formats if styled is None else (*formats, styled)

    def _meaning(self, node: HtmlElement) -> Iterator[Format]:
        """Yield what an element says beside its text, if it is seen."""
        attributes = node.attributes
        if "title" in attributes and (title := attributes["title"].strip()):
            if node.name in ("a", "img"):
                self.unseen.add("tooltips of links and pictures")
            elif title != "".join(_texts((node,))).strip():
                yield ("attribute", "title", title)
        if "lang" in attributes:
            if _BY_LANGUAGE.search("".join(_texts((node,)))):
                yield ("attribute", "lang", attributes["lang"].lower())
            else:
                self.unseen.add("the language of texts (`lang`), which changes no sign in them")
        if attributes.get("dir", "").lower() in ("ltr", "auto"):
            if "direction" in self._declared or _RIGHT_TO_LEFT.search("".join(_texts((node,)))):
                yield ("attribute", "dir", attributes["dir"].lower())
            else:
                self.unseen.add("the direction of texts (`dir`), which they have anyway")

    def _block(self, node: HtmlElement, style: _Style, inner: _Style, flow: Flow) -> None:
        name = node.name
        if name in _PREFORMATTED and not all(map(_is_inline, node.children)):
            formats = add_formats(inner.formats, (("element", "pre"),), frozenset())
            inner = _Style(formats, inner.alignment)
            name = "div"
        if name in LINE_ELEMENTS:
            has_margins = name == "p" and self._look(node).has_margins
            flow.end_line(style.alignment)
            if has_margins:
                flow.add_margin()
            self._read(node.children, inner, flow)
            flow.end_line(inner.alignment)
            if has_margins:
                flow.add_margin()
            return
        block = self._other_block(node, inner)
        if block is None and name in ("audio", "video"):
            # What else is in it, only browsers show that cannot play it.
            sources = tuple(child for child in node.children if _is_source(child))
            flow.add(style.formats, Odd(outline(HtmlElement(name, node.attributes, sources))))
            self._read(tuple(child for child in node.children if not _is_source(child)), style, flow)
            return
        if block is None and name in _EMBEDDED:
            flow.add(style.formats, Odd(outline(node)))
            return
        if block is None:
            formats = add_formats(inner.formats, (("element", name),), frozenset())
            self._read(node.children, _Style(formats, inner.alignment), flow)
            return
        flow.end_line(style.alignment)
        if block in _EMPTY_BLOCKS:
            flow.add_margin()
        else:
            flow.add_block(block)

    def _other_block(self, node: HtmlElement, style: _Style) -> Block | None:
        name = node.name
        if name in HEADINGS:
            formats = add_formats(style.formats, (("b",),), self._look(node).removed)
            return Heading(HEADINGS[name], self.blocks(node.children, _Style(formats, style.alignment)))
        if name in ("ul", "ol", "menu", "dir"):
            return self._list(node, style)
        if name == "blockquote":
            return Quote(self.blocks(node.children, style))
        if name in _PREFORMATTED:
            return self._code_lines(node, style)
        if name == "table":
            return self._table(node, style)
        if name == "hr":
            return Rule(self._look(node).formats)
        return None

    def _list(self, node: HtmlElement, style: _Style) -> ItemList:
        start = None
        if node.name == "ol":
            start = 1
            if ("attribute", "start", written := node.attributes.get("start", "")) in style.formats:
                style = _Style(
                    tuple(own for own in style.formats if own[:2] != ("attribute", "start")), style.alignment
                )
                start = int(written) if re.fullmatch("[0-9]{1,9}", written) else -1
        entries: list[Blocks] = []
        between: list[HtmlNode] = []

        def add_between() -> None:
            if blocks := self.blocks(between, style):
                entries[-1:] = [(*entries[-1], *blocks)] if entries else [blocks]
            between.clear()

        for child in node.children:
            if isinstance(child, HtmlElement) and child.name == "li":
                add_between()
                look = self._look(child)
                inner = _Style(
                    add_formats(style.formats, look.formats, look.removed), look.alignment or style.alignment
                )
                entries.append(self.blocks(child.children, inner))
            else:
                between.append(child)
        add_between()
        return ItemList(start, tuple(entries))

    def _code_lines(self, node: HtmlElement, style: _Style) -> CodeLines:
        flow = CodeFlow()
        self._read(
            node.children, _Style(add_formats(style.formats, (("code",),), frozenset()), verbatim=True), flow
        )
        return CodeLines(flow.lines())

    def _table(self, node: HtmlElement, style: _Style) -> Table:
        if style.alignment.startswith(WEBKIT):
            formats = add_formats(style.formats, (("align", style.alignment),), frozenset())
            style = _Style(formats, "left")
        return Table(tuple(self._rows(node, style)))

    def _rows(self, node: HtmlElement, style: _Style) -> Iterator[tuple[Cell, ...]]:
        for child in node.children:
            if not isinstance(child, HtmlElement):
                continue
            look = self._look(child)
            inner = _Style(
                add_formats(style.formats, look.formats, look.removed), look.alignment or style.alignment
            )
            if child.name in ROW_GROUPS:
                yield from self._rows(child, inner)
            elif child.name == "tr":
                yield tuple(self._cells(child, inner))
            else:
                yield (Cell(is_head=False, blocks=(Line((((), Odd(outline(child))),)),)),)

    def _cells(self, row: HtmlElement, style: _Style) -> Iterator[Cell]:
        for child in row.children:
            if isinstance(child, HtmlElement) and child.name in ("td", "th"):
                look = self._look(child)
                own = (("b",), *look.formats) if child.name == "th" else look.formats
                formats = add_formats(style.formats, own, look.removed)
                blocks = self.blocks(child.children, _Style(formats, look.alignment or style.alignment))
                yield Cell(child.name == "th", blocks)

    def _ruby(self, node: HtmlElement, style: _Style, flow: Flow) -> None:
        word: list[HtmlNode] = []
        for child in node.children:
            if isinstance(child, HtmlElement) and child.name == "rt":
                reading = self._inline_runs(child.children, style)
                flow.add((), Reading(self._inline_runs(word, style), reading))
                word = []
            elif not (isinstance(child, HtmlElement) and child.name == "rp"):
                word.append(child)
        self._read(word, style, flow)

    def _inline_runs(self, nodes: Sequence[HtmlNode], style: _Style) -> Runs:
        match self.blocks(nodes, style):
            case ():
                return ()
            case (Line(runs),):
                return runs
            case blocks:
                return (((), Odd(repr(blocks))),)


def _texts(nodes: Sequence[HtmlNode]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, HtmlElement):
            yield from _texts(node.children)
        elif isinstance(node, str):
            yield node


def _is_inline(node: HtmlNode) -> bool:
    """Return whether lines of code can have a node in them."""
    if not isinstance(node, HtmlElement):
        return True
    is_inline = node.name in INLINE_FORMATS or node.name in ADDING_UP or node.name in PLAIN_INLINES
    return (is_inline or node.name == "br") and all(map(_is_inline, node.children))


def _is_source(node: HtmlNode) -> bool:
    return isinstance(node, HtmlElement) and node.name == "source"


def outline(node: HtmlNode) -> str:
    """Return an element as a text that is equal for equal elements."""
    if not isinstance(node, HtmlElement):
        return node if isinstance(node, str) else ""
    attributes = "".join(
        f" {key}={media_name(value) if key == 'src' else value!r}"
        for key, value in sorted(node.attributes.items())
    )
    return f"<{node.name}{attributes}>{''.join(map(outline, node.children))}</>"
