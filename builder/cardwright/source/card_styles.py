"""Applies the style sheet of a note type to a page of one of its cards, as Anki's window on a computer does.

The page then shows what is seen there: text that is hidden is gone, or only its place is left.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import cssselect2

from cardwright.collection import content as c
from cardwright.collection import html_layout as html
from cardwright.collection.template import Element, Nodes, PageNode
from cardwright.record import Record, replace
from cardwright.source.card_look import CARD, LEAST_OPACITY, Look, formats_of, is_seen, make_look
from cardwright.source.colours import BLACK
from cardwright.source.css_values import expand, font_size, is_valid
from cardwright.source.generated_content import Counters, entry_mark, generated_text, plain_marks
from cardwright.source.style_sheets import Style, StyleSheet
from cardwright.source.unprinted_styles import find_unprinted

# What Anki's own style sheet says of text.
# Source: Anki, ts/reviewer/reviewer.scss.
_ANKI_STYLE = "li, pre { text-align: start }"
# How revealed deletions are told from the rest of a text on paper, whatever the style says of them.
_CLOZE_STYLE = ":where(.cloze) { font-weight: 600 }"

# What paper shows in its own way, as the built-in cards do.
_HOUSE_STYLE = """
th, td { text-align: start }
h1, h2, h3, h4, h5, h6 { font-size: 1em }
:is([style="text-align: center"], [style="text-align: right"]) > :is(ul, ol, .table) {
  width: fit-content;
  text-align: start;
}
.left { text-align: left }
.center { text-align: center }
.right { text-align: right }
"""

# What browsers know and paper doesn't; they too leave out whatever else is not understood.
_TOLD_RULES = ("@scope", "@container")

_MAX_SHAPES = 500
_TABLE_ELEMENTS = html.ROW_GROUPS | html.CELLS | {"table", "tr"}
# Of the parts of a table that is laid out as one.
_TABLE_DISPLAYS = frozenset(
    {"none", "table", "inline-table", "table-row", "table-cell", "table-row-group", "table-header-group"}
    | {"table-footer-group"}
)
_FLEX = frozenset({"flex", "grid", "inline-flex", "inline-grid", "-webkit-box", "-webkit-inline-box"})
_INLINE = frozenset(
    {"inline", "inline-block", "inline-flex", "inline-grid", "inline-table", "ruby", "ruby-text", "contents"}
)
_PLACE = "\u2002"
"""An en space: about as wide as a letter."""
_FORMULA_PLACE = 4 * _PLACE


class _Styled(Record, frozen=True):
    """What a style sheet makes of one element, or of text that it adds.

    seen: whether its text can be read, or only its place is seen. formats: of the text, but for links.
    before, after: text that the style sheet adds, with its style. mark: of an entry of a list.
    """

    look: Look
    seen: bool
    formats: tuple[c.Wrapper, ...]
    before: "tuple[str, _Styled] | None" = None
    after: "tuple[str, _Styled] | None" = None
    mark: str = ""
    is_table_part: bool = False

    @property
    def is_gone(self) -> bool:
        return self.look.display == "none" or self.look.cut_off

    @property
    def keeps_text(self) -> bool:
        """Whether text is shown as it is."""
        has_own_lines = self.look.white_space not in ("normal", "nowrap") and not self.look.is_code
        return self.seen and self.look.transform == "none" and not has_own_lines


@dataclass(slots=True)
class CardStyles:
    """The styles of a note type.

    css: its style sheet.
    house_css: of the built-in cards, whose custom properties and size of type the other may use.
    """

    css: str
    house_css: str = ""
    _sheets: tuple[StyleSheet, StyleSheet] | None = None
    _ignored: frozenset[str] = frozenset()
    # What became of each page so far, by its elements: pages of most notes differ only in their texts.
    _pages: dict[object, list[_Styled]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Find the attributes that differ from note to note and mean nothing to the style."""
        css = self.css.lower()
        names = ("href", "title", "src", "alt")
        self._ignored = frozenset(name for name in names if name not in css and "\\" not in css)

    def apply(self, page: Nodes, ordinal: int) -> Nodes:
        """Return the elements of a page with the look that the style gives them; see `CardStyles`."""
        style = Element("style", nodes=(c.Text(" "),))
        area = Element("div", nodes=(style, *page), attributes=(("id", "qa"),))
        body = Element("body", nodes=(area,), attributes=(("class", f"card card{ordinal + 1}"),))
        shape = _shape(body, self._ignored)
        if shape not in self._pages:
            if len(self._pages) >= _MAX_SHAPES:
                self._pages.clear()
            self._pages[shape] = self._style_page(body)
        return tuple(_Page(self._pages[shape]).root(body))

    @property
    def unprinted(self) -> tuple[tuple[str, ...], bool]:
        """What paper shows in its own way or not at all; see `unprinted_styles.py`."""
        own = self._read_sheets()[0]
        names, changes_meaning = find_unprinted(own.declarations)
        lost = [part for part in dict.fromkeys(own.not_understood) if part.startswith(_TOLD_RULES)]
        return (*lost, *names), changes_meaning or bool(lost)

    @property
    def sets_weights(self) -> bool:
        """Whether the style says which text is bold, and which isn't."""
        return any(name in ("font", "font-weight") for name, _ in self._read_sheets()[0].declarations[1:])

    def _read_sheets(self) -> tuple[StyleSheet, StyleSheet]:
        """Return the style sheet of the note type with what comes before it, and that of built-in cards."""
        if self._sheets is None:
            own = StyleSheet(expand, supports=is_valid)
            for css in (_CLOZE_STYLE, _ANKI_STYLE, _HOUSE_STYLE if self.house_css else "", self.css):
                own.add(css)
            self._sheets = own, _read_house_sheet(self.house_css)
        return self._sheets

    def _style_page(self, body: Element) -> list[_Styled]:
        """Return what becomes of the elements of a page, in the order of their start tags."""
        own, house = self._read_sheets()
        root = ET.Element("html")
        _add_to_tree(root, body)
        wrapper = cssselect2.ElementWrapper.from_html_root(root)
        (body_wrapper,) = wrapper.iter_children()
        of_card = house.style_of(body_wrapper)[""]
        html_element = Element("html")
        cascade = _Cascade(own)
        style = cascade.style_of(wrapper, html_element, of_card.variables)
        look = make_look(html_element, style[""].values, CARD)
        if size := of_card.values.get("font-size"):
            look = replace(look, size=font_size(size, look.size) or look.size)
        cascade.element(body_wrapper, body, look, style[""].variables)
        return cascade.styled


