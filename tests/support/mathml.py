"""Reads the MathML of MathJax, so that it can be compared with ours."""

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from cardwright.source.formulas.tree import Element


def read_mathml(mathml: str) -> Element:
    """Return MathML as a tree: attributes by name, and no white space between elements."""
    return _element(ET.fromstring(mathml))


def _element(element: ET.Element) -> Element:
    name = element.tag.partition("}")[2] or element.tag
    children = tuple(_element(child) for child in element)
    return Element(name, tuple(sorted(element.items())), children, "" if children else _text(element))


def _text(element: ET.Element) -> str:
    text = element.text or ""
    return text if text.strip("\n ") or "\n" not in text else ""


def outline(element: Element, depth: int = 0) -> Iterator[str]:
    """Yield an element as lines, which are easy to compare."""
    attributes = "".join(f' {name}="{value}"' for name, value in sorted(element.attributes))
    yield f"{'  ' * depth}{element.name}{attributes} {ascii(element.text) if element.text else ''}".rstrip()
    for child in element.children:
        yield from outline(child, depth + 1)
