"""A formula as a tree of presentation MathML."""

from html import escape
from typing import NamedTuple


class Element(NamedTuple):
    """An element of MathML. attributes: in the order of their names. text: that of a token, such as `mi`.

    Attributes beginning with `data-mjx-` say what MathML has no words for: the class of an atom,
    a variant of a letter.
    """

    name: str
    attributes: tuple[tuple[str, str], ...] = ()
    children: tuple["Element", ...] = ()
    text: str = ""

    def get(self, name: str, default: str = "") -> str:
        """Return the value of an attribute, or the default."""
        for key, value in self.attributes:
            if key == name:
                return value
        return default


def write_mathml(root: Element) -> str:
    """Return an element as text, without white space between elements."""
    written: list[str] = []
    remaining: list[Element | str] = [root]
    while remaining:
        element = remaining.pop()
        if isinstance(element, str):
            written.append(element)
            continue
        attributes = "".join(f' {name}="{escape(value)}"' for name, value in element.attributes)
        written.append(f"<{element.name}{attributes}>{escape(element.text, quote=False)}")
        remaining.append(f"</{element.name}>")
        remaining.extend(reversed(element.children))
    return "".join(written)