@lru_cache(maxsize=8)
def _read_house_sheet(css: str) -> StyleSheet:
    """Return the style sheet of the built-in cards, which is the same for all note types of a deck."""
    sheet = StyleSheet(expand, supports=is_valid)
    sheet.add(css)
    return sheet


class _Cascade:
    """Styles one page, element by element."""

    def __init__(self, sheet: StyleSheet) -> None:
        self._sheet = sheet
        self._counters = Counters()
        self._card: Look | None = None
        self.styled: list[_Styled] = []

    def style_of(self, wrapper: Any, element: Element, variables: Mapping[str, str]) -> dict[str, Style]:
        inline = dict(element.attributes).get("style", "")
        return self._sheet.style_of(wrapper, inline, variables)

    def element(
        self, wrapper: Any, element: Element, outer: Look, variables: Mapping[str, str], parent: str = ""
    ) -> None:
        """Style an element and all in it. outer, parent: look and name of the element around it."""
        styles = self.style_of(wrapper, element, variables)
        values = styles[""].values
        look = make_look(element, values, outer)
        self._card = self._card or look
        index = len(self.styled)
        self.styled.append(self._styled(look))
        is_shown = look.display != "none"
        self._counters.enter(element, values, is_shown=is_shown)
        mark = entry_mark(element, look, parent, styles.get("marker"), self._counters)
        before = self._generated("before", styles, element, look) if is_shown else None
        children = (node for node in element.nodes if isinstance(node, Element))
        for child_wrapper, child in zip(wrapper.iter_children(), children, strict=True):
            self.element(child_wrapper, child, look, styles[""].variables, element.name)
        after = self._generated("after", styles, element, look) if is_shown else None
        self._counters.leave()
        is_table_part = element.name in _TABLE_ELEMENTS
        self.styled[index] = replace(
            self.styled[index], before=before, after=after, mark=mark, is_table_part=is_table_part
        )

    def _styled(self, look: Look) -> _Styled:
        assert self._card is not None, "the card is styled first"
        return _Styled(look, is_seen(look, self._card.colour or BLACK), formats_of(look, self._card))

    def _generated(
        self, name: str, styles: Mapping[str, Style], element: Element, look: Look
    ) -> tuple[str, _Styled] | None:
        """Return the text before or after what is in an element, with its style; None for none."""
        if name not in styles or element.name in ("br", "img", "hr"):
            return None
        values = styles[name].values
        own = make_look(Element("span"), values, look)
        if own.display == "none" or values.get("content", "none") in ("none", "normal"):
            return None
        self._counters.count(values)
        text = generated_text(values["content"], element, self._counters)
        return (text, self._styled(own)) if text else None


