"""Parses HTML that others wrote, of any kind, as browsers do."""

from collections.abc import Iterator, Mapping, Sequence

from selectolax.lexbor import LexborHTMLParser, LexborNode

from cardwright.record import Record

MAX_DEPTH = 200
"""How deep elements are read; what is deeper is left out. Browsers stop at 512, readers call themselves."""


class HtmlComment(Record, frozen=True):
    """A comment, or another declaration that shows nothing."""

    text: str


class HtmlElement(Record, frozen=True):
    """An element. name, attributes: as browsers have them; an attribute without a value has an empty one."""

    name: str
    attributes: Mapping[str, str]
    children: tuple["HtmlNode", ...]


HtmlNode = HtmlElement | HtmlComment | str
"""A node of HTML; a text is a `str`, in which references such as `&amp;` are characters."""

_NO_ATTRIBUTES: Mapping[str, str] = {}


def parse_html(html: str) -> tuple[HtmlNode, ...]:
    """Return the nodes of HTML as a browser makes them of what stands in an element such as `<div>`.

    Source: HTML Standard, 13.4, "Parsing HTML fragments", by lexbor.
    """
    first = LexborHTMLParser(html, is_fragment=True).root if html else None
    return tuple(_siblings(first, 0))


def elements(nodes: Sequence[HtmlNode]) -> Iterator[HtmlElement]:
    """Yield all elements among nodes, and in them, in the order of the HTML."""
    for node in nodes:
        if isinstance(node, HtmlElement):
            yield node
            yield from elements(node.children)


def _siblings(node: LexborNode | None, depth: int) -> Iterator[HtmlNode]:
    while node is not None:
        name = node.tag
        if node.is_text_node:
            yield node.text_content or ""
        elif node.is_element_node and name is not None:
            if depth < MAX_DEPTH:
                attributes = {key: value or "" for key, value in node.attributes.items()}
                children = tuple(_siblings(node.first_child, depth + 1)) if node.first_child else ()
                yield HtmlElement(name, attributes or _NO_ATTRIBUTES, children)
        else:
            yield HtmlComment(node.comment_content or "" if node.is_comment_node else "")
        node = node.next