class _Page:
    """Makes the elements of a page as they are seen. styled: of each, in the order of their start tags."""

    def __init__(self, styled: Sequence[_Styled]) -> None:
        self._styled = styled
        self._next = 0
        self._link: tuple[c.Link, ...] = ()

    def root(self, body: Element) -> Iterator[PageNode]:
        """Yield what is seen of a page."""
        card = self._styled[0]
        self._next = 1
        nodes = tuple(self._inside(body, card))
        if not card.is_gone:
            yield Element("div", nodes=nodes, formats=card.formats, alignment=card.look.align)

    def _element(self, element: Element, outer: Look, *, in_flex: bool, in_table: bool) -> Iterator[PageNode]:
        """Yield an element as it is seen.

        outer: the look of the element around it. in_flex: whether that lays out its children as boxes.
        in_table: whether a part of a table stands in a table that is laid out as such.
        """
        if element.name == "table":
            in_table = self._keeps_rows(element)
        styled = self._styled[self._next]
        self._next += 1
        look = styled.look
        outer_link, links = self._link, tuple(each for each in element.formats if isinstance(each, c.Link))
        self._link = links or outer_link
        formats = (*self._link, *styled.formats)
        nodes: Nodes = tuple(self._inside(element, styled, in_table=in_table))
        self._link = outer_link
        if styled.is_gone:
            return
        name = _shown_name(element, look, in_flex=in_flex, in_table=in_table)
        value, alignment = element.value, _alignment(look, outer)
        if name in html.LISTS:
            marks = [node.value for node in nodes if isinstance(node, Element) and node.name == "li"]
            nodes, alignment = _align_list(nodes, look, outer)
            if not marks:
                name = "div"
            elif marks != plain_marks(name, int(value or 1), len(marks)):
                value = html.MARKED
        elif name == "li":
            value = styled.mark
        if name in html.EMPTY_ELEMENTS:
            yield Element(name)
        else:
            yield Element(name, value, nodes, formats, alignment)

    def _keeps_rows(self, table: Element) -> bool:
        """Return whether all parts of a table, which comes next, are laid out as such."""
        end = self._next + _count_elements(table)
        displays = {styled.look.display for styled in self._styled[self._next : end] if styled.is_table_part}
        return displays <= _TABLE_DISPLAYS

    def _inside(self, element: Element, styled: _Styled, *, in_table: bool = False) -> Iterator[PageNode]:
        look = styled.look
        if styled.before is not None:
            yield from self._generated(*styled.before)
        for node in element.nodes:
            match node:
                case Element():
                    yield from self._element(node, look, in_flex=look.display in _FLEX, in_table=in_table)
                case c.Text() | c.Verbatim() if styled.keeps_text:
                    yield node
                case c.Text(text) | c.Verbatim(text):
                    yield from self._text(text, styled, type(node))
                case _:
                    yield from self._leaf(node, styled)
        if styled.after is not None:
            yield from self._generated(*styled.after)

    def _generated(self, text: str, styled: _Styled) -> Iterator[PageNode]:
        if not styled.is_gone:
            name = "span" if styled.look.display in _INLINE else "div"
            nodes = tuple(self._text(text, styled, c.Text))
            yield Element(name, nodes=nodes, formats=(*self._link, *styled.formats))

    @staticmethod
    def _text(text: str, styled: _Styled, type_: type[c.Text] | type[c.Verbatim]) -> Iterator[PageNode]:
        look = styled.look
        text = _TRANSFORMS.get(look.transform, str)(text)
        if not styled.seen:
            text = re.sub(r"\S", _PLACE, text)
        if look.white_space in ("normal", "nowrap") or look.is_code or type_ is c.Verbatim:
            yield type_(text)
            return
        for index, line in enumerate(text.split("\n")):
            if index:
                yield Element("br")
            if look.white_space != "pre-line":
                line = re.sub(" (?= )|^ ", "\u00a0", line)  # noqa: PLW2901  the spaces that a browser keeps
            yield type_(line)

    def _leaf(self, node: object, styled: _Styled) -> Iterator[PageNode]:
        """Yield a picture, sound, formula or blank, with the formats that it can have."""
        match node:
            case c.Math() | c.Blank() if not styled.seen:
                yield c.Text(_FORMULA_PLACE)
            case c.Image() | c.Sound() if not styled.look.visible or styled.look.opacity < LEAST_OPACITY:
                pass
            case c.Image() | c.Math(_, True):
                yield Element("span", nodes=(node,), formats=self._link)
            case _:
                yield node  # type: ignore[misc]  # a page has neither sections nor fields


def _shown_name(element: Element, look: Look, *, in_flex: bool, in_table: bool) -> str:
    """Return the name of the element that is laid out as the style has it."""
    name, display = element.name, look.display
    if name in html.EMPTY_ELEMENTS or name in html.RUBY_PARTS or (in_table and name in _TABLE_ELEMENTS):
        return "td" if name == "th" and not look.is_bold else name
    if display in _INLINE and not (in_flex and display != "contents"):
        return name if name in html.INLINE else "span"
    is_plain_block = name in html.INLINE or name in _TABLE_ELEMENTS or name in ("center", "img", "svg")
    is_changed_heading = name in html.HEADINGS and not look.is_bold
    is_changed_code = name == "pre" and not look.white_space.startswith("pre")
    return "div" if is_plain_block or is_changed_heading or is_changed_code else name


def _alignment(look: Look, outer: Look) -> str:
    """Return the alignment of an element where it isn't that of the element around it."""
    if look.is_fitted or look.align == outer.align:
        return ""
    return look.align or ("right" if look.is_rtl else "left")


def _align_list(nodes: Nodes, look: Look, outer: Look) -> tuple[Nodes, str]:
    """Return what is in a list, and the alignment of the list, which is that of its entries if all have one.

    look: of the list. outer: of the element around it.
    """
    alignments = {node.alignment for node in nodes if isinstance(node, Element) and node.name == "li"}
    if look.is_fitted or len(alignments) != 1 or alignments == {""}:
        return nodes, _alignment(look, outer)
    (alignment,) = alignments
    nodes = tuple(replace(node, alignment="") if isinstance(node, Element) else node for node in nodes)
    return nodes, "" if alignment == (outer.align or "left") else alignment


def _count_elements(element: Element) -> int:
    return 1 + sum(_count_elements(node) for node in element.nodes if isinstance(node, Element))


def _shape(element: Element, ignored: frozenset[str]) -> object:
    """Return what decides how elements are styled: all but their texts. ignored: names of attributes."""
    parts = tuple(
        _shape(node, ignored) if isinstance(node, Element) else bool(getattr(node, "text", True))
        for node in element.nodes
    )
    attributes = element.attributes
    if attributes and ignored:
        attributes = tuple(pair for pair in attributes if pair[0] not in ignored)
    return element.name, element.value, attributes, len(element.formats), parts


def _add_to_tree(parent: ET.Element, element: Element) -> None:
    """Add an element to a tree for selectors."""
    node = ET.SubElement(parent, element.name, dict(element.attributes))
    for child in element.nodes:
        if isinstance(child, Element):
            _add_to_tree(node, child)
        elif getattr(child, "text", True):
            node.text = "x"


def _capitalize(text: str) -> str:
    return re.sub(r"(?<![\w'’])[^\W\d_]", lambda match: match[0].title(), text)


_TRANSFORMS = {"uppercase": str.upper, "lowercase": str.lower, "capitalize": _capitalize}
